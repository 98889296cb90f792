/** Certificate policies: the service's defaults, its checks, and what an imported certificate implies. */
import { X509Certificate } from 'node:crypto';
import { flag, isRecord, number, record, text, texts } from '../http/exchange.ts';
import { certificateUsages } from '../pki/read.ts';
import { parseName } from '../pki/names.ts';
import { vaultErrors } from './errors.ts';
import type { ContentType, LifetimeAction, Policy } from './model.ts';

const contentTypes = ['application/x-pkcs12', 'application/x-pem-file'] as const;
const curves = ['P-256', 'P-384', 'P-521', 'P-256K'];

/** Completes a policy as the service does (facts/key-vault.md 1.4); `before` is what a PATCH builds on. Throws VaultError. */
export function completePolicy(wire: unknown, now: number, before?: Policy): Policy {
  const given = record(wire);
  const key = keyPart(record(given.key_props), before);
  const contentType = text(record(given.secret_props).contentType) ?? before?.secret_props.contentType;
  if (contentType !== undefined && !contentTypes.some((known) => known === contentType)) {
    throw vaultErrors.badParameter(`Property policy.secret_props.contentType has invalid value: ${contentType}`);
  }
  const x509 = x509Part(record(given.x509_props), before);
  const issuer = record(given.issuer);
  const certificateType = text(issuer.cty) ?? before?.issuer.cty;
  return {
    key_props: key,
    secret_props: { contentType: (contentType as ContentType | undefined) ?? 'application/x-pkcs12' },
    x509_props: x509,
    lifetime_actions: actionsPart(given.lifetime_actions, x509.validity_months, before),
    issuer: {
      name: text(issuer.name) ?? before?.issuer.name ?? 'Unknown',
      ...(certificateType === undefined ? {} : { cty: certificateType }),
    },
    attributes: {
      enabled: flag(record(given.attributes).enabled) ?? true,
      created: before?.attributes.created ?? now,
      updated: now,
    },
  };
}

function keyPart(given: Record<string, unknown>, before: Policy | undefined): Policy['key_props'] {
  const kty = text(given.kty) ?? before?.key_props.kty ?? 'RSA';
  if (kty !== 'RSA' && kty !== 'RSA-HSM' && kty !== 'EC' && kty !== 'EC-HSM') {
    throw vaultErrors.badParameter(`Property policy.key_props.kty has invalid value: ${kty}`);
  }
  const common: Policy['key_props'] = {
    exportable: !kty.endsWith('-HSM') && (flag(given.exportable) ?? before?.key_props.exportable ?? true),
    kty,
    reuse_key: flag(given.reuse_key) ?? before?.key_props.reuse_key ?? false,
  };
  if (kty.startsWith('EC')) {
    const crv = text(given.crv) ?? before?.key_props.crv ?? 'P-256';
    if (!curves.includes(crv))
      throw vaultErrors.badParameter(`Property policy.key_props.crv has invalid value: ${crv}`);
    return { ...common, crv, key_size: Number(/\d+/.exec(crv)?.[0] ?? 256) };
  }
  const size = number(given.key_size) ?? before?.key_props.key_size ?? 2048;
  if (![2048, 3072, 4096].includes(size)) {
    throw vaultErrors.badParameter(`Property policy.key_props.key_size has invalid value: ${size}`);
  }
  return { ...common, key_size: size };
}

function x509Part(given: Record<string, unknown>, before: Policy | undefined): Policy['x509_props'] {
  const old = before?.x509_props;
  const sans = record(given.sans);
  const names = {
    ...('emails' in sans ? { emails: texts(sans.emails) } : {}),
    ...('dns_names' in sans ? { dns_names: texts(sans.dns_names) } : {}),
    ...('upns' in sans ? { upns: texts(sans.upns) } : {}),
    ...('uris' in sans ? { uris: texts(sans.uris) } : {}),
    ...('ipAddresses' in sans ? { ipAddresses: texts(sans.ipAddresses) } : {}),
  };
  const chosenNames = isRecord(given.sans) ? names : (old?.sans ?? {});
  const subject = text(given.subject) ?? old?.subject ?? '';
  const hasNames = Object.values(chosenNames).some((list) => list.length > 0);
  if (subject === '' ? !hasNames : subject.length > 200 || !isName(subject)) {
    throw vaultErrors.badParameter('Property policy.x509_props.subject has invalid value: not a valid X500 name');
  }
  const months = number(given.validity_months) ?? old?.validity_months ?? 12;
  if (!Number.isInteger(months) || months < 1 || months > 1200) {
    throw vaultErrors.badParameter(`Property policy.x509_props.validity_months has invalid value: ${months}`);
  }
  return {
    subject,
    sans: chosenNames,
    ekus: Array.isArray(given.ekus) ? texts(given.ekus) : (old?.ekus ?? ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
    key_usage: Array.isArray(given.key_usage)
      ? texts(given.key_usage)
      : (old?.key_usage ?? ['digitalSignature', 'keyEncipherment']),
    validity_months: months,
    basic_constraints: { ca: old?.basic_constraints.ca ?? false },
  };
}

function isName(subject: string): boolean {
  try {
    return parseName(subject).length > 0;
  } catch {
    return false;
  }
}

function actionsPart(given: unknown, months: number, before: Policy | undefined): LifetimeAction[] {
  const fallback: LifetimeAction[] = [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }];
  if (!Array.isArray(given)) return before?.lifetime_actions ?? fallback;
  return given.map((item) => {
    const trigger = record(record(item).trigger);
    const percentage = number(trigger.lifetime_percentage);
    const days = number(trigger.days_before_expiry);
    const action = text(record(record(item).action).action_type);
    if (action !== 'AutoRenew' && action !== 'EmailContacts') {
      throw vaultErrors.badParameter('Property policy.lifetime_actions.action.action_type has invalid value');
    }
    const bad =
      (percentage === undefined) === (days === undefined) ||
      (percentage !== undefined && (percentage < 1 || percentage > 99)) ||
      (days !== undefined && (days < 1 || days > months * 27));
    if (bad) throw vaultErrors.badParameter('Property policy.lifetime_actions.trigger has invalid value');
    return {
      trigger: percentage === undefined ? { days_before_expiry: days ?? 1 } : { lifetime_percentage: percentage },
      action: { action_type: action },
    };
  });
}

/** The policy of an imported certificate: the given parts, and what the certificate says for the rest. */
export function policyOfCertificate(wire: unknown, der: Buffer, now: number): Policy {
  const certificate = new X509Certificate(der);
  const usages = certificateUsages(der);
  const given = record(wire);
  const seconds = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 1000;
  const key = certificate.publicKey;
  const curve = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', secp256k1: 'P-256K' }[
    key.asymmetricKeyDetails?.namedCurve ?? ''
  ];
  const ec = key.asymmetricKeyType === 'ec';
  const crv = curve ?? 'P-256';
  return {
    key_props: {
      exportable: flag(record(given.key_props).exportable) ?? true,
      kty: ec ? 'EC' : 'RSA',
      key_size: ec ? Number(/\d+/.exec(crv)?.[0]) : (key.asymmetricKeyDetails?.modulusLength ?? 2048),
      reuse_key: flag(record(given.key_props).reuse_key) ?? false,
      ...(ec ? { crv } : {}),
    },
    secret_props: {
      contentType:
        text(record(given.secret_props).contentType) === 'application/x-pem-file'
          ? 'application/x-pem-file'
          : 'application/x-pkcs12',
    },
    x509_props: {
      subject: certificate.subject.split('\n').reverse().join(', '),
      sans: {},
      ekus: usages.extendedKeyUsage,
      key_usage: usages.keyUsage,
      validity_months: Math.max(1, Math.round(seconds / ((365.25 * 86_400) / 12))),
      basic_constraints: { ca: certificate.ca },
    },
    lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'EmailContacts' } }],
    issuer: { name: 'Unknown' },
    attributes: { enabled: true, created: now, updated: now },
  };
}
