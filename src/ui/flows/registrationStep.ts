/** The question who adds the certificate to the app registration; only where nobody is signed in. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
import { back } from '../questions.ts';
import type { Back, Choice, PickQuestion, Questions } from '../questions.ts';
import type { Step } from '../steps.ts';
import { isInVault } from './inVault.ts';
import type { SetUpAnswers } from './setUpFlow.ts';

export type RegistrationAnswer = 'signIn' | 'handOver' | 'rewriteNow';

/** Who is signed in; looked up while the questions before are answered. */
export interface RegistrationFlow {
  /** Undefined while it is not known yet. */
  isSignedIn(): boolean | undefined;
  /** Waits for it. @param again somebody may have signed in since it was looked up */
  askSignedIn(config: AppConfig, again: boolean): Promise<boolean>;
}

/** @param flow absent where it is answered beforehand */
export function registrationStep(flow: RegistrationFlow | undefined): Step<SetUpAnswers> {
  return {
    id: 'registration',
    needed: (answers) => flow !== undefined && answers.registration === undefined && flow.isSignedIn() !== true,
    ask: async (questions, frame, { config, certificate }) => {
      if (flow === undefined || config === undefined) return { registration: 'signIn' };
      // Choosing a certificate of a vault signs in.
      if (await flow.askSignedIn(config, isInVault(certificate))) return { registration: 'signIn' };
      const registration = await askRegistration(questions, frame);
      return registration === back ? back : { registration };
    },
  };
}

export const nobodySignedIn = (): string =>
  l10n.t('Nobody is signed in. The app can sign in only with a certificate that its registration knows.');

type Frame = Pick<PickQuestion<unknown>, 'title' | 'step' | 'totalSteps' | 'canGoBack'>;

/** Asks, as a step of a wizard or alone. Rejects with CancelledError. */
export function askRegistration(questions: Questions, frame: Frame): Promise<RegistrationAnswer | Back> {
  return questions.pick<RegistrationAnswer>({
    ...frame,
    placeholder: l10n.t('Who adds the certificate to the app registration?'),
    prompt: nobodySignedIn(),
    choices: registrationChoices(),
  });
}

/** The three ways, the recommended one first. */
export function registrationChoices(): readonly Choice<RegistrationAnswer>[] {
  return [
    {
      value: 'signIn',
      label: l10n.t('Sign In and Upload'),
      description: l10n.t('recommended'),
      detail: l10n.t('Adds the certificate before the app is rewritten, then proves that sign-in works.'),
      icon: 'sign-in',
    },
    {
      value: 'handOver',
      label: l10n.t('Hand Over to an Administrator'),
      detail: l10n.t('Makes the key and stops. "Continue Setup" rewrites the app after the upload.'),
      icon: 'person',
    },
    {
      value: 'rewriteNow',
      label: l10n.t('Rewrite Now, Upload Myself'),
      detail: l10n.t('The app cannot sign in until you have uploaded the certificate.'),
      icon: 'edit',
    },
  ];
}
