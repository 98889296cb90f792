/** Remove Old Certificate: after a rotation, when every deployment has switched. Never unattended, never without a proof of the new one. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import { noteProof, proofsOf, proveApp, setupOf, tenantOf } from '../../setup/index.ts';
import type { AppliedSetup } from '../../setup/index.ts';
import type { RemoveOldCertificateResult } from '../automation/proof.ts';
import { withProgress } from '../progress.ts';
import { proveWithProgress, provingTools } from '../registering/provingTools.ts';
import type { Services } from '../services.ts';
import { candidateConfigs } from './appConfigs.ts';
import { askTenant, chooseConfig } from './prove.ts';
import type { Command, Run } from './run.ts';
import { removeOldCertificateSchema } from './schemas.ts';

export const removeOldCertificate: Command<'removeOldCertificate'> = {
  schema: removeOldCertificateSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services): Promise<RemoveOldCertificateResult> {
    const { options } = run;
    const config = await chooseConfig(await candidateConfigs(options.config, undefined, services), services);
    const setup = await setupOf(config.file, services.setupPorts);
    if (setup?.rotates === undefined) throw noRotation(config);
    const appId = config.clientId?.value ?? '';
    const tenant =
      options.tenant ?? tenantOf(config.authority?.value) ?? (await askTenant(config, run, services)) ?? 'common';
    await proveNow(config, run, services, tenant);
    const call = { interactive: run.interactive };
    const { registrations } = services.azure();
    const registration = await withProgress(vscode.l10n.t('Reading the app registration'), (signal) =>
      registrations.find({ appId, tenant }, { ...call, signal }),
    );
    const old = registration.certificates.find((each) => isOld(each, setup));
    if (old === undefined) return { removed: [], application: appId };
    if (options.confirm !== false) await confirm(old, registration.displayName);
    const outcome = await withProgress(vscode.l10n.t('Removing the old certificate'), (signal) =>
      registrations.removeCertificate({ appId, tenant }, old.keyId, { ...call, signal }),
    );
    run.log(`removed ${outcome.removed.join(', ')} from ${appId}`);
    if (run.interactive)
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The old certificate is no longer registered. Its key files are left to you: nothing needs them now.',
        ),
      );
    return { removed: outcome.removed, application: appId };
  },
};

/** The app must sign in with the new certificate at this very moment. */
async function proveNow(
  config: AppConfig,
  run: Run<'removeOldCertificate'>,
  services: Services,
  tenant: string,
): Promise<void> {
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
