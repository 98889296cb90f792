/** What the options objects of the commands for app registrations may hold; held against ../automation/registration.ts. */
import { checkOptions, choice, file, flag, isUri, password, required, text, textList } from '../options.ts';
import type { Check, Schema } from '../options.ts';
import { vaultCertificateName, vaultVersion } from './vault/schemas.ts';

const publicFile: Schema = {
  file: required(file),
  privateKey: file,
  password,
  keyPassword: password,
  thumbprintSha256: text,
};
const publicInVault: Schema = { vault: required(text), name: required(vaultCertificateName), version: vaultVersion };
const anyPublic = choice({ file: publicFile, vault: publicInVault });

/**
 * A file, an object with a file, or one with a vault, with or without the `kind` that other commands want; becomes one of the two
 * objects without it. Of two files only the one with the certificate is read.
 */
const publicCertificate: Check = (value, name) => {
  if (typeof value === 'string' || isUri(value)) return { file: file(value, name) };
  const given: object = typeof value === 'object' && value !== null ? value : {};
  const checked =
    'kind' in given
      ? anyPublic(value, name)
      : checkOptions(value, 'vault' in given ? publicInVault : publicFile, `${name}.`);
  // The newest is meant: an app that follows its vault needs it uploaded before it switches.
  const isNewest = (checked as { version?: unknown }).version === 'latest';
  const without = ['kind', 'privateKey', ...(isNewest ? ['version'] : [])];
  return Object.fromEntries(Object.entries(checked as object).filter(([option]) => !without.includes(option)));
};

const application: Schema = { config: file, application: text, tenant: text };

export const uploadSchema: Schema = { ...application, certificate: publicCertificate, displayName: text };

export const handOverSchema: Schema = { ...uploadSchema, folder: file };

export const retireSecretSchema: Schema = { ...application, keyIds: textList, confirm: flag };
