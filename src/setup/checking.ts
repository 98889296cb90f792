/** Everything that can be told about an app config on this machine: its code, its key, its certificate. Changes nothing, asks nobody. */
import type { AppConfig } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import { checkApp } from '../diagnosis/checkApp.ts';
import type { Finding } from '../diagnosis/types.ts';
import { lookAtCredential } from './appCredential.ts';
import type { CredentialTools } from './appCredential.ts';

export interface CheckedConfig {
  readonly config: AppConfig;
  /** Gravest first; empty when all is well. */
  readonly findings: readonly Finding[];
  /** The certificate that the app uses, where it was found on this machine. */
  readonly certificate?: CertificateDescription;
}

const order: readonly Finding['severity'][] = ['error', 'warning', 'information'];

/**
 * Checks one config with what its key file, its `.env` and the certificate beside its key tell. A key that is elsewhere (in a vault,
 * or read in a way that cannot be followed) is not judged.
 * @param known certificates (PEM or DER) that may be the app's
 */
export async function checkConfig(
  config: AppConfig,
  tools: CredentialTools,
  known: readonly Uint8Array[] = [],
): Promise<CheckedConfig> {
  const { credential } = config;
  if (config.certificate === undefined || (credential !== 'certificate' && credential !== 'secretAndCertificate')) {
    return { config, findings: sorted(checkApp(config)) };
  }
  const { found, findings } = await lookAtCredential(config, tools, known);
  return { config, findings: sorted(findings), ...(found === undefined ? {} : { certificate: found.description }) };
}

function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.line - b.line);
}
