/** Everything that can be told about an app config on this machine: its code, its key, its certificate. Changes nothing, asks nobody. */
import { createHash } from 'node:crypto';
import type { AppConfig } from '../appConfig/types.ts';
import { isExpectedError } from '../base/errors.ts';
import type { ExpiryThresholds } from '../base/expiry.ts';
import type { FileReader } from '../base/ports.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import { checkApp } from '../diagnosis/checkApp.ts';
import type { AppFacts, Finding } from '../diagnosis/types.ts';
import { findingsOf, lookAtCredential } from './appCredential.ts';
import type { CredentialTools } from './appCredential.ts';
import type { CheckMemory } from './checkMemory.ts';
import type { Git } from './ports.ts';

export interface CheckedConfig {
  readonly config: AppConfig;
  /** Gravest first; empty when all is well. */
  readonly findings: readonly Finding[];
  /** The certificate that the app uses, where it was found on this machine. */
  readonly certificate?: CertificateDescription;
  /** Whether it belongs to the app's key, where that was found too. */
  readonly keyMatches?: boolean;
}

export interface CheckOptions {
  /** Of this window; absent: everything is looked up anew. */
  readonly memory?: CheckMemory;
  /** Whether git knows the key file. Absent: not asked, which starts no program. */
  readonly git?: Git;
  /** Ms since the epoch that count as now; default the machine's clock. */
  readonly now?: number;
  /** From when on a certificate expires soon; default as the settings' defaults. */
  readonly thresholds?: ExpiryThresholds;
  /** Certificate (PEM or DER) of the vault's version that the code names, where it is known. */
  readonly inVault?: Uint8Array;
  /** Certificate (PEM or DER) of the app where neither its key nor its thumbprint can be read to tell. */
  readonly presumed?: Uint8Array;
}

const order: readonly Finding['severity'][] = ['error', 'warning', 'information'];

/**
 * Checks one config with what its key file, its `.env` and the certificate beside its key tell. A key that is elsewhere (in a vault,
 * or read in a way that cannot be followed) is not judged.
 * @param known certificates (PEM or DER) that may be the app's
 */
export async function checkConfig(
  config: AppConfig,
  given: CredentialTools,
  known: readonly Uint8Array[] = [],
  options: CheckOptions = {},
): Promise<CheckedConfig> {
  const { credential } = config;
  const { memory, presumed, now = Date.now(), thresholds } = options;
  const tools = { ...given, certificates: datedBy(given.certificates, { now, ...(thresholds && { thresholds }) }) };
  const inVault = await vaultFacts(config, tools, options);
  if (config.certificate === undefined || (credential !== 'certificate' && credential !== 'secretAndCertificate')) {
    return { config, findings: sorted(checkApp(config, inVault)), ...inVault };
  }
  const look = async (files: FileReader) =>
    (await lookAtCredential(config, { ...tools, files }, known, presumed)).facts;
  const by = () => JSON.stringify([thresholds, [...known, ...(presumed ? [presumed] : [])].map(hash)]);
  const facts =
    memory === undefined ? await look(tools.files) : await memory.facts(config, tools.files, look, now, by());
  const git = await gitFacts({ ...inVault, ...facts }, config, options.git);
  const { certificate, keyMatches } = facts;
  return {
    config,
    findings: sorted(findingsOf(config, git)),
    ...inVault,
    ...(certificate === undefined ? {} : { certificate }),
    ...(certificate === undefined || keyMatches === undefined ? {} : { keyMatches }),
  };
}

/** Judges dates by the caller's clock and settings. */
function datedBy(
  certificates: CredentialTools['certificates'],
  dating: { readonly now: number; readonly thresholds?: ExpiryThresholds },
): CredentialTools['certificates'] {
  return {
    openPrivateKey: (bytes, options) => certificates.openPrivateKey(bytes, options),
    inspect: (bytes, options) => certificates.inspect(bytes, { ...options, ...dating }),
    openCertificate: (bytes, options) => certificates.openCertificate(bytes, { ...options, ...dating }),
  };
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** The key is in the vault, so that only the certificate can be looked at. */
async function vaultFacts(
  { vault }: AppConfig,
  { certificates }: CredentialTools,
  { inVault }: CheckOptions,
): Promise<Pick<AppFacts, 'certificate'>> {
  if (vault === undefined || inVault === undefined) return {};
  try {
    return { certificate: (await certificates.openCertificate(inVault)).description };
  } catch (error) {
    // A journal that somebody has changed: nothing is known.
    if (!isExpectedError(error)) throw error;
    return {};
  }
}

async function gitFacts(facts: AppFacts, config: AppConfig, git: Git | undefined): Promise<AppFacts> {
  const file = config.certificate?.keyFile;
  if (git === undefined || file === undefined || facts.keyFile?.exists !== true) return facts;
  try {
    const [known] = await git.check([file]);
    if (known?.inRepository !== true) return facts;
    return { ...facts, keyFile: { ...facts.keyFile, git: { tracked: known.tracked, ignored: known.ignored } } };
  } catch (error) {
    // A repository that git cannot read is no matter of the app.
    if (!isExpectedError(error)) throw error;
    return facts;
  }
}

function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.line - b.line);
}
