import assert from 'node:assert/strict';
import { isCancelled } from '../base/errors.ts';
import { back } from './questions.ts';
import { askInTurn, runSteps } from './steps.ts';
import type { Step } from './steps.ts';
import { scriptedQuestions } from './testing/scriptedQuestions.ts';

interface Answers {
  kind?: string;
  name?: string;
  extra?: string;
}

const kind: Step<Answers> = {
  id: 'kind',
  needed: (answers) => answers.kind === undefined,
  ask: async (questions, frame, _answers, before) => {
    const choices = ['plain', 'special'].map((label) => ({ label, value: label }));
    const active = choices.findIndex((choice) => choice.value === before?.kind);
    const answer = await questions.pick({ ...frame, placeholder: '', choices, active: Math.max(active, 0) });
    return answer === back ? back : { kind: answer };
  },
};
const textStep = (id: 'name' | 'extra', needed: (answers: Answers) => boolean): Step<Answers> => ({
  id,
  needed: (answers) => answers[id] === undefined && needed(answers),
  ask: async (questions, frame, _answers, before) => {
    const answer = await questions.text({ ...frame, prompt: id, value: before?.[id] ?? '' });
    return answer === back ? back : { [id]: answer };
  },
});
const steps = [kind, textStep('extra', (answers) => answers.kind === 'special'), textStep('name', () => true)];

describe('wizard steps', () => {
  it('ask in order and collect the answers', async () => {
    const questions = scriptedQuestions('plain', 'x');
    assert.deepEqual(await runSteps('Flow', steps, {}, questions), { kind: 'plain', name: 'x' });
    assert.deepEqual(
      questions.asked.map((asked) => asked.position),
      ['1/2', '2/2'],
    );
    questions.done();
  });

  it('skip what is answered beforehand, and count only what is asked', async () => {
    const questions = scriptedQuestions('x', 'y');
    assert.deepEqual(await runSteps('Flow', steps, { kind: 'special' }, questions), {
      kind: 'special',
      extra: 'x',
      name: 'y',
    });
    assert.deepEqual(
      questions.asked.map((asked) => [asked.position, asked.canGoBack]),
      [
        ['1/2', false],
        ['2/2', true],
      ],
    );
  });

  it('ask nothing when all is answered', async () => {
    const questions = scriptedQuestions();
    assert.deepEqual(await runSteps('Flow', steps, { kind: 'plain', name: 'n' }, questions), {
      kind: 'plain',
      name: 'n',
    });
  });

  it('go back, forget exactly what was answered since, and keep what was typed', async () => {
    const questions = scriptedQuestions('special', 'typed', back, back, 'plain', back, 'special', 'typed 2', 'n');
    assert.deepEqual(await runSteps('Flow', steps, {}, questions), { kind: 'special', extra: 'typed 2', name: 'n' });
    assert.deepEqual(
      questions.asked.map((asked) => [asked.position, asked.value]),
      [
        ['1/2', 'plain'],
        ['2/3', ''],
        ['3/3', ''],
        ['2/3', 'typed'],
        ['1/2', 'special'],
        ['2/2', ''],
        ['1/2', 'plain'],
        ['2/3', 'typed'],
        ['3/3', ''],
      ],
    );
    questions.done();
  });

  it('do not leak the answer of an abandoned branch', async () => {
    const questions = scriptedQuestions('special', 'typed', back, back, 'plain', 'n');
    assert.deepEqual(await runSteps('Flow', steps, {}, questions), { kind: 'plain', name: 'n' });
  });

  it('reject with a cancellation when the user leaves at any step', async () => {
    for (const script of [[{ cancel: true as const }], ['plain', { cancel: true as const }]]) {
      await assert.rejects(runSteps('Flow', steps, {}, scriptedQuestions(...script)), isCancelled);
    }
  });

  it('may ask several things in turn, with Back among them', async () => {
    const questions = scriptedQuestions('a', back, 'b', 'c');
    const ask = (canGoBack: boolean, before: string | undefined) =>
      questions.text({ title: 't', prompt: '', canGoBack, value: before ?? '' });
    assert.deepEqual(await askInTurn<[string, string]>(ask, ask), ['b', 'c']);
    assert.deepEqual(
      questions.asked.map((asked) => asked.value),
      ['', '', 'a', ''],
    );
  });
});
