/** The shape of a seed file: what the sandbox starts with, in words that people read and write. Days count from now. */
import { readFileSync } from 'node:fs';
import { isRecord } from '../http/exchange.ts';
import defaultSeed from './seed.json' with { type: 'json' };
import type { Behaviour, Grant, Vault } from '../vault/model.ts';

export interface Seed {
  readonly tenants: readonly SeedTenant[];
  readonly users: readonly SeedUser[];
  readonly subscriptions: readonly { readonly id: string; readonly displayName: string; readonly tenantId: string }[];
  readonly vaults: readonly SeedVault[];
  readonly applications: readonly SeedApplication[];
}

export interface SeedTenant {
  readonly id: string;
  readonly kind: 'workforce' | 'external';
  readonly domain: string;
  readonly displayName: string;
}

export interface SeedUser {
  readonly id: string;
  readonly tenantId: string;
  /** Tenants that the user is a guest of. */
  readonly guestOf?: readonly string[];
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly roles?: readonly string[];
}

export interface SeedVault {
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly permissionModel?: Vault['permissionModel'];
  readonly softDeleteRetentionInDays?: number;
  readonly purgeProtection?: boolean;
  readonly network?: Vault['network'];
  readonly grants?: readonly Grant[];
  readonly behaviour?: Partial<Behaviour>;
  readonly issuers?: readonly { readonly name: string; readonly provider: string }[];
  readonly certificates?: readonly SeedCertificate[];
  /** So many further certificates `bulk-00000`, …, with dates spread over two years, for tests of size. */
  readonly bulk?: number;
}

export interface SeedCertificate {
  readonly name: string;
  readonly subject?: string;
  /** When the newest version expires; negative for an expired one. Default 300. */
  readonly expiresInDays?: number;
  /** How long each version is valid. Default 365. */
  readonly validDays?: number;
  readonly versions?: number;
  readonly enabled?: boolean;
  readonly key?: 'RSA 2048' | 'RSA 4096' | 'EC P-256' | 'EC P-384';
  readonly content?: 'pkcs12' | 'pem';
  readonly exportable?: boolean;
  /** `Self`, `Unknown`, or the name of one of the vault's issuers: then the chain has the CA in it. */
  readonly issuer?: string;
  readonly state?: 'ready' | 'pending' | 'deleted';
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedApplication {
  readonly appId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly signInAudience?: string;
  readonly redirectUris?: readonly string[];
  readonly owners?: readonly string[];
  readonly appRoles?: readonly string[];
  /** The values are made at the start, or come from the options: nothing secret stands in the seed. */
  readonly secrets?: readonly { readonly displayName: string; readonly expiresInDays?: number }[];
  /** Further self-signed certificates that are registered. */
  readonly certificates?: readonly { readonly subject: string; readonly expiresInDays?: number }[];
}

/** Reads a seed file, or the sandbox's own without a path. Throws Error when it is not one. */
export function readSeed(path?: string): Seed {
  const value: unknown = path === undefined ? defaultSeed : JSON.parse(readFileSync(path, 'utf8'));
  const lists = ['tenants', 'users', 'subscriptions', 'vaults', 'applications'];
  if (!isRecord(value) || !lists.every((name) => Array.isArray(value[name]))) {
    throw new Error(`The seed file needs the lists ${lists.join(', ')}.`);
  }
  return value as unknown as Seed;
}
