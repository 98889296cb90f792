/** Verifies a client assertion against the registered certificates of an application. */
import { constants, verify, X509Certificate } from 'node:crypto';
import { isRecord, number, text } from '../http/exchange.ts';
import { thumbprint } from '../pki/certificates.ts';
import type { Application, KeyCredential } from './directory.ts';
import { entraErrors } from './errors.ts';

/** How a good assertion was made. */
export interface AcceptedAssertion {
  readonly algorithm: 'PS256' | 'RS256';
  readonly thumbprintHeader: 'x5t' | 'x5t#S256';
  readonly keyId: string;
}

interface Expected {
  /** Audiences that this endpoint answers to. */
  readonly audiences: readonly string[];
  /** Milliseconds. */
  readonly now: number;
}

/** Entra allows clocks to be five minutes apart. */
const skew = 300_000;

/** Throws EntraError for whatever the service would refuse. */
export function verifyAssertion(jwt: string, application: Application, expected: Expected): AcceptedAssertion {
  const { header, payload, signature, signedText } = decode(jwt);
  const sha256 = text(header['x5t#S256']);
  const sha1 = text(header.x5t);
  const named = sha256 ?? sha1;
  if (named === undefined) throw entraErrors.noThumbprint();
  const hex = Buffer.from(named, 'base64url').toString('hex').toUpperCase();
  const algorithm = text(header.alg);
  if (algorithm !== 'RS256' && algorithm !== 'PS256') {
    throw entraErrors.malformedAssertion(`The algorithm '${algorithm ?? ''}' is not supported.`);
  }
  if (text(payload.iss) !== application.appId) throw entraErrors.wrongApplication();
  if (text(payload.sub) !== application.appId) throw entraErrors.subjectMismatchesIssuer();
  const key = application.keyCredentials.find(
    (entry) =>
      entry.usableFrom <= expected.now &&
      entry.usage === 'Verify' &&
      thumbprint(Buffer.from(entry.key, 'base64'), sha256 === undefined ? 'sha1' : 'sha256') === hex,
  );
  if (key === undefined) throw entraErrors.certificateNotRegistered(application.appId, hex);
  const dates = { start: Date.parse(key.startDateTime), end: Date.parse(key.endDateTime) };
  if (expected.now < dates.start - skew) throw entraErrors.certificateNotYetValid();
  if (expected.now > dates.end) throw entraErrors.certificateExpired(application.appId, hex, dates);
  if (!signatureIsGood(key, algorithm, signedText, signature)) {
    throw entraErrors.badSignature(application.appId, hex, dates);
  }
  const from = (number(payload.nbf) ?? 0) * 1000;
  const until = (number(payload.exp) ?? 0) * 1000;
  if (from > expected.now + skew || until < expected.now - skew) {
    throw entraErrors.outsideTimeRange(expected.now, from, until);
  }
  const audience = payload.aud;
  if (typeof audience !== 'string' || !expected.audiences.includes(audience)) throw entraErrors.wrongAudience();
  return { algorithm, thumbprintHeader: sha256 === undefined ? 'x5t' : 'x5t#S256', keyId: key.keyId };
}

function signatureIsGood(
  entry: KeyCredential,
  algorithm: 'PS256' | 'RS256',
  signedText: string,
  signature: Buffer,
): boolean {
  const { publicKey } = new X509Certificate(Buffer.from(entry.key, 'base64'));
  if (publicKey.asymmetricKeyType !== 'rsa') return false;
  return verify(
    'sha256',
    Buffer.from(signedText, 'latin1'),
    algorithm === 'PS256'
      ? { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { key: publicKey, padding: constants.RSA_PKCS1_PADDING },
    signature,
  );
}

function decode(jwt: string): {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signature: Buffer;
  signedText: string;
} {
  const [head, body, signature, ...more] = jwt.split('.');
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) {
    throw entraErrors.malformedAssertion('The token has not three parts.');
  }
  return {
    header: parsePart(head),
    payload: parsePart(body),
    signature: Buffer.from(signature, 'base64url'),
    signedText: `${head}.${body}`,
  };
}

function parsePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Falls through to the same refusal as for JSON of another shape.
  }
  throw entraErrors.malformedAssertion('A part of the token is not a JSON object.');
}
