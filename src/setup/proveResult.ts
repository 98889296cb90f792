/** The last step of a setup: a token with the new certificate. After the lock is given back, since the directory may take minutes. */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError } from '../base/errors.ts';
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
    const outcome = await prover.prove(
      { file: result.config, line: plan.config.line, registered: result.registered },
      plan.roots,
      signal,
    );
    if (outcome.status === 'not-proven') return { ...result, warnings: [outcome.reason, ...result.warnings] };
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

function left(config: string) {
  return {
    code: 'not-proven',
    message: l10n.t(
      'The proof was left, so it is not known yet whether the app can sign in with its certificate. Run "Client Certificate: Prove Sign-In" before the old secret is retired.',
    ),
    file: config,
  };
}
