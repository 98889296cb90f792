/** Use Certificate in App: Set Up Client Certificate with a certificate that exists. */
import * as vscode from 'vscode';
import type { UseInAppOptions } from '../automation.ts';
import type { Command } from './run.ts';
import { useInAppSchema } from './schemas.ts';
import { performSetUp } from './setUp.ts';

export const useInApp: Command<'useInApp'> = {
  schema: useInAppSchema,
  changes: true,
  fromFile: (file): UseInAppOptions => ({ certificate: { kind: 'file', file } }),
  async run(run, services) {
    const outcome = await performSetUp(run, services, {
      title: vscode.l10n.t('Use Certificate in App'),
      ways: ['vault', 'file'],
    });
    if (outcome.status === 'done') {
      const { changed, warnings } = outcome.result;
      return { status: 'rewritten', changed, warnings };
    }
    if (run.interactive) void vscode.window.showInformationMessage(outcome.reason);
    return { status: 'nothing-to-do', changed: [], warnings: outcome.warnings };
  },
};
