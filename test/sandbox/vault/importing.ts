/** Importing certificates: PKCS#12 and PEM with their keys. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { flag, jsonBody, record, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { readPkcs12 } from '../pki/pkcs12.ts';
import type { VaultContext } from './context.ts';
import { assertNameIsFree, tagsIn } from './creation.ts';
import { vaultErrors } from './errors.ts';
import { versionOf } from './lifecycle.ts';
import { policyOfCertificate } from './policy.ts';
import { bundle } from './wire.ts';

interface Contents {
  readonly leaf: Buffer;
  readonly chain: Buffer[];
  readonly key: KeyObject;
}

/** POST /certificates/{name}/import: 200 with the certificate. */
export function importCertificate(context: VaultContext, name: string): Reply {
  context.authorize('certificates/import/action', `certificates/${name}`);
  const body = jsonBody(context.incoming);
  const value = text(body?.value);
  if (body === undefined || value === undefined || value === '') {
    throw vaultErrors.badParameter('Property value has invalid value: it is missing.');
  }
  assertNameIsFree(context, name);
  const password = text(body.pwd);
  if ((password?.length ?? 0) > 200) throw vaultErrors.badParameter('Property pwd has invalid value: it is too long.');
  const asPem = text(record(record(body.policy).secret_props).contentType) === 'application/x-pem-file';
  const contents = asPem ? readPem(value, password) : readPfx(value, password ?? '');
  const certificate = new X509Certificate(contents.leaf);
  if (certificate.validToDate.getTime() / 1000 < context.now) {
    throw vaultErrors.badParameter('The specified X.509 certificate content is expired and can not be imported.');
  }
  const policy = policyOfCertificate(body.policy, contents.leaf, context.now);
  const tags = tagsIn(body);
  const version = versionOf(
    {
      der: contents.leaf,
      chain: contents.chain,
      key: contents.key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      exportable: policy.key_props.exportable,
      contentType: policy.secret_props.contentType,
      enabled: flag(record(body.attributes).enabled) ?? true,
      ...(tags === undefined ? {} : { tags }),
    },
    context.now,
  );
  const key = name.toLowerCase();
  const stored = context.vault.certificates[key] ?? {
    name,
    versions: [],
    policy,
    created: context.now,
    updated: context.now,
  };
  stored.versions.push(version);
  stored.policy = policy;
  stored.updated = context.now;
  delete stored.pending;
  context.vault.certificates[key] = stored;
  return { status: 200, json: bundle(context, stored, version) };
}

function readPfx(value: string, password: string): Contents {
  try {
    const { certificates, keys } = readPkcs12(Buffer.from(value, 'base64'), password);
    const key = keys[0];
    if (key === undefined) throw new Error('no key');
    return ordered(certificates, createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  } catch {
    throw vaultErrors.badParameter(
      'The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.',
    );
  }
}

function readPem(value: string, password: string | undefined): Contents {
  try {
    if (!/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----\n/.test(value)) throw new Error('no PKCS#8 key');
    const blocks = value.match(/-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----/g) ?? [];
    const key = createPrivateKey({ key: value, ...(password === undefined ? {} : { passphrase: password }) });
    return ordered(
      blocks.map((block) => new X509Certificate(block).raw),
      key,
    );
  } catch {
    throw vaultErrors.badParameter(
      'The specified PEM X.509 certificate content is in an unexpected format. Please check if certificate is in valid PEM format.',
    );
  }
}

/** The leaf is the certificate of the key; the others follow it as they stand. */
function ordered(certificates: readonly Buffer[], key: KeyObject): Contents {
  const leaf = certificates.find((der) => new X509Certificate(der).checkPrivateKey(key));
  if (leaf === undefined) throw new Error('no certificate of the key');
  return { leaf, chain: certificates.filter((der) => der !== leaf), key };
}
