/** The access tokens of the sandbox's Entra: JSON Web Tokens that its own surfaces verify. */
import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isRecord } from '../http/exchange.ts';

export interface TokenClaims {
  /** The resource, e.g. `https://vault.azure.net`. */
  readonly aud: string;
  readonly iss: string;
  /** Tenant id. */
  readonly tid: string;
  /** Object id of the user or service principal. */
  readonly oid: string;
  readonly appid: string;
  /** Whole seconds since the epoch. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly idtyp: 'app' | 'user';
  /** Delegated permissions, separated by blanks. */
  readonly scp?: string;
  /** Application permissions. */
  readonly roles?: readonly string[];
  readonly upn?: string;
  /** Authentication contexts that were satisfied, after a claims challenge. */
  readonly acrs?: readonly string[];
}

export interface TokenIssuer {
  readonly publicKey: KeyObject;
  readonly keyId: string;
  issue(claims: Record<string, unknown>): string;
  /** The claims of a token that this issuer signed, or undefined; its dates are not looked at. */
  read(token: string): TokenClaims | undefined;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** Makes a signing key (RSA-2048) that lives in memory only. */
export function createTokenIssuer(): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyId = randomUUID().replaceAll('-', '');
  return {
    publicKey,
    keyId,
    issue: (claims) => {
      const text = `${encode({ typ: 'JWT', alg: 'RS256', kid: keyId, x5t: keyId })}.${encode(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
    read: (token) => {
      const [head, body, signature] = token.split('.');
      if (head === undefined || body === undefined || signature === undefined) return undefined;
      const good = verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'));
      if (!good) return undefined;
      const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
      return isRecord(claims) ? (claims as unknown as TokenClaims) : undefined;
    },
  };
}
