/** Long work with a progress notification that can be cancelled. */
import * as vscode from 'vscode';
import { throwIfCancelled } from '../base/errors.ts';

/**
 * Runs the task; cancelling aborts its signal. Rejects with CancelledError when it was cancelled and the task came to its
 * end all the same, so that nothing is said or shown afterwards.
 * @param title what is being done, e.g. "Creating the certificate"
 */
export async function withProgress<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const controller = new AbortController();
      const listener = token.onCancellationRequested(() => controller.abort());
      try {
        const result = await task(controller.signal);
        throwIfCancelled(controller.signal);
        return result;
      } finally {
        listener.dispose();
      }
    },
  );
}
