/** What a rotation replaces, read so that an app which cannot sign in any more is repaired by its new certificate. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import type { Finding } from '../diagnosis/types.ts';
import { certificatesBeside } from './appCertificate.ts';
import { findingsOf, keepsFromSigning, lookAtCredential } from './appCredential.ts';
import type { CredentialTools, LookedAt } from './appCredential.ts';
import type { ReplacedCertificate } from './types.ts';

/** A local credential that is about to be replaced, whether or not it can sign in. */
export interface ReplaceableCredential {
  /** How the app gets its key, now and after the rotation. */
  readonly keyFrom: 'file' | 'environment';
  /** Of the key, where the app has one for it. */
  readonly passphrase?: string;
  /** What the app names, and what was found; empty where neither tells anything. */
  readonly replaced: ReplacedCertificate;
  /** The certificate itself, where it was found. */
  readonly certificate?: CertificateDescription;
  /** What keeps the app from signing in and goes with the old certificate; empty where it can sign in. */
  readonly repairs: readonly Finding[];
}

/**
 * Mistakes of the certificate, its key or their values: with new ones in their place they are gone. All others (a missing variable, a property that
 * MSAL does not know, an authority) would be left in the way of the new certificate too.
 */
const cured: ReadonlySet<string> = new Set([
  ...['expired', 'not-yet-valid', 'key-is-ec', 'key-is-not-rsa', 'key-too-short', 'sha1-signature'],
  ...['key-does-not-match', 'thumbprint-of-other-certificate', 'thumbprint-invisible-character', 'thumbprint-not-hex'],
  ...['thumbprint-wrong-length', 'thumbprint-sha1-as-sha256', 'thumbprint-sha256-as-sha1'],
  ...['key-file-missing', 'key-file-wrong', 'key-encrypted', 'key-newlines-broken', 'key-variable-wrong'],
]);

/**
 * Reads the credential of a config whose key is in a file or in the environment.
 * @param known certificates (PEM or DER) that may be the app's, for instance of the journal
 * Rejects with `app-has-no-certificate`, `private-key-in-code`, and with the code of a finding that a new certificate would not cure.
 */
export async function readReplaceable(
  config: AppConfig,
  tools: CredentialTools,
  known: readonly Uint8Array[] = [],
): Promise<ReplaceableCredential> {
  if (config.certificate === undefined) throw hasNone(config);
  if (config.certificate.keyInCode === true) throw inCode(config);
  const looked = await lookAtCredential(config, tools, known);
  const { key, facts } = looked;
  const errors = findingsOf(config, facts).filter(keepsFromSigning);
  const isCured = ({ code }: Finding) => cured.has(code) || code === facts.opening?.code;
  // A text in the code has no place that a new key could be put into.
  const inTheWay = config.certificate.keyLiteral === undefined ? errors.find((each) => !isCured(each)) : errors[0];
  if (inTheWay !== undefined) {
    const { code, message, line } = inTheWay;
    throw new ExpectedError(code, message, { file: config.file, line });
  }
  const certificate = looked.found?.description ?? (await named(config, looked, tools, known));
  return {
    keyFrom: config.certificate.keyFile === undefined ? 'environment' : 'file',
    replaced: replacedBy(config, certificate),
    repairs: errors,
    ...(key.passphrase === undefined ? {} : { passphrase: key.passphrase }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** Of a key that cannot be read: the certificate that the app names, or the only one where the code computes its thumbprint. */
async function named(
  config: AppConfig,
  { key }: LookedAt,
  tools: CredentialTools,
  known: readonly Uint8Array[],
): Promise<CertificateDescription | undefined> {
  const { keyFile, thumbprint } = config.certificate ?? {};
  const candidates = [...known, ...(await certificatesBeside(keyFile, key.bytes, tools.files))];
  const name = thumbprint?.value?.toUpperCase();
  for (const candidate of candidates) {
    try {
      const { description } = await tools.certificates.openCertificate(candidate);
      const { thumbprintSha256, thumbprintSha1 } = description;
      if (name === undefined || [thumbprintSha256, thumbprintSha1].includes(name)) return description;
    } catch (error) {
      // A key without a certificate, for instance.
      if (!isExpectedError(error)) throw error;
    }
  }
  return undefined;
}

/** What the app names is what the server was told; the certificate beside its key adds the other thumbprint of the same one. */
function replacedBy({ certificate }: AppConfig, description: CertificateDescription | undefined): ReplacedCertificate {
  const { thumbprintSha256, thumbprintSha1 } = description ?? {};
  const found = {
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
  };
  const name = certificate?.thumbprint?.value?.toUpperCase() ?? '';
  if (!/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(name) || [thumbprintSha256, thumbprintSha1].includes(name)) return found;
  return name.length === 40 ? { thumbprintSha1: name } : { thumbprintSha256: name };
}

function inCode({ file, line }: AppConfig): ExpectedError {
  return new ExpectedError(
    'private-key-in-code',
    l10n.t(
      'The certificate was not rotated because its private key stands in the code of {0}, where no key belongs. Move it to an environment variable first: the quick fix of line {1} does it for an app that loads a .env file. Then rotate.',
      file,
      line,
    ),
    { file, line },
  );
}

function hasNone(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'app-has-no-certificate',
    l10n.t(
      '{0} has no client certificate, so there is nothing to rotate. "Client Certificate: Set Up Client Certificate" leads there.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}
