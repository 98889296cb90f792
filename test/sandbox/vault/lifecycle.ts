/** What happens in a vault by itself as time passes: creations complete, deletions and purges become visible. */
import { makeCertificate } from '../pki/certificates.ts';
import { datesOf } from '../pki/read.ts';
import { newId, privateKeyOf, publicKeyOf } from './context.ts';
import type { VaultAuthority } from './context.ts';
import type { PendingOperation, Policy, StoredCertificate, StoredVersion, Vault } from './model.ts';

/** Brings a vault up to date; `now` in whole seconds. */
export function settle(vault: Vault, authority: VaultAuthority, now: number): void {
  for (const certificate of Object.values(vault.certificates)) {
    const { pending } = certificate;
    if (pending?.status === 'inProgress') settlePending(vault, certificate, pending, authority, now);
  }
  for (const [key, deleted] of Object.entries(vault.deleted)) {
    if (now >= Math.min(deleted.goneAt ?? Infinity, deleted.scheduledPurgeDate))
      Reflect.deleteProperty(vault.deleted, key);
  }
}

function settlePending(
  vault: Vault,
  certificate: StoredCertificate,
  pending: PendingOperation,
  authority: VaultAuthority,
  now: number,
): void {
  if (pending.cancelAt !== undefined && now >= pending.cancelAt) {
    pending.status = 'cancelled';
  } else if (pending.issuer !== 'Unknown' && pending.cancelAt === undefined && now >= pending.readyAt) {
    if (vault.behaviour.creationFails !== undefined) {
      pending.status = 'failed';
      pending.error = vault.behaviour.creationFails;
    } else {
      const self = pending.issuer === 'Self';
      const issuer = self
        ? { key: privateKeyOf(pending.key) }
        : { key: authority.key, certificate: authority.certificate };
      const der = makeCertificate(requestOf(pending.policy, pending.key, pending.readyAt), issuer);
      complete(certificate, pending, der, self ? [] : [authority.certificate], pending.readyAt);
    }
  }
}

/** The certificate that a policy describes. Key Vault dates it ten minutes back and to the same time of day months later. */
export function requestOf(policy: Policy, key: string, now: number): Parameters<typeof makeCertificate>[0] {
  const end = new Date(now * 1000);
  end.setUTCMonth(end.getUTCMonth() + policy.x509_props.validity_months);
  const { sans } = policy.x509_props;
  return {
    subject: policy.x509_props.subject === '' ? `CN=${sans.dns_names?.[0] ?? 'unnamed'}` : policy.x509_props.subject,
    publicKey: publicKeyOf(key),
    notBefore: now - 600,
    notAfter: Math.floor(end.getTime() / 1000),
    keyUsage: policy.x509_props.key_usage,
    extendedKeyUsage: policy.x509_props.ekus,
    alternativeNames: {
      dnsNames: sans.dns_names ?? [],
      emails: sans.emails ?? [],
      upns: sans.upns ?? [],
      uris: sans.uris ?? [],
      ipAddresses: sans.ipAddresses ?? [],
    },
  };
}

/** Makes a new version of what was pending and marks the operation as completed. */
export function complete(
  certificate: StoredCertificate,
  pending: PendingOperation,
  der: Buffer,
  chain: readonly Buffer[],
  now: number,
): StoredVersion {
  const version = versionOf(
    {
      der,
      chain,
      key: pending.key,
      exportable: pending.policy.key_props.exportable,
      contentType: pending.policy.secret_props.contentType,
      enabled: pending.enabled,
      ...(pending.tags === undefined ? {} : { tags: pending.tags }),
    },
    now,
  );
  certificate.versions.push(version);
  certificate.policy = pending.policy;
  certificate.updated = now;
  pending.status = 'completed';
  return version;
}

export interface NewVersion {
  readonly der: Buffer;
  readonly chain: readonly Buffer[];
  readonly key: string;
  readonly exportable: boolean;
  readonly contentType: StoredVersion['contentType'];
  readonly enabled: boolean;
  readonly tags?: Record<string, string>;
}

/** A version with the dates of its certificate. */
export function versionOf(made: NewVersion, now: number): StoredVersion {
  const { notBefore, notAfter } = datesOf(made.der);
  return {
    id: newId(),
    cer: made.der.toString('base64'),
    chain: made.chain.map((der) => der.toString('base64')),
    key: made.key,
    exportable: made.exportable,
    contentType: made.contentType,
    enabled: made.enabled,
    nbf: notBefore,
    exp: notAfter,
    created: now,
    updated: now,
    ...(made.tags === undefined ? {} : { tags: made.tags }),
  };
}
