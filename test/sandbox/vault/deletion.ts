/** Deleting, recovering, purging, backing up and restoring certificates. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { jsonBody, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { findCertificate } from './context.ts';
import type { VaultContext } from './context.ts';
import { vaultErrors } from './errors.ts';
import type { DeletedCertificate, StoredCertificate, Vault } from './model.ts';
import { page } from './paging.ts';
import { bundle, deletedItem, deletedPart } from './wire.ts';

/** DELETE /certificates/{name}: 200 with the deleted certificate, which the deleted list shows only after a while. */
export function remove(context: VaultContext, name: string): Reply {
  context.authorize('certificates/delete', `certificates/${name}`);
  const certificate = findCertificate(context, name);
  const { vault, now } = context;
  const deleted: DeletedCertificate = {
    certificate,
    deletedDate: now,
    scheduledPurgeDate: now + vault.softDeleteRetentionInDays * 86_400,
    visibleFrom: now + vault.behaviour.deletionLagSeconds,
  };
  Reflect.deleteProperty(vault.certificates, name.toLowerCase());
  vault.deleted[name.toLowerCase()] = deleted;
  return {
    status: 200,
    json: { ...bundle(context, certificate, certificate.versions.at(-1)), ...deletedPart(context, deleted) },
  };
}

const isVisible = (context: VaultContext, deleted: DeletedCertificate): boolean =>
  deleted.visibleFrom <= context.now && deleted.goneAt === undefined;

function findDeleted(context: VaultContext, name: string): DeletedCertificate {
  const found = context.vault.deleted[name.toLowerCase()];
  if (found === undefined || !isVisible(context, found)) throw vaultErrors.deletedNotFound(name);
  return found;
}

/** GET /deletedcertificates. */
export function listDeleted(context: VaultContext): Reply {
  context.authorize('certificates/read', 'deletedcertificates');
  const all = Object.values(context.vault.deleted).filter((one) => isVisible(context, one));
  return page(context, '/deletedcertificates', all, (one) => deletedItem(context, one));
}

/** GET and DELETE (purge) /deletedcertificates/{name}. */
export function singleDeleted(context: VaultContext, name: string): Reply {
  const { method } = context.incoming;
  if (method !== 'GET' && method !== 'DELETE') throw vaultErrors.methodNotAllowed();
  context.authorize(
    method === 'GET' ? 'certificates/read' : 'certificates/purge/action',
    `deletedcertificates/${name}`,
  );
  const deleted = findDeleted(context, name);
  if (method === 'DELETE') {
    if (context.vault.purgeProtection) throw vaultErrors.purgeNotAllowed();
    deleted.goneAt = context.now + context.vault.behaviour.deletionLagSeconds;
    return { status: 204 };
  }
  const { certificate } = deleted;
  return {
    status: 200,
    json: { ...bundle(context, certificate, certificate.versions.at(-1)), ...deletedPart(context, deleted) },
  };
}

/** POST /deletedcertificates/{name}/recover: 200; the certificate itself is there only after a while. */
export function recover(context: VaultContext, name: string): Reply {
  context.authorize('certificates/recover/action', `deletedcertificates/${name}`);
  const { certificate } = findDeleted(context, name);
  Reflect.deleteProperty(context.vault.deleted, name.toLowerCase());
  context.vault.certificates[name.toLowerCase()] = {
    ...certificate,
    visibleFrom: context.now + context.vault.behaviour.deletionLagSeconds,
  };
  return { status: 200, json: bundle(context, certificate, certificate.versions.at(-1)) };
}

/** A backup opens only in vaults of the same subscription. It is encrypted, so that nobody can read the key in it. */
const backupKey = (vault: Vault): Buffer => createHash('sha256').update(`backup of ${vault.subscriptionId}`).digest();

/** POST /certificates/{name}/backup. */
export function backup(context: VaultContext, name: string): Reply {
  context.authorize('certificates/backup/action', `certificates/${name}`);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', backupKey(context.vault), iv);
  const body = cipher.update(JSON.stringify(findCertificate(context, name)), 'utf8');
  const value = Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  return { status: 200, json: { value } };
}

/** POST /certificates/restore. */
export function restore(context: VaultContext): Reply {
  context.authorize('certificates/restore/action', 'certificates');
  const bytes = Buffer.from(text(jsonBody(context.incoming)?.value) ?? '', 'base64url');
  const certificate = openBackup(bytes, context.vault);
  const key = certificate.name.toLowerCase();
  if (context.vault.certificates[key] !== undefined) {
    throw vaultErrors.nameTaken(certificate.name);
  }
  if (context.vault.deleted[key] !== undefined) throw vaultErrors.deletedButRecoverable(certificate.name);
  context.vault.certificates[key] = certificate;
  return { status: 200, json: bundle(context, certificate, certificate.versions.at(-1)) };
}

function openBackup(bytes: Buffer, vault: Vault): StoredCertificate {
  try {
    const decipher = createDecipheriv('aes-256-gcm', backupKey(vault), bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(-16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as StoredCertificate;
  } catch {
    throw vaultErrors.badParameter('The backup blob is invalid or belongs to another subscription.');
  }
}
