/** Questions for what goes into a new certificate. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { Certificates } from '../../certificates/types.ts';
import type { Back, Questions, TextProblem } from '../questions.ts';
import type { StepFrame } from '../steps.ts';

/** Asks for the subject, checked while typing. */
export function askSubject(
  questions: Questions,
  frame: StepFrame,
  value: string,
  certificates: () => Pick<Certificates, 'validateSubject'>,
): Promise<string | Back> {
  return questions.text({
    ...frame,
    prompt: l10n.t('Subject of the certificate: a name, or a distinguished name such as CN=my-app, O=Contoso'),
    value,
    validate: (typed) => {
      const reason = certificates().validateSubject(typed);
      return reason === undefined ? undefined : { severity: 'error', message: reason };
    },
  });
}

/** Asks for the days a certificate is valid. */
export async function askValidityDays(
  questions: Questions,
  frame: StepFrame,
  value: number,
  certificates: () => Pick<Certificates, 'validityWarning'>,
): Promise<number | Back> {
  const answer = await questions.text({
    ...frame,
    prompt: l10n.t('Days that the certificate is valid'),
    value: String(value),
    validate: (typed) => daysProblem(typed, certificates),
  });
  return typeof answer === 'string' ? Number(answer) : answer;
}

function daysProblem(
  typed: string,
  certificates: () => Pick<Certificates, 'validityWarning'>,
): TextProblem | undefined {
  const days = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : NaN;
  if (!(days >= 1 && days <= 3650)) {
    return { severity: 'error', message: l10n.t('Type a whole number of days from 1 to 3650.') };
  }
  const warning = certificates().validityWarning(days);
  return warning === undefined ? undefined : { severity: 'warning', message: warning };
}

/** The certificate's default subject: the name of the app's package, else of its folder. Always usable. */
export function defaultSubject(
  packageJson: string | undefined,
  folder: string,
  certificates: Pick<Certificates, 'validateSubject'>,
): string {
  const candidates = [packageName(packageJson), folder].map(
    (name) => `CN=${name.replace(/[^\p{L}\p{N} ._-]+/gu, '-')}`,
  );
  return candidates.find((subject) => certificates.validateSubject(subject) === undefined) ?? 'CN=client-certificate';
}

/** Name in a package.json without its scope; empty when there is none. */
function packageName(packageJson: string | undefined): string {
  try {
    const { name } = JSON.parse(packageJson ?? '{}') as { name?: unknown };
    return typeof name === 'string' ? (name.split('/').at(-1) ?? '') : '';
  } catch {
    return '';
  }
}
