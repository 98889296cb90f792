/**
 * What the pure rooms need from outside, as small ports that the editor, the command line and the tests provide.
 */

/** Time. Tests hand in one that they move themselves. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with CancelledError when the signal is aborted. */
  delay(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Reads files by absolute path. */
export interface FileReader {
  /** The file's bytes, or undefined when there is no such file; every other failure rejects. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Size in bytes and POSIX mode bits (0 on Windows), or undefined when there is no such file. */
  stat(path: string): Promise<FileFacts | undefined>;
  /** Names of the entries of a folder; empty when there is no such folder. */
  list(folder: string): Promise<readonly FolderEntry[]>;
}

export interface FileFacts {
  readonly size: number;
  readonly mode: number;
  readonly kind: 'file' | 'folder' | 'other';
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Runs a program without a shell. */
export interface ProcessRunner {
  /**
   * Runs `program` with an argument array and waits for its end. Never put a secret into `args`: it is visible
   * to every process of the machine; use `input`.
   * Rejects with ExpectedError `program-not-found` when there is no such program.
   */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the program is ended and the call rejects with `program-timed-out`. */
  readonly timeout?: number;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program whose output is too much to hold in memory. */
export interface StreamingRunner {
  /**
   * As {@link ProcessRunner.run}, but hands standard output on as it comes. An error that `onData` throws ends the program and
   * rejects the call.
   * @returns the last 64 KB of standard error
   */
  stream(
    program: string,
    args: readonly string[],
    options: Pick<RunOptions, 'cwd' | 'env' | 'input' | 'signal'>,
    onData: (chunk: Uint8Array) => void,
  ): Promise<{ readonly exitCode: number; readonly stderr: string }>;
}
