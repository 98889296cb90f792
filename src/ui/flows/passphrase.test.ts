import assert from 'node:assert/strict';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import { askPassphrase } from './passphrase.ts';

const frame = { title: 'Set Up', step: 3, totalSteps: 3, canGoBack: true };

async function ask(answer: string, current?: string) {
  const questions = scriptedQuestions(answer);
  const passphrase = await askPassphrase(questions, frame, 'It is kept.', 'none', current);
  return { passphrase, asked: questions.asked[0] };
}

describe('the question for a pass phrase', () => {
  it('offers first to keep the one that the file was opened with', async () => {
    const { passphrase, asked } = await ask('Keep Its Pass Phrase', 'open sesame');
    assert.equal(passphrase, 'open sesame');
    assert.equal(asked?.value, 'Keep Its Pass Phrase');
    assert.equal((await ask('Generate', 'open sesame')).passphrase, 'generate');
  });

  it('does not where there is none, or one that an .env file or OpenSSL would not take', async () => {
    for (const current of [undefined, '', 'abc', 'none', ' blank before', 'two\nlines']) {
      const { asked } = await ask('No Pass Phrase', current);
      assert.equal(asked?.offered?.length, 3, JSON.stringify(current));
      assert.equal(asked.value, 'No Pass Phrase');
    }
  });
});
