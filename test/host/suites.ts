/** Runs a suite inside a real extension host: @vscode/test-electron over VS Code desktop or over the server host. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { projectRoot } from './cache.ts';
import { add, failedOnce } from './counts.ts';
import type { Counts } from './counts.ts';
import { downloadedDesktop, namedDesktop } from './desktop.ts';
import { findLeaks } from './leaks.ts';

export interface HostSuite {
  /** Absolute path of the bundled suite, which exports `run()`. */
  readonly tests: string;
  /** Folder (or .code-workspace file) to open; a folder is opened as it is, so hand in a copy. */
  readonly workspace: string;
  /** Folder of the extension under test; default the project. */
  readonly extension?: string;
  readonly env?: Readonly<Record<string, string>>;
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
  const secrets = path.join(folder, 'secrets');
  // Everything that is written during the suite: settings, storage, logs at trace level.
  const written = path.join(folder, 'w');
  let crashed = false;
  try {
    await runTests({
      vscodeExecutablePath: program,
      extensionDevelopmentPath: suite.extension ?? projectRoot,
      extensionTestsPath: suite.tests,
      launchArgs: [
        suite.workspace,
        '--disable-extensions',
        `--user-data-dir=${path.join(written, 'u')}`,
        `--extensions-dir=${path.join(folder, 'e')}`,
        `--server-data-dir=${path.join(written, 's')}`,
        '--log=trace',
      ],
      extensionTestsEnv: {
        ...suite.env,
        CCG_RESULTS: results,
        CCG_SECRETS: secrets,
        // The launcher is a script: it must find this Node and no older one.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    });
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    crashed = true;
  }
  try {
    const which = path.basename(suite.tests);
    if (!existsSync(results)) return failedOnce(`${which} ended without counts`);
    const counts = JSON.parse(await readFile(results, 'utf8')) as Counts;
    const safe = await keptSecrets(written, secrets);
    const all = add([
      counts,
      safe
        ? { passed: 1, failed: 0, skipped: 0, failures: [] }
        : failedOnce(`${which}: a secret was written, or nothing was`),
    ]);
    // A non-zero exit code without a failed test: something went wrong outside the tests.
    return crashed && all.failed === 0 ? add([all, failedOnce(`${which}: the host crashed`)]) : all;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One more test of every suite: nothing that was written holds a secret. Says what it found. */
async function keptSecrets(written: string, secretsFile: string): Promise<boolean> {
  const lines = existsSync(secretsFile) ? (await readFile(secretsFile, 'utf8')).trim().split('\n') : [];
  const { leaks, searched } = await findLeaks(
    written,
    lines.map((line) => JSON.parse(line) as string),
  );
  for (const { file, what } of leaks) console.error(`  ${what} stands in ${file}`);
  // Logs at trace level are always written: where there are none, they are somewhere else.
  if (searched === 0) console.error(`  nothing was written to ${written}`);
  const safe = leaks.length === 0 && searched > 0;
  console.log(
    `    ${safe ? '✔' : '✗'} no secret in ${searched} files that were written (${lines.length} values looked for)`,
  );
  return safe;
}
