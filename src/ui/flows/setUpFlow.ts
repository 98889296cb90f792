/** The questions of Set Up Client Certificate, at most four on the usual way. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, CredentialKind } from '../../appConfig/types.ts';
import type { Certificates } from '../../certificates/types.ts';
import type { LocalKeyFrom } from '../automation.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import { askInTurn } from '../steps.ts';
import type { Step, StepFrame } from '../steps.ts';
import { askPassphrase, passphraseKind } from './passphrase.ts';
import type { PassphraseKind } from './passphrase.ts';
import { askSubject, askValidityDays } from './subject.ts';

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
    };

export interface MadeByProgram {
  readonly kind: 'openssl' | 'powershell';
  readonly subject: string;
  readonly validityDays: number;
}

export interface SetUpAnswers {
  config?: AppConfig;
  certificate?: ChosenCertificate;
  keyFrom?: LocalKeyFrom;
  passphrase?: string;
}

/** Answers of the last time; never a secret. */
export interface SetUpMemory {
  readonly validityDays?: number;
  readonly keyFrom?: LocalKeyFrom;
  readonly passphrase?: PassphraseKind;
}

export interface SetUpFlow {
  readonly configs: readonly AppConfig[];
  readonly memory: SetUpMemory;
  /** Which ways to a certificate are offered; useInApp takes files only. */
  readonly ways: readonly ChosenCertificate['kind'][];
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
}

/** The steps in their order; each is skipped when it is answered beforehand. */
export function setUpSteps(flow: SetUpFlow): readonly Step<SetUpAnswers>[] {
  return [configStep(flow), certificateStep(flow), keyFromStep(flow), passphraseStep(flow)];
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
    icon: config.credential === 'certificate' ? 'shield' : 'file-code',
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
      return config === back ? back : { config };
    },
  };
}

type Way = ChosenCertificate['kind'] | 'selfSignedOther' | { readonly file: string };

function certificateStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'certificate',
    needed: (answers) => answers.certificate === undefined,
    ask: async (questions, frame, { config }, before) => {
      const defaults =
        config === undefined ? { subject: 'client-certificate', validityDays: 365 } : flow.defaults(config);
      const { subject } = defaults;
      const validityDays = flow.memory.validityDays ?? defaults.validityDays;
      for (;;) {
        const way = await questions.pick<Way>({
          ...frame,
          placeholder: l10n.t('Which certificate does the app authenticate with?'),
          choices: waysOffered(
            flow,
            l10n.t('{0}, valid for {1} days, RSA 2048', defaults.subject, defaults.validityDays),
          ),
        });
        if (way === back) return back;
        const certificate = await certificateOf(way, flow, questions, frame, {
          ...defaults,
          asked:
            before?.certificate?.kind === 'file'
              ? { subject, validityDays }
              : { subject, validityDays, ...before?.certificate },
        });
        if (certificate !== back) return { certificate };
      }
    },
  };
}

interface Proposed {
  readonly subject: string;
  readonly validityDays: number;
  /** What the questions for other values start with. */
  readonly asked: { readonly subject?: string; readonly validityDays?: number };
}

async function certificateOf(
  way: Way,
  flow: SetUpFlow,
  questions: Questions,
  frame: StepFrame,
  proposed: Proposed,
): Promise<ChosenCertificate | Back> {
  const { subject, validityDays } = proposed;
  if (typeof way === 'object') return flow.openFile(way.file, questions, { ...frame, canGoBack: true });
  switch (way) {
    case 'file': {
      const file = await questions.file({
        ...frame,
        canGoBack: true,
        placeholder: l10n.t('Certificate file: PFX, PEM or certificate'),
        candidates: flow.certificateFiles,
        extensions: ['pfx', 'p12', 'pem', 'crt', 'cer', 'der', 'p7b'],
        kind: 'file',
      });
      return file === back ? back : flow.openFile(file, questions, { ...frame, canGoBack: true });
    }
    case 'selfSigned':
      return { kind: way, subject, validityDays };
    case 'selfSignedOther':
    case 'openssl':
    case 'powershell': {
      const inner = { ...frame, canGoBack: true };
      const certificates = () => flow.certificates();
      const answers = await askInTurn<[string, number]>(
        (_, typed) => askSubject(questions, inner, typed ?? proposed.asked.subject ?? subject, certificates),
        (_, typed) =>
          askValidityDays(questions, inner, typed ?? proposed.asked.validityDays ?? validityDays, certificates),
      );
      if (answers === back) return back;
      const chosen = { subject: answers[0], validityDays: answers[1] };
      if (way === 'selfSignedOther') return { kind: 'selfSigned', ...chosen };
      const runs = await askWhoRuns(way, questions, inner);
      if (runs === back) return back;
      return runs === 'extension'
        ? { kind: way, ...chosen }
        : flow.showCommands({ kind: way, ...chosen }, questions, inner);
    }
  }
}

function askWhoRuns(
  way: 'openssl' | 'powershell',
  questions: Questions,
  frame: StepFrame,
): Promise<'extension' | 'user' | Back> {
  const program = way === 'openssl' ? 'OpenSSL' : 'PowerShell';
  return questions.pick<'extension' | 'user'>({
    ...frame,
    placeholder: l10n.t('Who runs {0}?', program),
    choices: [
      {
        value: 'extension',
        label: l10n.t('Run It Now'),
        detail: l10n.t('In a private folder of its own, removed afterwards.'),
        icon: 'play',
      },
      {
        value: 'user',
        label: l10n.t('Show Me the Command…'),
        detail: l10n.t('To run it in a terminal yourself; the certificate is imported afterwards.'),
        icon: 'terminal',
      },
    ],
  });
}

function waysOffered(flow: SetUpFlow, defaults: string): Choice<Way>[] {
  const make = l10n.t('Make a certificate');
  const use = l10n.t('Use a certificate that exists');
  const all: (Choice<Way> & { readonly needs: ChosenCertificate['kind'] })[] = [
    {
      needs: 'selfSigned',
      group: make,
      value: 'selfSigned',
      label: l10n.t('Create Self-Signed Certificate'),
      description: l10n.t('recommended'),
      detail: defaults,
      icon: 'shield',
    },
    {
      needs: 'selfSigned',
      group: make,
      value: 'selfSignedOther',
      label: l10n.t('Create Self-Signed Certificate with Other Values…'),
      detail: l10n.t('Asks for subject and validity.'),
      icon: 'edit',
    },
    {
      needs: 'openssl',
      group: make,
      value: 'openssl',
      label: l10n.t('Create with OpenSSL…'),
      detail: l10n.t('Runs the openssl program of this machine.'),
      icon: 'terminal',
    },
    {
      needs: 'powershell',
      group: make,
      value: 'powershell',
      label: l10n.t('Create with PowerShell…'),
      detail: l10n.t('Runs New-SelfSignedCertificate of Windows.'),
      icon: 'terminal-powershell',
    },
    ...flow.certificateFiles.slice(0, 8).map((file) => ({
      needs: 'file' as const,
      group: use,
      value: { file },
      label: flow.relative(file),
      icon: 'file',
    })),
    {
      needs: 'file',
      group: use,
      value: 'file',
      label:
        flow.certificateFiles.length > 0 ? l10n.t('Use Another Certificate File…') : l10n.t('Use a Certificate File…'),
      detail: l10n.t('PFX, PEM, or a certificate whose key lies in another file.'),
      icon: 'folder-opened',
    },
  ];
  return all.filter((way) => flow.ways.includes(way.needs));
}

function keyFromStep(flow: SetUpFlow): Step<SetUpAnswers> {
  const kinds = ['file', 'environment'] as const;
  return {
    id: 'keyFrom',
    needed: (answers) => answers.keyFrom === undefined,
    ask: async (questions, frame, _answers, before) => {
      const keyFrom = await questions.pick<LocalKeyFrom>({
        ...frame,
        placeholder: l10n.t('How does the app get its private key?'),
        choices: [
          {
            value: 'file',
            label: l10n.t('From a Key File'),
            description: l10n.t('recommended for one machine'),
            detail: l10n.t('The path and the pass phrase come from the environment.'),
            icon: 'file',
          },
          {
            value: 'environment',
            label: l10n.t('From an Environment Variable'),
            description: l10n.t('for containers and app services'),
            detail: l10n.t('The variable holds the whole key as one line of base64.'),
            icon: 'symbol-variable',
          },
        ],
        active: kinds.indexOf(before?.keyFrom ?? flow.memory.keyFrom ?? 'file'),
      });
      return keyFrom === back ? back : { keyFrom };
    },
  };
}

function passphraseStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'passphrase',
    // The key in a variable is not encrypted: its pass phrase would stand right beside it.
    needed: (answers) => answers.passphrase === undefined && answers.keyFrom !== 'environment',
    ask: async (questions, frame, _answers, before) => {
      const kind = before?.passphrase === undefined ? flow.memory.passphrase : passphraseKind(before.passphrase);
      const where = l10n.t('It is kept beside the other values that the app reads from its environment.');
      const passphrase = await askPassphrase(questions, frame, where, kind);
      return passphrase === back ? back : { passphrase };
    },
  };
}
