/** Loads and activates the packaged extension in a process of its own, without an editor. */
import path from 'node:path';
import { run } from './run.ts';

export interface Activation {
  /** What was required, built-ins and `vscode` included. */
  readonly modules: readonly string[];
  /** In ms. */
  readonly load: number;
  /** In ms. */
  readonly activate: number;
}

/** @param extension folder of the unpacked VSIX */
export async function activateOnce(extension: string): Promise<Activation> {
  const probe = path.join(import.meta.dirname, 'activation.cjs');
  const { exitCode, output, stdout } = await run(process.execPath, [probe, extension]);
  if (exitCode !== 0) throw new Error(output);
  return JSON.parse(stdout) as Activation;
}
