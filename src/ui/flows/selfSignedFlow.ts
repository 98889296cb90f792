/**
 * The questions of Create Self-Signed Certificate: one list whose first row creates with what stands there, every other row changes one
 * part and comes back. Knows no editor.
 */
import * as l10n from '@vscode/l10n';
import type { Certificates } from '../../certificates/types.ts';
import type { CertificateFormat, KeySize } from '../automation.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import type { Step, StepFrame } from '../steps.ts';
import { askWhoRuns } from './certificateStep.ts';
import { askPassphrase, passphraseKind, typeTwice } from './passphrase.ts';
import type { ChosenCertificate, MadeByProgram } from './setUpFlow.ts';
import { askSubject, askValidityDays } from './subject.ts';

/** What makes key and certificate. */
export type Maker = 'selfSigned' | 'openssl' | 'powershell';

export interface SelfSignedWish {
  readonly kind: Maker;
  /** The user runs the program; the extension imports what it made. */
  readonly isShown: boolean;
  readonly subject: string;
  readonly validityDays: number;
  readonly keySize: KeySize;
  /** `crt`: certificate and key file; at least one of `crt` and `pfx`, or the key would be lost. */
  readonly formats: readonly CertificateFormat[];
  /** Absolute; absent where there is no place to begin with. */
  readonly folder?: string;
  /** Text, 'generate' or 'none'; of the key file and of the PFX. */
  readonly passphrase: string;
}

export interface SelfSignedAnswers {
  wish?: SelfSignedWish;
  folder?: string;
  /** Where the pass phrase is 'none': a PFX needs one. */
  pfxPassword?: string;
  /** What the user's own run of the program made. */
  made?: ChosenCertificate;
}

export interface SelfSignedFlow {
  /** What Enter alone creates. */
  readonly usual: SelfSignedWish;
  /** Programs that this machine may have. */
  readonly programs: readonly Exclude<Maker, 'selfSigned'>[];
  /** Folders offered, absolute; "Browse…" offers all others. */
  readonly folders: readonly string[];
  certificates(): Certificates;
  /** A path as the user knows it. */
  relative(file: string): string;
  showCommands(wish: MadeByProgram, questions: Questions, frame: StepFrame): Promise<ChosenCertificate | Back>;
}

export function selfSignedSteps(flow: SelfSignedFlow): readonly Step<SelfSignedAnswers>[] {
  return [
    {
      id: 'wish',
      needed: ({ wish }) => wish === undefined,
      ask: async (questions, frame, _answers, before) => {
        const wish = await askWish(flow, questions, frame, before?.wish ?? flow.usual);
        return wish === back ? back : { wish, ...(wish.folder === undefined ? {} : { folder: wish.folder }) };
      },
    },
    {
      id: 'folder',
      needed: ({ wish, folder }) => wish !== undefined && folder === undefined,
      ask: async (questions, frame) => {
        const folder = await askFolder(flow, questions, frame);
        return folder === back ? back : { folder };
      },
    },
    {
      id: 'pfxPassword',
      needed: ({ wish, pfxPassword }) =>
        wish?.passphrase === 'none' && wish.formats.includes('pfx') && pfxPassword === undefined,
      ask: async (questions, frame) => {
        const pfxPassword = await typeTwice(questions, frame);
        return pfxPassword === back ? back : { pfxPassword };
      },
    },
    {
      id: 'made',
      needed: ({ wish, made }) => wish?.isShown === true && made === undefined,
      ask: async (questions, frame, { wish }) => {
        if (wish === undefined || wish.kind === 'selfSigned') return {};
        const { kind, subject, validityDays, keySize } = wish;
        const made = await flow.showCommands({ kind, subject, validityDays, keySize }, questions, frame);
        return made === back ? back : { made };
      },
    },
  ];
}

const parts = ['kind', 'subject', 'validityDays', 'keySize', 'formats', 'folder', 'passphrase'] as const;
type Part = (typeof parts)[number];

async function askWish(
  flow: SelfSignedFlow,
  questions: Questions,
  frame: StepFrame,
  first: SelfSignedWish,
): Promise<SelfSignedWish | Back> {
  let wish = first;
  let active = 0;
  for (;;) {
    const { subject, validityDays, keySize } = wish;
    const answer = await questions.pick<Part | 'done'>({
      ...frame,
      placeholder: l10n.t('Create the certificate with these values?'),
      choices: [
        {
          value: 'done',
          label: l10n.t('Create Certificate'),
          detail: l10n.t('{0}, valid for {1} days, RSA {2}', subject, validityDays, keySize),
          icon: 'check',
        },
        ...parts.map((part) => ({ ...rowOf(part, wish, flow), value: part, group: l10n.t('Options') })),
      ],
      active,
    });
    if (answer === back) return back;
    if (answer === 'done') return wish;
    active = parts.indexOf(answer) + 1;
    const change = await askPart[answer](flow, questions, { ...frame, canGoBack: true }, wish);
    if (change !== back) wish = { ...wish, ...change };
  }
}

function rowOf(part: Part, wish: SelfSignedWish, flow: SelfSignedFlow): Omit<Choice<Part>, 'value'> {
  switch (part) {
    case 'kind':
      return { label: l10n.t('Made With'), description: makerText(wish), icon: 'tools' };
    case 'subject':
      return { label: l10n.t('Subject'), description: wish.subject, icon: 'tag' };
    case 'validityDays':
      return { label: l10n.t('Validity'), description: l10n.t('{0} days', wish.validityDays), icon: 'calendar' };
    case 'keySize':
      return { label: l10n.t('Key'), description: `RSA ${wish.keySize}`, icon: 'key' };
    case 'formats':
      return { label: l10n.t('Files'), description: formatsText(wish.formats), icon: 'files' };
    case 'folder': {
      const folder = wish.folder === undefined ? l10n.t('asked next') : flow.relative(wish.folder);
      return { label: l10n.t('Folder'), description: folder, icon: 'folder' };
    }
    case 'passphrase':
      return {
        label: l10n.t('Pass Phrase'),
        description: passphraseTexts[passphraseKind(wish.passphrase)](),
        icon: 'lock',
      };
  }
}

const passphraseTexts = {
  generate: () => l10n.t('generated, in a file of its own'),
  typed: () => l10n.t('typed'),
  none: () => l10n.t('none'),
} as const;

function makerText({ kind, isShown }: Pick<SelfSignedWish, 'kind' | 'isShown'>): string {
  if (kind === 'selfSigned') return l10n.t('this extension');
  const program = kind === 'openssl' ? 'OpenSSL' : 'PowerShell';
  return isShown ? l10n.t('{0}, run by you', program) : program;
}

/** The extensions of the files that are written. */
function formatsText(formats: readonly CertificateFormat[]): string {
  return formats.flatMap((format) => (format === 'crt' ? ['.crt', '.key'] : [`.${format}`])).join(', ');
}

type Ask = (
  flow: SelfSignedFlow,
  questions: Questions,
  frame: StepFrame,
  wish: SelfSignedWish,
) => Promise<Partial<SelfSignedWish> | Back>;

const askPart: Readonly<Record<Part, Ask>> = {
  kind: async (flow, questions, frame, wish) => {
    const makers: readonly Maker[] = ['selfSigned', ...flow.programs];
    for (;;) {
      const kind = await questions.pick<Maker>({
        ...frame,
        placeholder: l10n.t('What makes key and certificate?'),
        choices: makers.map(makerChoice),
        active: Math.max(makers.indexOf(wish.kind), 0),
      });
      if (kind === back) return back;
      if (kind === 'selfSigned') return { kind, isShown: false };
      const runs = await askWhoRuns(kind, questions, frame);
      if (runs !== back) return { kind, isShown: runs === 'user' };
    }
  },

  subject: async (flow, questions, frame, wish) => {
    const subject = await askSubject(questions, frame, wish.subject, () => flow.certificates());
    return subject === back ? back : { subject };
  },

  validityDays: async (flow, questions, frame, wish) => {
    const validityDays = await askValidityDays(questions, frame, wish.validityDays, () => flow.certificates());
    return validityDays === back ? back : { validityDays };
  },

  keySize: async (_flow, questions, frame, wish) => {
    const sizes = [2048, 3072, 4096] as const;
    const keySize = await questions.pick<KeySize>({
      ...frame,
      placeholder: l10n.t('Which key? Microsoft Entra takes RSA keys of 2048 bits or more'),
      choices: sizes.map((value) => ({
        value,
        label: `RSA ${value}`,
        ...(value === 2048 ? { description: l10n.t('recommended') } : {}),
      })),
      active: sizes.indexOf(wish.keySize),
    });
    return keySize === back ? back : { keySize };
  },

  formats: async (_flow, questions, frame, wish) => {
    const active = formatChoices().findIndex(({ value }) => formatsText(value) === formatsText(wish.formats));
    const formats = await questions.pick<readonly CertificateFormat[]>({
      ...frame,
      placeholder: l10n.t('Which files are written?'),
      choices: formatChoices(),
      active: Math.max(active, 0),
    });
    return formats === back ? back : { formats };
  },

  folder: async (flow, questions, frame) => {
    const folder = await askFolder(flow, questions, frame);
    return folder === back ? back : { folder };
  },

  passphrase: async (_flow, questions, frame, wish) => {
    const where = l10n.t('It is kept in a file beside the key that only you can read.');
    const passphrase = await askPassphrase(questions, frame, where, passphraseKind(wish.passphrase));
    return passphrase === back ? back : { passphrase };
  },
};

function askFolder(flow: SelfSignedFlow, questions: Questions, frame: StepFrame): Promise<string | Back> {
  return questions.file({
    ...frame,
    placeholder: l10n.t('Folder for the new files'),
    candidates: flow.folders,
    extensions: [],
    kind: 'folder',
  });
}

function makerChoice(value: Maker): Choice<Maker> {
  switch (value) {
    case 'selfSigned':
      return {
        value,
        label: l10n.t('This Extension'),
        description: l10n.t('recommended'),
        detail: l10n.t('Needs no program.'),
        icon: 'shield',
      };
    case 'openssl':
      return {
        value,
        label: l10n.t('OpenSSL…'),
        detail: l10n.t('Runs the openssl program of this machine.'),
        icon: 'terminal',
      };
    case 'powershell':
      return {
        value,
        label: l10n.t('PowerShell…'),
        detail: l10n.t('Runs New-SelfSignedCertificate of Windows.'),
        icon: 'terminal-powershell',
      };
  }
}

function formatChoices(): Choice<readonly CertificateFormat[]>[] {
  const choice = (value: readonly CertificateFormat[], detail: string, description?: string) => ({
    value,
    label: formatsText(value),
    detail,
    ...(description === undefined ? {} : { description }),
    icon: 'files',
  });
  return [
    choice(['crt'], l10n.t('Certificate and private key as PEM: what an app reads.'), l10n.t('recommended')),
    choice(['crt', 'cer'], l10n.t('The certificate also as DER, for portals that take no PEM.')),
    choice(['crt', 'pfx'], l10n.t('Also both in one file under the pass phrase, for Windows and App Service.')),
    choice(['crt', 'cer', 'pfx'], l10n.t('All of them.')),
    choice(['pfx'], l10n.t('Certificate and private key in one file under the pass phrase, and nothing else.')),
    choice(['cer', 'pfx'], l10n.t('That, and the certificate for uploading.')),
  ];
}
