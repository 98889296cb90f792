/** The client assertion as the app's own msal-node would make it (facts/tokens.md 4.1, facts/failure-modes.md 3.2). */
import { randomUUID } from 'node:crypto';
import { atLeast } from '../../appConfig/versions.ts';
import type { AssertionAlgorithm, ProofRequest } from './types.ts';

/** First msal-node that signs with PS256; 2.11.0 alone sends x5t#S256 with RS256 (F34). */
const firstWithPs256 = '2.11.1';
/** Seconds that an assertion lives, as in MSAL; the service allows at most 10 minutes. */
const lifetime = 600;

/** Which algorithm the app signs with. */
export function algorithmOf(
  request: Pick<ProofRequest, 'algorithm' | 'thumbprintProperty' | 'msalVersion'>,
): AssertionAlgorithm {
  if (request.algorithm !== undefined) return request.algorithm;
  if (request.thumbprintProperty === 'thumbprint') return 'RS256';
  return request.msalVersion === undefined || atLeast(request.msalVersion, firstWithPs256) ? 'PS256' : 'RS256';
}

/**
 * A signed JWT (RFC 7515, 7523) for one request.
 * @param now milliseconds since the epoch
 */
export async function clientAssertion(request: ProofRequest, tokenEndpoint: string, now: number): Promise<string> {
  const alg = algorithmOf(request);
  const seconds = Math.floor(now / 1000);
  const header =
    request.thumbprintProperty === 'thumbprintSha256'
      ? { alg, typ: 'JWT', 'x5t#S256': base64url(request.thumbprintSha256) }
      : { alg, typ: 'JWT', x5t: base64url(request.thumbprintSha1) };
  const payload = {
    aud: tokenEndpoint,
    iss: request.clientId,
    sub: request.clientId,
    jti: randomUUID(),
    nbf: seconds,
    iat: seconds,
    exp: seconds + lifetime,
  };
  const text = `${part(header)}.${part(payload)}`;
  const signature = await request.sign(Buffer.from(text, 'latin1'), alg, request.signal);
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
