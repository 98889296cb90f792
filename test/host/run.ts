/** Runs programs for the scripts of this folder. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './cache.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which the program is killed; default ten minutes. */
  readonly timeout?: number;
  /** `inherit` shows the output as it comes and collects none. */
  readonly output?: 'collect' | 'inherit';
}

export interface RunResult {
  readonly exitCode: number;
  /** Standard output and standard error in the order in which they came; empty with `inherit`. */
  readonly output: string;
  readonly stdout: string;
}

/** Runs a program without a shell and waits for its end; rejects only when it cannot be started. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const inherit = options.output === 'inherit';
    const child = spawn(program, args, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
      timeout: options.timeout ?? 600_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ exitCode: code ?? 1, output: signal ? `${output}\nEnded by ${signal}.` : output, stdout });
    });
  });
}

/** Runs a program and rejects with its output when it does not end with exit code 0. Resolves to its standard output. */
export async function runOrThrow(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(program, args, options);
  if (result.exitCode !== 0) {
    throw new Error(`${[program, ...args].join(' ')} ended with exit code ${result.exitCode}.\n${result.output}`);
  }
  return result.stdout;
}

/** Runs npm with the Node that runs this script. Under npm its own file is known, which also avoids npm.cmd on Windows. */
export function npm(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const script = process.env.npm_execpath;
  return script !== undefined && /\.[cm]?js$/.test(script)
    ? runOrThrow(process.execPath, [script, ...args], options)
    : runOrThrow('npm', args, options);
}

/** The file of a devDependency's program, to be run with `process.execPath`. */
export function packageFile(...segments: string[]): string {
  return path.join(projectRoot, 'node_modules', ...segments);
}
