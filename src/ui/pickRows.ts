/** The rows of a quick pick, also those that come while it is open. */
import * as vscode from 'vscode';
import { isCancelled } from '../base/errors.ts';
import type { Choice, PickQuestion } from './questions.ts';

export interface Row<T> extends vscode.QuickPickItem {
  readonly answer?: { readonly value: T };
}

/** Between two renewals of a growing list, in ms: each sends the whole list to the window. */
const renewal = 200;

/**
 * Fills the list and keeps it filled.
 * @param fail ends the question with an error
 */
export function listenToChoices<T>(
  picker: vscode.QuickPick<Row<T>>,
  question: PickQuestion<T>,
  fail: (error: unknown) => void,
): vscode.Disposable[] {
  const rows: Row<T>[] = [];
  let group: string | undefined;
  const append = (choices: readonly Choice<T>[]) => {
    for (const choice of choices) {
      if (choice.group !== group) rows.push({ label: choice.group ?? '', kind: vscode.QuickPickItemKind.Separator });
      group = choice.group;
      rows.push(rowOf(choice));
    }
  };
  append(question.choices);
  let typed: Row<T> | undefined;
  const renew = () => {
    // Whoever has moved to a row stays on it.
    const active = picker.activeItems.filter((row) => rows.includes(row));
    picker.items = typed === undefined ? [...rows] : [...rows, typed];
    if (active.length > 0) picker.activeItems = active;
  };
  renew();
  const first = rows.filter((row) => row.answer !== undefined)[question.active ?? 0];
  if (first !== undefined) picker.activeItems = [first];

  const controller = new AbortController();
  const listeners: vscode.Disposable[] = [new vscode.Disposable(() => controller.abort())];
  if (question.typed !== undefined) {
    const { typed: make } = question;
    listeners.push(
      picker.onDidChangeValue((value) => {
        const choice = make(value);
        if (choice === undefined && typed === undefined) return;
        typed = choice === undefined ? undefined : { ...rowOf(choice), alwaysShow: true };
        renew();
      }),
    );
  }
  if (question.more !== undefined) {
    let timer: NodeJS.Timeout | undefined;
    listeners.push(new vscode.Disposable(() => clearTimeout(timer)));
    picker.keepScrollPosition = true;
    picker.busy = true;
    const add = (choices: readonly Choice<T>[]) => {
      if (controller.signal.aborted) return;
      append(choices);
      timer ??= setTimeout(() => {
        timer = undefined;
        renew();
      }, renewal);
    };
    question.more(add, controller.signal).then(
      (sentence) => {
        if (controller.signal.aborted) return;
        clearTimeout(timer);
        renew();
        picker.busy = false;
        if (sentence !== undefined) picker.prompt = sentence;
      },
      (error: unknown) => {
        if (!controller.signal.aborted || !isCancelled(error)) fail(error);
      },
    );
  }
  return listeners;
}

function rowOf<T>(choice: Choice<T>): Row<T> {
  return {
    label: choice.label,
    answer: { value: choice.value },
    ...(choice.icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(choice.icon) }),
    ...(choice.description === undefined ? {} : { description: choice.description }),
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
  };
}
