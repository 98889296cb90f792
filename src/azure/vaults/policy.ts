/** Policies: the house's shape, the SDK's and the wire's. */
import type { CertificatePolicy, SubjectAlternativeNames } from '@azure/keyvault-certificates';
import * as l10n from '@vscode/l10n';
import type { ExpectedError } from '../../base/errors.ts';
import type { VaultConnection } from './connection.ts';
import { expected } from './serviceError.ts';
import type { CallOptions, CreateRequest, LifetimeAction, SubjectAltNames, VaultPolicy } from './types.ts';

const keyTypes = ['RSA', 'RSA-HSM', 'EC', 'EC-HSM'] as const;
const clientAuth = '1.3.6.1.5.5.7.3.2';

/** What suits a client credential, for whatever the request leaves open; see {@link CreateRequest}. */
export function completePolicy(policy: CreateRequest['policy']): VaultPolicy {
  const keyType = policy.keyType ?? 'RSA';
  const ec = keyType.startsWith('EC');
  const validityMonths = policy.validityMonths ?? 12;
  return {
    issuer: policy.issuer ?? 'Self',
    ...(policy.certificateType === undefined ? {} : { certificateType: policy.certificateType }),
    subject: policy.subject,
    subjectAltNames: policy.subjectAltNames ?? {},
    keyType,
    ...(ec ? { curve: policy.curve ?? 'P-256' } : { keySize: policy.keySize ?? 2048 }),
    // HSM keys cannot be exported; the service refuses the wish.
    exportable: policy.exportable ?? !keyType.endsWith('-HSM'),
    reuseKey: policy.reuseKey ?? false,
    contentType: policy.contentType ?? 'application/x-pkcs12',
    keyUsage: policy.keyUsage ?? ['digitalSignature'],
    extendedKeyUsage: policy.extendedKeyUsage ?? [clientAuth],
    validityMonths,
    lifetimeActions: policy.lifetimeActions ?? [reminder(validityMonths)],
  };
}

/** The service refuses more than 27 days for each month of validity. */
function reminder(validityMonths: number): LifetimeAction {
  return validityMonths === 1
    ? { action: 'EmailContacts', atPercent: 80 }
    : { action: 'EmailContacts', daysBeforeExpiry: 30 };
}

/** In the wire's names (facts/key-vault.md 1.4). */
export function toWirePolicy(policy: VaultPolicy): Record<string, unknown> {
  const { dnsNames, emails, userPrincipalNames, uris, ipAddresses } = policy.subjectAltNames;
  return {
    key_props: {
      exportable: policy.exportable,
      kty: policy.keyType,
      ...(policy.keySize === undefined ? {} : { key_size: policy.keySize }),
      ...(policy.curve === undefined ? {} : { crv: policy.curve }),
      reuse_key: policy.reuseKey,
    },
    secret_props: { contentType: policy.contentType },
    x509_props: {
      subject: policy.subject,
      sans: {
        ...(dnsNames === undefined ? {} : { dns_names: dnsNames }),
        ...(emails === undefined ? {} : { emails }),
        ...(userPrincipalNames === undefined ? {} : { upns: userPrincipalNames }),
        ...(uris === undefined ? {} : { uris }),
        ...(ipAddresses === undefined ? {} : { ipAddresses }),
      },
      ekus: policy.extendedKeyUsage,
      key_usage: policy.keyUsage,
      validity_months: policy.validityMonths,
    },
    lifetime_actions: policy.lifetimeActions.map(({ action, atPercent, daysBeforeExpiry }) => ({
      trigger: {
        ...(atPercent === undefined ? {} : { lifetime_percentage: atPercent }),
        ...(daysBeforeExpiry === undefined ? {} : { days_before_expiry: daysBeforeExpiry }),
      },
      action: { action_type: action },
    })),
    issuer: {
      name: policy.issuer,
      ...(policy.certificateType === undefined ? {} : { cty: policy.certificateType }),
    },
  };
}

/** From the SDK's shape; fields that a service leaves out get its documented defaults. */
export function toVaultPolicy(policy: CertificatePolicy): VaultPolicy {
  const keyType = keyTypes.find((known) => known === policy.keyType) ?? 'RSA';
  return {
    issuer: policy.issuerName ?? 'Unknown',
    ...(policy.certificateType === undefined ? {} : { certificateType: policy.certificateType }),
    subject: policy.subject ?? '',
    subjectAltNames: toAltNames(policy.subjectAlternativeNames),
    keyType,
    ...(policy.keySize === undefined || keyType.startsWith('EC') ? {} : { keySize: policy.keySize }),
    ...(policy.keyCurveName === undefined ? {} : { curve: policy.keyCurveName }),
    exportable: policy.exportable !== false,
    reuseKey: policy.reuseKey === true,
    contentType: policy.contentType === 'application/x-pem-file' ? 'application/x-pem-file' : 'application/x-pkcs12',
    keyUsage: policy.keyUsage ?? [],
    extendedKeyUsage: policy.enhancedKeyUsage ?? [],
    validityMonths: policy.validityInMonths ?? 12,
    lifetimeActions: (policy.lifetimeActions ?? []).map(({ action, lifetimePercentage, daysBeforeExpiry }) => ({
      action: action ?? 'EmailContacts',
      ...(lifetimePercentage === undefined ? {} : { atPercent: lifetimePercentage }),
      ...(daysBeforeExpiry === undefined ? {} : { daysBeforeExpiry }),
    })),
  };
}

function toAltNames(names: SubjectAlternativeNames | undefined): SubjectAltNames {
  const part = (name: keyof SubjectAltNames, list: readonly string[] | undefined): SubjectAltNames =>
    list === undefined ? {} : { [name]: list };
  const given: Partial<Record<string, string[]>> = { ...names };
  return {
    ...part('dnsNames', given.dnsNames),
    ...part('emails', given.emails),
    ...part('userPrincipalNames', given.userPrincipalNames),
    ...part('uris', given.uniformResourceIdentifiers),
    ...part('ipAddresses', given.ipAddresses),
  };
}

export function getPolicy(connection: VaultConnection, name: string, options?: CallOptions): Promise<VaultPolicy> {
  return connection.run({ action: 'read', certificate: name }, options, async (sdk) =>
    toVaultPolicy(await connection.certificates.getCertificatePolicy(name, sdk)),
  );
}

/**
 * Sends the whole policy with the change in it, since the service replaces names and lists as a whole, and reads it
 * back, because only then it is known what the service made of it.
 */
export async function updatePolicy(
  connection: VaultConnection,
  name: string,
  change: Partial<VaultPolicy>,
  options?: CallOptions,
): Promise<VaultPolicy> {
  const before = await getPolicy(connection, name, options);
  const policy = completePolicy({ ...before, ...change });
  await connection.run({ action: 'update', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('PATCH', `/certificates/${name}/policy`, toWirePolicy(policy), abortSignal),
  );
  return getPolicy(connection, name, options);
}

/** @throws ExpectedError `certificate-name-invalid`; such a name would also change the address that is asked. */
export function assertName(name: string): void {
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) throw invalidName(name);
}

function invalidName(name: string): ExpectedError {
  return expected(
    'certificate-name-invalid',
    l10n.t('"{0}" cannot be the name of a vault certificate. Use 1 to 127 letters, digits and hyphens.', name),
  );
}
