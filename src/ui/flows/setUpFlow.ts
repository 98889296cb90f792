/** The questions of Set Up Client Certificate, at most four for one app. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, CredentialKind } from '../../appConfig/types.ts';
import type { Certificates } from '../../certificates/types.ts';
import type { KeyFromArgument, NewVaultCertificateChoice, VaultCertificateChoice } from '../automation.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import type { Step, StepFrame } from '../steps.ts';
import { certificateStep } from './certificateStep.ts';
import type { ChosenInVault } from './inVault.ts';
import { keyFromStep } from './keyFromStep.ts';
import type { KeyFromFlow } from './keyFromStep.ts';
import { askPassphrase, passphraseKind } from './passphrase.ts';
import type { PassphraseKind } from './passphrase.ts';
import { registrationStep } from './registrationStep.ts';
import type { RegistrationAnswer, RegistrationFlow } from './registrationStep.ts';

/** A certificate as chosen: paths are absolute, nothing is opened or made yet. */
export type ChosenCertificate =
  | {
      kind: 'selfSigned' | 'openssl' | 'powershell';
      subject?: string;
      validityDays?: number;
      keySize?: 2048 | 3072 | 4096;
    }
  | {
      kind: 'file';
      file: string;
      privateKey?: string;
      password?: string;
      keyPassword?: string;
      thumbprintSha256?: string;
    }
  | ChosenInVault;

export interface MadeByProgram {
  readonly kind: 'openssl' | 'powershell';
  readonly subject: string;
  readonly validityDays: number;
  /** Default 2048. */
  readonly keySize?: 2048 | 3072 | 4096;
}

export interface SetUpAnswers {
  config?: AppConfig;
  certificate?: ChosenCertificate;
  keyFrom?: KeyFromArgument;
  passphrase?: string;
  /** `inReview`: nobody is signed in, and the review asks, as there were questions enough. */
  registration?: RegistrationAnswer | 'inReview';
}

/** Answers of the last time; never a secret. */
export interface SetUpMemory {
  readonly validityDays?: number;
  readonly keyFrom?: KeyFromArgument;
  /** For certificates of a vault. */
  readonly vaultKeyFrom?: KeyFromArgument;
  readonly passphrase?: PassphraseKind;
}

export interface SetUpFlow extends KeyFromFlow {
  readonly configs: readonly AppConfig[];
  readonly memory: SetUpMemory;
  /** Which ways to a certificate are offered. */
  readonly ways: readonly ChosenCertificate['kind'][];
  /** The certificate was chosen beforehand: no answer replaces it. */
  readonly certificateGiven?: boolean;
  certificates(): Certificates;
  /** Subject and validity for this app, where nothing was typed before. */
  defaults(config: AppConfig): { subject: string; validityDays: number };
  /** A path as the user knows it. */
  relative(file: string): string;
  /** Certificate files of the workspace. */
  certificateFiles: readonly string[];
  /** The commands with which the user makes the certificate in a terminal; it shows them and opens what they made. */
  showCommands(wish: MadeByProgram, questions: Questions, frame: StepFrame): Promise<ChosenCertificate | Back>;
  /** Opens a chosen file, asking for its password; `back` when the user turned round. */
  openFile(file: string, questions: Questions, frame: StepFrame): Promise<ChosenCertificate | Back>;
  /** Asks for a vault and one of its certificates. Signs in, as this is what the user chose. */
  chooseInVault(questions: Questions, frame: StepFrame): Promise<VaultCertificateChoice | Back>;
  /** Asks for a vault and the name of a new certificate. @param subject what the certificate is made out to by default */
  nameInVault(questions: Questions, frame: StepFrame, subject: string): Promise<NewVaultCertificateChoice | Back>;
  /** Whether the app can be rewritten in this way, or where it is not chosen yet in any; rejects with an ExpectedError that says why not. */
  checkApp(config: AppConfig, keyFrom?: KeyFromArgument): Promise<void>;
  /** Whether the certificate can serve this app in this way; rejects with an ExpectedError that says why not. Changes nothing. */
  checkInVault(certificate: ChosenInVault, keyFrom: KeyFromArgument, config: AppConfig | undefined): Promise<void>;
  /** Absent where it is known already who registers the certificate, or where the review asks. */
  readonly registration?: RegistrationFlow;
}

/** The steps in their order; each is skipped when it is answered beforehand. */
export function setUpSteps(flow: SetUpFlow): readonly Step<SetUpAnswers>[] {
  return [
    configStep(flow),
    certificateStep(flow),
    keyFromStep(flow),
    passphraseStep(flow),
    registrationStep(flow.registration),
  ];
}

export const credentialTexts: Readonly<Record<CredentialKind, () => string>> = {
  secret: () => l10n.t('uses a client secret'),
  certificate: () => l10n.t('uses a certificate'),
  assertion: () => l10n.t('uses an assertion'),
  secretAndCertificate: () => l10n.t('has a secret and a certificate'),
  none: () => l10n.t('no credential'),
};

/** One line of a list of app configs. */
export function configChoice(config: AppConfig, relative: (file: string) => string): Choice<AppConfig> {
  const clientId = config.clientId?.value;
  return {
    label: `${relative(config.file)}:${config.line}`,
    description: credentialTexts[config.credential](),
    ...(clientId === undefined ? {} : { detail: l10n.t('Client ID {0}', clientId) }),
    icon: config.credential === 'certificate' || config.credential === 'assertion' ? 'shield' : 'file-code',
    value: config,
  };
}

function configStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'config',
    needed: (answers) => answers.config === undefined,
    ask: async (questions, frame, _answers, before) => {
      const config = await questions.pick({
        ...frame,
        placeholder: l10n.t('Which app gets a client certificate?'),
        choices: flow.configs.map((found) => configChoice(found, (file) => flow.relative(file))),
        active: Math.max(
          flow.configs.findIndex((found) => found === before?.config),
          0,
        ),
      });
      if (config === back) return back;
      // Before anything is asked about it.
      await flow.checkApp(config);
      return { config };
    },
  };
}

function passphraseStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'passphrase',
    // The key in a variable is not encrypted: its pass phrase would stand right beside it. From a vault there is no file.
    // Neither is there a choice where the app could not be given one.
    needed: ({ passphrase, keyFrom = 'file', config }) =>
      passphrase === undefined && keyFrom === 'file' && (config?.secret?.kind !== 'literal' || loadsEnv(config)),
    ask: async (questions, frame, answers, before) => {
      const current = answers.certificate?.kind === 'file' ? passwordOf(answers.certificate) : undefined;
      const usual = defaultPassphrase(answers.config) === 'none' ? 'none' : flow.memory.passphrase;
      const kind = before?.passphrase === undefined ? usual : passphraseKind(before.passphrase);
      const where = l10n.t('It is kept beside the other values that the app reads from its environment.');
      const passphrase = await askPassphrase(questions, frame, where, kind, current);
      return passphrase === back ? back : { passphrase };
    },
  };
}

/** A pass phrase is read from the app's `.env`; where nothing loads one, the app would not start with it. */
export function defaultPassphrase(config: AppConfig | undefined): 'generate' | 'none' {
  return config === undefined || loadsEnv(config) ? 'generate' : 'none';
}

const loadsEnv = (config: AppConfig): boolean => config.envFile !== undefined;

/** What the key of a certificate file was opened with. */
function passwordOf(chosen: { password?: string; keyPassword?: string }): string | undefined {
  return chosen.keyPassword ?? chosen.password;
}
