/** Long work with a progress notification that can be cancelled. */
import * as vscode from 'vscode';
import { throwIfCancelled } from '../base/errors.ts';

/** Shows below the title how far the work is. */
export type Report = (message: string) => void;

/**
 * Runs the task; cancelling aborts its signal. Rejects with CancelledError when it was cancelled and the task came to its
 * end all the same, so that nothing is said or shown afterwards.
 * @param title what is being done, e.g. "Creating the certificate"
 * @param task may report what it is at, shown behind the title
 */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      const listener = token.onCancellationRequested(() => controller.abort());
      try {
        const result = await task(controller.signal, (message) => progress.report({ message }));
        throwIfCancelled(controller.signal);
        return result;
      } finally {
        listener.dispose();
      }
    },
  );
}
