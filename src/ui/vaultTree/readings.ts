/** What was read of single certificates: their versions and details, kept until they are read anew. */
import { CancelledError } from '../../base/errors.ts';
import type { CallOptions, VaultCertificate, VaultCertificateDetails, VaultClient } from '../../azure/types.ts';
import { keyOf, withCreation } from './records.ts';

const detailsKept = 200;

export interface Readings {
  /** Newest first. */
  versions(client: VaultClient, name: string, signal: AbortSignal): Promise<readonly VaultCertificate[]>;
  knownVersions(origin: string, name: string): readonly VaultCertificate[] | undefined;
  /** Reads and keeps the details, whatever was known. */
  read(
    client: VaultClient,
    name: string,
    version: string | undefined,
    options: CallOptions,
  ): Promise<VaultCertificateDetails>;
  knownDetails(origin: string, name: string, version: string | undefined): VaultCertificateDetails | undefined;
  /** Of one certificate, or of a whole vault. */
  forget(origin: string, name?: string): void;
  clear(): void;
}

export function createReadings(): Readings {
  const versions = new Map<string, readonly VaultCertificate[]>();
  const details = new Map<string, VaultCertificateDetails>();
  const under = (origin: string, name: string): string => `${origin}/${keyOf(name)}/`;
  return {
    async versions(client, name, signal) {
      const key = under(client.vault.origin, name);
      const known = versions.get(key);
      if (known !== undefined) return known;
      const all: VaultCertificate[] = [];
      for await (const page of client.versions(name, { signal })) all.push(...page);
      if (signal.aborted) throw new CancelledError();
      all.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
      versions.set(key, all);
      return all;
    },
    knownVersions: (origin, name) => versions.get(under(origin, name)),
    async read(client, name, version, options) {
      const certificate = { name, ...(version === undefined ? {} : { version }) };
      const read = await withCreation(await client.get(certificate, options), client, options);
      details.set(`${under(client.vault.origin, name)}${version ?? ''}`, read);
      // The oldest goes; Map keeps the order of insertion.
      for (const oldest of details.keys()) {
        if (details.size <= detailsKept) break;
        details.delete(oldest);
      }
      return read;
    },
    knownDetails: (origin, name, version) => details.get(`${under(origin, name)}${version ?? ''}`),
    forget(origin, name) {
      const start = name === undefined ? `${origin}/` : under(origin, name);
      for (const kept of [versions, details]) {
        for (const key of [...kept.keys()]) if (key.startsWith(start)) kept.delete(key);
      }
    },
    clear() {
      versions.clear();
      details.clear();
    },
  };
}

/**
 * A certificate as a list has it, read alone: the latest version is listed without saying which it is, and details are not
 * kept for ten thousand.
 */
export async function readRow(client: VaultClient, name: string, signal: AbortSignal): Promise<VaultCertificate> {
  const read = await withCreation(await client.get({ name }, { signal }), client, { signal });
  const { vault, tags, enabled, notBefore, expires, created, updated, thumbprintSha1, pending, creating } = read;
  return {
    ...{ vault, name: read.name, tags, enabled },
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expires === undefined ? {} : { expires }),
    ...(created === undefined ? {} : { created }),
    ...(updated === undefined ? {} : { updated }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    ...(pending === undefined ? {} : { pending }),
    ...(creating === undefined ? {} : { creating }),
  };
}
