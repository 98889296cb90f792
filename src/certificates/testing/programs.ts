/** Real programs for the tests of making: openssl, keytool, a shell; and a folder that is gone afterwards. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and waits for its end. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    input?: string | Uint8Array;
    cwd?: string;
    env?: Readonly<Record<string, string>>;
    detached?: boolean;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      detached: options.detached ?? false,
      env: { ...process.env, ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A program that ends before it has read everything is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });
}

/** Like {@link run}; throws with the program's own words when it fails. */
export async function succeed(...call: Parameters<typeof run>): Promise<string> {
  const ended = await run(...call);
  if (ended.exitCode !== 0) throw new Error(`${call[0]} ${call[1].join(' ')} failed: ${ended.stderr}${ended.stdout}`);
  return ended.stdout;
}

export function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument]).error === undefined;
}

/** Runs the action with a new folder that is removed afterwards. */
export async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
