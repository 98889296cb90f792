import assert from 'node:assert/strict';
import { CancelledError, isCancelled } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { back } from '../questions.ts';
import { runSteps } from '../steps.ts';
import type { Step } from '../steps.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { registrationStep } from './registrationStep.ts';
import type { RegistrationFlow } from './registrationStep.ts';
import type { SetUpAnswers } from './setUpFlow.ts';

const config = { file: '/work/a/authConfig.js' } as AppConfig;

const signedIn = (known: boolean | undefined, asked = known ?? false): RegistrationFlow => ({
  isSignedIn: () => known,
  askSignedIn: () => Promise.resolve(asked),
});

/** After a step of the wizard that stands for all others. */
async function ask(
  flow: RegistrationFlow | undefined,
  script: readonly ScriptedAnswer[],
  initial: SetUpAnswers = { config },
) {
  const before: Step<SetUpAnswers> = {
    id: 'keyFrom',
    needed: () => true,
    ask: async (questions, frame) => {
      const keyFrom = await questions.pick<'file'>({
        ...frame,
        placeholder: '',
        choices: [{ label: 'file', value: 'file' }],
      });
      return keyFrom === back ? back : { keyFrom };
    },
  };
  const questions = scriptedQuestions('file', ...script);
  const answers = await runSteps('Set Up', [before, registrationStep(flow)], initial, questions);
  questions.done();
  return { answer: answers.registration, positions: questions.asked.map(({ position }) => position) };
}

describe('the question who registers the certificate', () => {
  it('is the last step where nobody is signed in, with a way back', async () => {
    assert.deepEqual(await ask(signedIn(false), [back, 'file', 'Rewrite Now']), {
      answer: 'rewriteNow',
      positions: ['1/2', '2/2', '1/2', '2/2'],
    });
    assert.equal((await ask(signedIn(false), ['Hand Over'])).answer, 'handOver');
    assert.equal((await ask(signedIn(false), ['Sign In'])).answer, 'signIn');
  });

  it('is not asked where somebody is signed in, or where it is answered beforehand', async () => {
    assert.deepEqual(await ask(signedIn(true), []), { answer: undefined, positions: ['1/1'] });
    assert.deepEqual(await ask(undefined, []), { answer: undefined, positions: ['1/1'] });
  });

  it('looks again after a certificate of a vault was chosen, which signs in', async () => {
    const flow: RegistrationFlow = { isSignedIn: () => false, askSignedIn: (_config, again) => Promise.resolve(again) };
    const certificate = { kind: 'vault', vault: 'https://v.vault.azure.net', name: 'app' } as const;
    assert.equal((await ask(flow, [], { config, certificate })).answer, 'signIn');
    assert.equal((await ask(flow, ['Rewrite Now'])).answer, 'rewriteNow');
  });

  it('waits for the look that is still under way, and is left with it', async () => {
    assert.deepEqual(await ask(signedIn(undefined, true), []), { answer: 'signIn', positions: ['1/2'] });
    assert.equal((await ask(signedIn(undefined, false), ['Rewrite Now'])).answer, 'rewriteNow');
    const cancelled = { isSignedIn: () => undefined, askSignedIn: () => Promise.reject(new CancelledError()) };
    await assert.rejects(ask(cancelled, []), isCancelled);
  });
});
