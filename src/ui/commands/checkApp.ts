/** Check App Config: findings on the credential as it stands in code. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import type { Finding } from '../../diagnosis/types.ts';
import { certificateInVault, checkConfig, setupOf } from '../../setup/index.ts';
import type { CredentialTools } from '../../setup/appCredential.ts';
import { openAt } from '../openAt.ts';
import { back } from '../questions.ts';
import { candidateConfigs, relative } from './appConfigs.ts';
import type { Services } from '../services.ts';
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
      const inVault = certificateInVault(config, await setupOf(config.file, services.setupPorts));
      const { findings } = await checkConfig(
        config,
        credentialTools(services, (secret) => masker.add(secret)),
        [],
        inVault === undefined ? {} : { inVault },
      );
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

/** What reading a credential takes, in this window. */
export function credentialTools(services: Services, announce: (secret: string) => void): CredentialTools {
  return {
    certificates: services.certificates(),
    appConfigs: services.appConfigs(),
    files: services.files,
    // The app is started in a terminal, which does not have what the editor itself was started with.
    environment: {},
    announce,
    roots: services.roots(),
  };
}
