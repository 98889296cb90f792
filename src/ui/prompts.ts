/** The editor's side of the wizards: quick picks and input boxes, each disposed whatever way it ends. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../base/errors.ts';
import { browse, fileRows, openDialog, typedRow } from './fileRows.ts';
import { focusSettled, showAgain } from './inputFocus.ts';
import { listenToChoices } from './pickRows.ts';
import type { Row } from './pickRows.ts';
import { back } from './questions.ts';
import type { Back, Help, PickQuestion, Questions, TextProblem, TextQuestion } from './questions.ts';

type Settle<T> = (answer: T | Back) => void;

const severities = {
  error: vscode.InputBoxValidationSeverity.Error,
  warning: vscode.InputBoxValidationSeverity.Warning,
  information: vscode.InputBoxValidationSeverity.Info,
} as const;

/**
 * Asks with VS Code's quick input. Focus may leave (to copy a value elsewhere); Esc ends the flow. An answered input stays until the
 * next one is on the screen, or for a moment where none follows: hiding it would hand the focus to the editor behind, and a webview
 * there takes it so late that the next input loses it again.
 */
export function createQuickQuestions(): Questions {
  let last: Leftover | undefined;
  const show: Show = async (input, question, listen) => {
    const before = last;
    last = undefined;
    if (before === undefined) await focusSettled();
    const shown = showInput(input, question, listen);
    before?.leave();
    const leftover: Leftover = { leave: () => shown.dispose() };
    try {
      const answer = await shown.answer;
      last = leftover;
      setTimeout(() => {
        if (last === leftover) last = undefined;
        leftover.leave();
      }, lingering);
      return answer;
    } catch (error) {
      leftover.leave();
      throw error;
    }
  };
  return questionsWith(show);
}

/** An input that was answered. */
interface Leftover {
  /** Takes it off the screen; nothing happens the second time. */
  leave(): void;
}

/** Milliseconds: longer than from one question to the next, shorter than anybody notices. */
const lingering = 80;

const questionsWith = (show: Show): Questions => ({
  pick: <T>(question: PickQuestion<T>) => {
    const picker = vscode.window.createQuickPick<Row<T>>();
    picker.placeholder = question.placeholder;
    if (question.prompt !== undefined) picker.prompt = question.prompt;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    return show<T>(picker, question, (settle, _paused, fail) => [
      ...listenToChoices(picker, question, fail),
      picker.onDidAccept(() => {
        const answer = picker.activeItems[0]?.answer;
        if (answer !== undefined) settle(answer.value);
      }),
    ]);
  },

  text: (question) => {
    const box = vscode.window.createInputBox();
    box.prompt = question.prompt;
    box.value = question.password === true ? '' : (question.value ?? '');
    box.password = question.password === true;
    if (question.placeholder !== undefined) box.placeholder = question.placeholder;
    return show(box, question, (settle) => textListeners(box, question, settle));
  },

  file: (question) => {
    const picker = vscode.window.createQuickPick<Row<string | typeof browse>>();
    picker.placeholder = question.placeholder;
    picker.matchOnDescription = true;
    const rows = fileRows(question);
    picker.items = rows;
    return show(picker, question, (settle, paused) => [
      picker.onDidChangeValue((value) => {
        picker.items = path.isAbsolute(value) ? [typedRow(value), ...rows] : rows;
      }),
      picker.onDidAccept(() => {
        const answer = picker.activeItems[0]?.answer?.value;
        if (answer === browse) {
          // A dialog that fails is one in which nothing was chosen: the list is shown again.
          void paused(() => openDialog(question)).then(
            (found) => {
              if (found !== undefined) settle(found);
            },
            () => undefined,
          );
        } else if (answer !== undefined) settle(answer);
      }),
    ]);
  },
});

type Show = <T>(input: vscode.QuickInput, question: Frame, listen: Listen<T>) => Promise<T | Back>;

type Listen<T> = (settle: Settle<T>, paused: Pause, fail: (error: unknown) => void) => vscode.Disposable[];

interface Frame {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  readonly help?: Help;
}

/** Shows a quick input until it is answered; hiding it in any other way than {@link Pause} is a cancellation. */
function showInput<T>(
  input: vscode.QuickInput,
  question: Frame,
  listen: Listen<T>,
): { readonly answer: Promise<T | Back>; dispose(): void } {
  input.title = question.title;
  input.step = question.step;
  input.totalSteps = question.totalSteps;
  input.ignoreFocusOut = true;
  const withButtons = input as vscode.QuickPick<vscode.QuickPickItem>;
  const { help } = question;
  withButtons.buttons = [
    ...(question.canGoBack === true ? [vscode.QuickInputButtons.Back] : []),
    ...(help === undefined ? [] : [{ iconPath: new vscode.ThemeIcon('question'), tooltip: help.label }]),
  ];
  const listeners: { dispose(): unknown }[] = [];
  const deafen = () => {
    for (const listener of listeners.splice(0)) listener.dispose();
  };
  const answer = new Promise<T | Back>((resolve, reject) => {
    let isPaused = false;
    // While it stays, an answered input takes no second answer, opens no dialog and loads no more rows.
    const settle: Settle<T> = (given) => {
      deafen();
      resolve(given);
    };
    const paused: Pause = async (task) => {
      isPaused = true;
      input.hide();
      try {
        return await task();
      } finally {
        await focusSettled();
        isPaused = false;
        showAgain(input);
      }
    };
    listeners.push(
      ...listen(settle, paused, reject),
      withButtons.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) settle(back);
        else help?.show();
      }),
      input.onDidHide(() => {
        if (!isPaused) reject(new CancelledError());
      }),
    );
    input.show();
  });
  return {
    answer,
    dispose() {
      deafen();
      input.dispose();
    },
  };
}

/** Hides the input while something else (a file dialog) is open, and shows it again as it was. */
type Pause = <R>(task: () => PromiseLike<R>) => Promise<R>;

function textListeners(box: vscode.InputBox, question: TextQuestion, settle: Settle<string>): vscode.Disposable[] {
  let running: AbortController | undefined;
  // What stands in the box is judged only when it was looked at; an outdated answer changes nothing.
  const check = async (): Promise<TextProblem | undefined> => {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const result = question.validate?.(box.value, controller.signal);
    if (!(result instanceof Promise)) {
      show(result);
      return result;
    }
    box.busy = true;
    const problem = await result.catch((error: unknown): TextProblem => ({
      severity: 'error',
      message: error instanceof Error ? error.message : String(error),
    }));
    if (controller.signal.aborted) throw new CancelledError();
    box.busy = false;
    show(problem);
    return problem;
  };
  const show = (problem: TextProblem | undefined) => {
    box.validationMessage =
      problem === undefined ? undefined : { message: problem.message, severity: severities[problem.severity] };
  };
  return [
    box.onDidChangeValue(() => {
      if (question.validateOnAccept !== true) check().catch(ignoreOutdated);
      else {
        // What was said about the text before no longer holds.
        running?.abort();
        box.busy = false;
        show(undefined);
      }
    }),
    box.onDidAccept(() => {
      const { value } = box;
      check().then((problem) => {
        if (problem?.severity !== 'error') settle(value);
      }, ignoreOutdated);
    }),
    new vscode.Disposable(() => running?.abort()),
  ];
}

function ignoreOutdated(error: unknown): void {
  if (!(error instanceof CancelledError)) throw error;
}
