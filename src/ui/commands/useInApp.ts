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
  // An app of the view "This Workspace"; a certificate of the view "Vault Certificates", or one version of it.
  fromItem: (item) =>
    'vault' in item ? { certificate: { kind: 'vault', ...item } as UseInAppOptions['certificate'] } : item,
  async run(run, services) {
    const outcome = await performSetUp(run, services, {
      title: vscode.l10n.t('Use Certificate in App'),
      ways: ['vault', 'file'],
      // Its job is the rewrite; "Upload Certificate to App Registration" is a command of its own.
      register: false,
      checksUsed: true,
    });
    if (outcome.status === 'done') {
      const { changed, warnings } = outcome.result;
      return { status: 'rewritten', changed, warnings };
    }
    if (run.interactive) void vscode.window.showInformationMessage(outcome.reason);
    return { status: 'nothing-to-do', changed: [], warnings: outcome.warnings };
  },
};
