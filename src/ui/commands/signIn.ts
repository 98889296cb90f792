/** Sign In, Switch Account, Sign Out. */
import * as vscode from 'vscode';
import type { AccessToken } from '../../azure/types.ts';
import type { SignInResult } from '../automation.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { signInToVault } from '../vaults/signInToVault.ts';
import type { Command } from './run.ts';
import { signInSchema } from './schemas.ts';

export const signIn: Command<'signIn'> = {
  schema: signInSchema,
  changes: false,
  async run({ options, interactive }, services) {
    const { vault } = options;
    const tenant = options.tenant ?? services.azureAccess.settings().tenants[0];
    const token = await withProgress(vscode.l10n.t('Signing in'), (signal) =>
      vault === undefined
        ? services.azure().signIn.token({
            audience: 'resourceManager',
            interactive: true,
            signal,
            ...(tenant === undefined ? {} : { tenant }),
          })
        : signInToVault(services, vault, signal),
    );
    return signedIn(token, interactive, services);
  },
};

export const switchAccount: Command<'switchAccount'> = {
  schema: {},
  changes: false,
  async run({ interactive }, services) {
    const token = await withProgress(vscode.l10n.t('Switching the account'), (signal) =>
      services.azure().switchAccount({ signal }),
    );
    return signedIn(token, interactive, services);
  },
};

export const signOut: Command<'signOut'> = {
  schema: {},
  changes: false,
  run({ interactive }, services) {
    services.azure().signOut();
    services.azureAccess.changed();
    if (interactive) {
      // The account itself belongs to VS Code or to the Azure CLI, and other programs use it.
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'Client Certificate has forgotten its tokens and takes no new ones until you sign in again or restart VS Code. The accounts of VS Code and of the Azure CLI stay signed in there.',
        ),
      );
    }
    return Promise.resolve({});
  },
};

function signedIn(token: AccessToken, interactive: boolean, services: Services): SignInResult {
  const { account, tenant, source } = token;
  services.azureAccess.changed();
  if (interactive) {
    const way = services.azureAccess.sourceTitle(source);
    void vscode.window.showInformationMessage(
      account === undefined
        ? vscode.l10n.t('Signed in: {0}.', way)
        : vscode.l10n.t('Signed in as {0}: {1}.', account, way),
    );
  }
  return { source, ...(account === undefined ? {} : { account }), ...(tenant === undefined ? {} : { tenant }) };
}
