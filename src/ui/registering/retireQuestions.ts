/** What is asked before a client secret goes: that every deployment is switched, which secrets, and whether it is really meant. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import type { RegisteredSecret } from '../../azure/types.ts';
import { deploymentNeeds } from './deploymentNeeds.ts';
import { describeSecret, matchingSecrets } from './retirement.ts';
import type { Retirement } from './retirement.ts';

/** The first page. A proof on this machine says nothing about production. */
export async function acknowledgeDeployments({ config, registration, setup }: Retirement): Promise<void> {
  const needs = deploymentNeeds({
    config,
    ...(setup === undefined ? {} : { keyFrom: setup.keyFrom, variables: setup.variables }),
    ...(setup?.vault === undefined ? {} : { vault: setup.vault }),
  });
  const switched = vscode.l10n.t('All Deployments Are Switched');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Does every deployment of {0} sign in with the certificate?', registration.displayName),
    {
      modal: true,
      detail: [
        vscode.l10n.t(
          'The sign-in is proven on this machine only. Without the client secret every other place where the app runs stops signing in, unless it has:',
        ),
        ...needs.map((need) => `• ${need}`),
      ].join('\n\n'),
    },
    switched,
  );
  if (answer !== switched) throw new CancelledError();
}

/** One or several. Only a secret that is certainly this workspace's is chosen beforehand. */
export async function pickSecrets(
  retirement: Retirement,
  title: string,
  now: number,
): Promise<readonly RegisteredSecret[]> {
  const { registration } = retirement;
  const matches = matchingSecrets(retirement);
  const isCertain = matches.size === 1;
  const items = registration.secrets.map((secret) => ({
    label: secret.displayName ?? secret.keyId,
    description: [
      secret.hint === undefined ? '' : vscode.l10n.t('begins with {0}…', secret.hint),
      secret.expires === undefined
        ? ''
        : secret.expires < now
          ? vscode.l10n.t('ended {0}', day(secret.expires))
          : vscode.l10n.t('ends {0}', day(secret.expires)),
    ]
      .filter((text) => text !== '')
      .join(' · '),
    ...(matches.has(secret.keyId)
      ? {
          detail: isCertain
            ? vscode.l10n.t('This workspace used it')
            : vscode.l10n.t('This workspace may have used it: several secrets begin like its value'),
        }
      : {}),
    picked: isCertain && matches.has(secret.keyId),
    secret,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Which client secrets of {0} are to be removed?', registration.displayName),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.length === 0) throw new CancelledError();
  return chosen.map(({ secret }) => secret);
}

/** Names each secret. There is no way back in the directory. */
export async function confirmRemoval(
  { registration }: Retirement,
  secrets: readonly RegisteredSecret[],
  paths: readonly string[],
): Promise<void> {
  const remove = secrets.length === 1 ? vscode.l10n.t('Remove Secret') : vscode.l10n.t('Remove Secrets');
  const files =
    paths.length === 0
      ? vscode.l10n.t('No local file is changed.')
      : vscode.l10n.t(
          'Local files that are changed too, which can be undone until this window closes: {0}',
          paths.join(', '),
        );
  const answer = await vscode.window.showWarningMessage(
    secrets.length === 1
      ? vscode.l10n.t('Remove the client secret from {0}?', registration.displayName)
      : vscode.l10n.t('Remove {0} client secrets from {1}?', secrets.length, registration.displayName),
    {
      modal: true,
      detail: [
        ...secrets.map((secret) => `• ${describeSecret(secret)}`),
        '',
        vscode.l10n.t('This cannot be undone: the directory keeps no removed secret.'),
        files,
      ].join('\n'),
    },
    remove,
  );
  if (answer !== remove) throw new CancelledError();
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
