/**
 * Runs the steps of a wizard. Steps only collect answers; nothing is changed before the last one is given. Knows no editor.
 */
import { back } from './questions.ts';
import type { Back, Questions } from './questions.ts';

/** Where a step stands in its wizard: goes into the title of everything it asks. */
export interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

/** One step: a question with what belongs to its answer. */
export interface Step<A> {
  readonly id: string;
  /** Whether this has to be asked, given the answers so far. Options, or a lack of alternatives, answer it beforehand. */
  needed(answers: Readonly<A>): boolean;
  /**
   * Asks and returns the answers it adds, or `back`.
   * @param before what this step answered when it was asked before, so that Back loses nothing that was typed
   */
  ask(
    questions: Questions,
    frame: StepFrame,
    answers: Readonly<A>,
    before: Partial<A> | undefined,
  ): Promise<Partial<A> | Back>;
}

/**
 * Asks the steps in order and returns all answers. Back returns to the step before and forgets exactly what was answered
 * since. The total counts the steps that will be asked as things stand, so "2/3" is honest.
 * Rejects with CancelledError when the user leaves.
 */
export async function runSteps<A extends object>(
  title: string,
  steps: readonly Step<A>[],
  initial: A,
  questions: Questions,
): Promise<A> {
  let answers: A = initial;
  const asked: { index: number; answersBefore: A }[] = [];
  const typed = new Map<string, Partial<A>>();
  let index = 0;
  for (let step = steps[index]; step !== undefined; step = steps[index]) {
    if (!step.needed(answers)) {
      index++;
      continue;
    }
    const current = answers;
    const toCome = steps.slice(index + 1).filter((later) => later.needed(current)).length;
    const frame: StepFrame = {
      title,
      step: asked.length + 1,
      totalSteps: asked.length + 1 + toCome,
      canGoBack: asked.length > 0,
    };
    const answer = await step.ask(questions, frame, current, typed.get(step.id));
    if (answer === back) {
      const previous = asked.pop();
      if (previous !== undefined) {
        index = previous.index;
        answers = previous.answersBefore;
      }
      continue;
    }
    typed.set(step.id, answer);
    asked.push({ index, answersBefore: current });
    answers = { ...current, ...answer };
    index++;
  }
  return answers;
}

/**
 * Asks several things within one step: Back goes to the question before, and from the first one out of the step.
 * Each question gets the answer it was given before Back.
 */
export async function askInTurn<T extends readonly unknown[]>(
  ...ask: { [K in keyof T]: (canGoBack: boolean, before: T[K] | undefined) => Promise<T[K] | Back> }
): Promise<T | Back> {
  const answers: unknown[] = [];
  let index = 0;
  while (index < ask.length) {
    const question = ask[index] as (canGoBack: boolean, before: unknown) => Promise<unknown>;
    const answer = await question(index > 0, answers[index]);
    if (answer === back) {
      if (index === 0) return back;
      index--;
    } else {
      answers[index] = answer;
      index++;
    }
  }
  return answers as unknown as T;
}
