/** What is asked before a client secret goes: that every deployment is switched, which secrets, and whether it is really meant. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import type { RegisteredSecret } from '../../azure/types.ts';
import { focusSettled } from '../inputFocus.ts';
import { deploymentNeeds } from './deploymentNeeds.ts';
import { describeSecret, matchingSecrets } from './retirement.ts';
import type { Retirement } from './retirement.ts';

/** The first page. A proof on this machine says nothing about production. */
export async function acknowledgeDeployments({ config, registration, setup, warnings }: Retirement): Promise<void> {
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
        ...warnings.map(({ message }) => message),
      ].join('\n\n'),
    },
    switched,
  );
  if (answer !== switched) throw new CancelledError();
}

/** The list of the registration's secrets, on the screen. */
export interface SecretList {
  /** What was chosen; rejects with CancelledError when the list is left. */
  readonly picked: Promise<readonly RegisteredSecret[]>;
  /** Takes the list off the screen; nothing happens the second time. */
  close(): void;
}

type SecretRow = vscode.QuickPickItem & { readonly secret: RegisteredSecret };

/**
 * One or several. Those that a run before this one removed from the directory are offered as long as a local value looks like theirs. Only a secret that is certainly this workspace's is chosen beforehand. The list lies below the dialogs before and after it: a
 * dialog gives the focus back to what had it, and a page behind would take it so late that the list or the next dialog loses it again.
 */
export async function openSecretList(
  retirement: Retirement,
  gone: readonly RegisteredSecret[],
  title: string,
  now: number,
): Promise<SecretList> {
  await focusSettled();
  const { registration } = retirement;
  const rows = rowsOf(retirement, gone, now);
  const list = vscode.window.createQuickPick<SecretRow>();
  Object.assign(list, { title, canSelectMany: true, ignoreFocusOut: true, matchOnDescription: true });
  list.placeholder = vscode.l10n.t('Which client secrets of {0} are to be removed?', registration.displayName);
  list.items = rows.map(({ row }) => row);
  list.selectedItems = rows.filter(({ isCertain }) => isCertain).map(({ row }) => row);
  list.show();
  const close = () => {
    list.dispose();
  };
  const picked = new Promise<readonly RegisteredSecret[]>((resolve, reject) => {
    list.onDidAccept(() => {
      const secrets = list.selectedItems.map(({ secret }) => secret);
      // Enter without a choice is no answer: leaving takes Esc.
      if (secrets.length === 0) return;
      list.enabled = false;
      list.busy = true;
      resolve(secrets);
    });
    list.onDidHide(() => {
      close();
      reject(new CancelledError());
    });
  });
  // Whoever leaves the dialog before it never asks for an answer.
  picked.catch(() => undefined);
  return { picked, close };
}

function rowsOf(
  { registration, old }: Retirement,
  gone: readonly RegisteredSecret[],
  now: number,
): { row: SecretRow; isCertain: boolean }[] {
  const matches = matchingSecrets({ secrets: [...registration.secrets, ...gone], old });
  const offered = [...registration.secrets, ...gone.filter(({ keyId }) => matches.has(keyId))];
  return offered.map((secret) => {
    const { displayName, keyId, hint, expires } = secret;
    const isMatch = matches.has(keyId);
    const isCertain = isMatch && matches.size === 1;
    const facts = [
      gone.includes(secret) ? vscode.l10n.t('removed already, local files are left to clean up') : '',
      hint === undefined ? '' : vscode.l10n.t('begins with {0}…', hint),
      expires === undefined
        ? ''
        : expires < now
          ? vscode.l10n.t('ended {0}', day(expires))
          : vscode.l10n.t('ends {0}', day(expires)),
    ];
    const detail = isCertain
      ? vscode.l10n.t('This workspace used it')
      : vscode.l10n.t('This workspace may have used it: several secrets begin like its value');
    const row = {
      label: displayName ?? keyId,
      description: facts.filter((text) => text !== '').join(' · '),
      ...(isMatch ? { detail } : {}),
      secret,
    };
    return { row, isCertain };
  });
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
