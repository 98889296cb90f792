/** Check App Config: findings on the credential as it stands in code. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import type { Finding } from '../../diagnosis/types.ts';
import { checkHere, gitOf } from '../checks/checking.ts';
import { openAt } from '../openAt.ts';
import { back } from '../questions.ts';
import { candidateConfigs, relative } from './appConfigs.ts';
import type { Command } from './run.ts';
import { checkAppSchema } from './schemas.ts';

const icons = { error: 'error', warning: 'warning', information: 'info' } as const;

export const checkApp: Command<'checkApp'> = {
  schema: checkAppSchema,
  changes: false,
  fromFile: (file) => ({ config: file }),
  async run({ options, interactive, masker }, services) {
    const configs = await candidateConfigs(options.config, undefined, services);
    const found: { finding: Finding; config: AppConfig }[] = [];
    for (const config of configs) {
      const announce = (secret: string) => {
        masker.add(secret);
      };
      const { findings } = await checkHere(config, services, announce, gitOf(services));
      found.push(...findings.map((finding) => ({ finding, config })));
    }
    const findings = found.map(({ finding: { code, severity, message, line } }) => ({ code, severity, message, line }));
    if (!interactive) return findings;
    if (found.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Nothing to complain about in {0}.', configs.map(({ file }) => relative(file)).join(', ')),
      );
      return findings;
    }
    const chosen = await services.questions.pick({
      title: vscode.l10n.t('Check App Config'),
      placeholder: vscode.l10n.t('Choose a finding to open its line'),
      choices: found.map((entry) => ({
        label: entry.finding.message,
        description: `${relative(entry.config.file)}:${entry.finding.line}`,
        icon: icons[entry.finding.severity],
        value: entry,
      })),
    });
    if (chosen !== back) await openAt(chosen.config.file, chosen.finding.line);
    return findings;
  },
};
