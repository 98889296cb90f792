/** Work that can be cancelled, shown only when it takes its time. Knows no editor. */
import { throwIfCancelled } from '../base/errors.ts';

/** Shows how far the work is. */
export type Report = (message: string) => void;

export interface CancellableOptions {
  /** What the task answers with after it was cancelled is kept: its work has a point of no return, and what came of it has to be told. */
  readonly keepsResult?: boolean;
}

/** Shows the work until `work` has ended, and calls `cancel` when its user does. */
export type Present = <T>(work: (report: Report, onCancel: (cancel: () => void) => void) => Promise<T>) => Promise<T>;

/**
 * Runs the task. Rejects with CancelledError when it was cancelled and the task came to its end all the same, so that nothing is
 * said or shown afterwards, unless its result is to be kept.
 * @param quick milliseconds; a task that is done sooner is not shown
 */
export async function runCancellable<T>(
  task: (signal: AbortSignal, report: Report) => Promise<T>,
  present: Present,
  quick: number,
  { keepsResult = false }: CancellableOptions = {},
): Promise<T> {
  const controller = new AbortController();
  let latest: string | undefined;
  let show: Report = (message) => {
    latest = message;
  };
  const work = task(controller.signal, (message) => show(message));
  if (await isDoneWithin(work, quick)) return await work;
  return await present(async (report, onCancel) => {
    show = report;
    if (latest !== undefined) show(latest);
    onCancel(() => controller.abort());
    const result = await work;
    if (!keepsResult) throwIfCancelled(controller.signal);
    return result;
  });
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
