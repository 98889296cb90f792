/** Programs whose output is handed on as it comes; else as in nodeProcesses.ts. */
import { spawn } from 'node:child_process';
import { CancelledError, throwIfCancelled } from '../base/errors.ts';
import type { StreamingRunner } from '../base/ports.ts';
import { explainStart, findProgram, stop } from './nodeProcesses.ts';

/** Of standard error, in characters. */
const kept = 65_536;

export const nodeStreams: StreamingRunner = {
  async stream(program, args, { cwd, env, input, signal }, onData) {
    throwIfCancelled(signal);
    const file = await findProgram(program);
    throwIfCancelled(signal);
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        cwd,
        env: env === undefined ? process.env : { ...process.env, ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
        shell: false,
        windowsHide: true,
      });
      let failure: Error | undefined;
      let hasStarted = true;
      let stderr = '';
      const end = (error: Error) => {
        if (failure !== undefined) return;
        failure = error;
        stop(child);
      };
      const cancel = () => end(new CancelledError());
      signal?.addEventListener('abort', cancel, { once: true });
      child.stdout.on('data', (chunk: Buffer) => {
        if (failure !== undefined) return;
        try {
          onData(chunk);
        } catch (error) {
          end(error instanceof Error ? error : new Error(String(error)));
        }
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr = (stderr + chunk.toString('utf8')).slice(-kept);
      });
      child.on('error', (error: NodeJS.ErrnoException) => {
        hasStarted = false;
        signal?.removeEventListener('abort', cancel);
        void explainStart(error, program, cwd).then(reject, reject);
      });
      child.on('close', (exitCode, signalName) => {
        signal?.removeEventListener('abort', cancel);
        if (!hasStarted) return;
        if (failure !== undefined) reject(failure);
        else resolve({ exitCode: exitCode ?? (signalName === null ? 1 : 128), stderr });
      });
      // A program that does not read its input closes the pipe; its exit code says what was wrong.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  },
};
