/**
 * Answers wizards from a script. Runs the real validators, refuses choices that are not offered, and fails at once on a
 * question that the script does not expect; `done` fails when answers are left over.
 */
import assert from 'node:assert/strict';
import { CancelledError } from '../../base/errors.ts';
import { back } from '../questions.ts';
import type { Back, Help, Questions } from '../questions.ts';

/** An answer: label or part of it for lists, text for inputs, a path for files. */
export type ScriptedAnswer = string | Back | { readonly cancel: true };

/** What was asked, as the user saw it. */
export interface Asked {
  readonly title: string;
  readonly position: string;
  readonly canGoBack: boolean;
  readonly offered?: readonly string[];
  /** What stands beside and below the lines of a list. */
  readonly said?: readonly string[];
  readonly help?: Help | undefined;
  readonly value?: string | undefined;
  readonly password?: boolean;
  /** The sentence above a list. */
  readonly prompt?: string | undefined;
}

export function scriptedQuestions(...script: readonly ScriptedAnswer[]): Questions & {
  readonly asked: Asked[];
  done(): void;
} {
  const left = [...script];
  const asked: Asked[] = [];
  const next = (question: { title: string; step?: number; totalSteps?: number; canGoBack?: boolean }, rest: object) => {
    asked.push({
      title: question.title,
      position: question.step === undefined ? '' : `${question.step}/${question.totalSteps ?? '?'}`,
      canGoBack: question.canGoBack ?? false,
      ...rest,
    });
    const answer = left.shift();
    if (answer === undefined) assert.fail(`Unexpected question: ${JSON.stringify(asked.at(-1))}`);
    if (typeof answer === 'object') throw new CancelledError();
    if (answer === back) assert.ok(question.canGoBack, 'Back is not offered here');
    return answer;
  };
  return {
    asked,
    async pick(question) {
      const choices = [...question.choices];
      await question.more?.((added) => choices.push(...added), new AbortController().signal);
      const offered = choices.map((choice) => choice.label);
      const answer = next(question, {
        offered,
        said: choices.map(({ description = '', detail = '' }) => `${description} | ${detail}`),
        value: offered[question.active ?? 0],
        prompt: question.prompt,
        help: question.help,
      });
      if (answer === back) return back;
      const found = choices.filter((choice) => choice.label.includes(answer));
      const exact = found.find((choice) => choice.label === answer) ?? found[0] ?? question.typed?.(answer);
      assert.ok(exact, `"${answer}" is not offered: ${offered.join(' | ')}`);
      return exact.value;
    },
    async text(question) {
      const answer = next(question, { value: question.value, password: question.password ?? false });
      if (answer === back) return back;
      const problem = await question.validate?.(answer, new AbortController().signal);
      if (problem?.severity === 'error') assert.fail(`"${answer}" is refused: ${problem.message}`);
      return answer;
    },
    file(question) {
      return Promise.resolve(next(question, { offered: question.candidates }));
    },
    done() {
      assert.deepEqual(left, [], 'Answers are left over');
    },
  };
}
