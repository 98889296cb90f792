/** What is known of each vault, and how it is loaded: page by page, keeping what was there until the new list is complete. */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import type { CallOptions, Vault, VaultCertificate, VaultClient } from '../../azure/types.ts';

/** Why something could not be listed, as the azure room said it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** `details.data` of the error. */
  readonly data?: unknown;
}

export interface VaultRecord {
  vault: Vault;
  /** Added by hand. */
  added: boolean;
  /** Seen in the last search. */
  found: boolean;
  /** By name in lower case. */
  readonly live: Map<string, VaultCertificate>;
  readonly deleted: Map<string, VaultCertificate>;
  status: 'waiting' | 'loading' | 'ready' | 'failed';
  deletedStatus: 'unknown' | 'loading' | 'ready' | 'failed';
  problem?: Problem | undefined;
  deletedProblem?: Problem | undefined;
  /** Grows with every change of what is above. */
  revision: number;
  /** Names that were refreshed one by one while a list was being read: the list may be older. */
  readonly touched: { readonly live: Set<string>; readonly deleted: Set<string> };
}

export function newRecord(vault: Vault): VaultRecord {
  return {
    vault,
    added: false,
    found: false,
    live: new Map(),
    deleted: new Map(),
    status: 'waiting',
    deletedStatus: 'unknown',
    revision: 0,
    touched: { live: new Set(), deleted: new Set() },
  };
}

export const keyOf = (name: string): string => name.toLowerCase();

type Reader = Pick<VaultClient, 'list' | 'creation'>;

interface LoadOptions {
  readonly signal: AbortSignal;
  /** Called after every page and at the end. */
  readonly onChange: () => void;
}

/** Reads the list of certificates. A refusal becomes the record's problem; a bug does so too, and rejects. */
export async function loadLive(record: VaultRecord, client: Reader, options: LoadOptions): Promise<void> {
  record.status = 'loading';
  record.touched.live.clear();
  await settling(record, options, {
    read: async () => {
      await fill(record, 'live', client.list({ signal: options.signal }), options);
      await noteCreations(record, client, options.signal);
    },
    ended: (problem) => {
      record.status = problem === undefined ? 'ready' : 'failed';
      record.problem = problem;
    },
  });
}

/** Reads the list of deleted certificates, which may need a permission of its own. */
export async function loadDeleted(
  record: VaultRecord,
  client: Pick<VaultClient, 'deleted'>,
  options: LoadOptions,
): Promise<void> {
  record.deletedStatus = 'loading';
  record.touched.deleted.clear();
  await settling(record, options, {
    read: () => fill(record, 'deleted', client.deleted({ signal: options.signal }), options),
    ended: (problem) => {
      record.deletedStatus = problem === undefined ? 'ready' : 'failed';
      record.deletedProblem = problem;
    },
  });
}

/** Whatever happens, the record says how the reading ended: nothing stays "loading". */
async function settling(
  record: VaultRecord,
  { onChange }: LoadOptions,
  { read, ended }: { read: () => Promise<void>; ended: (problem: Problem | undefined) => void },
): Promise<void> {
  const end = (problem: Problem | undefined) => {
    ended(problem);
    record.revision++;
    onChange();
  };
  try {
    await read();
  } catch (error) {
    if (isRefusal(error)) {
      end(problemOf(error));
      return;
    }
    end(unexpected(record));
    throw error;
  }
  end(undefined);
}

async function fill(
  record: VaultRecord,
  which: 'live' | 'deleted',
  pages: AsyncIterable<readonly VaultCertificate[]>,
  { signal, onChange }: LoadOptions,
): Promise<void> {
  const map = record[which];
  const touched = record.touched[which];
  const seen = new Set<string>();
  for await (const page of pages) {
    if (signal.aborted) return;
    for (const certificate of page) {
      const key = keyOf(certificate.name);
      seen.add(key);
      if (!touched.has(key)) map.set(key, certificate);
    }
    record.revision++;
    onChange();
  }
  for (const key of map.keys()) if (!seen.has(key) && !touched.has(key)) map.delete(key);
}

/** Each costs a request; who has more of them than this reads "no certificate yet" at the others. */
const creationsAsked = 25;

/** What has no certificate yet is either being created or was left behind by a creation that ended: the list does not tell. */
async function noteCreations(record: VaultRecord, client: Reader, signal: AbortSignal): Promise<void> {
  const unfinished = [...record.live].filter(([key, { pending }]) => pending === true && !record.touched.live.has(key));
  for (const [key, certificate] of unfinished.slice(0, creationsAsked)) {
    const noted = await withCreation(certificate, client, { signal });
    if (record.live.get(key) === certificate) record.live.set(key, noted);
  }
}

/** The certificate, noted as `creating` where it is not there yet and the vault says that its creation is under way. */
export async function withCreation<C extends VaultCertificate>(
  certificate: C,
  client: Pick<VaultClient, 'creation'>,
  options: CallOptions,
): Promise<C> {
  if (certificate.pending !== true) return certificate;
  try {
    const creation = await client.creation(certificate.name, options);
    return creation?.status === 'inProgress' ? { ...certificate, creating: true } : certificate;
  } catch (error) {
    // Who may list need not be allowed to read: then nothing is known of a creation.
    problemOf(error);
    return certificate;
  }
}

/** Rethrows what is no refusal. */
export function problemOf(error: unknown): Problem {
  if (!isRefusal(error)) throw error;
  const { data } = error.details;
  return { code: error.code, message: error.message, ...(data === undefined ? {} : { data }) };
}

const isRefusal = (error: unknown): error is ExpectedError => !isCancelled(error) && isExpectedError(error);

/** The words of a bug or of a reading that was stopped; the log says which. */
function unexpected({ vault }: VaultRecord): Problem {
  return {
    code: 'unexpected',
    message: l10n.t(
      'The certificates of the vault {0} could not be read to the end. Refresh the view; the log has the details.',
      vault.name,
    ),
  };
}
