/** The days that deployments have to switch after a rotation, left out where a suite is about what comes after them. */
import * as vscode from 'vscode';
import { settings } from '../../src/contributions.ts';

/** Runs `work` as if the days of grace were over. */
export async function withoutGrace<T>(work: () => PromiseLike<T>): Promise<T> {
  const set = (days: number | undefined) =>
    vscode.workspace.getConfiguration().update(settings.rotationGraceDays, days, vscode.ConfigurationTarget.Global);
  await set(0);
  try {
    return await work();
  } finally {
    await set(undefined);
  }
}
