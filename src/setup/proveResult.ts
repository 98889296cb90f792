/** The last step of a setup: a token with the new certificate. After the lock is given back, since the directory may take minutes. */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError } from '../base/errors.ts';
import type { AppConfig } from '../appConfig/types.ts';
import type { JournalProof } from './journal.ts';
import type { SetupPorts } from './ports.ts';
import { Session, underLock } from './session.ts';
import type { SetUpResult, SetupPlan } from './types.ts';

export interface ProofOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string) => void;
}

/**
 * The result with the proof in it, where the plan wants one. Never rejects for a proof that fails or is left: the setup is done, and what it
 * has done works once the directory knows the certificate; the old secret works until it is retired.
 */
export async function proveResult(
  result: SetUpResult,
  plan: Pick<SetupPlan, 'prove' | 'config' | 'roots'>,
  ports: SetupPorts,
  { signal, onProgress }: ProofOptions,
): Promise<SetUpResult> {
  const { prover } = ports;
  if (!plan.prove || prover === undefined || result.stopped === true || result.proven) return result;
  onProgress?.(l10n.t('asking for a token with the certificate'));
  try {
    const { line, clientId } = plan.config;
    const application = clientId?.value === undefined ? {} : { clientId: clientId.value };
    const outcome = await prover.prove(
      { file: result.config, line, registered: result.registered, ...application },
      plan.roots,
      signal,
    );
    if (outcome.status === 'not-proven') return { ...result, warnings: [outcome.reason, ...result.warnings] };
    if (!isProofOf(outcome.proof, result))
      return { ...result, warnings: [ofAnother(result.config), ...result.warnings] };
    await noteProof(result.config, outcome.proof, ports);
    const warnings = result.warnings.filter(({ code }) => code !== 'not-registered');
    return { ...result, warnings, registered: true, proven: true };
  } catch (error) {
    if (isCancelled(error)) return { ...result, warnings: [left(result.config), ...result.warnings] };
    if (!isExpectedError(error)) throw error;
    const reason = { code: 'not-proven', message: error.message, file: result.config };
    return { ...result, warnings: [reason, ...result.warnings] };
  }
}

/**
 * The config that was rewritten, among those that its file holds now: what the rewrite has put above it has moved it down.
 * @param line where it was before
 */
export function rewrittenOf(found: readonly AppConfig[], line: number, clientId?: string): AppConfig | undefined {
  const distance = (each: AppConfig) => Math.abs(each.line - line);
  const fits = (each: AppConfig) =>
    each.credential !== 'secret' &&
    each.credential !== 'none' &&
    (clientId === undefined || each.clientId?.value === undefined || each.clientId.value === clientId);
  return found.filter(fits).sort((one, other) => distance(one) - distance(other))[0];
}

/** Keeps a proof in the journal as well, where there is one of this certificate and nobody else works on it. */
export async function noteProof(config: string, proof: JournalProof, ports: SetupPorts): Promise<void> {
  try {
    await underLock(config, ports, async (store) => {
      const journal = await store.load(config);
      if (journal?.state !== 'applied' || journal.certificate.thumbprintSha256 !== proof.thumbprintSha256) return;
      const session = new Session(ports, store, journal);
      // A token came with it, so the registration has it, whoever uploaded it.
      session.note({ proofs: [...journal.proofs, proof], registered: true });
      await session.save();
    });
  } catch (error) {
    // The proof itself is kept beside the journal; that somebody works on the setup, or that its journal is damaged, takes nothing from it.
    if (!isExpectedError(error)) throw error;
  }
}

function isProofOf(proof: JournalProof, { thumbprintSha256, thumbprintSha1 }: SetUpResult): boolean {
  return proof.thumbprintSha256 === thumbprintSha256 || proof.thumbprintSha1 === thumbprintSha1;
}

function ofAnother(config: string) {
  return {
    code: 'not-proven',
    message: l10n.t(
      'A token was issued, but for another certificate than the one of this setup: the app does not use that one yet. Look at what its environment sets, then run "Client Certificate: Prove Sign-In".',
    ),
    file: config,
  };
}

function left(config: string) {
  return {
    code: 'not-proven',
    message: l10n.t(
      'The proof was left, so it is not known yet whether the app can sign in with its certificate. Run "Client Certificate: Prove Sign-In" before the old secret is retired.',
    ),
    file: config,
  };
}
