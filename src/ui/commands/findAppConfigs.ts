/** Find App Configs: the MSAL Node configurations of the workspace. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import type { FoundAppConfig } from '../automation.ts';
import { configChoice } from '../flows/setUpFlow.ts';
import { openAt } from '../openAt.ts';
import { back } from '../questions.ts';
import { candidateConfigs, relative, workspaceConfigs } from './appConfigs.ts';
import type { Command } from './run.ts';

export const findAppConfigs: Command<'findAppConfigs'> = {
  schema: {},
  changes: false,
  async run({ interactive }, services) {
    if (!interactive) return (await workspaceConfigs(services)).map(asResult);
    const configs = await candidateConfigs(undefined, undefined, services);
    const chosen = await services.questions.pick({
      title: vscode.l10n.t('Find App Configs'),
      placeholder: vscode.l10n.t('Choose one to open it'),
      choices: configs.map((config) => configChoice(config, relative)),
    });
    if (chosen !== back) await openAt(chosen.file, chosen.line, chosen.column);
    return configs.map(asResult);
  },
};

function asResult(config: AppConfig): FoundAppConfig {
  const { file, line, credential, moduleKind, clientId, authority, msal } = config;
  return {
    file,
    line,
    credential,
    moduleKind,
    ...(clientId?.value === undefined ? {} : { clientId: clientId.value }),
    ...(authority?.value === undefined ? {} : { authority: authority.value }),
    ...(msal.version === undefined ? {} : { msalVersion: msal.version }),
  };
}
