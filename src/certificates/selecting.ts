/** Finds the certificate that a file is about, its key and its issuers. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileContents, FoundCertificate, FoundKey } from './contents.ts';
import { sameBytes } from './der.ts';
import { Yielding } from './encryption/yielding.ts';
import { attempt, damagedFile } from './errors.ts';
import { certificateFacts, certificateParts, type CertificateParts } from './facts.ts';
import { privateKeyId, publicKeyId } from './matching.ts';
import { readThumbprint } from './thumbprints.ts';
import type { CertificateFacts, OpenOptions } from './types.ts';

/** A certificate of a file with what it says. */
export interface ReadCertificate extends FoundCertificate {
  readonly facts: CertificateFacts;
  readonly parts: CertificateParts;
  /** See `publicKeyId`. */
  readonly keyId: string;
}

export type ReadableKey = Extract<FoundKey, { pkcs8: Uint8Array }>;

/** A certificate that may be the one, with its key where that is readable and fits. */
export interface Candidate {
  readonly certificate: ReadCertificate;
  readonly key?: ReadableKey;
}

/** Reads all certificates. Those that are damaged are left out, unless none is left: then it rejects with `damaged-file`. */
export async function readCertificates(contents: FileContents, signal?: AbortSignal): Promise<ReadCertificate[]> {
  const yielding = new Yielding(signal);
  const read: ReadCertificate[] = [];
  for (const found of contents.certificates) {
    const known = attempt(() => {
      const facts = certificateFacts(found.der);
      const named = found.friendlyName === undefined ? facts : { ...facts, friendlyName: found.friendlyName };
      const parts = certificateParts(found.der);
      return { ...found, facts: named, parts, keyId: publicKeyId(parts.publicKey) };
    });
    if (known !== undefined) read.push(known);
    if (yielding.due) await yielding.pause();
  }
  if (read.length === 0 && contents.certificates.length > 0) throw damagedFile();
  return read;
}

/** The keys that could be read. */
export function readableKeys(contents: FileContents): ReadableKey[] {
  return contents.keys.filter((key): key is ReadableKey => 'pkcs8' in key);
}

/**
 * The certificates that may be meant, the likeliest first: those that a key belongs to; where no key tells, those that the
 * file's names pair with a key; else those that issued no other certificate of the file.
 */
export function candidates(certificates: readonly ReadCertificate[], contents: FileContents): Candidate[] {
  const keys = readableKeys(contents).map((key) => ({ key, id: privateKeyId(key.pkcs8) }));
  const matched = certificates.flatMap((certificate) => {
    const found = keys.find(({ id }) => id === certificate.keyId);
    return found === undefined ? [] : [{ certificate, key: found.key }];
  });
  if (matched.length > 0) return matched.sort((a, b) => laterFirst(a.certificate, b.certificate));
  const paired = certificates.filter((certificate) => contents.keys.some((key) => arePaired(key, certificate)));
  if (paired.length === 1) return paired.map((certificate) => ({ certificate }));
  const leaves = certificates.filter(
    (certificate) => !certificates.some((other) => other !== certificate && isIssuer(certificate, other)),
  );
  const ends = leaves.filter((leaf) => !leaf.facts.isCa);
  const likely = ends.length > 0 ? ends : leaves.length > 0 ? leaves : certificates;
  return [...likely].sort(laterFirst).map((certificate) => ({ certificate }));
}

/** The candidate that the options name; all of them when they name none. Throws `no-certificate` for a thumbprint that is not there. */
export function chosen(
  all: readonly Candidate[],
  certificates: readonly ReadCertificate[],
  options: OpenOptions,
): readonly Candidate[] {
  if (options.thumbprintSha256 === undefined) return all;
  const wanted = readThumbprint(options.thumbprintSha256)?.hex;
  const isWanted = (certificate: ReadCertificate): boolean =>
    certificate.facts.thumbprintSha256 === wanted || certificate.facts.thumbprintSha1 === wanted;
  const named = all.filter((candidate) => isWanted(candidate.certificate));
  if (named.length > 0) return named;
  const other = certificates.find(isWanted);
  if (other !== undefined) return [{ certificate: other }];
  throw new ExpectedError(
    'no-certificate',
    l10n.t(
      'The file holds no certificate with the thumbprint {0}. Check the thumbprint, or choose another file.',
      options.thumbprintSha256,
    ),
    { data: describeCandidates(all) },
  );
}

/** The issuers of a certificate that the file has, nearest first. */
export function issuersOf(leaf: ReadCertificate, certificates: readonly ReadCertificate[]): ReadCertificate[] {
  const path = [leaf];
  for (;;) {
    const last = path.at(-1) ?? leaf;
    const issuer = certificates.find((other) => !path.includes(other) && isIssuer(other, last));
    if (issuer === undefined || last.facts.selfSigned) return path.slice(1);
    path.push(issuer);
  }
}

/** What a user needs to choose one: for `details.data` of `several-certificates`. */
export function describeCandidates(all: readonly Candidate[]): unknown {
  return all.map(({ certificate: { facts } }) => ({
    subject: facts.subject,
    issuer: facts.issuer,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    thumbprintSha256: facts.thumbprintSha256,
    thumbprintSha1: facts.thumbprintSha1,
    ...(facts.friendlyName === undefined ? {} : { friendlyName: facts.friendlyName }),
  }));
}

function isIssuer(issuer: ReadCertificate, of: ReadCertificate): boolean {
  return issuer !== of && !of.facts.selfSigned && sameBytes(issuer.parts.subject.bytes, of.parts.issuer.bytes);
}

function arePaired(key: FoundKey, certificate: FoundCertificate): boolean {
  if (key.localKeyId !== undefined || certificate.localKeyId !== undefined)
    return key.localKeyId === certificate.localKeyId;
  return key.friendlyName !== undefined && key.friendlyName === certificate.friendlyName;
}

function laterFirst(a: ReadCertificate, b: ReadCertificate): number {
  return b.facts.notAfter.localeCompare(a.facts.notAfter);
}
