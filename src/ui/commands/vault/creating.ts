/** Waits for a creation with the service's own words as progress, and keeps the signing request where there is one. */
import * as vscode from 'vscode';
import { isCancelled } from '../../../base/errors.ts';
import type { CreateOptions, CreationOutcome, CreationState, VaultCertificateDetails } from '../../../azure/types.ts';
import { commands } from '../../../contributions.ts';
import { saveFiles } from '../../../setup/index.ts';
import type { CreatedInVault } from '../../automation/vault.ts';
import { openAt } from '../../openAt.ts';
import type { Services } from '../../services.ts';
import { dayText } from '../../vaultTree/states.ts';
import { changeVault, resultOf } from './target.ts';
import type { Target } from './target.ts';
import { folderFor, freeFile } from './where.ts';

/** Seconds that a creation is waited for unless the options say otherwise; a self-signed one takes some ten. */
const usualWait = 120;

export interface Creation {
  readonly target: Target;
  /** Of the progress, e.g. "Creating my-app in contoso-web". */
  readonly title: string;
  /** Absolute path for the signing request; absent: asked where people are asked, else in the certificate folder. */
  readonly csrFile?: string | undefined;
  readonly waitSeconds?: number | undefined;
  readonly interactive: boolean;
  start(options: CreateOptions): Promise<CreationOutcome>;
}

/** Cancelling cancels in the vault. Where the vault was faster, there is a certificate, and saying so is the truth. */
export async function awaitCreation(creation: Creation, services: Services): Promise<CreatedInVault> {
  const { target, title, waitSeconds = usualWait } = creation;
  const stopWaiting = waitSeconds === 0 ? AbortSignal.abort() : AbortSignal.timeout(waitSeconds * 1000);
  const outcomes: CreationOutcome[] = [];
  try {
    await changeVault(target, title, services, async (options, report) => {
      const onProgress = (state: CreationState) => report(stateText(state));
      outcomes.push(await creation.start({ ...options, stopWaiting, onProgress }));
    });
  } catch (error) {
    if (!isCancelled(error) || outcomes.length === 0) throw error;
  }
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('The creation has no outcome.');
  return resultOfCreation(outcome, creation, services);
}

async function resultOfCreation(
  outcome: CreationOutcome,
  creation: Creation,
  services: Services,
): Promise<CreatedInVault> {
  const { client, name } = creation.target;
  const place = { vault: client.vault.origin, name };
  switch (outcome.status) {
    case 'completed':
      if (creation.interactive) tellCreated(creation.target, outcome.certificate);
      return { status: 'completed', ...resultOf(client, outcome.certificate) };
    case 'waitingForMerge': {
      const csr = creation.csrFile ?? (await csrFileFor(name, creation, services));
      await saveRequest(csr, outcome.csrPem, services);
      if (creation.interactive) void tellRequest(creation.target, csr);
      return { status: 'waitingForMerge', ...place, files: { csr } };
    }
    case 'inProgress': {
      const { details } = outcome.state;
      if (creation.interactive) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('{0} is still being created in {1}: {2}', name, client.vault.name, stateText(outcome.state)),
        );
      }
      return { status: 'inProgress', ...place, ...(details === undefined ? {} : { details }) };
    }
  }
}

async function csrFileFor(name: string, { interactive, title }: Creation, services: Services): Promise<string> {
  return freeFile(await folderFor(undefined, title, interactive, services), name, '.csr', services);
}

/** Public: a request holds no key. */
export async function saveRequest(file: string, pem: string, services: Services): Promise<void> {
  await saveFiles([{ path: file, role: 'csr', mode: 0o644, bytes: Buffer.from(pem) }], services.setupPorts);
}

/** The service's own words where it has some. */
function stateText({ details, status }: CreationState): string {
  if (details !== undefined) return details;
  return status === 'completed' ? vscode.l10n.t('Completed') : vscode.l10n.t('In progress');
}

/** What can be done with a certificate that is there now. */
export function tellCreated(
  { client, name }: Target,
  { version, expires }: Pick<VaultCertificateDetails, 'version' | 'expires'>,
): void {
  const use = vscode.l10n.t('Use in App…');
  const message =
    expires === undefined
      ? vscode.l10n.t('{0} is in {1}.', name, client.vault.name)
      : vscode.l10n.t('{0} is in {1}, valid until {2}.', name, client.vault.name, dayText(expires));
  void vscode.window.showInformationMessage(message, use).then((chosen) => {
    if (chosen !== use) return;
    const item = { vault: client.vault.origin, name, ...(version === undefined ? {} : { version }) };
    void vscode.commands.executeCommand(commands.useInApp, { commandOptions: item });
  });
}

/** What to do with a signing request. */
export async function tellRequest({ client, name }: Target, csr: string): Promise<void> {
  const open = vscode.l10n.t('Open Request');
  const merge = vscode.l10n.t('Merge Signed Certificate…');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Send {0} to your certificate authority. When it has answered, merge the signed certificate into {1}.',
      csr,
      client.vault.name,
    ),
    open,
    merge,
  );
  if (chosen === open) await openAt(csr);
  if (chosen === merge) {
    await vscode.commands.executeCommand(commands.mergeSigned, {
      commandOptions: { vault: client.vault.origin, name },
    });
  }
}
