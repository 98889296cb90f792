/** What a finished setup has made, for whoever goes on from there: proving, rotating, retiring. */
import { X509Certificate } from 'node:crypto';
import { isExpectedError } from '../base/errors.ts';
import type { Journal } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import { replacedCertificates } from './replacedBefore.ts';
import { isBelow } from './layout.ts';
import type { SetupPorts } from './ports.ts';

/** Public facts of a journal. */
export type AppliedSetup = Pick<
  Journal,
  | 'keyFrom'
  | 'vault'
  | 'variables'
  | 'files'
  | 'certificate'
  | 'line'
  | 'roots'
  | 'registered'
  | 'startedAt'
  | 'rotates'
  | 'rotatedBefore'
  | 'rotatedInVault'
  | 'oldRemoved'
  | 'proofs'
  | 'retired'
  | 'previous'
>;

/**
 * The last finished setup of a config; undefined when there is none on this machine, or when its journal cannot be read.
 * @param config absolute path
 */
export async function setupOf(
  config: string,
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<AppliedSetup | undefined> {
  try {
    const journal = await createJournalStore(ports.journalFolder, ports.files).load(config);
    if (journal === undefined || journal.state === 'undoing') return undefined;
    return journal.state === 'applied' ? journal : journal.previous;
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}

/** A rotation that is finished and proven: its old certificate may go when every deployment has switched. */
export interface FinishedRotation {
  /** Absolute path of the config file. */
  readonly config: string;
  /** When the new certificate was proven first, in ms: later proofs do not make the old one any newer. */
  readonly provenAt: number;
  /** Of the certificate that took the place of the old one. */
  readonly thumbprintSha256: string;
}

/** Rotations of configs below `roots` whose new certificate was proven. Damaged journals are left out. */
export async function finishedRotations(
  roots: readonly string[],
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<FinishedRotation[]> {
  const store = createJournalStore(ports.journalFolder, ports.files);
  const found: FinishedRotation[] = [];
  for (const file of await store.list()) {
    let journal: Journal | undefined;
    try {
      journal = await store.loadFile(file);
    } catch (error) {
      if (!isExpectedError(error)) throw error;
    }
    if (journal?.state !== 'applied') continue;
    const { config } = journal;
    if (!roots.some((root) => isBelow(config, root))) continue;
    for (const { by, provenAt } of replacedCertificates(journal))
      if (provenAt !== undefined) found.push({ config, provenAt, thumbprintSha256: by });
  }
  return found;
}

/** The certificate that a finished setup gave an app, for whoever watches its end. */
export interface CertificateInUse {
  /** Absolute path of the config file. */
  readonly config: string;
  readonly thumbprintSha256: string;
  /** ISO 8601, UTC. */
  readonly notAfter: string;
  /** ISO 8601, UTC; absent where only the end is known. */
  readonly notBefore?: string;
}

/** Certificates of finished setups of configs below `roots`. Damaged journals are left out. */
export async function certificatesInUse(
  roots: readonly string[],
  ports: Pick<SetupPorts, 'files' | 'journalFolder'>,
): Promise<CertificateInUse[]> {
  const store = createJournalStore(ports.journalFolder, ports.files);
  const found: CertificateInUse[] = [];
  for (const file of await store.list()) {
    try {
      const journal = await store.loadFile(file);
      const applied = journal?.state === 'applied' ? journal : journal?.previous;
      if (applied === undefined || !roots.some((root) => isBelow(applied.config, root))) continue;
      const { thumbprintSha256, notAfter, pem } = applied.certificate;
      found.push({ config: applied.config, thumbprintSha256, notAfter, ...beginOf(pem) });
    } catch (error) {
      if (!isExpectedError(error)) throw error;
    }
  }
  return found;
}

/** For spreading; nothing of a certificate that cannot be read. */
function beginOf(pem: string): { readonly notBefore?: string } {
  try {
    return { notBefore: new Date(new X509Certificate(pem).validFrom).toISOString() };
  } catch {
    return {};
  }
}
