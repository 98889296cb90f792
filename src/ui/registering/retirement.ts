/** Everything that has to be known before a client secret may be retired: the config, its proof, the registration, the old value. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { Masker } from '../../base/masking.ts';
import type { AppConfig, OldSecret, PlanWarning } from '../../appConfig/types.ts';
import type { RegisteredSecret, Registration } from '../../azure/types.ts';
import { freshProof, proofsOf, setupOf } from '../../setup/index.ts';
import type { AppliedSetup, JournalProof } from '../../setup/index.ts';
import { configsIn, relative, rootsFor, workspaceConfigs } from '../commands/appConfigs.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { chooseApplication } from './application.ts';
import type { AskedApplication, ChosenApplication } from './application.ts';
import { sameRegistration, unclearWarnings } from './sameRegistration.ts';

/** A proof older than this says too little about today, in ms. */
const proofLasts = 24 * 3_600_000;

export interface Retirement {
  readonly config: AppConfig;
  readonly roots: readonly string[];
  readonly application: ChosenApplication;
  readonly registration: Registration;
  readonly proof: JournalProof;
  readonly setup?: AppliedSetup;
  /** Lines that set the old secret. Holds secrets; the masker knows them. */
  readonly old: readonly OldSecret[];
  /** Whether somebody is there to sign in; see `Run.maySignIn`. */
  readonly maySignIn: boolean;
  /** Other apps of the workspace that may lose their secret too. */
  readonly warnings: readonly PlanWarning[];
}

/**
 * Rejects with `app-still-uses-secret`, `secret-still-used`, `proof-needed`, `certificate-not-registered`, and as finding
 * the registration does.
 */
export async function gatherRetirement(
  asked: AskedApplication,
  title: string,
  services: Services,
  masker: Masker,
  { interactive, maySignIn }: { readonly interactive: boolean; readonly maySignIn: boolean },
): Promise<Retirement> {
  const all = services.roots().length > 0 ? await workspaceConfigs(services) : [];
  const named = asked.config === undefined ? all : await configsIn(asked.config, undefined, services);
  const config = await chooseConfig(named, asked.application, title, services, interactive);
  const appId = asked.application ?? config.clientId?.value;
  const wanted = { ...asked, config: config.file, ...(appId === undefined ? {} : { application: appId }) };
  const application = await chooseApplication(wanted, title, services, interactive);
  const others = sameRegistration(all, config, application.appId);
  if (others.usesSecret !== undefined) throw stillUsed(others.usesSecret);

  const setup = await setupOf(config.file, services.setupPorts);
  const proof = await proofOf(config, setup, application.appId, services);
  const proofs = [proof];
  for (const other of others.switched) {
    const setupOfOther = await setupOf(other.file, services.setupPorts);
    proofs.push(await proofOf(other, setupOfOther, application.appId, services));
  }
  const registration = await withProgress(vscode.l10n.t('Reading the app registration'), (signal) =>
    services.azure().registrations.find(application, { interactive: maySignIn, signal }),
  );
  const now = services.setupPorts.clock.now();
  for (const each of proofs) checkRegistered(registration, each, now);

  const roots = rootsFor(config, services);
  const variable = setup?.variables.secret;
  const request = { config, roots, ...(variable === undefined ? {} : { variable }) };
  const old = await services.appConfigs().oldSecrets(request, services.files);
  masker.add(...old.filter(({ example }) => !example).map(({ value }) => value));
  const warnings = unclearWarnings(others.unclear, registration.displayName, relative);
  return {
    config,
    roots,
    application,
    registration,
    proof,
    old,
    maySignIn,
    warnings,
    ...(setup === undefined ? {} : { setup }),
  };
}

const signsInWithoutSecret = ({ credential }: AppConfig): boolean =>
  credential === 'certificate' || credential === 'assertion';

async function chooseConfig(
  configs: readonly AppConfig[],
  application: string | undefined,
  title: string,
  services: Services,
  interactive: boolean,
): Promise<AppConfig> {
  const mine = configs.filter(
    ({ clientId }) => application === undefined || clientId?.value?.toLowerCase() === application.toLowerCase(),
  );
  const switched = mine.filter(signsInWithoutSecret);
  const [first, second] = switched;
  if (first === undefined) throw stillUsesSecret(mine[0]);
  if (second === undefined || !interactive || application !== undefined) return first;
  const chosen = await services.questions.pick({
    title,
    placeholder: vscode.l10n.t('Whose old client secret is to go?'),
    choices: switched.map((config) => ({
      label: relative(config.file),
      description: config.clientId?.value ?? '',
      icon: 'file-code',
      value: config,
    })),
  });
  return chosen === back ? first : chosen;
}

function stillUsesSecret(config: AppConfig | undefined): ExpectedError {
  return config === undefined
    ? new ExpectedError(
        'no-app-config',
        vscode.l10n.t(
          'No app config of this workspace was found that signs in with a certificate, so it is not known whether the app can do without its secret. Open the folder of the app, or give its config.',
        ),
      )
    : new ExpectedError(
        'app-still-uses-secret',
        vscode.l10n.t(
          '{0} still signs in with the client secret, so nothing was removed. Set it up with a certificate and prove it first.',
          relative(config.file),
        ),
        { file: config.file, line: config.line },
      );
}

/** Another config of the workspace would stop working. */
function stillUsed(other: AppConfig): ExpectedError {
  return new ExpectedError(
    'secret-still-used',
    vscode.l10n.t(
      '{0} signs in to the same app registration with a client secret, so nothing was removed. Set it up with the certificate first.',
      relative(other.file),
    ),
    { file: other.file, line: other.line },
  );
}

/** The proof of the certificate that the config uses now: by its code, by its setup, or where both leave it open by its newest proof. */
async function proofOf(
  config: AppConfig,
  setup: AppliedSetup | undefined,
  appId: string,
  services: Services,
): Promise<JournalProof> {
  const ports = services.setupPorts;
  const fromCode = config.certificate?.thumbprint?.value;
  const follows = setup?.vault?.version === 'latest';
  const [newest] = await proofsOf(config.file, ports);
  const thumbprint =
    fromCode ??
    (follows ? undefined : setup?.certificate.thumbprintSha256) ??
    newest?.thumbprintSha256 ??
    newest?.thumbprintSha1 ??
    '';
  const proof = await freshProof(config.file, thumbprint, proofLasts, ports);
  const isOurs = proof?.clientId === undefined || proof.clientId.toLowerCase() === appId.toLowerCase();
  if (proof !== undefined && isOurs) return proof;
  throw new ExpectedError(
    'proof-needed',
    vscode.l10n.t(
      'Nothing was removed, because it is not proven within the last day that {0} can sign in with its certificate. Run "Client Certificate: Prove Sign-In" first.',
      relative(config.file),
    ),
    { file: config.file },
  );
}

/** Whoever proved may have proven against a certificate that somebody has taken away since. */
function checkRegistered({ certificates, displayName }: Registration, proof: JournalProof, now: number): void {
  const isThere = certificates.some(
    ({ thumbprintSha256, thumbprintSha1, usage, expires }) =>
      usage === 'Verify' &&
      (expires ?? Infinity) > now &&
      ((thumbprintSha256 !== undefined && thumbprintSha256 === proof.thumbprintSha256.toUpperCase()) ||
        (thumbprintSha1 !== undefined && thumbprintSha1 === proof.thumbprintSha1?.toUpperCase())),
  );
  if (isThere) return;
  throw new ExpectedError(
    'certificate-not-registered',
    vscode.l10n.t(
      'Nothing was removed, because {0} does not list the proven certificate any more. Upload it again and prove the sign-in.',
      displayName,
    ),
  );
}

/** Which of the secrets the workspace's value can be: hints have three characters, so several can match. */
export function matchingSecrets({
  secrets,
  old,
}: Pick<Retirement, 'old'> & { readonly secrets: readonly RegisteredSecret[] }): ReadonlySet<string> {
  const values = old.filter(({ example, value }) => !example && value !== '').map(({ value }) => value);
  const matches = secrets.filter(({ hint }) => hint !== undefined && values.some((value) => value.startsWith(hint)));
  return new Set(matches.map(({ keyId }) => keyId));
}

/** A secret in words: description, hint and end. */
export function describeSecret({ displayName, hint, expires, keyId }: RegisteredSecret): string {
  const name = displayName ?? keyId;
  const until = expires === undefined ? '?' : new Date(expires).toISOString().slice(0, 10);
  return hint === undefined
    ? vscode.l10n.t('"{0}", ends {1}', name, until)
    : vscode.l10n.t('"{0}", begins with {1}…, ends {2}', name, hint, until);
}
