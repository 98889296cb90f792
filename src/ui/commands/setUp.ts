/** Set Up Client Certificate: choose, plan, review, apply. No file is changed before the review is answered with Apply. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { AppConfig, PlanWarning } from '../../appConfig/types.ts';
import { countsOnCertificate } from '../../setup/index.ts';
import type { PlannedSetup, SetUpResult, SetupChoices } from '../../setup/index.ts';
import type { RegistrationAnswer } from '../flows/registrationStep.ts';
import { defaultPassphrase } from '../flows/setUpFlow.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import type { Services } from '../services.ts';
import { candidateConfigs, rootsFor } from './appConfigs.ts';
import { checkUsed } from './checkUsed.ts';
import { createScratch } from './external.ts';
import type { Scratch } from './external.ts';
import { rotateInstead } from './rotateInstead.ts';
import type { Command, Run } from './run.ts';
import { setUpSchema } from './schemas.ts';
import { registrationWay } from '../registering/registrationWay.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import { createSignedInCheck } from '../registering/signedIn.ts';
import { planReviewApply } from './setUpApply.ts';
import { chooseSetUp, rememberChoices } from './setUpChoose.ts';
import { createMaterials } from './setUpMaterial.ts';

export const setUp: Command<'setUp'> = {
  schema: setUpSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const programs = process.platform === 'win32' ? (['openssl', 'powershell'] as const) : (['openssl'] as const);
    const outcome = await performSetUp(run, services, {
      title: vscode.l10n.t('Set Up Client Certificate'),
      ways: ['selfSigned', ...programs, 'file', 'vault', 'vaultNew'],
    });
    if (outcome.status === 'nothing-to-do') throw nothingToDo(outcome.config, outcome.reason);
    return outcome.result;
  },
};

/** What the caller answered beforehand. */
export interface SetUpWish {
  readonly title: string;
  readonly ways: readonly ChosenCertificate['kind'][];
  /** False: the command rewrites the app and nothing else. */
  readonly register?: false;
  /** An app that has a certificate has to have the one that is asked for; otherwise it rejects as {@link checkUsed} does. */
  readonly checksUsed?: true;
}

export type SetUpOutcome =
  { readonly status: 'done'; readonly result: SetUpResult } | Exclude<PlannedSetup, { status: 'plan' }>;

/** The whole job; also behind Use Certificate in App. */
export async function performSetUp(run: Run<'setUp'>, services: Services, wish: SetUpWish): Promise<SetUpOutcome> {
  const { options } = run;
  const configs = await candidateConfigs(options.config, options.line, services);
  const open = configs.filter(({ credential }) => credential !== 'certificate' && credential !== 'assertion');
  const [first] = configs;
  if (open.length === 0 && first !== undefined) {
    const done = alreadyDone(first);
    if (run.interactive) return rotateInstead(configs, done.reason, run, services, wish);
    if (wish.checksUsed === true) await checkUsed(configs, run, services);
    return done;
  }
  const scratch = createScratch();
  try {
    return await chooseAndApply(open, run, services, wish, scratch);
  } finally {
    await scratch.dispose();
  }
}

async function chooseAndApply(
  open: readonly AppConfig[],
  run: Run<'setUp'>,
  services: Services,
  wish: SetUpWish,
  scratch: Scratch,
): Promise<SetUpOutcome> {
  const { options } = run;
  const materials = createMaterials(run, services);
  const { register, tenant } = { ...options, ...(wish.register === undefined ? {} : { register: wish.register }) };
  const signedIn = run.interactive && register === undefined ? createSignedInCheck(services, tenant) : undefined;
  const tools = { ...wish, scratch, materials, ...(signedIn === undefined ? {} : { signedIn }) };
  const answers = await chooseSetUp(open, run, services, tools).finally(() => signedIn?.dispose());
  const { config, certificate, keyFrom = 'file', registration } = answers;
  if (config === undefined || certificate === undefined) throw new CancelledError();
  // What would be declined after all is not made or fetched, and nobody is asked to sign in for it.
  await materials.checkApp(config, keyFrom);

  const wayOf = (answer: RegistrationAnswer | undefined): Promise<RegistrationWay> =>
    registrationWay(
      config,
      {
        interactive: run.interactive,
        ...(register === undefined ? {} : { register }),
        ...(tenant === undefined ? {} : { tenant }),
        ...(answer === undefined ? {} : { answer }),
      },
      services,
    );
  const isOpen = registration === 'inReview';
  // Not asked: somebody is signed in.
  const answer = signedIn === undefined || isOpen ? undefined : (registration ?? 'signIn');
  const way: RegistrationWay = isOpen ? { register: true, interactive: false } : await wayOf(answer);
  const made = await materials.make(certificate, keyFrom, config);
  const choices: SetupChoices = {
    config,
    material: made.material,
    ...(made.vault === undefined ? {} : { vault: made.vault }),
    keyFrom,
    passphrase: answers.passphrase ?? (keyFrom === 'file' ? defaultPassphrase(config) : 'none'),
    roots: rootsFor(config, services),
    folder: services.certificateFolder(config.appRoot),
    ...(certificate.kind === 'file'
      ? { source: { certificate: certificate.file, privateKey: certificate.privateKey ?? certificate.file } }
      : {}),
    register: way.register,
    ...(way.rewriteNow === undefined ? {} : { rewriteNow: way.rewriteNow }),
    ...(options.prove === undefined ? {} : { prove: options.prove }),
  };
  const progress = { isApplied: false };
  try {
    const outcome = await planReviewApply(choices, run, services, way, {
      ...(made.notice === undefined ? {} : { notice: made.notice }),
      ...(isOpen ? { wayOf } : {}),
      onApplied: () => {
        progress.isApplied = true;
      },
    });
    if (outcome.status !== 'done') return outcome;
    await rememberChoices(answers, services);
    const isUnused = keyFrom !== 'file' && (options.passphrase ?? 'none') !== 'none';
    if (!isUnused) return outcome;
    return { ...outcome, result: { ...outcome.result, warnings: [...outcome.result.warnings, unused(config)] } };
  } finally {
    // A certificate that was made in a vault for this setup goes again, however the setup was left, unless the app has it already.
    const { thumbprintSha256 } = made.material.description;
    if (!progress.isApplied && !(await countsOnCertificate(config.file, thumbprintSha256, services.setupPorts)))
      await made.takeBack?.();
  }
}

/** Whoever gave a pass phrase may count on the key being encrypted. */
function unused({ file, line }: AppConfig): PlanWarning {
  return {
    code: 'passphrase-unused',
    message: vscode.l10n.t(
      'The pass phrase was not used: only a key in a file is encrypted. The app gets its key in another way.',
    ),
    file,
    line,
  };
}

function alreadyDone(config: AppConfig): Exclude<SetUpOutcome, { status: 'done' }> {
  return {
    status: 'nothing-to-do',
    config,
    reason:
      config.credential === 'assertion'
        ? vscode.l10n.t('It authenticates with client assertions already.')
        : vscode.l10n.t('It authenticates with a certificate already.'),
    warnings: [],
  };
}

function nothingToDo(config: AppConfig, reason: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-do',
    vscode.l10n.t(
      'There is nothing to set up in {0}. {1} "Client Certificate: Rotate Certificate" gives it another certificate, "Client Certificate: Check App Config" looks at it.',
      config.file,
      reason,
    ),
    { file: config.file, line: config.line },
  );
}
