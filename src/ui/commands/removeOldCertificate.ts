/** Remove Old Certificate: after a rotation, when every deployment has switched. Never unattended, never without a proof of the new one. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import { noteOldRemoved, noteProof, proofsOf, proveApp, setupOf, tenantOf } from '../../setup/index.ts';
import type { AppliedSetup, JournalProof, ReplacedCertificate } from '../../setup/index.ts';
import type { RemoveOldCertificateResult } from '../automation/proof.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import { withProgress } from '../progress.ts';
import { describeOldFile as describe, findOldFiles } from '../registering/oldFiles.ts';
import { checkCertificateUnused } from '../registering/otherUsers.ts';
import { proveWithProgress, provingTools } from '../registering/provingTools.ts';
import { checkCloud } from '../registering/otherCloud.ts';
import type { Services } from '../services.ts';
import { candidateConfigs, relative, workspaceConfigs } from './appConfigs.ts';
import { askTenant } from './prove.ts';
import type { Command, Run } from './run.ts';
import { removeOldCertificateSchema } from './schemas.ts';

export const removeOldCertificate: Command<'removeOldCertificate'> = {
  schema: removeOldCertificateSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services): Promise<RemoveOldCertificateResult> {
    const { options } = run;
    const title = vscode.l10n.t('Remove Old Certificate');
    const config = await chooseConfig(
      await candidateConfigs(options.config, undefined, services),
      title,
      services.questions,
      relative,
    );
    const setup = await setupOf(config.file, services.setupPorts);
    if (setup?.rotates === undefined) throw noRotation(config);
    checkCloud(config.authority?.value, services.azure().cloud);
    const appId = config.clientId?.value ?? '';
    const tenant =
      options.tenant ?? tenantOf(config.authority?.value) ?? (await askTenant(config, run, services)) ?? 'common';
    const proof = await proveNow(config, run, services, tenant);
    const call = { interactive: run.interactive };
    const { registrations } = services.azure();
    const registration = await withProgress(vscode.l10n.t('Reading the app registration'), (signal) =>
      registrations.find({ appId, tenant }, { ...call, signal }),
    );
    const { objectId, displayName } = registration;
    const named = { application: registration.appId, registration: { objectId, displayName, tenant } };
    const old = registration.certificates.find((each) => isOld(each, setup));
    const all = services.roots().length > 0 ? await workspaceConfigs(services) : [];
    const left = await findOldFiles(config, setup, services, [...all, config]);
    if (old === undefined) {
      // Some tenants hand no certificates out: then only SHA-1 tells, and where that is not known nothing does.
      const isSure = setup.rotates.thumbprintSha1 ?? registration.certificates.every((each) => each.thumbprintSha256);
      if (isSure !== false) await closeWayBack(config, setup.rotates, run, services);
      return { removed: [], ...named, left };
    }
    if (proof === undefined || isProofOf(proof, old)) throw stillUsed(config, old);
    checkCertificateUnused([...all, config], config, old, relative);
    if (options.confirm !== false) await confirm(old, registration.displayName);
    const outcome = await withProgress(
      vscode.l10n.t('Removing the old certificate'),
      (signal) => registrations.removeCertificate({ appId, tenant }, old.keyId, { ...call, signal }),
      { keepsResult: true },
    );
    run.log(`removed ${outcome.removed.join(', ')} from ${appId}`);
    await closeWayBack(config, setup.rotates, run, services);
    const unconfirmed = outcome.unconfirmed !== undefined;
    if (run.interactive)
      void vscode.window.showInformationMessage(
        [
          unconfirmed
            ? vscode.l10n.t(
                'Microsoft Graph has accepted the removal of the old certificate, but may list it for some minutes more.',
              )
            : vscode.l10n.t('The old certificate is no longer registered.'),
          left.length === 0
            ? ''
            : vscode.l10n.t('Nothing needs these any more; they are left to you: {0}', left.map(describe).join(', ')),
        ]
          .filter((text) => text !== '')
          .join(' '),
      );
    return { removed: outcome.removed, ...named, left, ...(unconfirmed ? { unconfirmed: true } : {}) };
  },
};

/** From now on undoing the rotation would lock the app out. */
async function closeWayBack(
  config: AppConfig,
  removed: ReplacedCertificate,
  run: Run<'removeOldCertificate'>,
  services: Services,
): Promise<void> {
  try {
    await noteOldRemoved(config.file, removed, services.setupPorts, config.clientId?.value);
  } catch (error) {
    // The certificate is gone all the same.
    if (!isExpectedError(error)) throw error;
    run.log(`not noted in the journal: ${error.message}`);
  }
}

/** The app must sign in with the new certificate at this very moment. */
async function proveNow(
  config: AppConfig,
  run: Run<'removeOldCertificate'>,
  services: Services,
  tenant: string,
): Promise<JournalProof | undefined> {
  const tools = provingTools(services, run.masker, run.interactive);
  const home = tenant === 'common' ? {} : { tenant };
  const result = await proveWithProgress((progress) => proveApp(config, tools, { ...home, ...progress }));
  if (!result.ok)
    throw new ExpectedError(
      'not-proven',
      vscode.l10n.t(
        'The old certificate was not removed because the app cannot sign in with its new one yet. {0}',
        result.error?.message ?? '',
      ),
      { file: config.file, line: config.line },
    );
  const [proof] = await proofsOf(config.file, services.setupPorts);
  if (proof !== undefined) await noteProof(config.file, proof, services.setupPorts);
  return proof;
}

/** The certificate that gave the token a moment ago: an app that follows its vault takes the new one only when it is a day old. */
function isProofOf(proof: JournalProof, { thumbprintSha256, thumbprintSha1 }: RegisteredCertificate): boolean {
  const own = [proof.thumbprintSha256, proof.thumbprintSha1].map((each) => each?.toUpperCase());
  return [thumbprintSha256, thumbprintSha1].some((each) => each !== undefined && own.includes(each));
}

function stillUsed({ file, line }: AppConfig, { thumbprintSha1 = '' }: RegisteredCertificate): ExpectedError {
  return new ExpectedError(
    'old-certificate-in-use',
    vscode.l10n.t(
      'The old certificate {0} was not removed because the app still signs in with it. An app that follows its vault switches by itself when the new version is a day old; for any other app take the new values into its environment. Then try again.',
      thumbprintSha1,
    ),
    { file, line },
  );
}

function isOld(
  { thumbprintSha256, thumbprintSha1 }: RegisteredCertificate,
  { rotates, certificate }: AppliedSetup,
): boolean {
  if (thumbprintSha256 !== undefined) {
    if (thumbprintSha256 === certificate.thumbprintSha256) return false;
    if (rotates?.thumbprintSha256 !== undefined) return thumbprintSha256 === rotates.thumbprintSha256;
  }
  return thumbprintSha1 !== undefined && thumbprintSha1 === rotates?.thumbprintSha1;
}

async function confirm(
  { displayName, thumbprintSha1, expires }: RegisteredCertificate,
  application: string,
): Promise<void> {
  const remove = vscode.l10n.t('Remove Old Certificate');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove the old certificate {0} from {1}?', displayName ?? thumbprintSha1 ?? '', application),
    {
      modal: true,
      detail: vscode.l10n.t(
        'It is valid until {0}. Every deployment that still uses it stops signing in, and this cannot be undone here; its .cer file can be uploaded again. This machine was proven with the new certificate a moment ago.',
        expires === undefined ? '?' : new Date(expires).toLocaleString(),
      ),
    },
    remove,
  );
  if (answer !== remove) throw new CancelledError();
}

function noRotation(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'nothing-to-remove',
    vscode.l10n.t(
      'No rotation of {0} is known on this machine, so it is not known which certificate is the old one. Remove it in the portal, or rotate first.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}
