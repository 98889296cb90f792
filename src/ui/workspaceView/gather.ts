/** Reads what this machine knows of an app config: code, key, certificate, journal, proofs. Asks nobody and changes nothing. */
import { createHash, X509Certificate } from 'node:crypto';
import type { AppConfig } from '../../appConfig/types.ts';
import type { ExpiryThresholds } from '../../base/expiry.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { checkConfig, proofsOf, setupStateOf, tenantOf } from '../../setup/index.ts';
import type { CredentialTools, ProofPorts, SetupState } from '../../setup/index.ts';
import type { CertificateFact, LocalFacts, VaultName } from './facts.ts';
import { isSame } from './facts.ts';

export interface GatherTools extends ProofPorts {
  readonly credential: CredentialTools;
  /** From when on a certificate expires soon; default as the settings' defaults. */
  readonly thresholds?: ExpiryThresholds;
  /** A path as the user knows it. */
  relative(file: string): string;
}

export async function gather(config: AppConfig, tools: GatherTools): Promise<LocalFacts> {
  const setup = await setupStateOf(config.file, tools);
  const made = setup.certificates.map((pem) => certificateFact(Buffer.from(pem))).filter((one) => one !== undefined);
  const known = setup.certificates.map((pem) => Buffer.from(pem));
  const { findings, certificate: found } = await checkConfig(
    config,
    tools.credential,
    known,
    tools.thresholds === undefined ? {} : { thresholds: tools.thresholds },
  );
  const vault = vaultName(config);
  const beside = found === undefined ? undefined : describedFact(found);
  const certificate = vault === undefined ? namedByCode(config, beside, made) : fromVault(vault, setup, made);
  const tenant = tenantOf(config.authority?.value);
  return {
    file: config.file,
    path: tools.relative(config.file),
    line: config.line,
    credential: config.credential,
    ...(config.vault === undefined ? {} : { keyFrom: config.vault.keyFrom }),
    ...(config.clientId?.value === undefined ? {} : { clientId: config.clientId.value }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(vault === undefined ? {} : { vault }),
    held: [...(beside === undefined ? [] : [beside]), ...made],
    findings,
    setup,
    proofs: await proofsOf(config.file, tools),
  };
}

/** @param bytes PEM or DER; undefined for what is no certificate */
export function certificateFact(bytes: Uint8Array, name?: string): CertificateFact | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const subject = certificate.subject.split('\n')[0];
    return {
      thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
      thumbprintSha1: certificate.fingerprint.replaceAll(':', ''),
      publicKey: createHash('sha256').update(key).digest('hex').toUpperCase(),
      notBefore: Date.parse(certificate.validFrom),
      expires: Date.parse(certificate.validTo),
      ...((name ?? subject) ? { name: name ?? subject } : {}),
    };
  } catch {
    // Strangers' bytes: what cannot be read is not known.
    return undefined;
  }
}

function describedFact({ thumbprintSha256, thumbprintSha1, notBefore, notAfter, subject }: CertificateDescription) {
  return {
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    ...(notBefore === undefined ? {} : { notBefore: Date.parse(notBefore) }),
    ...(notAfter === undefined ? {} : { expires: Date.parse(notAfter) }),
    ...(subject === undefined ? {} : { name: subject }),
  };
}

/** The thumbprint in the code is what counts; a certificate that was found tells the rest of it. */
function namedByCode(
  config: AppConfig,
  beside: CertificateFact | undefined,
  made: readonly CertificateFact[],
): CertificateFact | undefined {
  if (config.certificate === undefined) return undefined;
  const value = config.certificate.thumbprint?.value?.toUpperCase() ?? '';
  const named: CertificateFact | undefined = /^[0-9A-F]{64}$/.test(value)
    ? { thumbprintSha256: value }
    : /^[0-9A-F]{40}$/.test(value)
      ? { thumbprintSha1: value }
      : undefined;
  // Code that computes its thumbprint from the certificate names the one that lies there.
  if (named === undefined) return value === '' ? beside : undefined;
  return [beside, ...made].find((one) => one !== undefined && isSame(one, named)) ?? named;
}

function vaultName({ vault }: AppConfig): VaultName | undefined {
  const origin = vault?.origin.value;
  const certificate = vault?.certificate.value;
  const version = vault?.version.value;
  // A version whose variable has no value here is not known, and not the latest.
  if (origin === undefined || certificate === undefined || version === undefined) return undefined;
  return { origin, certificate, version };
}

/** Until the vault is asked: the certificate of the setup that made the code what it is. */
function fromVault(
  vault: VaultName,
  { applied }: SetupState,
  made: readonly CertificateFact[],
): CertificateFact | undefined {
  if (applied?.vault?.certificate !== vault.certificate || applied.vault.version !== vault.version) return undefined;
  const { thumbprintSha256, thumbprintSha1, notAfter } = applied.certificate;
  return (
    made.find((one) => one.thumbprintSha256 === thumbprintSha256) ?? {
      thumbprintSha256,
      thumbprintSha1,
      expires: Date.parse(notAfter),
    }
  );
}
