/** Finds the vault and the certificate that a command is about, and says what a vault answered. */
import * as vscode from 'vscode';
import { CancelledError } from '../../../base/errors.ts';
import type { CallOptions, VaultCertificateDetails, VaultClient } from '../../../azure/types.ts';
import type { VaultCertificateResult } from '../../automation/vault.ts';
import { askVault, askVaultCertificate } from '../../flows/vaultCertificate.ts';
import type { CertificateWish } from '../../flows/vaultCertificate.ts';
import { withProgress } from '../../progress.ts';
import type { Report } from '../../progress.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { openVault } from '../../vaults/openVault.ts';

export interface Target {
  readonly client: VaultClient;
  readonly name: string;
  /** How the vault is called in this run. */
  readonly call: VaultCall;
}

/** Whether somebody is there to sign in; see `Run.maySignIn`. */
export interface VaultCall {
  readonly interactive: boolean;
}

export function vaultCall({ maySignIn }: { readonly maySignIn: boolean }): VaultCall {
  return { interactive: maySignIn };
}

/** What finding a vault takes of a run. */
export interface VaultRun<T = { readonly vault?: string; readonly name?: string }> {
  readonly options: T;
  readonly maySignIn: boolean;
}

/** Asks for the vault and the certificate where the options leave them open. */
export async function targetOf(
  run: VaultRun,
  title: string,
  wish: Omit<CertificateWish, 'now' | 'first'>,
  services: Services,
): Promise<Target> {
  const { questions } = services;
  const given = run.options;
  const call = vaultCall(run);
  const asks = given.vault === undefined;
  for (;;) {
    const client = await vaultOf(run, title, services);
    if (given.name !== undefined) return { client, name: given.name, call };
    const now = services.setupPorts.clock.now();
    const answer = await askVaultCertificate(client, questions, { title, canGoBack: asks }, { ...wish, now });
    if (answer !== back) return { client, name: answer.name, call };
  }
}

export async function vaultOf(
  run: VaultRun<{ readonly vault?: string }>,
  title: string,
  services: Services,
): Promise<VaultClient> {
  const { vault: given } = run.options;
  if (given !== undefined) return openVault(services, given, vaultCall(run));
  const vault = await askVault(services, services.questions, { title });
  if (vault === back) throw new CancelledError();
  return services.azure().vaults.open(vault);
}

/**
 * Changes something in a vault, with progress and Cancel, and tells those who show the vault; also after a failure, since
 * only the vault knows how far it went.
 */
export async function changeVault<T>(
  { client, name, call }: Target,
  title: string,
  services: Services,
  task: (options: CallOptions & { readonly signal: AbortSignal }, report: Report) => Promise<T>,
): Promise<T> {
  try {
    return await withProgress(title, (signal, report) => task({ ...call, signal }, report));
  } finally {
    services.vaultChanges.fire({ vault: client.vault.origin, name });
  }
}

/** As plain data, for callers. */
export function resultOf(client: VaultClient, details: VaultCertificateDetails): VaultCertificateResult {
  const { name, version, id, enabled, notBefore, expires, thumbprintSha256, thumbprintSha1, tags } = details;
  return {
    vault: client.vault.origin,
    name,
    ...(version === undefined ? {} : { version }),
    ...(id === '' ? {} : { id }),
    enabled,
    ...(notBefore === undefined ? {} : { notBefore: isoTime(notBefore) }),
    ...(expires === undefined ? {} : { notAfter: isoTime(expires) }),
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    tags: { ...tags },
  };
}

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** A modal question before something that changes what apps depend on. Rejects with CancelledError unless it is answered with `action`. */
export async function confirmed(message: string, detail: string, action: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, action);
  if (answer !== action) throw new CancelledError();
}
