/**
 * The credential of an app as the app itself will find it: thumbprint from the code or the environment, key from the same place, pass phrase included.
 * Everything that can be seen here is told apart before a token is asked for (facts/failure-modes.md F1 to F41).
 */
import * as l10n from '@vscode/l10n';
import type { AppConfig, AppConfigs } from '../appConfig/types.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import type { CertificateDescription, Certificates } from '../certificates/types.ts';
import { checkApp } from '../diagnosis/checkApp.ts';
import { at } from '../diagnosis/finding.ts';
import type { AppFacts, Finding } from '../diagnosis/types.ts';
import { certificateOf, certificatesBeside, readCertificate } from './appCertificate.ts';
import type { FoundCertificate } from './appCertificate.ts';
import { readKey } from './appKey.ts';
import type { ReadKey } from './appKey.ts';

/** What reading a credential needs. */
export interface CredentialTools {
  readonly certificates: Pick<Certificates, 'openPrivateKey' | 'inspect' | 'openCertificate'>;
  readonly appConfigs: Pick<AppConfigs, 'envValues'>;
  /** Says why a file cannot be read: of a key that is a finding. */
  readonly files: FileReader;
  /** Variables that are set for the app's process beside its `.env`; they win, as with dotenv. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told every secret that is read. */
  readonly announce: (secret: string) => void;
  /** Opened folders: a key outside of them and of its app is told. Absent: not looked at. */
  readonly roots?: readonly string[];
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

/** What was found out about a config's credential, whether or not it can sign in. */
export interface LookedAt {
  readonly key: ReadKey;
  readonly found?: FoundCertificate;
  readonly facts: AppFacts;
}

/**
 * Looks at the credential of a config that has a certificate. What cannot be followed without running the code is not judged.
 * @param known certificates (PEM or DER) that may be the app's, for instance of the journal
 * @param presumed the app's where neither its key nor its thumbprint can be read to tell
 */
export async function lookAtCredential(
  config: AppConfig,
  tools: CredentialTools,
  known: readonly Uint8Array[] = [],
  presumed?: Uint8Array,
): Promise<LookedAt> {
  const key = await readKey(config, tools);
  const { keyFile } = config.certificate ?? {};
  const candidates = [...known, ...(await certificatesBeside(keyFile, key.bytes, tools.files))];
  const named = namedThumbprint(config, tools);
  const isOpen = key.pkcs8 === undefined && (named === undefined || named === '');
  const found =
    isOpen && presumed !== undefined
      ? await readCertificate(presumed, tools)
      : await certificateOf(candidates, key.pkcs8, named, tools);
  const facts: AppFacts = {
    ...key.facts,
    ...(found === undefined ? {} : { certificate: found.description }),
    ...(found?.matches === undefined ? {} : { keyMatches: found.matches }),
  };
  return { key, facts, ...(found === undefined ? {} : { found }) };
}

/** As it is set for the app's process, else as the code or its `.env` has it. */
function namedThumbprint({ certificate }: AppConfig, { environment }: CredentialTools): string | undefined {
  const { value, source } = certificate?.thumbprint ?? {};
  return (source?.kind === 'environment' ? environment[source.variable] : undefined) ?? value;
}

/** Opening the key and describing it find the same; only variables can be missing several times. */
export function findingsOf(config: AppConfig, facts: AppFacts): Finding[] {
  const findings = checkApp(config, facts);
  const isSame = (a: Finding, b: Finding) =>
    a.code === b.code && (a.code !== 'variable-not-set' || a.message === b.message);
  return findings.filter((finding, index) => findings.findIndex((other) => isSame(other, finding)) === index);
}

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
  const { key, found, facts } = await lookAtCredential(config, tools, known);
  const findings = findingsOf(config, facts);
  const errors = findings.filter(keepsFromSigning);
  const warnings = findings.filter((finding) => !keepsFromSigning(finding));
  const configured = certificate.thumbprint?.value?.toUpperCase() ?? computed(config, found?.description);
  const property = certificate.thumbprintProperty ?? 'thumbprintSha256';
  const seen = found === undefined ? {} : { certificate: found.description };
  if (errors.length > 0) return { status: 'broken', findings: errors, warnings, ...seen };
  if (key.pkcs8 === undefined) throw notReadable(config);
  if (configured === undefined || configured === '') {
    return { status: 'broken', findings: [missingThumbprint(config)], warnings, ...seen };
  }
  return {
    status: 'ok',
    warnings,
    credential: {
      privateKeyPkcs8: key.pkcs8,
      thumbprintProperty: property,
      configured,
      ...(key.passphrase === undefined ? {} : { passphrase: key.passphrase }),
      ...(found?.matches === true ? { certificate: found.description, certificateDer: found.der } : {}),
    },
  };
}

/** A variable that is set elsewhere is no mistake of the app, but without its value nothing can be signed here. */
export function keepsFromSigning({ severity, code }: Finding): boolean {
  return severity === 'error' || code === 'variable-not-set' || code === 'key-encrypted';
}

/** Code that computes its thumbprint names the right one by itself. */
function computed(config: AppConfig, certificate: CertificateDescription | undefined): string | undefined {
  if (config.certificate?.thumbprint?.source.kind === 'environment') return undefined;
  return config.certificate?.thumbprintProperty === 'thumbprint'
    ? certificate?.thumbprintSha1
    : certificate?.thumbprintSha256;
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

function missingThumbprint(config: AppConfig): Finding {
  return {
    code: 'thumbprint-missing',
    severity: 'error',
    message: l10n.t(
      'The app config names no thumbprint that can be read, so it cannot be told which certificate the app sends. Give the certificate file as option "certificate".',
    ),
    ...at(config, config.places?.thumbprint),
  };
}
