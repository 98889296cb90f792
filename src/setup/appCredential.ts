/**
 * The credential of an app as the app itself will find it: thumbprint from the code or the environment, key from the same place, pass phrase included.
 * Everything that can be seen here is told apart before a token is asked for (facts/failure-modes.md F1 to F41).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { AppConfig, AppConfigs, ValueSource } from '../appConfig/types.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import type { CertificateDescription, Certificates } from '../certificates/types.ts';
import { checkApp } from '../diagnosis/checkApp.ts';
import type { AppFacts, Finding } from '../diagnosis/types.ts';

/** What reading a credential needs. */
export interface CredentialTools {
  readonly certificates: Pick<Certificates, 'openPrivateKey' | 'inspect' | 'openCertificate'>;
  readonly appConfigs: Pick<AppConfigs, 'envValues'>;
  readonly files: FileReader;
  /** Variables that are set for the app's process beside its `.env`; they win, as with dotenv. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told every secret that is read. */
  readonly announce: (secret: string) => void;
}

/** A local credential: the key in memory, and what the app calls it. */
export interface AppCredential {
  readonly privateKeyPkcs8: Uint8Array;
  readonly thumbprintProperty: 'thumbprint' | 'thumbprintSha256';
  /** Upper-case hex as the code has it: what the server will see. */
  readonly configured: string;
  /** Of the key, where it has one and the app reads it from its environment. */
  readonly passphrase?: string;
  /** The certificate of this key, where one was found beside it or in the journal. */
  readonly certificate?: CertificateDescription;
  /** Its DER, where it was found. */
  readonly certificateDer?: Uint8Array;
}

export type ReadCredential =
  | { readonly status: 'ok'; readonly credential: AppCredential; readonly warnings: readonly Finding[] }
  /** What keeps the app from signing in, gravest first; never empty. */
  | {
      readonly status: 'broken';
      readonly findings: readonly Finding[];
      readonly warnings: readonly Finding[];
      /** The certificate that was found all the same. */
      readonly certificate?: CertificateDescription;
    };

/**
 * Reads the credential of a config whose key is in a file or in the environment.
 * @param known certificates (PEM or DER) that may be the app's, for instance of the journal
 * Rejects with `app-has-no-certificate`, `key-source-not-readable` (the code gets its key in a way that cannot be followed).
 */
export async function readAppCredential(
  config: AppConfig,
  tools: CredentialTools,
  known: readonly Uint8Array[] = [],
): Promise<ReadCredential> {
  const { certificate } = config;
  if (certificate === undefined) throw hasNone(config);
  const value = await valuesOf(config, tools);
  const key = await readKey(config, value, tools);
  const candidates = [...known, ...(await certificatesBeside(certificate.keyFile, key.bytes, tools.files))];
  const found = await certificateOf(candidates, key.pkcs8, certificate.thumbprint?.value, tools);
  const facts: AppFacts = {
    ...key.facts,
    ...(found === undefined ? {} : { certificate: found.description, keyMatches: found.matches }),
  };
  const checked = checkApp(config, facts);
  // The check names the variable that is missing, where opening the key only misses its pass phrase.
  const isNamed = checked.some(({ code }) => code === 'key-encrypted');
  const findings = [...checked, ...key.findings.filter(({ code }) => !isNamed || code !== 'password-required')];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const configured = certificate.thumbprint?.value?.toUpperCase() ?? computed(config, found?.description);
  const property = certificate.thumbprintProperty ?? 'thumbprintSha256';
  const warnings = unique(findings.filter(({ severity }) => severity !== 'error'));
  const seen = found === undefined ? {} : { certificate: found.description };
  if (errors.length > 0) return { status: 'broken', findings: unique(errors), warnings, ...seen };
  if (key.pkcs8 === undefined) throw notReadable(config);
  if (configured === undefined || configured === '') {
    return { status: 'broken', findings: [missingThumbprint(config)], warnings, ...seen };
  }
  return {
    status: 'ok',
    warnings: unique(findings),
    credential: {
      privateKeyPkcs8: key.pkcs8,
      thumbprintProperty: property,
      configured,
      ...(key.passphrase === undefined ? {} : { passphrase: key.passphrase }),
      ...(found?.matches === true ? { certificate: found.description, certificateDer: found.der } : {}),
    },
  };
}

type Values = (source: ValueSource | undefined) => string | undefined;

async function valuesOf(config: AppConfig, tools: CredentialTools): Promise<Values> {
  const files = new Set(
    [config.certificate?.privateKey, config.certificate?.passphrase]
      .flatMap((source) => (source?.kind === 'environment' ? [source.envFile] : []))
      .concat(config.envFile)
      .filter((file) => file !== undefined),
  );
  const read = new Map<string, string>();
  for (const file of files)
    for (const [name, text] of await tools.appConfigs.envValues(file, tools.files))
      if (!read.has(name)) read.set(name, text);
  return (source) =>
    source?.kind === 'environment' ? (tools.environment[source.variable] ?? read.get(source.variable)) : undefined;
}

interface ReadKey {
  readonly passphrase?: string;
  readonly pkcs8?: Uint8Array;
  readonly bytes?: Uint8Array;
  readonly facts: AppFacts;
  readonly findings: readonly Finding[];
}

async function readKey(config: AppConfig, value: Values, tools: CredentialTools): Promise<ReadKey> {
  const { keyFile, privateKey, passphrase: passphraseSource } = config.certificate ?? {};
  const passphrase = value(passphraseSource);
  if (passphrase !== undefined) tools.announce(passphrase);
  const passphraseSet =
    passphraseSource?.kind === 'environment' ? { passphraseSet: passphrase !== undefined && passphrase !== '' } : {};
  if (keyFile !== undefined) {
    const stat = await tools.files.stat(keyFile);
    const bytes = stat === undefined ? undefined : await tools.files.read(keyFile);
    if (bytes === undefined) return { facts: { keyFile: { exists: false }, ...passphraseSet }, findings: [] };
    const description = await describe(bytes, passphrase, tools);
    const facts: AppFacts = {
      keyFile: { exists: true, mode: stat?.mode ?? 0, ...(description === undefined ? {} : { description }) },
      ...passphraseSet,
    };
    const known = passphrase === undefined || passphrase === '' ? {} : { passphrase };
    return { bytes, facts, ...known, ...(await open(bytes, passphrase, config, tools)) };
  }
  if (privateKey?.kind !== 'environment') return { facts: passphraseSet, findings: [] };
  const text = value(privateKey);
  if (text === undefined || text === '')
    return { facts: passphraseSet, findings: [notSet(config, privateKey.variable)] };
  tools.announce(text);
  const bytes = keyBytes(text);
  return { bytes, facts: passphraseSet, ...(await open(bytes, passphrase, config, tools)) };
}

/** Base64 of a PEM text as the rewrite writes it, or the PEM text itself, whose line ends may be written as `\n` (F16). */
function keyBytes(text: string): Buffer {
  if (text.includes('-----BEGIN')) return Buffer.from(text.replaceAll('\\n', '\n'));
  return Buffer.from(text, 'base64');
}

async function open(
  bytes: Uint8Array,
  password: string | undefined,
  config: AppConfig,
  tools: CredentialTools,
): Promise<{ pkcs8?: Uint8Array; findings: readonly Finding[] }> {
  try {
    const pkcs8 = await tools.certificates.openPrivateKey(bytes, password === undefined ? {} : { password });
    return { pkcs8, findings: [] };
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return { findings: [{ code: error.code, severity: 'error', message: error.message, line: config.line }] };
  }
}

async function describe(
  bytes: Uint8Array,
  password: string | undefined,
  tools: CredentialTools,
): Promise<CertificateDescription | undefined> {
  try {
    return await tools.certificates.inspect(bytes, password === undefined ? {} : { password });
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}

/** A certificate in the key's own file, or beside it under the same name. */
async function certificatesBeside(
  keyFile: string | undefined,
  bytes: Uint8Array | undefined,
  files: FileReader,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = bytes === undefined ? [] : [bytes];
  if (keyFile === undefined) return found;
  const stem = join(dirname(keyFile), basename(keyFile, extname(keyFile)));
  for (const extension of ['.crt', '.cer', '.pem']) {
    if (`${stem}${extension}` === keyFile) continue;
    const beside = await files.read(`${stem}${extension}`);
    if (beside !== undefined) found.push(beside);
  }
  return found;
}

interface FoundCertificate {
  readonly description: CertificateDescription;
  readonly der: Uint8Array;
  readonly matches: boolean;
}

/** The candidate that belongs to the key, else the one that the code names, which then tells that the key is another's. */
async function certificateOf(
  candidates: readonly Uint8Array[],
  pkcs8: Uint8Array | undefined,
  named: string | undefined,
  tools: CredentialTools,
): Promise<FoundCertificate | undefined> {
  let other: FoundCertificate | undefined;
  for (const candidate of candidates) {
    let opened;
    try {
      opened = await tools.certificates.openCertificate(candidate);
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      continue;
    }
    const found = { description: opened.description, der: opened.certificateDer };
    const matches = pkcs8 !== undefined && belongs(opened.certificateDer, pkcs8);
    if (matches) return { ...found, matches };
    const { thumbprintSha256, thumbprintSha1 } = opened.description;
    if (pkcs8 !== undefined && [thumbprintSha256, thumbprintSha1].includes(named?.toUpperCase()))
      other = { ...found, matches };
  }
  return other;
}

function belongs(certificateDer: Uint8Array, pkcs8: Uint8Array): boolean {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return new X509Certificate(certificateDer).checkPrivateKey(key);
  } catch {
    return false;
  }
}

/** Code that computes its thumbprint names the right one by itself. */
function computed(config: AppConfig, certificate: CertificateDescription | undefined): string | undefined {
  if (config.certificate?.thumbprint?.source.kind === 'environment') return undefined;
  return config.certificate?.thumbprintProperty === 'thumbprint'
    ? certificate?.thumbprintSha1
    : certificate?.thumbprintSha256;
}

function unique(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, index) => findings.findIndex(({ code }) => code === finding.code) === index);
}

function hasNone(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'app-has-no-certificate',
    l10n.t(
      '{0} has no client certificate, so there is nothing to prove. "Client Certificate: Set Up Client Certificate" leads there.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}

function notReadable(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'key-source-not-readable',
    l10n.t(
      'No proof was made because the code in {0} gets its private key in a way that cannot be followed without running it. Give the certificate file as option "certificate", or start the app and sign in.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}

function notSet(config: AppConfig, variable: string): Finding {
  return {
    code: 'variable-not-set',
    severity: 'error',
    message: l10n.t(
      'The variable {0} has no value in the app’s .env file, so MSAL gets no private key and fails with invalid_client_credential. Set the variable.',
      variable,
    ),
    line: config.line,
  };
}

function missingThumbprint(config: AppConfig): Finding {
  const source = config.certificate?.thumbprint?.source;
  return {
    code: 'thumbprint-missing',
    severity: 'error',
    message:
      source?.kind === 'environment'
        ? l10n.t(
            'The variable {0} has no value in the app’s .env file, so the app sends no thumbprint and MSAL fails. Set the variable.',
            source.variable,
          )
        : l10n.t(
            'The app config names no thumbprint that can be read, so it cannot be told which certificate the app sends. Give the certificate file as option "certificate".',
          ),
    line: config.line,
  };
}
