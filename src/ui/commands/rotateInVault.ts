/** Rotation of an app that takes its key from a vault, or has the vault sign; also where the vault has renewed by itself. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CallOptions, VaultCertificateDetails, VaultClient } from '../../azure/types.ts';
import type { AppliedSetup, SetupChoices } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';
import type { RotateResult } from '../automation/proof.ts';
import { rootsFor } from './appConfigs.ts';
import type { Run } from './run.ts';
import { planReviewApply, portsFor } from './setUpApply.ts';

/**
 * The vault's newest version where the app does not use it yet: whoever made it (the auto-renew trap), it only has to be registered. Else a
 * new one, with the certificate's own policy.
 */
export async function rotateInVault(
  config: AppConfig,
  setup: AppliedSetup,
  run: Run<'rotate'>,
  services: Services,
  way: RegistrationWay,
): Promise<RotateResult> {
  const { vault } = setup;
  if (vault === undefined) throw new Error('The setup has no vault.');
  const next = await withProgress(
    vscode.l10n.t('Looking for the newest version of {0}', vault.certificate),
    async (signal) => {
      const call = { interactive: run.interactive, signal };
      const client = await openVault(services, vault.origin, call);
      return nextVersion(client, vault.certificate, setup, call);
    },
  );
  run.log(`next version of ${vault.certificate} in ${vault.origin}: ${next.version ?? ''}`);
  const material = await services.certificates().openPublic(next.certificateDer ?? new Uint8Array());
  const follows = vault.version === 'latest';
  const replaced = {
    thumbprintSha256: setup.certificate.thumbprintSha256,
    thumbprintSha1: setup.certificate.thumbprintSha1,
  };
  const choices: SetupChoices = {
    config,
    material,
    keyFrom: setup.keyFrom,
    vault: follows ? vault : { ...vault, version: next.version ?? '' },
    passphrase: 'none',
    roots: rootsFor(config, services),
    folder: services.certificateFolder(config.appRoot),
    register: way.register,
    rotates: { ...replaced, ...(follows ? {} : { version: vault.version }) },
  };
  if (follows) return registerOnly(config, choices, run, services, way, replaced);
  const outcome = await planReviewApply(choices, run, services, way, { onApplied: () => undefined });
  if (outcome.status === 'nothing-to-do')
    throw new ExpectedError('nothing-to-rotate', outcome.reason, { file: config.file, line: config.line });
  return { ...outcome.result, replaced };
}

async function nextVersion(
  client: VaultClient,
  name: string,
  setup: AppliedSetup,
  call: CallOptions,
): Promise<VaultCertificateDetails> {
  const newest = await client.get({ name }, call);
  const isUsable = newest.enabled && newest.certificateDer !== undefined && (newest.expires ?? Infinity) > Date.now();
  if (isUsable && newest.thumbprintSha256 !== setup.certificate.thumbprintSha256) return newest;
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

/** An app that follows its vault takes the new version by itself when it is a day old: it only has to be registered by then. */
async function registerOnly(
  config: AppConfig,
  { material, keyFrom }: SetupChoices,
  run: Run<'rotate'>,
  services: Services,
  way: RegistrationWay,
  replaced: RotateResult['replaced'],
): Promise<RotateResult> {
  const { thumbprintSha256 = '', thumbprintSha1 = '', notAfter = '' } = material.description;
  const { registrar } = portsFor(run.masker, services, way);
  const subject = { config, certificate: material.description, certificateDer: material.certificateDer };
  const outcome = await withProgress(vscode.l10n.t('Uploading the certificate'), async (signal) =>
    way.register ? registrar?.register(subject, signal) : undefined,
  );
  return {
    config: config.file,
    keyFrom,
    thumbprintSha256,
    thumbprintSha1,
    notAfter,
    files: {},
    changed: [],
    warnings: outcome?.status === 'unconfirmed' ? [outcome.reason] : [],
    registered: outcome?.status === 'confirmed',
    proven: false,
    replaced,
  };
}
