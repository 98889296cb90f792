/** Rotation of an app that takes its key from a vault, or has the vault sign; also where the vault has renewed by itself. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CallOptions, VaultCertificateDetails, VaultClient } from '../../azure/types.ts';
import { tenantOf } from '../../setup/index.ts';
import type { AppliedSetup, ReplacedCertificate, SetupChoices } from '../../setup/index.ts';
import type { RotateOptions, RotateResult } from '../automation/proof.ts';
import { withProgress } from '../progress.ts';
import { registeredCertificates } from '../registering/provingTools.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import type { UsedVault } from '../registering/vaultIdentity.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';
import { rootsFor } from './appConfigs.ts';
import { rotateFollowing } from './rotateFollowing.ts';
import type { Checked, Run } from './run.ts';
import { planReviewApply } from './setUpApply.ts';
import { referenceOf } from './vaultMaterial.ts';
import { versionFollowed } from './versionFollowed.ts';

/** An app whose certificate is in a vault. */
export interface VaultApp {
  readonly config: AppConfig;
  readonly used: UsedVault;
  /** Absent where it was configured by hand, or on another machine. */
  readonly setup?: AppliedSetup;
}

/**
 * The vault's newest version where the app does not use it yet, or the directory does not know it: whoever made it (the auto-renew trap), it only
 * has to be registered. Else a new one, with the certificate's own policy.
 */
export async function rotateInVault(
  app: VaultApp,
  run: Run<'rotate'>,
  services: Services,
  way: RegistrationWay,
): Promise<RotateResult> {
  const { config, used, setup } = app;
  const { certificate: name, origin } = used.reference;
  const { client, next, replaced } = await withProgress(
    vscode.l10n.t('Looking for the newest version of {0}', name),
    async (signal) => {
      const call = { interactive: run.interactive, signal };
      const opened = await openVault(services, origin, call);
      const current = await versionInUse(used, opened, services, call);
      const chosen = await versionWanted(run.options, used, opened, call);
      const version = chosen ?? (await nextVersion(app, current, opened, services, way, call));
      return { client: opened, next: version, replaced: await replacedBy(version, current, app, opened, call) };
    },
  );
  run.log(`next version of ${name} in ${origin}: ${next.version ?? ''}`);
  const material = await services.certificates().openPublic(next.certificateDer ?? new Uint8Array());
  if (used.reference.version === 'latest')
    return rotateFollowing({ app, client, next, material, replaced }, run, services, way);
  const choices: SetupChoices = {
    config,
    material,
    keyFrom: used.keyFrom,
    vault: { ...referenceOf(client, next, false), ...setup?.vault, version: next.version ?? '' },
    passphrase: 'none',
    roots: rootsFor(config, services),
    folder: services.certificateFolder(config.appRoot),
    register: way.register,
    rotates: { ...replaced, version: used.reference.version },
  };
  const outcome = await planReviewApply(choices, run, services, way, { onApplied: () => undefined });
  if (outcome.status === 'nothing-to-do')
    throw new ExpectedError('nothing-to-rotate', outcome.reason, { file: config.file, line: config.line });
  return { ...outcome.result, replaced };
}

/** Undefined where the vault has none that an app could use. */
async function versionInUse(
  { reference: { version, certificate } }: UsedVault,
  client: VaultClient,
  services: Services,
  call: CallOptions,
): Promise<string | undefined> {
  if (version !== 'latest') return version;
  try {
    return await versionFollowed(client, certificate, services.setupPorts.clock.now(), call);
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'certificate-disabled') return undefined;
    throw error;
  }
}

/** The version that was given. Rejects with `invalid-options` for a certificate that the app does not use. */
async function versionWanted(
  { certificate }: Checked<RotateOptions>,
  { reference }: UsedVault,
  client: VaultClient,
  call: CallOptions,
): Promise<VaultCertificateDetails | undefined> {
  if (certificate === undefined) return undefined;
  const isSame = certificate.kind === 'vault' && certificate.name.toLowerCase() === reference.certificate.toLowerCase();
  if (!isSame)
    throw new ExpectedError(
      'invalid-options',
      vscode.l10n.t(
        'The app uses the certificate {0} of the vault {1}, so it is rotated to another version of it: leave "certificate" out, or give "kind": "vault" with this name and a version. For another certificate run "Client Certificate: Undo Setup" until the app has its client secret again, then set it up with that certificate; where it was not set up here, put the other name and version in place of the old ones by hand, upload the certificate and prove the sign-in.',
        reference.certificate,
        client.vault.name,
      ),
      { data: { option: 'certificate' } },
    );
  const { version } = certificate;
  return version === undefined ? undefined : client.get({ name: reference.certificate, version }, call);
}

async function nextVersion(
  { config, used, setup }: VaultApp,
  current: string | undefined,
  client: VaultClient,
  services: Services,
  { tenant }: RegistrationWay,
  call: CallOptions,
): Promise<VaultCertificateDetails> {
  const { certificate: name, version: named } = used.reference;
  const newest = await client.get({ name }, call);
  const now = services.setupPorts.clock.now();
  const isUsable = newest.enabled && newest.certificateDer !== undefined && (newest.expires ?? Infinity) > now;
  if (isUsable && newest.version !== current) return newest;
  if (isUsable && named === 'latest') {
    // The app has switched by itself; whether anybody told the directory is another question.
    const home = tenant ?? tenantOf(config.authority?.value);
    const listed = await registeredCertificates(services, config.clientId?.value ?? '', home, call.signal);
    const { thumbprintSha256 } = newest;
    const isRegistered =
      listed?.some((each) => each.thumbprintSha256 === thumbprintSha256) ??
      (setup === undefined || setup.certificate.thumbprintSha256 === thumbprintSha256);
    if (!isRegistered) return newest;
  }
  const outcome = await client.renew(name, call);
  if (outcome.status !== 'completed')
    throw new ExpectedError(
      'renewal-not-completed',
      vscode.l10n.t(
        'The new version of {0} is not completed: the vault waits for its certificate authority. Complete it in the vault, then rotate again.',
        name,
      ),
    );
  return outcome.certificate;
}

/** The version that the app leaves, else the one that its setup knew. */
async function replacedBy(
  next: VaultCertificateDetails,
  current: string | undefined,
  { used, setup }: VaultApp,
  client: VaultClient,
  call: CallOptions,
): Promise<ReplacedCertificate> {
  const known =
    current === undefined || current === next.version
      ? setup?.certificate
      : await client.get({ name: used.reference.certificate, version: current }, call);
  const { thumbprintSha256, thumbprintSha1 } = known ?? {};
  if (thumbprintSha256 === undefined || thumbprintSha256 === next.thumbprintSha256) return {};
  return { thumbprintSha256, ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }) };
}
