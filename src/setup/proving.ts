/** Proves an app: reads its credential as the app will, asks for tokens with it, explains a failure, keeps a success. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { AssertionAlgorithm, AssertionSigner, ProofProgress, Prover } from '../azure/types.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import { tenantOf } from '../diagnosis/authorityFacts.ts';
import { explainProof } from '../diagnosis/explain/proof.ts';
import type { RegisteredThumbprints } from '../diagnosis/explain/proof.ts';
import type { Explanation } from '../diagnosis/explain/types.ts';
import { readAppCredential } from './appCredential.ts';
import type { CredentialTools } from './appCredential.ts';
import { createJournalStore } from './journalStore.ts';
import { recordProof } from './proofs.ts';
import type { ProofPorts } from './proofs.ts';

/** What signs in: the key behind a signer, and how the app names its certificate. */
export interface SigningIdentity {
  readonly sign: AssertionSigner;
  readonly thumbprintProperty: 'thumbprint' | 'thumbprintSha256';
  /** Upper-case hex that the app sends under {@link thumbprintProperty}. */
  readonly configured: string;
  readonly certificate?: { readonly thumbprintSha256: string; readonly thumbprintSha1: string };
  /** The app makes its assertions itself. */
  readonly algorithm?: AssertionAlgorithm;
}

export interface ProvingTools extends CredentialTools {
  readonly prover: Prover;
  /** The app registration's certificates, read without asking anybody anything; undefined when it cannot be read. */
  readonly registered: (
    clientId: string,
    tenant: string | undefined,
    signal?: AbortSignal,
  ) => Promise<readonly RegisteredThumbprints[] | undefined>;
  /** The identity of an app whose key is in a vault; undefined for any other app. Rejects as vaults do. */
  readonly vaultIdentity: (config: AppConfig, signal?: AbortSignal) => Promise<SigningIdentity | undefined>;
  readonly ports: ProofPorts & { readonly clock: Clock };
}

export interface ProveOptions {
  /** Home tenant of the registration, where the authority names none. */
  readonly tenant?: string;
  /** Ms to wait for the directory; default 3 minutes. */
  readonly patience?: number;
  readonly onProgress?: (progress: ProofProgress) => void;
  /** True right after an upload: then the registration is not asked beforehand whether it lists the certificate, since a read may be behind. */
  readonly registered?: boolean;
  /** False where something else than the code says was proven: that is no proof of the app. Default true. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
}

/** Result of `prove`. JSON-serialisable; holds no token and no secret. */
export interface ProveResult {
  readonly ok: boolean;
  /** Absent when the app's credential is broken so that nothing was asked. */
  readonly algorithm?: AssertionAlgorithm;
  /** Requests that were answered. */
  readonly attempts: number;
  readonly error?: ProveError;
}

export interface ProveError extends Explanation {
  readonly message: string;
}

/**
 * Proves a config as it stands on disk and keeps the proof.
 * Rejects with `app-has-no-certificate`, `key-source-not-readable`, `client-id-needed`, and as `Prover.prove` does.
 */
export async function proveApp(
  config: AppConfig,
  tools: ProvingTools,
  options: ProveOptions = {},
): Promise<ProveResult> {
  const fromVault = await tools.vaultIdentity(config, options.signal);
  if (fromVault !== undefined) return proveIdentity(config, fromVault, tools, options);
  const read = await readAppCredential(config, tools, await journalCertificates(config, tools.ports));
  if (read.status === 'broken') {
    const [first] = read.findings;
    const { code = 'unknown', message = '' } = first ?? {};
    const title = l10n.t('The app cannot sign in as it is configured');
    const remedies = read.findings.slice(1).map((finding) => finding.message);
    return { ok: false, attempts: 0, error: { code, title, cause: message, remedies, message } };
  }
  const { privateKeyPkcs8, thumbprintProperty, configured, certificate } = read.credential;
  const { thumbprintSha256, thumbprintSha1 } = certificate ?? {};
  const identity: SigningIdentity = {
    sign: tools.prover.localSigner(privateKeyPkcs8),
    thumbprintProperty,
    configured,
    ...(thumbprintSha256 === undefined || thumbprintSha1 === undefined
      ? {}
      : { certificate: { thumbprintSha256, thumbprintSha1 } }),
  };
  return proveIdentity(config, identity, tools, options);
}

/** What identifies the app, beside its key. */
export type ProvenApp = Pick<AppConfig, 'file' | 'line' | 'clientId' | 'authority' | 'knownAuthorities' | 'msal'>;

/** Proves a key that was given; keeps the proof for the config where there is one. */
export async function proveIdentity(
  app: Omit<ProvenApp, 'file' | 'line'> & Partial<Pick<ProvenApp, 'file' | 'line'>>,
  identity: SigningIdentity,
  tools: Pick<ProvingTools, 'prover' | 'registered' | 'ports'>,
  options: ProveOptions = {},
): Promise<ProveResult> {
  const clientId = app.clientId?.value;
  if (clientId === undefined || clientId === '') throw clientIdNeeded(app.file);
  const { thumbprintProperty: property, configured, certificate } = identity;
  const tenant = options.tenant ?? tenantOf(app.authority?.value);
  let registered: readonly RegisteredThumbprints[] | undefined;
  const isRegistered = async (): Promise<boolean | undefined> => {
    if (options.registered === true) return true;
    registered = await tools.registered(clientId, tenant, options.signal);
    return registered === undefined
      ? undefined
      : lists(registered, [configured, certificate?.thumbprintSha256, certificate?.thumbprintSha1]);
  };
  const outcome = await tools.prover.prove({
    clientId,
    thumbprintProperty: property,
    thumbprintSha256: property === 'thumbprintSha256' ? configured : (certificate?.thumbprintSha256 ?? ''),
    thumbprintSha1: property === 'thumbprint' ? configured : (certificate?.thumbprintSha1 ?? ''),
    sign: identity.sign,
    isRegistered,
    knownAuthorities: app.knownAuthorities ?? [],
    ...(app.authority?.value === undefined ? {} : { authority: app.authority.value }),
    ...(app.msal.version === undefined ? {} : { msalVersion: app.msal.version }),
    ...(identity.algorithm === undefined ? {} : { algorithm: identity.algorithm }),
    ...(options.tenant === undefined ? {} : { homeTenant: options.tenant }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const { algorithm, attempts } = outcome;
  if (outcome.ok) {
    const sha256 = property === 'thumbprintSha256' ? configured : certificate?.thumbprintSha256;
    const sha1 = property === 'thumbprint' ? configured : certificate?.thumbprintSha1;
    if (app.file !== undefined && options.keep !== false)
      await recordProof(
        app.file,
        {
          at: new Date(tools.ports.clock.now()).toISOString(),
          thumbprintSha256: sha256 ?? '',
          ...(sha1 === undefined ? {} : { thumbprintSha1: sha1 }),
          algorithm,
          clientId,
        },
        tools.ports,
      );
    return { ok: true, algorithm, attempts };
  }
  // The registration was not asked while there was hope; now it tells what to do.
  if (outcome.error.code === 'AADSTS700027') registered ??= await tools.registered(clientId, tenant, options.signal);
  const explanation = explainProof(outcome.error, {
    configured,
    property,
    clientId,
    ...(certificate === undefined ? {} : { certificate }),
    ...(registered === undefined ? {} : { registered }),
    ...(options.registered === true ? { uploaded: true } : {}),
  });
  return {
    ok: false,
    algorithm,
    attempts,
    error: {
      ...explanation,
      message: l10n.t('{0}: {1} {2}', explanation.title, explanation.cause, explanation.remedies[0] ?? ''),
    },
  };
}

/** Undefined where hashes of one kind only meet hashes of the other. */
function lists(
  registered: readonly RegisteredThumbprints[],
  own: readonly (string | undefined)[],
): boolean | undefined {
  let isCertain = true;
  for (const { thumbprintSha256, thumbprintSha1 } of registered) {
    const theirs = [thumbprintSha256, thumbprintSha1].filter((each) => each !== undefined && each !== '');
    if (theirs.some((each) => own.includes(each))) return true;
    if (!theirs.some((each) => own.some((mine) => mine?.length === each?.length))) isCertain = false;
  }
  return isCertain ? false : undefined;
}

async function journalCertificates(config: AppConfig, ports: ProofPorts): Promise<Uint8Array[]> {
  try {
    const journal = await createJournalStore(ports.journalFolder, ports.files).load(config.file);
    return journal === undefined || journal.certificate.pem === '' ? [] : [Buffer.from(journal.certificate.pem)];
  } catch (error) {
    // A damaged journal stands in the way of undoing, not of asking for a token.
    if (!isExpectedError(error)) throw error;
    return [];
  }
}

function clientIdNeeded(file: string | undefined): ExpectedError {
  return new ExpectedError(
    'client-id-needed',
    l10n.t(
      'No token was asked for because the client ID of the app is not known: the config has none that can be read without running it. Give it as option "clientId".',
    ),
    file === undefined ? {} : { file },
  );
}
