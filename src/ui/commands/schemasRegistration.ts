/** What the options objects of the commands for app registrations may hold; held against ../automation/registration.ts. */
import { checkOptions, file, flag, isUri, password, required, text, textList } from '../options.ts';
import type { Check, Schema } from '../options.ts';

const publicFile: Schema = { file: required(file), password, thumbprintSha256: text };
const publicInVault: Schema = { vault: required(text), name: required(text), version: text };

/** A file, an object with a file, or one with a vault; becomes one of the two objects. */
const publicCertificate: Check = (value, name) => {
  if (typeof value === 'string' || isUri(value)) return { file: file(value, name) };
  const inVault = typeof value === 'object' && value !== null && 'vault' in value;
  return checkOptions(value, inVault ? publicInVault : publicFile, `${name}.`);
};

const application: Schema = { config: file, application: text, tenant: text };

export const uploadSchema: Schema = { ...application, certificate: publicCertificate, displayName: text };

export const handOverSchema: Schema = { ...uploadSchema, folder: file };

export const retireSecretSchema: Schema = { ...application, keyIds: textList, confirm: flag };
