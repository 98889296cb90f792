/** Rotate Certificate: a new one beside the old one, uploaded and proven before the old one may go. Repairs an app whose certificate is no good any more. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { countsOnCertificate, readReplaceable, setupOf } from '../../setup/index.ts';
import type { AppliedSetup, ReplaceableCredential, ReplacedCertificate, SetupChoices } from '../../setup/index.ts';
import type { RotateResult } from '../automation/proof.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import { isInVault } from '../flows/inVault.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import { provingTools } from '../registering/provingTools.ts';
import { registrationWay } from '../registering/registrationWay.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import { usedVault } from '../registering/vaultIdentity.ts';
import type { Services } from '../services.ts';
import { candidateConfigs, relative, rootsFor } from './appConfigs.ts';
import { createScratch } from './external.ts';
import { chooseNewCertificate } from './rotateChoose.ts';
import type { RotationWish } from './rotateChoose.ts';
import { rotateInVault } from './rotateInVault.ts';
import type { Command, Run } from './run.ts';
import { rotateSchema } from './schemas.ts';
import { planReviewApply } from './setUpApply.ts';
import { createMaterials } from './setUpMaterial.ts';
import type { MadeMaterial } from './setUpMaterial.ts';

export const rotate: Command<'rotate'> = {
  schema: rotateSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const { options } = run;
    const configs = await candidateConfigs(options.config, options.line, services);
    return rotateApp(configs, run, services, { title: vscode.l10n.t('Rotate Certificate') });
  },
};

/** The whole job; also what Set Up and Use Certificate in App offer for an app that has a certificate. */
export async function rotateApp(
  configs: readonly AppConfig[],
  run: Run<'rotate'>,
  services: Services,
  wish: RotationWish,
): Promise<RotateResult> {
  const config = await chooseConfig(configs, wish.title, services.questions, relative);
  const setup = await setupOf(config.file, services.setupPorts);
  const { tenant } = run.options;
  const findWay = () =>
    registrationWay(config, { interactive: run.interactive, ...(tenant === undefined ? {} : { tenant }) }, services);
  const used = await usedVault(config, services);
  if (used !== undefined) {
    const app = { config, used, ...(setup === undefined ? {} : { setup }) };
    return rotateInVault(app, run, services, await findWay());
  }
  const current = await currentCredential(config, run, services, setup);
  await checkRotation(config, current, services);
  const scratch = createScratch();
  try {
    const certificate = await chooseNewCertificate(config, current, run, services, { ...wish, scratch });
    return await replace({ config, current, certificate }, run, services, await findWay());
  } finally {
    await scratch.dispose();
  }
}

interface Replacement {
  readonly config: AppConfig;
  readonly current: ReplaceableCredential;
  readonly certificate: ChosenCertificate;
}

async function replace(
  { config, current, certificate }: Replacement,
  run: Run<'rotate'>,
  services: Services,
  way: RegistrationWay,
): Promise<RotateResult> {
  const { keyFrom } = current;
  const setUpRun = run as unknown as Run<'setUp'>;
  const made = await createMaterials(setUpRun, services).make(certificate, keyFrom, config);
  const replaced = otherThan(made.material, current);
  const { keyFile } = config.certificate ?? {};
  const choices: SetupChoices = {
    config,
    material: made.material,
    keyFrom,
    passphrase: keyFrom === 'file' ? (current.passphrase ?? 'none') : 'none',
    roots: rootsFor(config, services),
    ...(keyFile === undefined
      ? { folder: services.certificateFolder(config.appRoot) }
      : { folder: path.dirname(keyFile), name: path.basename(keyFile, path.extname(keyFile)) }),
    register: way.register,
    rotates: withEnd(replaced, current),
  };
  const progress = { isApplied: false };
  try {
    if (current.repairs.length === 0 && replaced !== current.replaced)
      throw nothing(config, vscode.l10n.t('The app uses this very certificate.'));
    const notice = noticeFor(certificate, made);
    const outcome = await planReviewApply(choices, setUpRun, services, way, {
      ...(notice === undefined ? {} : { notice }),
      onApplied: () => {
        progress.isApplied = true;
      },
    });
    if (outcome.status === 'nothing-to-do') throw nothing(config, outcome.reason);
    return { ...outcome.result, replaced };
  } finally {
    // A certificate that was made in a vault for this rotation goes again, unless the app has it already.
    const { thumbprintSha256 } = made.material.description;
    if (!progress.isApplied && !(await countsOnCertificate(config.file, thumbprintSha256, services.setupPorts)))
      await made.takeBack?.();
  }
}

/** The old certificate, which an app that gets its own certificate's key back does not have. */
function otherThan(
  { description }: MadeMaterial['material'],
  { replaced }: ReplaceableCredential,
): ReplacedCertificate {
  const isSame =
    (replaced.thumbprintSha256 ?? '') === description.thumbprintSha256 ||
    (replaced.thumbprintSha1 ?? '') === description.thumbprintSha1;
  return isSame ? {} : replaced;
}

/** Undoing must not bring back a certificate that has expired by then. */
function withEnd(replaced: ReplacedCertificate, { certificate }: ReplaceableCredential): ReplacedCertificate {
  const { thumbprintSha256, thumbprintSha1, notAfter } = certificate ?? {};
  const isIt =
    thumbprintSha256 !== undefined &&
    (replaced.thumbprintSha256 === thumbprintSha256 || replaced.thumbprintSha1 === thumbprintSha1);
  return isIt && notAfter !== undefined ? { ...replaced, notAfter } : replaced;
}

/** An app that has its key on this machine gets the new one there too, wherever it comes from. */
function noticeFor(certificate: ChosenCertificate, { notice }: MadeMaterial): string | undefined {
  if (!isInVault(certificate)) return notice;
  const fetched = vscode.l10n.t(
    'The key of {0} was fetched from the vault, for the app to have it where it has its key now. For an app that takes its key from Key Vault itself, cancel, run "Client Certificate: Undo Setup" and set the app up with this certificate.',
    certificate.name,
  );
  return notice === undefined ? fetched : `${notice} ${fetched}`;
}

/** The credential as the app has it now, whether or not it can sign in with it. */
async function currentCredential(
  config: AppConfig,
  run: Run<'rotate'>,
  services: Services,
  setup: AppliedSetup | undefined,
): Promise<ReplaceableCredential> {
  const tools = provingTools(services, run.masker, run.interactive);
  const known = setup === undefined || setup.certificate.pem === '' ? [] : [Buffer.from(setup.certificate.pem)];
  const current = await readReplaceable(config, tools, known);
  if (current.repairs.length > 0) run.log(`repairs ${current.repairs.map(({ code }) => code).join(', ')}`);
  return current;
}

/** What would be declined after all is not asked for, fetched or made. Rejects with the reason. Changes nothing. */
async function checkRotation(config: AppConfig, { keyFrom }: ReplaceableCredential, services: Services): Promise<void> {
  const folder = path.dirname(config.certificate?.keyFile ?? config.file);
  await services.appConfigs().planRotation(
    {
      file: config.file,
      line: config.line,
      keyFrom,
      // Stand for what is not known yet.
      thumbprintSha256: '0'.repeat(64),
      thumbprintSha1: '0'.repeat(40),
      roots: rootsFor(config, services),
      ...(keyFrom === 'file' ? { privateKeyPath: path.join(folder, 'certificate.key') } : { privateKeyPem: 'key' }),
    },
    services.files,
  );
}

function nothing(config: AppConfig, reason: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-rotate',
    vscode.l10n.t('Nothing in {0} has to change. {1}', config.file, reason),
    { file: config.file, line: config.line },
  );
}
