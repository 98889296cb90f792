/** Programs of this machine, started without a shell; and processes as the owners of locks. */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError, throwIfCancelled } from '../base/errors.ts';
import type { ProcessRunner, RunOptions, RunResult } from '../base/ports.ts';
import type { Processes } from '../setup/ports.ts';
import { scriptOfShim } from './windowsPrograms.ts';

/** No program we run has more to say; one that does is stuck in a loop. */
const outputCap = 16 * 1024 * 1024;

/** How long an ended program may take before it is killed. */
const graceMilliseconds = 2000;

/**
 * Runs programs without a shell. Besides the codes of {@link ProcessRunner}: `program-output-too-large`, `folder-not-found`;
 * CancelledError when the signal is aborted.
 */
export const nodeProcesses: ProcessRunner = {
  async run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    throwIfCancelled(options.signal);
    const { file, before } = await findStartable(program);
    throwIfCancelled(options.signal);
    return new Promise<RunResult>((resolve, reject) => {
      const child = spawn(file, [...before, ...args], {
        cwd: options.cwd,
        env: options.env === undefined ? process.env : { ...process.env, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
        shell: false,
        windowsHide: true,
      });
      let failure: Error | undefined;
      const end = (error: Error) => {
        if (failure !== undefined) return;
        failure = error;
        stop(child);
      };
      const cancel = () => end(new CancelledError());
      const timer =
        options.timeout === undefined
          ? undefined
          : setTimeout(() => end(timedOut(program, options.timeout ?? 0)), options.timeout);
      options.signal?.addEventListener('abort', cancel, { once: true });
      const collect = (stream: NodeJS.ReadableStream) => {
        const chunks: Buffer[] = [];
        let size = 0;
        stream.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > outputCap) end(tooMuchOutput(program));
          else chunks.push(chunk);
        });
        return () => Buffer.concat(chunks).toString('utf8');
      };
      const stdout = collect(child.stdout);
      const stderr = collect(child.stderr);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', cancel);
        finish();
      };
      let hasStarted = true;
      child.on('error', (error: NodeJS.ErrnoException) => {
        // `close` follows, with an exit code that means nothing.
        hasStarted = false;
        settle(() => void explainStart(error, program, options.cwd).then(reject, reject));
      });
      child.on('exit', () => {
        // A grandchild may keep the pipes open after its parent was ended; do not wait for it.
        if (failure !== undefined) for (const stream of [child.stdout, child.stderr]) stream.destroy();
      });
      child.on('close', (exitCode, signal) => {
        if (!hasStarted) return;
        settle(() => {
          if (failure !== undefined) reject(failure);
          else resolve({ exitCode: exitCode ?? (signal === null ? 1 : 128), stdout: stdout(), stderr: stderr() });
        });
      });
      // A program that does not read its input closes the pipe; its exit code says what was wrong.
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input);
    });
  },
};

export function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
  child.once('exit', () => clearTimeout(killer));
}

/**
 * The program as `spawn` gets it. On Windows, starting `git` looks for git.exe in the working folder first, which may be a stranger's workspace; so look it up
 * in PATH ourselves. Elsewhere the system does just that.
 */
export async function findProgram(program: string): Promise<string> {
  if (process.platform !== 'win32' || isAbsolute(program)) return program;
  const names = /\.(exe|com)$/i.test(program) ? [program] : [`${program}.exe`, `${program}.com`];
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    for (const name of names) {
      const candidate = join(folder, name);
      if (await access(candidate, constants.X_OK).then(() => true, () => false)) return candidate; // prettier-ignore
    }
  }
  throw notFound(program);
}

/** A program to start and what its arguments begin with: on Windows, package managers are batch files, for which Node and its script stand in. */
async function findStartable(program: string): Promise<{ readonly file: string; readonly before: readonly string[] }> {
  try {
    return { file: await findProgram(program), before: [] };
  } catch (error) {
    const script = process.platform === 'win32' ? await findScript(program) : undefined;
    if (script === undefined) throw error;
    return { file: await findProgram('node'), before: [script] };
  }
}

/** The script that a batch file in PATH would have Node run. */
async function findScript(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const shim = join(folder, `${program}.cmd`);
    const text = await readFile(shim, 'utf8').catch(() => '');
    const script = scriptOfShim(shim, text);
    if (script !== undefined) return script;
  }
  return undefined;
}

export async function explainStart(
  error: NodeJS.ErrnoException,
  program: string,
  cwd: string | undefined,
): Promise<Error> {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return error;
  // Node reports a missing working folder in the same words as a missing program.
  if (
    cwd !== undefined &&
    !(await stat(cwd).then(
      (facts) => facts.isDirectory(),
      () => false,
    ))
  )
    // prettier-ignore
    return new ExpectedError(
      'folder-not-found',
      l10n.t('{0} was not started because the folder {1} does not exist.', program, cwd),
      { file: cwd },
    );
  return notFound(program);
}

function notFound(program: string): ExpectedError {
  return new ExpectedError(
    'program-not-found',
    l10n.t(
      '{0} was not started because it is not installed or not on the PATH. Install it, or start the editor where it is on the PATH.',
      program,
    ),
  );
}

function timedOut(program: string, milliseconds: number): ExpectedError {
  return new ExpectedError(
    'program-timed-out',
    l10n.t(
      '{0} was ended because it had not finished after {1} seconds. It may be waiting for input; run it in a terminal to see.',
      program,
      Math.round(milliseconds / 1000),
    ),
  );
}

function tooMuchOutput(program: string): ExpectedError {
  return new ExpectedError(
    'program-output-too-large',
    l10n.t('{0} was ended because it printed more than 16 MB. Run it in a terminal to see what it prints.', program),
  );
}

/** The machine's processes; their start time tells a reused number on Linux, where `/proc` has it. */
export const nodeLockOwners: Processes = {
  async self() {
    return { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  },
  async isRunning(identity) {
    if (identity.host !== hostname()) return true;
    try {
      process.kill(identity.pid, 0);
    } catch (error) {
      // EPERM: there is such a process, of another user.
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    }
    const started = await startOf(identity.pid);
    return started === '' || identity.started === '' || started === identity.started;
  },
};

/** Boot identifier and start in clock ticks since boot; empty where the system has no /proc. */
async function startOf(pid: number): Promise<string> {
  try {
    const [boot, facts] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // Field 22; the second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const ticks = facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? '' : `${boot.trim()}/${ticks}`;
  } catch {
    return '';
  }
}
