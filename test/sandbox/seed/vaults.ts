/** Makes the vaults that a seed describes. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { makeCertificate, makeRequest } from '../pki/certificates.ts';
import type { Issuer } from '../pki/certificates.ts';
import { newId, privateKeyOf, publicKeyOf } from '../vault/context.ts';
import type { VaultAuthority } from '../vault/context.ts';
import type { KeySource } from '../vault/keys.ts';
import { requestOf, versionOf } from '../vault/lifecycle.ts';
import type { Policy, StoredCertificate, StoredVersion, Vault } from '../vault/model.ts';
import { completePolicy } from '../vault/policy.ts';
import type { SeedCertificate, SeedVault } from './seed.ts';

const day = 86_400;

interface Ground {
  readonly now: number;
  readonly keys: KeySource;
  readonly authority: VaultAuthority;
}

export function buildVault(seed: SeedVault, tenantId: string, ground: Ground): Vault {
  const vault: Vault = {
    name: seed.name,
    tenantId,
    subscriptionId: seed.subscriptionId,
    resourceGroup: seed.resourceGroup ?? 'default',
    location: seed.location ?? 'westeurope',
    permissionModel: seed.permissionModel ?? 'rbac',
    softDeleteRetentionInDays: seed.softDeleteRetentionInDays ?? 90,
    purgeProtection: seed.purgeProtection ?? false,
    network: seed.network ?? 'open',
    grants: [...(seed.grants ?? [{ principal: '*', role: 'Key Vault Administrator' as const }])],
    certificates: {},
    deleted: {},
    issuers: {},
    contacts: [],
    otherSecrets: [],
    behaviour: { creationSeconds: 6, deletionLagSeconds: 4, ...seed.behaviour },
    tags: {},
  };
  for (const { name, provider } of seed.issuers ?? []) {
    vault.issuers[name.toLowerCase()] = { name, provider, enabled: true, created: ground.now, updated: ground.now };
  }
  for (const certificate of seed.certificates ?? []) addCertificate(vault, certificate, ground);
  addBulk(vault, seed.bulk ?? 0, ground);
  return vault;
}

function policyOf(seed: SeedCertificate, now: number): Policy {
  const [kty, size = '2048'] = (seed.key ?? 'RSA 2048').split(' ');
  return completePolicy(
    {
      key_props: {
        kty,
        ...(kty === 'EC' ? { crv: size } : { key_size: Number(size) }),
        exportable: seed.exportable ?? true,
      },
      secret_props: { contentType: seed.content === 'pem' ? 'application/x-pem-file' : 'application/x-pkcs12' },
      x509_props: { subject: seed.subject ?? `CN=${seed.name}`, ekus: ['1.3.6.1.5.5.7.3.2'] },
      issuer: { name: seed.issuer ?? 'Self' },
    },
    now,
  );
}

function addCertificate(vault: Vault, seed: SeedCertificate, ground: Ground): void {
  const { now } = ground;
  const policy = policyOf(seed, now);
  const count = seed.state === 'pending' ? 0 : (seed.versions ?? 1);
  const valid = (seed.validDays ?? 365) * day;
  const end = now + (seed.expiresInDays ?? 300) * day;
  // Older versions end earlier, so that each was made a while before the next.
  const versions = Array.from({ length: count }, (_, index) =>
    makeVersion(seed, policy, end - (count - 1 - index) * Math.min(30 * day, valid / 2), valid, ground),
  );
  const created = versions[0]?.created ?? now - day;
  const certificate: StoredCertificate = { name: seed.name, versions, policy, created, updated: created };
  if (seed.state === 'pending') certificate.pending = pendingOf(policy, ground);
  if (seed.state === 'deleted') {
    vault.deleted[seed.name.toLowerCase()] = {
      certificate,
      deletedDate: now - day,
      scheduledPurgeDate: now + (vault.softDeleteRetentionInDays - 1) * day,
      visibleFrom: now - day,
    };
  } else {
    vault.certificates[seed.name.toLowerCase()] = certificate;
  }
}

function pendingOf(policy: Policy, { now, keys }: Ground): NonNullable<StoredCertificate['pending']> {
  const key = keys.next(policy.key_props);
  const request = { ...requestOf(policy, key, now), publicKey: publicKeyOf(key) };
  return {
    requestId: newId(),
    issuer: policy.issuer.name,
    csr: makeRequest(request, privateKeyOf(key)).toString('base64'),
    key,
    policy,
    enabled: true,
    readyAt: now,
    status: 'inProgress',
  };
}

function makeVersion(
  seed: SeedCertificate,
  policy: Policy,
  notAfter: number,
  valid: number,
  { keys, authority }: Ground,
): StoredVersion {
  const key = keys.next(policy.key_props);
  const self = policy.issuer.name === 'Self';
  const issuer: Issuer = self ? { key: privateKeyOf(key) } : { key: authority.key, certificate: authority.certificate };
  const created = notAfter - valid;
  const request = { ...requestOf(policy, key, created), notBefore: created - 600, notAfter };
  return versionOf(
    {
      der: makeCertificate(request, issuer),
      chain: self ? [] : [authority.certificate],
      key,
      exportable: policy.key_props.exportable,
      contentType: policy.secret_props.contentType,
      enabled: seed.enabled ?? true,
      ...(seed.tags === undefined ? {} : { tags: { ...seed.tags } }),
    },
    created,
  );
}

/** Many certificates of one RSA key, signed by an EC key because that is fast. */
function addBulk(vault: Vault, count: number, { now, keys }: Ground): void {
  if (count === 0) return;
  const policy = policyOf({ name: 'bulk' }, now);
  const key = keys.next(policy.key_props);
  const publicKey = createPublicKey(privateKeyOf(key));
  const signer = { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey };
  for (let index = 0; index < count; index++) {
    const name = `bulk-${String(index).padStart(5, '0')}`;
    const notAfter = now + Math.round(((index * 7919) % 730) - 30) * day + 3600;
    const request = { subject: `CN=${name}`, publicKey, notBefore: notAfter - 365 * day, notAfter };
    const made = {
      der: makeCertificate(request, signer),
      chain: [],
      key,
      exportable: true,
      contentType: 'application/x-pkcs12' as const,
      enabled: true,
    };
    const version = versionOf(made, Math.min(now, request.notBefore));
    vault.certificates[name] = {
      name,
      versions: [version],
      policy,
      created: version.created,
      updated: version.updated,
    };
  }
}
