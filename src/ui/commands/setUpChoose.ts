/** Asks what the options of Set Up Client Certificate leave open. */
import path from 'node:path';
import type { AppConfig } from '../../appConfig/types.ts';
import type { SetUpOptions } from '../automation.ts';
import { passphraseKind } from '../flows/passphrase.ts';
import { isInVault } from '../flows/inVault.ts';
import { runPlace } from '../flows/runPlace.ts';
import { defaultPassphrase, setUpSteps } from '../flows/setUpFlow.ts';
import type { SetUpAnswers, SetUpMemory } from '../flows/setUpFlow.ts';
import { defaultSubject } from '../flows/subject.ts';
import type { Services } from '../services.ts';
import { runSteps } from '../steps.ts';
import { relative } from './appConfigs.ts';
import { certificateExtensions, completeChoice, packageJsonOf, workspaceFiles } from './certificateFiles.ts';
import { chooseInVault, nameInVault } from './chooseInVault.ts';
import type { Scratch } from './external.ts';
import type { Checked, Run } from './run.ts';
import type { SetUpWish } from './setUp.ts';
import type { SignedInCheck } from '../registering/signedIn.ts';
import type { Materials } from './setUpMaterial.ts';
import { showCommands } from './showCommands.ts';

const memoryKey = 'setUp';

export interface ChooseTools extends SetUpWish {
  readonly scratch: Scratch;
  readonly materials: Materials;
  /** Absent where nobody has to be asked who registers the certificate. */
  readonly signedIn?: SignedInCheck;
}

/** The answers, complete: what nobody was asked for has its default. Nothing is changed. */
export async function chooseSetUp(
  configs: readonly AppConfig[],
  run: Run<'setUp'>,
  services: Services,
  { title, ways, scratch, materials, signedIn }: ChooseTools,
): Promise<SetUpAnswers> {
  const { options } = run;
  const [only] = configs.length === 1 ? configs : configs.filter(usesSecretAlone(configs));
  if (only !== undefined) signedIn?.begin(only);
  const packages = new Map<AppConfig, string | undefined>();
  for (const config of configs) packages.set(config, await packageJsonOf(config, services));
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  const initial: SetUpAnswers = {
    ...(only === undefined ? {} : { config: only }),
    ...unattendedAnswers(options, ways, only),
    ...(options.certificate === undefined ? {} : { certificate: options.certificate }),
    ...(options.keyFrom === undefined ? {} : { keyFrom: options.keyFrom }),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
  };
  const checkApp = (config: AppConfig, keyFrom = initial.keyFrom) => {
    signedIn?.begin(config);
    return materials.checkApp(config, keyFrom);
  };
  // An app that cannot be rewritten is declined before anything else is asked about it.
  if (only !== undefined) await checkApp(only);
  const steps = setUpSteps({
    configs,
    memory: services.memory.get<SetUpMemory>(memoryKey) ?? {},
    ways,
    certificates: () => services.certificates(),
    defaults: (config) => ({
      subject: defaultSubject(packages.get(config), path.basename(config.appRoot), services.certificates()),
      validityDays: services.defaultValidityDays(config.file),
    }),
    relative,
    certificateFiles: options.certificate === undefined ? await workspaceFiles(certificateExtensions) : [],
    openFile: (file, questions, frame) => completeChoice(file, questions, frame, services, announce),
    showCommands: (made, questions, frame) => showCommands(made, questions, frame, services, { scratch, announce }),
    chooseInVault: (questions, frame) => chooseInVault(questions, frame, services),
    nameInVault: (questions, frame, subject) => nameInVault(questions, frame, subject, services),
    checkApp,
    runPlace: (config) => runPlace(config.appRoot, services.roots(), services.searched),
    compare: (report) => {
      services.reports.show('how the app gets its key', report, { keepsFocus: true });
    },
    certificateGiven: options.certificate !== undefined,
    checkInVault: (certificate, keyFrom, config) => materials.check(certificate, keyFrom, config),
    // Four questions are the most: which app was one of them.
    ...(signedIn === undefined || only === undefined
      ? {}
      : {
          registration: {
            isSignedIn: () => signedIn.known(),
            askSignedIn: (config, again) => signedIn.ask(config, again),
          },
        }),
  });
  const asked = await runSteps(title, steps, initial, services.questions);
  const answers = only === undefined ? await withRegistration(asked, signedIn) : asked;
  const { certificate, config } = answers;
  // Options may leave subject and validity open; they have defaults, so they are not asked for.
  if (certificate === undefined || config === undefined) return answers;
  if (certificate.kind === 'file' || certificate.kind === 'vault') return answers;
  const subject =
    certificate.subject ?? defaultSubject(packages.get(config), path.basename(config.appRoot), services.certificates());
  if (certificate.kind === 'vaultNew') return { ...answers, certificate: { ...certificate, subject } };
  const validityDays = certificate.validityDays ?? services.defaultValidityDays(config.file);
  return { ...answers, certificate: { ...certificate, subject, validityDays } };
}

/** Where nobody is signed in, the review asks who registers the certificate. */
async function withRegistration(answers: SetUpAnswers, signedIn: SignedInCheck | undefined): Promise<SetUpAnswers> {
  const { config, certificate } = answers;
  if (signedIn === undefined || config === undefined) return answers;
  // Choosing a certificate of a vault signs in.
  const isSignedIn = await signedIn.ask(config, isInVault(certificate));
  return { ...answers, registration: isSignedIn ? 'signIn' : 'inReview' };
}

/** Without a review nobody is there to be asked: what is left open has its default. */
function unattendedAnswers(
  { confirm }: Checked<SetUpOptions>,
  ways: SetUpWish['ways'],
  config: AppConfig | undefined,
): Partial<SetUpAnswers> {
  if (confirm !== false) return {};
  return {
    ...(ways.includes('selfSigned') ? { certificate: { kind: 'selfSigned' } } : {}),
    keyFrom: 'file',
    passphrase: defaultPassphrase(config),
  };
}

/** Where exactly one config still uses a secret, it is the one that is meant. */
function usesSecretAlone(configs: readonly AppConfig[]): (config: AppConfig) => boolean {
  const withSecret = configs.filter((config) => config.credential === 'secret');
  return (config) => withSecret.length === 1 && config === withSecret[0];
}

/** Keeps the answers for the next time; never a secret. */
export async function rememberChoices(answers: SetUpAnswers, services: Services): Promise<void> {
  const { certificate, keyFrom, passphrase } = answers;
  const inVault = isInVault(certificate);
  const isMadeHere = certificate !== undefined && !inVault && certificate.kind !== 'file';
  await services.memory.update(memoryKey, {
    ...services.memory.get<SetUpMemory>(memoryKey),
    ...(isMadeHere ? { validityDays: certificate.validityDays } : {}),
    ...(inVault ? { vaultKeyFrom: keyFrom } : { keyFrom }),
    ...(passphrase === undefined ? {} : { passphrase: passphraseKind(passphrase) }),
  });
}
