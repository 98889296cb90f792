/** Remove Old Certificate: after a rotation, when every deployment has switched. Never unattended, never without a proof of the new one. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import {
  noteOldRemoved,
  noteProof,
  proofsOf,
  proveApp,
  replacedCertificates,
  setupOf,
  tenantOf,
} from '../../setup/index.ts';
import type { JournalProof, ReplacedBefore, ReplacedCertificate } from '../../setup/index.ts';
import type { RemoveOldCertificateResult } from '../automation/proof.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import { back } from '../questions.ts';
import { withProgress } from '../progress.ts';
import { describeOldFile as describe, findOldFiles } from '../registering/oldFiles.ts';
import { graceEnd, isRegisteredAs, namedAmong, namedForRemoval } from '../registering/oldCertificates.ts';
import { checkCertificateUnused } from '../registering/otherUsers.ts';
import { proveWithProgress, provingTools } from '../registering/provingTools.ts';
import { checkCloud } from '../registering/otherCloud.ts';
import { graceDays } from '../unfinished.ts';
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
    const replaced = setup === undefined ? [] : replacedCertificates(setup, true);
    if (setup === undefined || replaced.length === 0) throw noRotation(config);
    const unattended = options.confirm === false;
    const now = services.setupPorts.clock.now();
    const days = graceDays();
    const named = nameIn(options.thumbprintSha256, replaced, unattended, days, now);
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
    const whose = { application: registration.appId, registration: { objectId, displayName, tenant } };
    const wanted = named === undefined ? replaced : [named];
    const registered = wanted.flatMap((each) => {
      const certificate = registration.certificates.find((one) => isRegisteredAs(one, each));
      return certificate === undefined ? [] : [{ ...each, certificate }];
    });
    const all = services.roots().length > 0 ? await workspaceConfigs(services) : [];
    const left = await findOldFiles(config, setup, services, [...all, config]);
    // Some tenants hand no certificates out: then only SHA-1 tells, and where that is not known nothing does.
    const isListed = registration.certificates.every((each) => each.thumbprintSha256 !== undefined);
    for (const each of wanted) {
      const isThere = registered.some(({ old: other }) => other === each.old);
      const isSure = isListed || each.old.thumbprintSha1 !== undefined;
      if (!isThere && isSure) await closeWayBack(config, each.old, run, services);
    }
    const chosen = await choose(registered, services);
    if (chosen === undefined) return { removed: [], ...whose, left };
    const old = chosen.certificate;
    if (proof === undefined || isProofOf(proof, old)) throw stillUsed(config, old);
    checkCertificateUnused([...all, config], config, old, relative);
    if (!unattended) await confirm(old, registration.displayName, graceEnd(chosen, days, now));
    const outcome = await withProgress(
      vscode.l10n.t('Removing the old certificate'),
      (signal) => registrations.removeCertificate({ appId, tenant }, old.keyId, { ...call, signal }),
      { keepsResult: true },
    );
    run.log(`removed ${outcome.removed.join(', ')} from ${appId}`);
    await closeWayBack(config, chosen.old, run, services);
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
    return { removed: outcome.removed, ...whose, left, ...(unconfirmed ? { unconfirmed: true } : {}) };
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

/** Nobody is asked where nothing may be removed. Rejects as {@link namedForRemoval}. */
function nameIn(
  thumbprint: string | undefined,
  replaced: readonly ReplacedBefore[],
  unattended: boolean,
  days: number,
  now: number,
): ReplacedBefore | undefined {
  if (unattended) return namedForRemoval(replaced, thumbprint, days, now);
  return thumbprint === undefined ? undefined : namedAmong(replaced, thumbprint);
}

type Registered = ReplacedBefore & { readonly certificate: RegisteredCertificate };

/** Of several rotations, the one whose old certificate is to go now. */
async function choose(registered: readonly Registered[], services: Services): Promise<Registered | undefined> {
  const [only] = registered;
  if (registered.length < 2) return only;
  const chosen = await services.questions.pick({
    title: vscode.l10n.t('Remove Old Certificate'),
    placeholder: vscode.l10n.t('Which old certificate is to be removed?'),
    choices: registered.map((each) => ({
      label: each.certificate.displayName ?? each.certificate.thumbprintSha1 ?? '',
      description: each.certificate.thumbprintSha256 ?? each.certificate.thumbprintSha1 ?? '',
      icon: 'file',
      value: each,
    })),
  });
  if (chosen === back) throw new CancelledError();
  return chosen;
}

async function confirm(
  { displayName, thumbprintSha1, expires }: RegisteredCertificate,
  application: string,
  graceUntil: number | undefined,
): Promise<void> {
  const consequence = vscode.l10n.t(
    'It is valid until {0}. Every deployment that still uses it stops signing in, and this cannot be undone here; its .cer file can be uploaded again. This machine was proven with the new certificate a moment ago.',
    expires === undefined ? '?' : new Date(expires).toLocaleString(),
  );
  const early =
    graceUntil === undefined
      ? []
      : [
          vscode.l10n.t(
            'The days that deployments have to switch are not over: they end on {0}.',
            new Date(graceUntil).toLocaleString(),
          ),
        ];
  const remove = vscode.l10n.t('Remove Old Certificate');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Remove the old certificate {0} from {1}?', displayName ?? thumbprintSha1 ?? '', application),
    {
      modal: true,
      detail: [...early, consequence].join('\n\n'),
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
