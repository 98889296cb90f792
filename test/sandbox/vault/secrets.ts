/** The secrets and keys behind certificates: PKCS#12 and PEM, and signing in the vault. */
import { constants, privateEncrypt, randomBytes, createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { jsonBody, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { pem } from '../pki/certificates.ts';
import { writePkcs12 } from '../pki/pkcs12.ts';
import { findVersion, privateKeyOf, publicKeyOf } from './context.ts';
import type { VaultContext } from './context.ts';
import { vaultErrors } from './errors.ts';
import type { ContentType, StoredCertificate, StoredVersion } from './model.ts';
import { page } from './paging.ts';
import { recoveryLevel } from './wire.ts';

interface Found {
  readonly certificate: StoredCertificate;
  readonly version: StoredVersion;
}

function find(context: VaultContext, name: string, version: string | undefined, missing: () => Error): Found {
  const certificate = context.vault.certificates[name.toLowerCase()];
  if (certificate === undefined || certificate.versions.length === 0) throw missing();
  if ((certificate.visibleFrom ?? 0) > context.now) throw missing();
  if (version !== undefined && !certificate.versions.some(({ id }) => id === version)) throw missing();
  return { certificate, version: findVersion(certificate, version) };
}

const attributes = (context: VaultContext, version: StoredVersion): Record<string, unknown> => ({
  enabled: version.enabled,
  nbf: version.nbf,
  exp: version.exp,
  created: version.created,
  updated: version.updated,
  recoveryLevel: recoveryLevel(context.vault),
  recoverableDays: context.vault.softDeleteRetentionInDays,
});

/** GET /secrets/{name}[/{version}][?outContentType=]. */
export function secret(context: VaultContext, name: string, wanted: string | undefined): Reply {
  context.authorize('secrets/getSecret/action', `secrets/${name}`);
  const { certificate, version } = find(context, name, wanted, () => vaultErrors.secretNotFound(name));
  if (!version.enabled) throw vaultErrors.secretDisabled();
  const asked = context.incoming.url.searchParams.get('outContentType');
  if (asked !== null && asked !== 'application/x-pem-file' && asked !== version.contentType) {
    throw vaultErrors.badParameter(`The outContentType ${asked} is not supported for this secret.`);
  }
  const type: ContentType = asked === 'application/x-pem-file' ? asked : version.contentType;
  return {
    status: 200,
    json: {
      value: secretValue(version, type),
      contentType: type,
      id: `${context.base}/secrets/${certificate.name}/${version.id}`,
      managed: true,
      attributes: attributes(context, version),
      ...(version.tags === undefined ? {} : { tags: version.tags }),
      kid: `${context.base}/keys/${certificate.name}/${version.id}`,
    },
  };
}

/** PKCS#12 with an empty password, or PEM with the key first; without the key when it must not be exported. */
function secretValue(version: StoredVersion, type: ContentType): string {
  const certificates = [version.cer, ...version.chain].map((cer) => Buffer.from(cer, 'base64'));
  const key = version.exportable ? Buffer.from(version.key, 'base64') : undefined;
  if (type === 'application/x-pkcs12') return writePkcs12(certificates, key).toString('base64');
  return (
    (key === undefined ? '' : pem('PRIVATE KEY', key)) + certificates.map((der) => pem('CERTIFICATE', der)).join('')
  );
}

/** GET /secrets and /secrets/{name}/versions. */
export function listSecrets(context: VaultContext, name?: string): Reply {
  context.authorize('secrets/readMetadata/action', 'secrets');
  const all = Object.values(context.vault.certificates)
    .filter((one) => name === undefined || one.name.toLowerCase() === name.toLowerCase())
    .flatMap((one) =>
      (name === undefined ? one.versions.slice(-1) : one.versions).map((version) => ({ one, version })),
    );
  return page(context, name === undefined ? '/secrets' : `/secrets/${name}/versions`, all, ({ one, version }) => ({
    contentType: version.contentType,
    id: `${context.base}/secrets/${one.name}${name === undefined ? '' : `/${version.id}`}`,
    managed: true,
    attributes: attributes(context, version),
  }));
}

/** GET /keys/{name}[/{version}]. */
export function key(context: VaultContext, name: string, wanted: string | undefined): Reply {
  context.authorize('keys/read', `keys/${name}`);
  const { certificate, version } = find(context, name, wanted, () => vaultErrors.keyNotFound(name));
  return {
    status: 200,
    json: {
      key: {
        kid: `${context.base}/keys/${certificate.name}/${version.id}`,
        key_ops: ['sign', 'verify', 'wrapKey', 'unwrapKey', 'encrypt', 'decrypt'],
        ...publicKeyOf(version.key).export({ format: 'jwk' }),
      },
      managed: true,
      attributes: attributes(context, version),
    },
  };
}

/** POST /keys/{name}/{version}/sign {alg, value}: signs a SHA-256 digest. The key never leaves the vault. */
export function sign(context: VaultContext, name: string, wanted: string | undefined): Reply {
  context.authorize('keys/sign/action', `keys/${name}`);
  const { certificate, version } = find(context, name, wanted, () => vaultErrors.keyNotFound(name));
  if (!version.enabled || version.exp < context.now || version.nbf > context.now) {
    throw vaultErrors.keyDisabled();
  }
  const body = jsonBody(context.incoming) ?? {};
  const algorithm = text(body.alg);
  const digest = Buffer.from(text(body.value) ?? '', 'base64url');
  const privateKey = privateKeyOf(version.key);
  if ((algorithm !== 'PS256' && algorithm !== 'RS256') || privateKey.asymmetricKeyType !== 'rsa') {
    throw vaultErrors.badParameter(
      `Key and signing algorithm are incompatible. Key type: ${privateKey.asymmetricKeyType ?? ''}, algorithm: ${algorithm ?? ''}.`,
    );
  }
  if (digest.length !== 32) {
    throw vaultErrors.badParameter(
      `Invalid length of 'value': ${digest.length} bytes. ${algorithm} requires 32 bytes.`,
    );
  }
  return {
    status: 200,
    json: {
      kid: `${context.base}/keys/${certificate.name}/${version.id}`,
      value: (algorithm === 'PS256' ? signPss(digest, privateKey) : signPkcs1(digest, privateKey)).toString(
        'base64url',
      ),
    },
  };
}

/** RFC 8017 9.2: the digest behind the DER prefix of SHA-256. */
function signPkcs1(digest: Buffer, privateKey: KeyObject): Buffer {
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([prefix, digest]));
}

/** RFC 8017 9.1.1 with SHA-256, MGF1 and a salt of 32 bytes; Node itself can only sign what it hashes. */
function signPss(digest: Buffer, privateKey: KeyObject): Buffer {
  const size = (privateKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8;
  const salt = randomBytes(32);
  const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const block = Buffer.concat([Buffer.alloc(size - 66), Buffer.from([1]), salt]);
  const mask: Buffer[] = [];
  for (let counter = 0; mask.length * 32 < block.length; counter++) {
    mask.push(sha256(hash, Buffer.from([0, 0, 0, counter])));
  }
  const masked = Buffer.concat(mask);
  const encoded = Buffer.concat([block.map((byte, index) => byte ^ (masked[index] ?? 0)), hash, Buffer.from([0xbc])]);
  encoded[0] = (encoded[0] ?? 0) & 0x7f;
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}
