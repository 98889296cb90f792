/** Makes the state that a seed describes. */
import { createPrivateKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import { keyCredentialOf, passwordCredentialOf } from '../entra/directory.ts';
import type { Application } from '../entra/directory.ts';
import { makeCertificate } from '../pki/certificates.ts';
import type { SandboxState } from '../state.ts';
import { publicKeyOf } from '../vault/context.ts';
import type { VaultAuthority } from '../vault/context.ts';
import type { KeySource } from '../vault/keys.ts';
import type { Seed, SeedApplication } from './seed.ts';
import { buildVault } from './vaults.ts';

const day = 86_400;

export interface Built {
  readonly state: SandboxState;
  /** Values of the secrets by display name; they stand nowhere else. */
  readonly secrets: Record<string, string>;
}

/** Builds a state; `given` are values for secrets by display name, the others are made up. */
export function buildState(
  seed: Seed,
  clock: SandboxClock,
  keys: KeySource,
  given: Readonly<Record<string, string>> = {},
): Built {
  const now = clock.seconds();
  const secrets: Record<string, string> = {};
  const saved = makeAuthority(now);
  const authority = openAuthority(saved);
  const state: SandboxState = {
    format: 1,
    directory: {
      tenants: [...seed.tenants],
      users: seed.users.map((user) => ({ guestOf: [], roles: [], ...user })),
      applications: seed.applications.map((application) => {
        for (const { displayName } of application.secrets ?? []) {
          secrets[displayName] = given[displayName] ?? makeSecret();
        }
        return buildApplication(application, now, keys, secrets);
      }),
    },
    subscriptions: [...seed.subscriptions],
    vaults: seed.vaults.map((vault) => {
      const subscription = seed.subscriptions.find(({ id }) => id === vault.subscriptionId);
      if (subscription === undefined) throw new Error(`The vault ${vault.name} has an unknown subscription.`);
      return buildVault(vault, subscription.tenantId, { now, keys, authority });
    }),
    authority: saved,
  };
  return { state, secrets };
}

/** Forty characters like the service's own: three for the hint, then the rest. */
export const makeSecret = (): string => randomBytes(30).toString('base64url');

function makeAuthority(now: number): SandboxState['authority'] {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = makeCertificate(
    {
      subject: 'CN=Contoso Issuing CA, O=Contoso',
      publicKey: pair.publicKey,
      notBefore: now - 3 * 365 * day,
      notAfter: now + 10 * 365 * day,
      ca: true,
      keyUsage: ['keyCertSign', 'cRLSign'],
    },
    { key: pair.privateKey },
  );
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    certificate: certificate.toString('base64'),
  };
}

export function openAuthority(saved: SandboxState['authority']): VaultAuthority {
  return {
    key: createPrivateKey({ key: Buffer.from(saved.key, 'base64'), format: 'der', type: 'pkcs8' }),
    certificate: Buffer.from(saved.certificate, 'base64'),
  };
}

function buildApplication(
  seed: SeedApplication,
  now: number,
  keys: KeySource,
  secrets: Readonly<Record<string, string>>,
): Application {
  const until = (days: number | undefined): number => now + (days ?? 365) * day;
  return {
    id: randomUUID(),
    appId: seed.appId,
    tenantId: seed.tenantId,
    displayName: seed.displayName,
    signInAudience: seed.signInAudience ?? 'AzureADMyOrg',
    createdDateTime: new Date((now - 400 * day) * 1000).toISOString(),
    redirectUris: seed.redirectUris ?? [],
    owners: seed.owners ?? [],
    servicePrincipalId: randomUUID(),
    appRoles: seed.appRoles ?? [],
    tokenEncryptionKeyId: null,
    keyCredentials: (seed.certificates ?? []).map(({ subject, expiresInDays }) => {
      const key = keys.next({ kty: 'RSA', key_size: 2048, exportable: true, reuse_key: false });
      const request = {
        subject,
        publicKey: publicKeyOf(key),
        notBefore: until(expiresInDays) - 365 * day,
        notAfter: until(expiresInDays),
      };
      const signer = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
      return keyCredentialOf(makeCertificate(request, { key: signer }));
    }),
    passwordCredentials: (seed.secrets ?? []).map(({ displayName, expiresInDays }) =>
      passwordCredentialOf(secrets[displayName] ?? '', {
        displayName,
        start: (until(expiresInDays) - 365 * day) * 1000,
        end: until(expiresInDays) * 1000,
      }),
    ),
  };
}
