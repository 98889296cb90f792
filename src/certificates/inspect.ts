/** Describes certificate and key files. */
import * as l10n from '@vscode/l10n';
import type { FileContents } from './contents.ts';
import { privateKeyId } from './matching.ts';
import { certificateProblems, datingOf, keyProblems } from './problems.ts';
import type { Dating } from './problems.ts';
import { privateKeyFacts } from './publicKeys.ts';
import { readContents } from './reading.ts';
import {
  candidates,
  chosen,
  issuersOf,
  readableKeys,
  readCertificates,
  type Candidate,
  type ReadCertificate,
} from './selecting.ts';
import { attempt, damagedFile, orDamaged } from './errors.ts';
import { signatureIsWrong } from './signatures.ts';
import type { CertificateDescription, CertificateProblem, OpenOptions } from './types.ts';

/** See `Certificates.inspect`. */
export async function inspect(bytes: Uint8Array, options: OpenOptions = {}): Promise<CertificateDescription> {
  return orDamaged(async () => {
    const contents = await readContents(bytes, options);
    const certificates = await readCertificates(contents, options.signal);
    if (certificates.length === 0) return describeKey(contents);
    const all = chosen(candidates(certificates, contents), certificates, options);
    const [first, ...others] = all;
    if (first === undefined) throw damagedFile();
    const description = describe(first, certificates, contents, datingOf(options));
    if (others.length === 0) return description;
    return { ...description, problems: [...description.problems, severalProblem()] };
  });
}

/** Describes one certificate of a file; the rest of the file's certificates are its chain, its issuers first. */
export function describe(
  { certificate, key }: Candidate,
  certificates: readonly ReadCertificate[],
  contents: FileContents,
  dating: Dating,
): CertificateDescription {
  const issuers = issuersOf(certificate, certificates);
  const rest = certificates.filter((other) => other !== certificate && !issuers.includes(other));
  const keys = readableKeys(contents);
  const locked = contents.keys.find((one) => 'locked' in one);
  const matches =
    key !== undefined
      ? true
      : keys.length > 0
        ? everyKeyDiffers(
            certificate,
            keys.map((one) => one.pkcs8),
          )
        : undefined;
  const problems = certificateProblems(certificate.facts, dating);
  if (contents.keys.length === 0) problems.push(noKeyProblem());
  if (matches === false) problems.push(mismatchProblem());
  const others = certificates.filter((other) => other !== certificate).map((other) => other.parts);
  if (signatureIsWrong(certificate.parts, others)) problems.push(signatureProblem());
  if (key === undefined && locked !== undefined && locked.locked.code !== 'password-required') {
    problems.push({ code: locked.locked.code, severity: 'error', message: locked.locked.message });
  }
  return {
    kind: contents.kind,
    ...certificate.facts,
    hasPrivateKey: contents.keys.length > 0,
    ...(matches === undefined ? {} : { keyMatches: matches }),
    ...(key === undefined && locked !== undefined && isPasswordTrouble(locked.locked.code)
      ? { keyEncrypted: true }
      : {}),
    chain: [...issuers, ...rest].map((other) => other.facts),
    problems,
  };
}

/** A file with keys only. */
function describeKey(contents: FileContents): CertificateDescription {
  const [key] = readableKeys(contents);
  if (key === undefined) {
    const locked = contents.keys.find((one) => 'locked' in one);
    throw locked?.locked ?? damagedFile();
  }
  const facts = attempt(() => privateKeyFacts(key.pkcs8));
  if (facts === undefined) throw damagedFile();
  return {
    kind: contents.kind,
    ...facts,
    hasPrivateKey: true,
    ...(key.friendlyName === undefined ? {} : { friendlyName: key.friendlyName }),
    chain: [],
    problems: [...keyProblems(facts), noCertificateProblem()],
  };
}

/** False when no key fits for certain; undefined when one of them could not be compared. */
function everyKeyDiffers(certificate: ReadCertificate, keys: readonly Uint8Array[]): false | undefined {
  const differs = (id: string | undefined): boolean => id !== undefined && id !== certificate.keyId;
  return keys.every((pkcs8) => differs(privateKeyId(pkcs8))) ? false : undefined;
}

function isPasswordTrouble(code: string): boolean {
  return code === 'password-required' || code === 'wrong-password';
}

function mismatchProblem(): CertificateProblem {
  return {
    code: 'key-does-not-match',
    severity: 'error',
    message: l10n.t(
      'The private key in the file does not belong to the certificate. What it signs is refused. Choose the key that the certificate was made with.',
    ),
  };
}

function signatureProblem(): CertificateProblem {
  return {
    code: 'signature-invalid',
    severity: 'error',
    message: l10n.t(
      'The certificate has changed since it was signed: its signature is wrong. It may have been altered while it was copied or sent, and is not the one that was uploaded or issued. Get it again from where it came from.',
    ),
  };
}

function noKeyProblem(): CertificateProblem {
  return {
    code: 'no-private-key',
    severity: 'warning',
    message: l10n.t(
      'The file holds no private key. It can be uploaded to an app registration, but the app needs the key too, which is in a PFX or key file.',
    ),
  };
}

function noCertificateProblem(): CertificateProblem {
  return {
    code: 'no-certificate',
    severity: 'warning',
    message: l10n.t('The file holds a private key but no certificate. The certificate is needed beside it.'),
  };
}

function severalProblem(): CertificateProblem {
  return {
    code: 'several-certificates',
    severity: 'warning',
    message: l10n.t(
      'The file holds several certificates that could be meant; the one that is valid longest is shown. Name another by its SHA-256 thumbprint.',
    ),
  };
}
