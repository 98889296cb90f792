/** What the options objects of the vault commands may hold; see ../schemas.ts. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../../base/errors.ts';
import {
  file,
  flag,
  matching,
  newPassword,
  object,
  oneOf,
  password,
  refused,
  text,
  textList,
  textMap,
  wholeNumber,
} from '../../options.ts';
import type { Check, Schema } from '../../options.ts';

const name = matching(/^[0-9a-zA-Z-]{1,127}$/, () => l10n.t('a name of 1 to 127 letters, digits and hyphens'));
const version = matching(/^[0-9a-f]{32}$/i, () => l10n.t('the 32 hex digits of a version'));
const contentType = oneOf('pkcs12', 'pem');
const onConflict = oneOf('newVersion', 'recover', 'purge', 'cancelPending');

/** EC keys are known and refused with the reason; everything else is a mistake. */
const keyType: Check = (value, option) => {
  if (value === 'EC' || value === 'EC-HSM') {
    throw new ExpectedError(
      'key-is-ec',
      l10n.t(
        'An EC key cannot serve as a client credential: Microsoft Entra takes RSA keys only. Choose RSA with 2048 bits or more.',
      ),
    );
  }
  return oneOf('RSA', 'RSA-HSM')(value, option);
};

/** At most 15, names and values of at most 256 characters (facts/key-vault.md 1.8). */
const tags: Check = (value, option) => {
  const entries = textMap(value, option) as Record<string, string>;
  const long = Object.entries(entries).some(([key, entry]) => key === '' || key.length > 256 || entry.length > 256);
  if (long || Object.keys(entries).length > 15) {
    throw new ExpectedError(
      'invalid-options',
      l10n.t(
        'The option "{0}" cannot be used: at most 15 tags, with names and values of at most 256 characters.',
        option,
      ),
      { data: { option } },
    );
  }
  return entries;
};

const certificate: Schema = { vault: text, name };
const versioned: Schema = { ...certificate, version };
/** What concerns the certificate and takes a version as it comes from a list or a view: which one makes no difference. */
const anyVersion = versioned;

/** Whoever names one version does not expect all of them to go, or to come back. */
const allVersions = refused((option) =>
  l10n.t(
    'The option "{0}" cannot be used: this always concerns all versions of the certificate. Leave it out.',
    option,
  ),
);

const lifetimeAction: Check = (value, option) => {
  const action = object({
    action: oneOf('renew', 'email'),
    atPercent: wholeNumber(1, 99),
    daysBeforeExpiry: wholeNumber(1, 32_400),
  })(value, option) as { action?: string; atPercent?: number; daysBeforeExpiry?: number };
  if (action.action === undefined || (action.atPercent === undefined) === (action.daysBeforeExpiry === undefined)) {
    throw new ExpectedError(
      'invalid-options',
      l10n.t(
        'The option "{0}" cannot be used: it needs "action", and exactly one of "atPercent" and "daysBeforeExpiry".',
        option,
      ),
      { data: { option } },
    );
  }
  return action;
};

const policy: Schema = {
  subject: text,
  subjectAltNames: object({
    dnsNames: textList,
    emails: textList,
    userPrincipalNames: textList,
    uris: textList,
    ipAddresses: textList,
  }),
  keyType,
  keySize: oneOf(2048, 3072, 4096),
  exportable: flag,
  reuseKey: flag,
  contentType,
  validityMonths: wholeNumber(1, 1200),
  lifetimeAction,
  issuer: text,
  certificateType: text,
};

const waitSeconds = wholeNumber(0, 3600);

export const createInVaultSchema: Schema = {
  ...certificate,
  ...policy,
  enabled: flag,
  tags,
  onConflict,
  csrFile: file,
  waitSeconds,
  confirm: flag,
};

export const renewInVaultSchema: Schema = { ...anyVersion, csrFile: file, waitSeconds, confirm: flag };

export const saveSigningRequestSchema: Schema = { ...anyVersion, output: file };

export const mergeSignedSchema: Schema = { ...anyVersion, file };

export const importToVaultSchema: Schema = {
  ...certificate,
  file,
  privateKey: file,
  password,
  keyPassword: password,
  thumbprintSha256: text,
  exportable: flag,
  contentType,
  enabled: flag,
  tags,
  onConflict: oneOf('newVersion', 'purge', 'cancelPending'),
  confirm: flag,
};

export const editPropertiesSchema: Schema = { ...versioned, tags, enabled: flag };

export const versionSchema: Schema = versioned;

export const confirmedVersionSchema: Schema = { ...versioned, confirm: flag };

export const editPolicySchema: Schema = { ...anyVersion, ...policy };

export const cancelCreationSchema: Schema = { ...anyVersion, confirm: flag };

export const wholeCertificateSchema: Schema = { ...certificate, version: allVersions, confirm: flag };

export const downloadCertificateSchema: Schema = { ...versioned, format: oneOf('cer', 'pem'), output: file };

export const downloadWithKeySchema: Schema = {
  ...versioned,
  format: oneOf('pfx', 'pem'),
  folder: file,
  fileName: text,
  newPassword,
  passphrase: text,
};

/** Of a certificate that setups use or that is uploaded. */
export const vaultVersion = matching(/^([0-9a-f]{32}|latest)$/i, () =>
  l10n.t('the 32 hex digits of a version, or "latest"'),
);

/** For certificates that setups make or use in a vault. */
export { name as vaultCertificateName, policy as vaultPolicySchema };
