/** Asks what the options of Create Self-Signed Certificate leave open. */
import { passphraseKind } from '../flows/passphrase.ts';
import type { PassphraseKind } from '../flows/passphrase.ts';
import { selfSignedSteps } from '../flows/selfSignedFlow.ts';
import type { SelfSignedWish } from '../flows/selfSignedFlow.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import type { Services } from '../services.ts';
import { runSteps } from '../steps.ts';
import { relative } from './appConfigs.ts';
import type { Scratch } from './external.ts';
import { askForNewCertificate, newCertificateDefaults } from './newCertificate.ts';
import type { Run } from './run.ts';
import { showCommands } from './showCommands.ts';

const memoryKey = 'selfSigned';

/** Answers of the last time; never a secret. */
type Memory = Partial<Omit<SelfSignedWish, 'passphrase' | 'isShown'>> & { readonly passphrase?: PassphraseKind };

/** All that has to be known to make and write it. */
export interface SelfSignedChoice extends SelfSignedWish {
  readonly folder: string;
  readonly pfxPassword?: string;
  /** Made already by a program that the user ran. */
  readonly made?: ChosenCertificate;
}

export interface SelfSignedTools {
  readonly scratch: Scratch;
  readonly announce: (secret: string) => void;
}

/** Where nobody is asked, everything but the folder and the subject has a default. */
export async function chooseSelfSigned(
  title: string,
  { options, interactive }: Pick<Run<'createSelfSigned'>, 'options' | 'interactive'>,
  services: Services,
  tools: SelfSignedTools,
): Promise<SelfSignedChoice> {
  const { kind = 'selfSigned', keySize = 2048, formats = ['crt'], pfxPassword } = options;
  if (!interactive) {
    const answers = await askForNewCertificate(title, options, { validity: true, interactive }, services);
    const given = pfxPassword === undefined ? {} : { pfxPassword };
    return { kind, isShown: false, keySize, formats, ...answers, ...given };
  }
  const { defaults, folders } = await newCertificateDefaults(options, services);
  const memory = services.memory.get<Memory>(memoryKey) ?? {};
  const answers = await runSteps(
    title,
    selfSignedSteps({
      usual: { ...usualWish(memory, defaults, folders), ...options },
      programs: process.platform === 'win32' ? ['openssl', 'powershell'] : ['openssl'],
      folders,
      certificates: () => services.certificates(),
      relative,
      showCommands: (wish, questions, frame) => showCommands(wish, questions, frame, services, tools),
    }),
    pfxPassword === undefined ? {} : { pfxPassword },
    services.questions,
  );
  const { wish, folder } = answers;
  if (wish === undefined || folder === undefined) throw new Error('The questions were left unanswered.');
  const { subject, validityDays, passphrase } = wish;
  const remembered: Memory = {
    kind: wish.kind,
    subject,
    validityDays,
    keySize: wish.keySize,
    formats: wish.formats,
    folder,
    passphrase: passphraseKind(passphrase),
  };
  await services.memory.update(memoryKey, remembered);
  return {
    ...wish,
    folder,
    ...(answers.pfxPassword === undefined ? {} : { pfxPassword: answers.pfxPassword }),
    ...(answers.made === undefined ? {} : { made: answers.made }),
  };
}

function usualWish(
  { passphrase, ...memory }: Memory,
  defaults: { readonly subject: string; readonly validityDays: number },
  [folder]: readonly string[],
): SelfSignedWish {
  return {
    kind: 'selfSigned',
    isShown: false,
    keySize: 2048,
    formats: ['crt'],
    ...defaults,
    ...(folder === undefined ? {} : { folder }),
    ...memory,
    // A typed one is not remembered.
    passphrase: passphrase === 'none' ? 'none' : 'generate',
  };
}
