/** Runs a suite inside a real extension host: @vscode/test-electron over VS Code desktop or over the server host. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { projectRoot } from './cache.ts';
import { downloadedDesktop, namedDesktop } from './desktop.ts';

export interface HostSuite {
  /** Absolute path of the bundled suite, which exports `run()`. */
  readonly tests: string;
  /** Folder (or .code-workspace file) to open; a folder is opened as it is, so hand in a copy. */
  readonly workspace: string;
  /** Folder of the extension under test; default the project. */
  readonly extension?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Counts of one suite, and what failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The program that suites run in and whether it is desktop VS Code; VSCODE_HOST=server keeps from looking for a desktop. */
export async function suiteHost(): Promise<{ readonly program: string; readonly desktop: boolean }> {
  const desktop = process.env.VSCODE_HOST === 'server' ? undefined : (namedDesktop() ?? (await downloadedDesktop()));
  if (desktop !== undefined) return { program: desktop, desktop: true };
  const launcher = process.platform === 'win32' ? 'launcher.cmd' : 'launcher.mjs';
  return { program: path.join(import.meta.dirname, launcher), desktop: false };
}

/**
 * Runs one suite and resolves to its counts, which the suite's runner leaves in the file that CCG_RESULTS names
 * (test/extension/runner.ts). A host that crashed or left no counts is one failure.
 */
export async function runHostSuite(suite: HostSuite, program: string): Promise<Counts> {
  // Short, because it holds sockets.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
  const results = path.join(folder, 'results.json');
  let crashed = false;
  try {
    await runTests({
      vscodeExecutablePath: program,
      extensionDevelopmentPath: suite.extension ?? projectRoot,
      extensionTestsPath: suite.tests,
      launchArgs: [
        suite.workspace,
        '--disable-extensions',
        `--user-data-dir=${path.join(folder, 'u')}`,
        `--extensions-dir=${path.join(folder, 'e')}`,
      ],
      extensionTestsEnv: {
        ...suite.env,
        CCG_RESULTS: results,
        // The launcher is a script: it must find this Node and no older one.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    });
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    crashed = true;
  }
  try {
    if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
    const counts = JSON.parse(await readFile(results, 'utf8')) as Counts;
    // A non-zero exit code without a failed test: something went wrong outside the tests.
    return crashed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
