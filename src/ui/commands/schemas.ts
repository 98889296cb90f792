/** What the options objects of the commands may hold; held against src/ui/automation.ts by its types and by tests. */
import { choice, file, flag, listOf, newPassword, oneOf, password, required, text, wholeNumber } from '../options.ts';
import type { Schema } from '../options.ts';
import { vaultCertificateName, vaultPolicySchema, vaultVersion } from './vault/schemas.ts';

const keySize = oneOf(2048, 3072, 4096);
const validityDays = wholeNumber(1, 3650);
const keyFrom = oneOf('file', 'environment', 'keyVault', 'keyVaultSign');
const line = wholeNumber(1, 10_000_000);
const made: Schema = { subject: text, validityDays, keySize };
const opening: Schema = { password, keyPassword: password, thumbprintSha256: text };
const opened: Schema = { file: required(file), privateKey: file, ...opening };
const inVault: Schema = { vault: required(text), name: required(vaultCertificateName), version: vaultVersion };
const newInVault: Schema = { vault: required(text), name: required(vaultCertificateName), ...vaultPolicySchema };

const anyCertificate = choice({
  selfSigned: made,
  file: opened,
  openssl: made,
  powershell: made,
  vault: inVault,
  vaultNew: newInVault,
});

export const setUpSchema: Schema = {
  config: file,
  line,
  certificate: anyCertificate,
  keyFrom,
  passphrase: text,
  register: flag,
  prove: flag,
  tenant: text,
  confirm: flag,
};

export const useInAppSchema: Schema = {
  config: file,
  line,
  certificate: choice({ file: opened, vault: inVault, vaultNew: newInVault }),
  keyFrom,
  passphrase: text,
  confirm: flag,
};

export const setupSchema: Schema = { config: file, confirm: flag };

export const createSelfSignedSchema: Schema = {
  kind: oneOf('selfSigned', 'openssl', 'powershell'),
  subject: text,
  validityDays,
  keySize,
  formats: listOf(oneOf('crt', 'cer', 'pfx')),
  folder: file,
  name: text,
  passphrase: text,
  pfxPassword: newPassword,
};

export const createCsrSchema: Schema = { subject: text, keySize, folder: file, name: text, passphrase: text };

export const importSignedSchema: Schema = { file, privateKey: file, passphrase: password };

export const inspectCertificateSchema: Schema = { file, ...opening };

export const extractPrivateKeySchema: Schema = { file, ...opening, output: file, passphrase: text };

export const exportCertificateSchema: Schema = {
  file,
  ...opening,
  output: file,
  format: oneOf('cer', 'pem', 'pfx'),
  newPassword,
};

export const signInSchema: Schema = { tenant: text, vault: text };

export const checkAppSchema: Schema = { config: file };

export const checkWorkspaceSchema: Schema = {};

export const continueSetupSchema: Schema = { ...setupSchema, register: flag, tenant: text };

export const proveSchema: Schema = {
  config: file,
  line,
  tenant: text,
  clientId: text,
  authority: text,
  certificate: choice({ file: opened }),
  patience: wholeNumber(0, 3_600),
};

export const explainErrorSchema: Schema = { text, show: flag };

export const runAppSchema: Schema = { config: file, script: text };

export const rotateSchema: Schema = { config: file, line, certificate: anyCertificate, tenant: text, confirm: flag };

export const removeOldCertificateSchema: Schema = { config: file, tenant: text, thumbprintSha256: text, confirm: flag };
