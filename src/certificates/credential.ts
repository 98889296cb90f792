/** Takes certificate and key out of files, for use. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileContents, FoundKey } from './contents.ts';
import { plainBytes } from './der.ts';
import { damagedFile, orDamaged, severalCertificates } from './errors.ts';
import { describe } from './inspect.ts';
import { rsaNumbersFit } from './keys/rsaNumbers.ts';
import { asPlainRsa, rsaKeyWorks } from './matching.ts';
import { datingOf } from './problems.ts';
import { readContents } from './reading.ts';
import {
  candidates,
  chosen,
  describeCandidates,
  issuersOf,
  readableKeys,
  readCertificates,
  type Candidate,
  type ReadCertificate,
} from './selecting.ts';
import type { CertificateDescription, CredentialMaterial, OpenOptions, PublicMaterial } from './types.ts';

/** Problems that keep a certificate from serving at all; dates are left to the caller, who may be preparing. */
const refused = new Set(['key-is-ec', 'key-is-not-rsa', 'key-too-short', 'sha1-signature']);

/** Longer RSA keys are not tried out: one signature would take seconds. */
const maxTriedKey = 8192;

interface Opened {
  readonly contents: FileContents;
  readonly certificates: readonly ReadCertificate[];
  readonly candidates: readonly Candidate[];
}

/** See `Certificates.openCredential`. */
export async function openCredential(
  bytes: Uint8Array,
  options: OpenOptions = {},
  privateKey?: { bytes: Uint8Array; password?: string },
): Promise<CredentialMaterial> {
  return orDamaged(async () => {
    const opened = await openFiles(bytes, options, privateKey);
    const candidate = only(opened.candidates);
    const description = describe(candidate, opened.certificates, opened.contents, datingOf(options));
    // EC and short keys are named before anything about a missing key: no key would help such a certificate.
    refuseUnusable(description);
    if (candidate.key === undefined) throw whyNoKey(opened.contents, description);
    const pkcs8 = whole(asPlainRsa(candidate.key.pkcs8));
    if (description.keySize <= maxTriedKey && !(await rsaKeyWorks(pkcs8, candidate.certificate.der)))
      throw damagedFile();
    return { ...certificateMaterial(candidate, opened.certificates), description, privateKeyPkcs8: pkcs8 };
  });
}

/** See `Certificates.openCertificate`. */
export async function openCertificate(bytes: Uint8Array, options: OpenOptions = {}): Promise<PublicMaterial> {
  return orDamaged(async () => {
    const opened = await openFiles(bytes, options);
    const candidate = only(opened.candidates);
    const description = describe(candidate, opened.certificates, opened.contents, datingOf(options));
    return { ...certificateMaterial(candidate, opened.certificates), description };
  });
}

/** See `Certificates.openPublic`. */
export async function openPublic(bytes: Uint8Array, options: OpenOptions = {}): Promise<PublicMaterial> {
  const material = await openCertificate(bytes, options);
  refuseUnusable(material.description);
  return material;
}

function refuseUnusable({ problems }: CertificateDescription): void {
  const problem = problems.find(({ code }) => refused.has(code));
  if (problem !== undefined) throw new ExpectedError(problem.code, problem.message);
  if (problems.some(({ code }) => code === 'signature-invalid')) throw damagedFile();
}

/** See `Certificates.openPrivateKey`. */
export async function openPrivateKey(bytes: Uint8Array, options: OpenOptions = {}): Promise<Uint8Array> {
  return orDamaged(async () => {
    const contents = await readContents(bytes, options);
    if (contents.keys.length === 0) throw noPrivateKey();
    const keys = readableKeys(contents);
    const [key, ...more] = keys;
    if (more.length === 0 && contents.keys.length === 1 && options.thumbprintSha256 === undefined) {
      if (key === undefined) throw whyLocked(contents.keys);
      return whole(key.pkcs8);
    }
    // Several keys: the certificates tell which is meant.
    const certificates = await readCertificates(contents, options.signal);
    if (certificates.length === 0) throw severalKeys();
    const candidate = only(chosen(candidates(certificates, contents), certificates, options));
    if (candidate.key === undefined) throw keys.length < contents.keys.length ? whyLocked(contents.keys) : mismatch();
    return whole(candidate.key.pkcs8);
  });
}

/** The key, unless its numbers contradict each other: what it signs could be wrong, and would be written out like that. */
function whole(pkcs8: Uint8Array): Uint8Array {
  if (rsaNumbersFit(pkcs8) === false) throw damagedFile();
  return plainBytes(pkcs8);
}

/** One file, or the certificates of one and the keys of another. */
async function openFiles(
  bytes: Uint8Array,
  options: OpenOptions,
  privateKey?: { bytes: Uint8Array; password?: string },
): Promise<Opened> {
  let contents = await readContents(bytes, options);
  if (privateKey !== undefined) {
    const { signal } = options;
    const password = privateKey.password ?? options.keyPassword ?? options.password;
    const separate = await readContents(privateKey.bytes, {
      ...(password === undefined ? {} : { password }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (separate.keys.length === 0) throw noPrivateKey();
    // A pair of files given in the wrong order serves as well.
    const certificates = contents.certificates.length > 0 ? contents.certificates : separate.certificates;
    contents = { ...contents, certificates, keys: separate.keys };
  }
  if (contents.certificates.length === 0) throw noCertificate();
  const certificates = await readCertificates(contents, options.signal);
  return { contents, certificates, candidates: chosen(candidates(certificates, contents), certificates, options) };
}

function only(all: readonly Candidate[]): Candidate {
  const [first, ...others] = all;
  if (first === undefined) throw noCertificate();
  if (others.length > 0) throw severalCertificates(describeCandidates(all));
  return first;
}

function certificateMaterial(
  { certificate }: Candidate,
  certificates: readonly ReadCertificate[],
): { certificateDer: Uint8Array; chainDer: readonly Uint8Array[] } {
  const issuers = issuersOf(certificate, certificates);
  return { certificateDer: plainBytes(certificate.der), chainDer: issuers.map((issuer) => plainBytes(issuer.der)) };
}

function whyNoKey(contents: FileContents, description: CertificateDescription): ExpectedError {
  if (contents.keys.length === 0) return noPrivateKey();
  if (contents.keys.some((key) => 'locked' in key)) return whyLocked(contents.keys);
  return description.keyMatches === false ? mismatch() : damagedFile();
}

function whyLocked(keys: readonly FoundKey[]): ExpectedError {
  const locked = keys.find((key) => 'locked' in key);
  return locked?.locked ?? noPrivateKey();
}

function noPrivateKey(): ExpectedError {
  return new ExpectedError(
    'no-private-key',
    l10n.t(
      'The file holds no private key, so nothing can be signed with it. Choose the PFX file, or the key file that belongs to the certificate.',
    ),
  );
}

function noCertificate(): ExpectedError {
  return new ExpectedError(
    'no-certificate',
    l10n.t(
      'The file holds no certificate. Choose the PFX, PEM or CER file with the certificate that belongs to the key.',
    ),
  );
}

function mismatch(): ExpectedError {
  return new ExpectedError(
    'key-does-not-match',
    l10n.t(
      'The private key does not belong to the certificate, so what it signs would be refused. Choose the key that the certificate was made with, or the certificate that belongs to the key.',
    ),
  );
}

function severalKeys(): ExpectedError {
  return new ExpectedError(
    'several-keys',
    l10n.t(
      'The file holds several private keys and no certificate that tells which is meant. Choose a file with one key.',
    ),
  );
}
