/** Which certificate takes the old one's place: the one that was given, one like the old one, or what its user chooses. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { back } from '../questions.ts';
import type { Questions } from '../questions.ts';
import { runSteps } from '../steps.ts';
import type { Step } from '../steps.ts';
import type { ChosenCertificate, SetUpAnswers } from './setUpFlow.ts';

export interface ReplacementWish {
  /** Of the command that asks. */
  readonly title: string;
  readonly config: AppConfig;
  /** The certificate that is replaced, where it was found. */
  readonly old: CertificateDescription | undefined;
  /** The new one, where it was chosen beforehand. */
  readonly given: ChosenCertificate | undefined;
  /** Its user wants to choose, whatever the old one is like. */
  readonly chooses: boolean;
  /** Undefined where nobody is there to be asked. */
  readonly questions: Questions | undefined;
  /** For a certificate whose own dates tell nothing. */
  readonly defaultDays: number;
  /** The step of the wizard that chooses a certificate. */
  step(): Promise<Step<SetUpAnswers>>;
}

/** Rejects with CancelledError; where it has to be asked and nobody is there, with `certificate-needed`. */
export async function chooseReplacement(wish: ReplacementWish): Promise<ChosenCertificate> {
  const { title, config, old, given, chooses, questions, defaultDays } = wish;
  if (given !== undefined) return given;
  if (!chooses && old?.selfSigned === true) return likeOld(old, defaultDays);
  if (questions === undefined) throw needed(config);
  const { certificate } = await runSteps<SetUpAnswers>(title, [await wish.step()], { config }, questions);
  if (certificate === undefined) throw new CancelledError();
  return certificate;
}

/** Same subject, same time to live; RSA of at least 2048 bits, whatever the old key was. */
function likeOld(
  { subject = '', notBefore = '', notAfter = '', keySize }: CertificateDescription,
  defaultDays: number,
): ChosenCertificate {
  const days = Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000);
  return {
    kind: 'selfSigned',
    subject,
    validityDays: Number.isFinite(days) ? Math.min(3650, Math.max(1, days)) : defaultDays,
    keySize: keySize === 3072 || keySize === 4096 ? keySize : 2048,
  };
}

/**
 * Whether an app that has a certificate is to get another one in its place. Rejects with CancelledError where it is not.
 * @param reason why there is nothing to set up
 */
export async function offerRotation(
  title: string,
  reason: string,
  app: string,
  questions: Pick<Questions, 'pick'>,
): Promise<void> {
  const answer = await questions.pick<'rotate' | 'leave'>({
    title,
    placeholder: `${app}: ${reason}`,
    choices: [
      {
        value: 'rotate',
        label: l10n.t('Replace Its Certificate…'),
        detail: l10n.t(
          'The new one is registered beside the old one and proven. The old one goes only when you remove it.',
        ),
        icon: 'sync',
      },
      { value: 'leave', label: l10n.t('Leave It as It Is'), icon: 'close' },
    ],
  });
  if (answer === back || answer === 'leave') throw new CancelledError();
}

function needed(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'certificate-needed',
    l10n.t(
      'The certificate of {0} was issued by a certificate authority, or was not found beside its key, so it cannot be made anew here. Get a new one ("Create Certificate Signing Request"), then give it as option "certificate".',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}
