/** Long work with a progress notification that can be cancelled. */
import * as vscode from 'vscode';
import { runCancellable } from './cancellable.ts';
import type { CancellableOptions, Report } from './cancellable.ts';

export type { Report } from './cancellable.ts';

/**
 * In milliseconds: work that is done sooner shows nothing. VS Code lets no more than three notifications pop up within
 * 0.8 s: progress that only flashes would keep the error that follows it from being seen.
 */
const quick = 400;

/**
 * Runs the task and shows that it runs, unless it is done at once; cancelling aborts its signal. Rejects with
 * CancelledError when it was cancelled and the task came to its end all the same, so that nothing is said or shown afterwards.
 * @param title what is being done, e.g. "Creating the certificate"
 * @param task may report what it is at, shown behind the title
 * @param options `keepsResult` for work that cannot be taken back from some point on: then the task itself rejects where it was cancelled in time
 */
export function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: Report) => Promise<T>,
  options?: CancellableOptions,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return runCancellable(
    task,
    async (work) =>
      vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
        const listeners: vscode.Disposable[] = [];
        try {
          return await work(
            (message) => progress.report({ message }),
            (cancel) => listeners.push(token.onCancellationRequested(cancel)),
          );
        } finally {
          for (const listener of listeners) listener.dispose();
        }
      }),
    quick,
    options,
  );
}
