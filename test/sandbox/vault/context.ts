/** What the operations of a vault get: the vault, the request, the time, the keys. */
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Incoming } from '../http/exchange.ts';
import { vaultErrors } from './errors.ts';
import type { KeySource } from './keys.ts';
import type { StoredCertificate, StoredVersion, Vault } from './model.ts';

export interface VaultContext {
  readonly vault: Vault;
  readonly incoming: Incoming;
  /** `https://host[:port]` as the client named it; every id starts with it. */
  readonly base: string;
  /** Whole seconds. */
  readonly now: number;
  readonly keys: KeySource;
  /** The CA that the vault's CA issuers stand for. */
  readonly authority: VaultAuthority;
  /** Throws VaultError 403 unless the caller may do this. */
  readonly authorize: (action: string, object: string) => void;
}

export interface VaultAuthority {
  readonly key: KeyObject;
  /** DER. */
  readonly certificate: Buffer;
}

export const newId = (): string => randomBytes(16).toString('hex');

/** The certificate that is there and visible; throws 404. */
export function findCertificate(context: VaultContext, name: string): StoredCertificate {
  const found = context.vault.certificates[name.toLowerCase()];
  if (found === undefined || (found.visibleFrom ?? 0) > context.now) throw vaultErrors.certificateNotFound(name);
  return found;
}

/** The named version, or the newest for an empty one; throws 404. */
export function findVersion(certificate: StoredCertificate, version: string | undefined): StoredVersion {
  const found =
    version === undefined || version === ''
      ? certificate.versions.at(-1)
      : certificate.versions.find(({ id }) => id === version.toLowerCase());
  if (found === undefined) throw vaultErrors.certificateNotFound(`${certificate.name}/${version ?? ''}`);
  return found;
}

export const privateKeyOf = (pkcs8: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });

export const publicKeyOf = (pkcs8: string): KeyObject => createPublicKey(privateKeyOf(pkcs8));
