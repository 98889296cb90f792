/** The JSON that Key Vault answers (facts/key-vault.md 1.4). */
import { createHash } from 'node:crypto';
import type { VaultContext } from './context.ts';
import type { DeletedCertificate, PendingOperation, Policy, StoredCertificate, StoredVersion, Vault } from './model.ts';

type Json = Record<string, unknown>;

/** `Recoverable+Purgeable` and its kin, from the vault's settings. */
export function recoveryLevel(vault: Vault): string {
  const days = vault.softDeleteRetentionInDays === 90 ? 'Recoverable' : 'CustomizedRecoverable';
  return vault.purgeProtection ? days : `${days}+Purgeable`;
}

const recovery = (vault: Vault): Json => ({
  recoveryLevel: recoveryLevel(vault),
  recoverableDays: vault.softDeleteRetentionInDays,
});

/** Base64url SHA-1 of the DER, 27 characters. */
const x5t = (cer: string): string => createHash('sha1').update(Buffer.from(cer, 'base64')).digest('base64url');

const attributesOf = (version: StoredVersion): Json => ({
  enabled: version.enabled,
  nbf: version.nbf,
  exp: version.exp,
  created: version.created,
  updated: version.updated,
});

const idOf = (context: VaultContext, certificate: StoredCertificate): string =>
  `${context.base}/certificates/${certificate.name}`;

const tagsOf = (tags: Record<string, string> | undefined): Json => (tags === undefined ? {} : { tags });

export function policyJson(context: VaultContext, certificate: StoredCertificate, policy: Policy): Json {
  return { id: `${idOf(context, certificate)}/policy`, ...policy };
}

const pendingLink = (context: VaultContext, certificate: StoredCertificate): Json =>
  certificate.pending === undefined ? {} : { pending: { id: `${idOf(context, certificate)}/pending` } };

/** A whole certificate. One that never completed has no version and thus no `kid`, `sid`, `x5t` and `cer`. */
export function bundle(context: VaultContext, certificate: StoredCertificate, version?: StoredVersion): Json {
  const policy = { policy: policyJson(context, certificate, certificate.policy) };
  if (version === undefined) {
    const { pending } = certificate;
    return {
      id: `${idOf(context, certificate)}/${pending?.requestId ?? certificate.name}`,
      attributes: {
        enabled: false,
        nbf: certificate.created - 600,
        exp: certificate.created + certificate.policy.x509_props.validity_months * 2_629_800,
        created: certificate.created,
        updated: certificate.updated,
        ...recovery(context.vault),
      },
      ...tagsOf(pending?.tags),
      ...policy,
      ...pendingLink(context, certificate),
    };
  }
  return {
    id: `${idOf(context, certificate)}/${version.id}`,
    kid: `${context.base}/keys/${certificate.name}/${version.id}`,
    sid: `${context.base}/secrets/${certificate.name}/${version.id}`,
    x5t: x5t(version.cer),
    cer: version.cer,
    attributes: { ...attributesOf(version), ...recovery(context.vault) },
    ...tagsOf(version.tags),
    ...policy,
    ...pendingLink(context, certificate),
  };
}

/** An item of the list of certificates (base id) or of versions (versioned id): neither policy nor recovery level. */
export function item(
  context: VaultContext,
  certificate: StoredCertificate,
  version: StoredVersion | undefined,
  withVersion: boolean,
): Json {
  const id = idOf(context, certificate);
  if (version === undefined) {
    const { created, updated } = certificate;
    return { id, attributes: { enabled: false, created, updated }, ...tagsOf(certificate.pending?.tags), subject: '' };
  }
  return {
    id: withVersion ? `${id}/${version.id}` : id,
    x5t: x5t(version.cer),
    attributes: attributesOf(version),
    ...tagsOf(version.tags),
    subject: '',
  };
}

/** What a deleted bundle or item has besides a live one. */
export function deletedPart(context: VaultContext, deleted: DeletedCertificate): Json {
  return {
    recoveryId: `${context.base}/deletedcertificates/${deleted.certificate.name}`,
    deletedDate: deleted.deletedDate,
    scheduledPurgeDate: deleted.scheduledPurgeDate,
  };
}

/** Items of the deleted list carry the recovery level, unlike live ones. */
export function deletedItem(context: VaultContext, deleted: DeletedCertificate): Json {
  const plain = item(context, deleted.certificate, deleted.certificate.versions.at(-1), false);
  return {
    ...plain,
    attributes: { ...(plain.attributes as Json), ...recovery(context.vault) },
    ...deletedPart(context, deleted),
  };
}

const waiting = {
  Unknown: 'Pending certificate created. Please Perform Merge to complete the request.',
  other:
    'Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later.',
};

export function operation(context: VaultContext, certificate: StoredCertificate, pending: PendingOperation): Json {
  const details = pending.issuer === 'Unknown' ? waiting.Unknown : waiting.other;
  return {
    id: `${idOf(context, certificate)}/pending`,
    issuer: { name: pending.issuer },
    csr: pending.csr,
    cancellation_requested: pending.cancelAt !== undefined,
    status: pending.status,
    ...(pending.status === 'inProgress' ? { status_details: details } : {}),
    ...(pending.status === 'completed' ? { target: idOf(context, certificate) } : {}),
    ...(pending.error === undefined ? {} : { error: pending.error }),
    request_id: pending.requestId,
  };
}
