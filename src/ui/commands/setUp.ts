/** Set Up Client Certificate: choose, plan, review, apply. Nothing is changed before the review is answered with Apply. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CredentialMaterial } from '../../certificates/types.ts';
import { applySetup, planSetup } from '../../setup/index.ts';
import type { PlannedSetup, SetUpResult, SetupChoices } from '../../setup/index.ts';
import { openCredential } from '../flows/certificateFile.ts';
import { passphraseKind } from '../flows/passphrase.ts';
import { setUpSteps } from '../flows/setUpFlow.ts';
import type { ChosenCertificate, SetUpAnswers, SetUpMemory } from '../flows/setUpFlow.ts';
import { defaultSubject } from '../flows/subject.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { runSteps } from '../steps.ts';
import { resultReport } from '../views/resultReport.ts';
import { candidateConfigs, relative, rootsFor } from './appConfigs.ts';
import { certificateExtensions, completeChoice, packageJsonOf, workspaceFiles } from './certificateFiles.ts';
import { createScratch, makeExternally } from './external.ts';
import type { Scratch } from './external.ts';
import type { Command, Run } from './run.ts';
import { setUpSchema } from './schemas.ts';
import { showCommands } from './showCommands.ts';

const memoryKey = 'setUp';

export const setUp: Command<'setUp'> = {
  schema: setUpSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const outcome = await performSetUp(run, services, {
      title: vscode.l10n.t('Set Up Client Certificate'),
      ways: ['selfSigned', 'openssl', ...(process.platform === 'win32' ? (['powershell'] as const) : []), 'file'],
    });
    if (outcome.status === 'nothing-to-do') throw nothingToDo(outcome.config, outcome.reason);
    return outcome.result;
  },
};

/** What the caller answered beforehand. */
export interface SetUpWish {
  readonly title: string;
  readonly ways: readonly ChosenCertificate['kind'][];
}

export type SetUpOutcome =
  { readonly status: 'done'; readonly result: SetUpResult } | Exclude<PlannedSetup, { status: 'plan' }>;

/** The whole job; also behind Use Certificate in App. */
export async function performSetUp(run: Run<'setUp'>, services: Services, wish: SetUpWish): Promise<SetUpOutcome> {
  const { options } = run;
  const configs = await candidateConfigs(options.config, options.line, services);
  const open = configs.filter((config) => config.credential !== 'certificate');
  const [first] = configs;
  if (open.length === 0 && first !== undefined) return alreadyDone(first);
  const scratch = createScratch();
  try {
    return await askAndApply(open, run, services, wish, scratch);
  } finally {
    await scratch.dispose();
  }
}

async function askAndApply(
  open: readonly AppConfig[],
  run: Run<'setUp'>,
  services: Services,
  wish: SetUpWish,
  scratch: Scratch,
): Promise<SetUpOutcome> {
  const { options } = run;
  const answers = await ask(open, run, services, wish, scratch);
  const { config, certificate } = answers;
  if (config === undefined || certificate === undefined) throw new CancelledError();

  const material = await withProgress(vscode.l10n.t('Making the certificate'), (signal) =>
    materialOf(certificate, services, run, signal),
  );
  const choices: SetupChoices = {
    config,
    material,
    keyFrom: answers.keyFrom ?? 'file',
    passphrase: answers.passphrase ?? (answers.keyFrom === 'environment' ? 'none' : 'generate'),
    roots: rootsFor(config, services),
    folder: services.certificateFolder(config.appRoot),
    register: false,
    prove: false,
  };
  const planned = await plan(choices, services);
  if (planned.status === 'nothing-to-do') return planned;
  run.masker.add(...planned.plan.secrets);
  const decision =
    options.confirm === false ? 'apply' : await services.reviewer.review(planned.plan, { canPutOff: true });
  const final = decision === 'later' ? await plan({ ...choices, rewriteNow: false }, services) : planned;
  if (final.status === 'nothing-to-do') return final;
  run.masker.add(...final.plan.secrets);

  const result = await withProgress(vscode.l10n.t('Applying the setup'), (signal) =>
    applySetup(final.plan, services.setupPorts, { signal }),
  );
  run.log(`applied to ${config.file}; changed ${result.changed.join(', ')}`);
  await remember(answers, services);
  if (run.interactive) showResult(result, config, decision === 'later', services);
  return { status: 'done', result };
}

function plan(choices: SetupChoices, services: Services): Promise<PlannedSetup> {
  const tools = {
    certificates: services.certificates(),
    appConfigs: services.appConfigs(),
    files: services.files,
    clock: services.setupPorts.clock,
  };
  return withProgress(vscode.l10n.t('Planning the setup'), () => planSetup(choices, tools));
}

async function ask(
  configs: readonly AppConfig[],
  run: Run<'setUp'>,
  services: Services,
  wish: SetUpWish,
  scratch: Scratch,
): Promise<SetUpAnswers> {
  const { options } = run;
  const [only] = configs.length === 1 ? configs : configs.filter(usesSecretAlone(configs));
  const packages = new Map<AppConfig, string | undefined>();
  for (const config of configs) packages.set(config, await packageJsonOf(config, services));
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  const steps = setUpSteps({
    configs,
    memory: services.memory.get<SetUpMemory>(memoryKey) ?? {},
    ways: wish.ways,
    certificates: () => services.certificates(),
    defaults: (config) => ({
      subject: defaultSubject(packages.get(config), path.basename(config.appRoot), services.certificates()),
      validityDays: services.defaultValidityDays(config.file),
    }),
    relative,
    certificateFiles: options.certificate === undefined ? await workspaceFiles(certificateExtensions) : [],
    openFile: (file, questions, frame) => completeChoice(file, questions, frame, services, announce),
    showCommands: (made, questions, frame) => showCommands(made, questions, frame, services, { scratch, announce }),
  });
  const initial: SetUpAnswers = {
    ...(only === undefined ? {} : { config: only }),
    ...(options.certificate === undefined ? {} : { certificate: options.certificate }),
    ...(options.keyFrom === undefined ? {} : { keyFrom: options.keyFrom }),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
  };
  const answers = await runSteps(wish.title, steps, initial, services.questions);
  const { certificate, config } = answers;
  // Options may leave subject and validity open; they have defaults, so they are not asked for.
  if (certificate === undefined || certificate.kind === 'file' || config === undefined) return answers;
  return {
    ...answers,
    certificate: {
      ...certificate,
      subject:
        certificate.subject ??
        defaultSubject(packages.get(config), path.basename(config.appRoot), services.certificates()),
      validityDays: certificate.validityDays ?? services.defaultValidityDays(config.file),
    },
  };
}

/** Where exactly one config still uses a secret, it is the one that is meant. */
function usesSecretAlone(configs: readonly AppConfig[]): (config: AppConfig) => boolean {
  const withSecret = configs.filter((config) => config.credential === 'secret');
  return (config) => withSecret.length === 1 && config === withSecret[0];
}

async function materialOf(
  certificate: ChosenCertificate,
  services: Services,
  run: Pick<Run<'setUp'>, 'masker'>,
  signal: AbortSignal,
): Promise<CredentialMaterial> {
  if (certificate.kind === 'file') return openCredential(certificate, services);
  const { kind, subject = '', validityDays = 365, keySize = 2048 } = certificate;
  if (kind === 'selfSigned') return services.certificates().selfSigned({ subject, validityDays, keySize, signal });
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  return makeExternally({ kind, subject, validityDays, keySize }, services, announce, signal);
}

async function remember(answers: SetUpAnswers, services: Services): Promise<void> {
  const made = answers.certificate?.kind === 'file' ? {} : { validityDays: answers.certificate?.validityDays };
  await services.memory.update(memoryKey, {
    ...services.memory.get<SetUpMemory>(memoryKey),
    ...made,
    keyFrom: answers.keyFrom,
    ...(answers.passphrase === undefined ? {} : { passphrase: passphraseKind(answers.passphrase) }),
  });
}

/** Subject of the result view; the view is closed when the setup is undone. */
export function resultSubject(config: string): string {
  return `setup ${config}`;
}

/** Opens the result view. */
export function showResult(
  result: SetUpResult,
  config: AppConfig | undefined,
  isStopped: boolean,
  services: Services,
): void {
  const clientId = config?.clientId?.value;
  const authority = config?.authority?.value;
  services.reports.show(
    resultSubject(result.config),
    resultReport({
      result,
      isStopped,
      now: services.setupPorts.clock.now(),
      relative,
      ...(clientId === undefined ? {} : { clientId }),
      ...(authority === undefined ? {} : { authority }),
    }),
  );
}

function alreadyDone(config: AppConfig): SetUpOutcome {
  return {
    status: 'nothing-to-do',
    config,
    reason: vscode.l10n.t('It authenticates with a certificate already.'),
    warnings: [],
  };
}

function nothingToDo(config: AppConfig, reason: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-do',
    vscode.l10n.t(
      'There is nothing to set up in {0}. {1} "Client Certificate: Check App Config" looks at it.',
      config.file,
      reason,
    ),
    { file: config.file, line: config.line },
  );
}
