/** Long work with a progress notification that can be cancelled. */
import * as vscode from 'vscode';
import { throwIfCancelled } from '../base/errors.ts';

/** Shows below the title how far the work is. */
export type Report = (message: string) => void;

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
 */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let latest: string | undefined;
  let show: Report = (message) => {
    latest = message;
  };
  const work = task(controller.signal, (message) => show(message));
  if (await isDoneWithin(work, quick)) return await work;
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      show = (message) => progress.report({ message });
      if (latest !== undefined) show(latest);
      const listener = token.onCancellationRequested(() => controller.abort());
      try {
        const result = await work;
        throwIfCancelled(controller.signal);
        return result;
      } finally {
        listener.dispose();
      }
    },
  );
}

/** Whether the work has ended, well or not, before so many milliseconds have passed. */
async function isDoneWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
