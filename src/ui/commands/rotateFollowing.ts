/** Rotation of an app that follows its vault: no file changes, the new version is registered and proven before the app switches to it by itself. */
import * as vscode from 'vscode';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { VaultCertificateDetails, VaultClient } from '../../azure/types.ts';
import { noteRotation, proveIdentity } from '../../setup/index.ts';
import type { JournalProof, ReplacedCertificate, SetupChoices } from '../../setup/index.ts';
import type { RotateResult } from '../automation/proof.ts';
import { withProgress } from '../progress.ts';
import { proveWithProgress, provingTools } from '../registering/provingTools.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import { versionIdentity } from '../registering/vaultIdentity.ts';
import type { Services } from '../services.ts';
import type { VaultApp } from './rotateInVault.ts';
import type { Run } from './run.ts';
import { portsFor } from './setUpApply.ts';
import { grace } from './versionFollowed.ts';

export interface FollowingRotation {
  readonly app: VaultApp;
  readonly client: VaultClient;
  /** The version that the app will switch to. */
  readonly next: VaultCertificateDetails;
  readonly material: SetupChoices['material'];
  readonly replaced: ReplacedCertificate;
}

/** Uploads and proves the new version explicitly: what the app itself signs in with today is the old one, for a day. */
export async function rotateFollowing(
  rotation: FollowingRotation,
  run: Run<'rotate'>,
  services: Services,
  way: RegistrationWay,
): Promise<RotateResult> {
  const { app, next, material, replaced } = rotation;
  const { config, used } = app;
  const { thumbprintSha256 = '', thumbprintSha1 = '', notAfter = '', subject = '' } = material.description;
  const { registrar } = portsFor(run.masker, services, way);
  const about = { config, certificate: material.description, certificateDer: material.certificateDer };
  const outcome = await withProgress(vscode.l10n.t('Uploading the certificate'), async (signal) =>
    way.register ? registrar?.register(about, signal) : undefined,
  );
  const registered = outcome?.status === 'confirmed';
  const proof = registered ? await proveNext(rotation, run, services, way) : undefined;
  if (registered) {
    const pem = services.certificates().certificatePem(material.certificateDer);
    const noted =
      proof?.isProven === true ? journalProof(config.clientId?.value, proof, thumbprintSha256, services) : undefined;
    const certificate = { subject, thumbprintSha256, thumbprintSha1, notAfter, pem };
    await noteRotation(config.file, certificate, replaced, noted, services.setupPorts);
  }
  const warnings: PlanWarning[] = [
    ...(outcome?.status === 'unconfirmed' ? [outcome.reason] : []),
    ...(proof?.reason === undefined ? [] : [{ ...proof.reason, file: config.file }]),
    ...switchesLater(next, config.file, services.setupPorts.clock.now()),
  ];
  const result = {
    config: config.file,
    keyFrom: used.keyFrom,
    vault: { ...used.reference, ...app.setup?.vault },
    thumbprintSha256,
    thumbprintSha1,
    notAfter,
    files: {},
    changed: [],
    warnings,
    registered,
    proven: proof?.isProven === true,
    replaced,
  } satisfies RotateResult;
  if (run.interactive) tell(result, used.reference.certificate);
  return result;
}

/** No page: nothing on this machine has changed. */
function tell({ proven, registered, warnings }: RotateResult, certificate: string): void {
  const [head, show] = proven
    ? [
        vscode.l10n.t('The new version of {0} is registered, and tokens were issued for it.', certificate),
        vscode.window.showInformationMessage,
      ]
    : [
        registered
          ? vscode.l10n.t('The new version of {0} is registered, but not proven.', certificate)
          : vscode.l10n.t('The new version of {0} is not registered.', certificate),
        vscode.window.showWarningMessage,
      ];
  void show([head, ...warnings.map(({ message }) => message)].join(' '));
}

interface NextProof {
  readonly isProven: boolean;
  readonly algorithm?: string;
  readonly reason?: PlanWarning;
}

/** A token with the new version, asked for as the app will. A failure is told: the certificate is registered, waiting may be all it takes. */
async function proveNext(
  { app, client, next }: FollowingRotation,
  run: Run<'rotate'>,
  services: Services,
  { tenant }: RegistrationWay,
): Promise<NextProof> {
  const { clientId, authority, knownAuthorities, msal } = app.config;
  // Without the file: what is kept as the app's own proof is of the certificate that it uses now.
  const asked = {
    msal,
    ...(clientId === undefined ? {} : { clientId }),
    ...(authority === undefined ? {} : { authority }),
    ...(knownAuthorities === undefined ? {} : { knownAuthorities }),
  };
  const tools = provingTools(services, run.masker, run.interactive);
  try {
    const result = await proveWithProgress(async (progress) => {
      const call = { interactive: run.interactive, signal: progress.signal };
      const name = { name: next.name, version: next.version ?? '' };
      const identity = await versionIdentity(app.config, app.used.keyFrom, client, name, services, call);
      const home = tenant === undefined ? {} : { tenant };
      return proveIdentity(asked, identity, tools, { ...home, ...progress, registered: true });
    });
    const { ok, algorithm, error } = result;
    return {
      isProven: ok,
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(error === undefined ? {} : { reason: { code: error.code, message: error.message } }),
    };
  } catch (error) {
    if (isCancelled(error)) return { isProven: false, reason: left() };
    if (!isExpectedError(error)) throw error;
    return { isProven: false, reason: { code: error.code, message: error.message } };
  }
}

function journalProof(
  clientId: string | undefined,
  { algorithm = '' }: NextProof,
  thumbprintSha256: string,
  { setupPorts: { clock } }: Services,
): JournalProof {
  const at = new Date(clock.now()).toISOString();
  return { at, thumbprintSha256, algorithm, ...(clientId === undefined ? {} : { clientId }) };
}

function left(): PlanWarning {
  return {
    code: 'not-proven',
    message: vscode.l10n.t(
      'The proof was left, so it is not known yet whether the app can sign in with the new version. Rotate again before the app switches to it: that only proves it.',
    ),
  };
}

/** Empty where the app has switched already. */
function switchesLater({ created, name }: VaultCertificateDetails, file: string, now: number): PlanWarning[] {
  const at = (created ?? now) + grace;
  if (at <= now) return [];
  return [
    {
      code: 'switches-later',
      message: vscode.l10n.t(
        'No file has to change: the app switches to the new version of {0} by itself when that is a day old, at {1}. Until then it signs in with the old certificate, which has to stay registered.',
        name,
        new Date(at).toLocaleString(),
      ),
      file,
    },
  ];
}
