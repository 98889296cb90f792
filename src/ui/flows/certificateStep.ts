/** The question which certificate the app authenticates with. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import { askInTurn } from '../steps.ts';
import type { Step, StepFrame } from '../steps.ts';
import { isInVault } from './inVault.ts';
import type { ChosenInVault } from './inVault.ts';
import type { ChosenCertificate, SetUpAnswers, SetUpFlow } from './setUpFlow.ts';
import { askSubject, askValidityDays } from './subject.ts';

type Way = ChosenCertificate['kind'] | 'selfSignedOther' | { readonly file: string };

/** What the step needs of the wizard; a rotation asks it alone. */
export type CertificateFlow = Pick<
  SetUpFlow,
  | 'memory'
  | 'ways'
  | 'certificates'
  | 'defaults'
  | 'relative'
  | 'certificateFiles'
  | 'openFile'
  | 'showCommands'
  | 'chooseInVault'
  | 'nameInVault'
>;

/** The step that chooses the certificate; what a way asks besides belongs to the same step. */
export function certificateStep(flow: CertificateFlow): Step<SetUpAnswers> {
  return {
    id: 'certificate',
    needed: (answers) => answers.certificate === undefined,
    ask: async (questions, frame, { config }, before) => {
      const defaults =
        config === undefined ? { subject: 'client-certificate', validityDays: 365 } : flow.defaults(config);
      const { subject } = defaults;
      const validityDays = flow.memory.validityDays ?? defaults.validityDays;
      // Why the way chosen before did not lead anywhere, for instance that nobody is signed in.
      let problem: string | undefined;
      for (;;) {
        const way = await questions.pick<Way>({
          ...frame,
          ...(problem === undefined ? {} : { prompt: problem }),
          placeholder: l10n.t('Which certificate does the app authenticate with?'),
          choices: waysOffered(
            flow,
            l10n.t('{0}, valid for {1} days, RSA 2048', defaults.subject, defaults.validityDays),
          ),
        });
        if (way === back) return back;
        problem = undefined;
        try {
          const certificate = await certificateOf(way, flow, questions, frame, {
            ...defaults,
            asked: { subject, validityDays, ...madeBefore(before?.certificate) },
          });
          if (certificate !== back) return { certificate };
        } catch (error) {
          if (!isExpectedError(error) || (way !== 'vault' && way !== 'vaultNew')) throw error;
          problem = error.message;
        }
      }
    },
  };
}

/** A certificate of a vault, new or there already, for an app that is to get its key from one. */
export async function certificateOfVault(
  flow: CertificateFlow,
  questions: Questions,
  frame: StepFrame,
  subject: string,
): Promise<ChosenInVault | Back> {
  const inner = { ...frame, canGoBack: true };
  const choices = vaultWays().filter(({ value }) => flow.ways.includes(value));
  for (;;) {
    const [only] = choices;
    const way =
      choices.length === 1 && only !== undefined
        ? only.value
        : await questions.pick<'vault' | 'vaultNew'>({
            ...inner,
            placeholder: l10n.t('Which certificate of Key Vault?'),
            choices,
          });
    if (way === back) return back;
    const chosen =
      way === 'vault' ? await flow.chooseInVault(questions, inner) : await flow.nameInVault(questions, inner, subject);
    if (chosen !== back || choices.length === 1) return chosen;
  }
}

function vaultWays(): Choice<'vault' | 'vaultNew'>[] {
  return [
    {
      value: 'vaultNew',
      label: l10n.t('New in Key Vault…'),
      detail: l10n.t('The vault makes and keeps it. Needs a sign-in.'),
      icon: 'cloud-upload',
    },
    {
      value: 'vault',
      label: l10n.t('From Key Vault…'),
      detail: l10n.t('A certificate that a vault has. Needs a sign-in.'),
      icon: 'cloud',
    },
  ];
}

/** What was typed for a certificate to be made on this machine. */
function madeBefore(certificate: ChosenCertificate | undefined): { subject?: string; validityDays?: number } {
  if (certificate === undefined || certificate.kind === 'file' || isInVault(certificate)) return {};
  const { subject, validityDays } = certificate;
  return { ...(subject === undefined ? {} : { subject }), ...(validityDays === undefined ? {} : { validityDays }) };
}

interface Proposed {
  readonly subject: string;
  readonly validityDays: number;
  /** What the questions for other values start with. */
  readonly asked: { readonly subject?: string; readonly validityDays?: number };
}

async function certificateOf(
  way: Way,
  flow: CertificateFlow,
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
    case 'vault':
      return flow.chooseInVault(questions, { ...frame, canGoBack: true });
    case 'vaultNew':
      return flow.nameInVault(questions, { ...frame, canGoBack: true }, subject);
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

/** Whether the extension runs the program, or shows the command to the user. */
export function askWhoRuns(
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

function waysOffered(flow: CertificateFlow, defaults: string): Choice<Way>[] {
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
    ...vaultWays().map((way) => ({ ...way, needs: way.value, group: way.value === 'vault' ? use : make })),
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
