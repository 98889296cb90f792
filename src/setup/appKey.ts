/** The private key of an app as the app itself will find it, and everything that keeps it from finding one. */
import { dirname, relative, isAbsolute } from 'node:path';
import type { AppConfig, KeyForm, ValueSource } from '../appConfig/types.ts';
import { isExpectedError } from '../base/errors.ts';
import { keyBytesProblem, keyTextProblem, withLineEnds } from '../base/keyText.ts';
import type { KeyTextProblem } from '../base/keyText.ts';
import type { AppFacts, KeyFileFacts, UnsetVariable } from '../diagnosis/types.ts';
import type { CredentialTools } from './appCredential.ts';
import { readCertificateFile, type CertificateFile } from './certificateFile.ts';

export interface ReadKey {
  /** Of the key, where it has one and the app reads it from its environment. */
  readonly passphrase?: string;
  readonly pkcs8?: Uint8Array;
  /** The key's file, or the value of its variable as the app hands it to MSAL. */
  readonly bytes?: Uint8Array;
  readonly facts: AppFacts;
}

type Values = (source: ValueSource | undefined) => string | undefined;

/** Reads what the config's key, pass phrase and thumbprint come from. */
export async function readKey(config: AppConfig, tools: CredentialTools): Promise<ReadKey> {
  const value = await valuesOf(config, tools);
  const { keyFile, privateKey, passphrase: passphraseSource, passphraseLiteral } = config.certificate ?? {};
  const given = value(passphraseSource);
  const passphrase = given === '' ? undefined : given;
  const known = passphrase === undefined ? {} : { passphrase };
  if (passphrase !== undefined) tools.announce(passphrase);
  // A fall-back in the code counts too, but it is not read.
  const isKnown =
    passphraseSource?.kind === 'environment' && (passphrase !== undefined || passphraseLiteral !== 'value');
  const shared: AppFacts = {
    ...(isKnown ? { passphraseSet: passphrase !== undefined } : {}),
    ...(isKnown && passphrase === undefined ? { hasEnvFile: await hasEnvFile(config, tools) } : {}),
    ...(await unsetVariables(config, value, tools)),
  };
  if (keyFile !== undefined) return { ...known, ...(await readFile(config, keyFile, passphrase, shared, tools)) };
  const text = privateKey?.kind === 'environment' ? value(privateKey) : undefined;
  if (text === undefined || text === '') return { facts: shared };
  tools.announce(text);
  const form = config.certificate?.keyForm;
  const keyText = textProblem(text, form);
  if (keyText !== undefined) return { facts: { ...shared, keyText } };
  const bytes = form === undefined ? guessed(text) : handedOver(Buffer.from(text), form);
  const { facts, pkcs8 } = await look(config, bytes, passphrase, tools);
  const inVariable = { exists: true, ...facts.keyFile };
  // Where the code cannot be followed, a value that is no key may be its name.
  const keyEnvFile = form === undefined && pkcs8 === undefined ? {} : await envFileOf(privateKey, tools);
  return { bytes, facts: { ...shared, ...facts, keyFile: inVariable, ...keyEnvFile }, ...known, ...pkcs8 };
}

/** For spreading; nothing where the variable is set elsewhere. */
async function envFileOf(
  source: ValueSource | undefined,
  { environment, files }: CredentialTools,
): Promise<Pick<AppFacts, 'keyEnvFile'>> {
  if (source?.kind !== 'environment' || source.envFile === undefined) return {};
  if (environment[source.variable] !== undefined) return {};
  const path = source.envFile;
  const facts = await orElse(() => files.stat(path), undefined);
  return facts === undefined ? {} : { keyEnvFile: { path, mode: facts.mode } };
}

async function readFile(
  config: AppConfig,
  file: string,
  passphrase: string | undefined,
  shared: AppFacts,
  tools: CredentialTools,
): Promise<ReadKey> {
  let found: CertificateFile | undefined;
  try {
    found = await readCertificateFile(file, tools.files);
  } catch (error) {
    // Somebody else's file, for instance, or a link that leads to itself: the app will not read it either.
    if (!isExpectedError(error)) throw error;
    return { facts: { ...shared, opening: { code: error.code, message: error.message } } };
  }
  if (found === undefined) return { facts: { ...shared, keyFile: { exists: false } } };
  const { bytes } = found;
  const form = config.certificate?.keyForm;
  const { facts, pkcs8 } = await look(config, form === undefined ? bytes : handedOver(bytes, form), passphrase, tools);
  const keyFile: KeyFileFacts = {
    exists: true,
    mode: found.facts.mode,
    ...facts.keyFile,
    ...(isOutside(file, config, tools) ? { outside: true } : {}),
  };
  return { bytes, facts: { ...shared, ...facts, keyFile }, ...pkcs8 };
}

type Look = Pick<AppFacts, 'keyText' | 'opening'> & { readonly keyFile: Omit<KeyFileFacts, 'exists'> };

/**
 * What the bytes are that the code hands over as the key.
 * Where the code cannot be followed, a function of the app's own may open what the reader here does not: then that is no mistake.
 */
async function look(
  { certificate }: AppConfig,
  bytes: Uint8Array,
  passphrase: string | undefined,
  tools: CredentialTools,
): Promise<{ facts: Look; pkcs8?: Pick<ReadKey, 'pkcs8'> }> {
  const described = await describe(bytes, passphrase, tools);
  const { pkcs8, opening } = await open(bytes, passphrase, tools);
  const opened = pkcs8 === undefined ? {} : { pkcs8 };
  if (certificate?.keyForm === undefined) return { facts: { keyFile: withoutLock(described) }, ...opened };
  // Of what is no key at all, the reader of keys says best what it is.
  const isKey = opening === undefined || /^(?:password-required|wrong-password)$/.test(opening.opening?.code ?? '');
  const keyText = isKey ? keyBytesProblem(bytes, certificate.keyIsDer === true ? 'der' : 'pem') : undefined;
  if (keyText !== undefined) return { facts: { keyFile: {}, keyText }, ...opened };
  return { facts: { keyFile: described, ...opening }, ...opened };
}

function withoutLock({ description }: Look['keyFile']): Look['keyFile'] {
  return description === undefined ? {} : { description: { ...description, keyEncrypted: false } };
}

function isOutside(file: string, { appRoot, envFile }: AppConfig, { roots }: CredentialTools): boolean {
  if (roots === undefined) return false;
  return ![...roots, appRoot, ...(envFile === undefined ? [] : [dirname(envFile)])].some((folder) => {
    const way = relative(folder, file);
    return !way.startsWith('..') && !isAbsolute(way);
  });
}

async function valuesOf(config: AppConfig, tools: CredentialTools): Promise<Values> {
  const { privateKey, passphrase } = config.certificate ?? {};
  const files = new Set(
    [privateKey, passphrase]
      .flatMap((source) => (source?.kind === 'environment' ? [source.envFile] : []))
      .concat(config.envFile)
      .filter((file) => file !== undefined),
  );
  const read = new Map<string, string>();
  for (const file of files)
    for (const [name, text] of await orElse(
      () => tools.appConfigs.envValues(file, tools.files),
      new Map<string, string>(),
    ))
      if (!read.has(name)) read.set(name, text);
  return (source) =>
    source?.kind === 'environment' ? (tools.environment[source.variable] ?? read.get(source.variable)) : undefined;
}

/** A `.env` file that cannot be read is none that is known: reading the config has passed over it as well. */
async function orElse<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return nothing;
  }
}

async function unsetVariables(
  config: AppConfig,
  value: Values,
  tools: CredentialTools,
): Promise<Pick<AppFacts, 'unset'>> {
  const { thumbprint, privateKey, keyPath, keyFile } = config.certificate ?? {};
  const sources = { thumbprint: thumbprint?.source, privateKey, keyPath };
  const roles = (['thumbprint', 'privateKey', 'keyPath'] as const).filter((role) => {
    const source = sources[role];
    if (source?.kind !== 'environment' || (value(source) ?? '') !== '') return false;
    // `?? ''` and the like please the compiler; what they give is no value.
    const isEmpty = role === 'thumbprint' ? thumbprint?.value === '' : role === 'keyPath' && keyFile === undefined;
    return !source.hasFallback || isEmpty;
  });
  if (roles.length === 0) return {};
  const isThere = await hasEnvFile(config, tools);
  const unset = roles.flatMap((role): UnsetVariable[] => {
    const source = sources[role];
    return source?.kind === 'environment' ? [{ variable: source.variable, role, hasEnvFile: isThere }] : [];
  });
  return { unset };
}

async function hasEnvFile({ envFile }: AppConfig, { files }: CredentialTools): Promise<boolean> {
  return envFile !== undefined && (await orElse(() => files.stat(envFile), undefined)) !== undefined;
}

/** The key as `createPrivateKey` gets it. */
function handedOver(bytes: Uint8Array, form: KeyForm): Uint8Array {
  if (form === 'raw' || form === 'parsed') return bytes;
  const text = Buffer.from(bytes).toString('utf8');
  return form === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(withLineEnds(text));
}

/** Where the code cannot be followed: by the looks of the value. */
function guessed(text: string): Uint8Array {
  return text.includes('-----BEGIN') ? Buffer.from(withLineEnds(text)) : Buffer.from(text, 'base64');
}

/** F16, F18: values that MSAL, or the code before it, cannot make a key of. Nothing is said where the code cannot be followed. */
function textProblem(text: string, form: KeyForm | undefined): KeyTextProblem | undefined {
  if (form === undefined) return undefined;
  if (form === 'base64') return text.includes('-----BEGIN') ? 'pem' : undefined;
  return keyTextProblem(form === 'repaired' ? withLineEnds(text) : text);
}

/** Both ready for spreading. */
async function open(
  bytes: Uint8Array,
  password: string | undefined,
  tools: CredentialTools,
): Promise<{ pkcs8?: Pick<ReadKey, 'pkcs8'>; opening?: Pick<AppFacts, 'opening'> }> {
  try {
    return {
      pkcs8: { pkcs8: await tools.certificates.openPrivateKey(bytes, password === undefined ? {} : { password }) },
    };
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return { opening: { opening: { code: error.code, message: error.message } } };
  }
}

async function describe(
  bytes: Uint8Array,
  password: string | undefined,
  tools: CredentialTools,
): Promise<Pick<KeyFileFacts, 'description' | 'encrypted'>> {
  try {
    return { description: await tools.certificates.inspect(bytes, password === undefined ? {} : { password }) };
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return error.code === 'password-required' ? { encrypted: true } : {};
  }
}
