/**
 * Proofs: when a token was really obtained with an app's certificate. One small file per config beside its journal, because a proof is a fact of its own:
 * an app that was configured by hand, or whose journal is gone, has proofs too. Holds no token and no secret.
 */
import type { JournalProof } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import type { SetupPorts } from './ports.ts';

const format = 'client-certificate-guide/proofs';
/** Enough to tell which certificates worked lately; older ones unlock nothing. */
const kept = 20;

/** What reading and writing proofs needs. */
export type ProofPorts = Pick<SetupPorts, 'files' | 'journalFolder'>;

/**
 * Proofs of a config, newest first; none when there is no such file or it cannot be understood (then the proof is made again).
 * @param config absolute path of the config file
 */
export async function proofsOf(config: string, ports: ProofPorts): Promise<JournalProof[]> {
  const bytes = await ports.files.read(fileOf(config, ports));
  if (bytes === undefined) return [];
  return parse(Buffer.from(bytes).toString('utf8'));
}

/** Keeps a proof. Whole or not at all; of two windows that prove at once the later one's proof is kept, which tells the same. */
export async function recordProof(config: string, proof: JournalProof, ports: ProofPorts): Promise<void> {
  const proofs = [proof, ...(await proofsOf(config, ports))].slice(0, kept);
  await ports.files.makeFolder(ports.journalFolder, 0o700);
  const text = `${JSON.stringify({ format, version: 1, config, proofs }, undefined, 1)}\n`;
  await ports.files.writeAtomically(fileOf(config, ports), Buffer.from(text), 0o600);
}

/**
 * The newest proof of this very certificate that is younger than `maxAge` ms; undefined when there is none, which keeps retiring locked.
 * @param thumbprint SHA-256, or SHA-1 where only that is known; hex, any case
 */
export async function freshProof(
  config: string,
  thumbprint: string,
  maxAge: number,
  ports: ProofPorts & Pick<SetupPorts, 'clock'>,
): Promise<JournalProof | undefined> {
  const wanted = thumbprint.toUpperCase();
  const now = ports.clock.now();
  return (await proofsOf(config, ports)).find((proof) => {
    const age = now - Date.parse(proof.at);
    // A proof from the future is a clock that was set back: it proves nothing about the last day.
    const isSame = [proof.thumbprintSha256, proof.thumbprintSha1].some((each) => each?.toUpperCase() === wanted);
    return wanted !== '' && isSame && age >= -clockSkew && age <= maxAge;
  });
}

const clockSkew = 5 * 60_000;

function fileOf(config: string, ports: ProofPorts): string {
  return `${createJournalStore(ports.journalFolder, ports.files).stem(config)}.proofs.json`;
}

function parse(text: string): JournalProof[] {
  try {
    const value = JSON.parse(text) as { format?: unknown; version?: unknown; proofs?: unknown };
    if (value.format !== format || value.version !== 1 || !Array.isArray(value.proofs)) return [];
    return value.proofs.filter(isProof);
  } catch {
    return [];
  }
}

function isProof(value: unknown): value is JournalProof {
  if (typeof value !== 'object' || value === null) return false;
  const { at, thumbprintSha256, algorithm } = value as Record<string, unknown>;
  return typeof at === 'string' && typeof thumbprintSha256 === 'string' && typeof algorithm === 'string';
}
