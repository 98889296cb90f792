/** Runs every check and suite of the project one after the other and adds up what passed. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { findBrowser } from './browser.ts';
import { projectRoot } from './cache.ts';
import { add, failedOnce } from './counts.ts';
import type { Counts } from './counts.ts';
import { packageFile, run } from './run.ts';
import { installedMsal, msalVersions, sampleWorkspace } from './samples.ts';
import { serverPackage } from './serverPackage.ts';
import { runHostSuite, suiteHost } from './suites.ts';
import { packageExtension, unpack } from './vsix.ts';

interface Stage {
  readonly name: string;
  /** A stage that throws counts as one failure. */
  run(): Promise<Counts>;
}

const mocha = packageFile('mocha', 'bin', 'mocha.js');
const reporter = path.join('test', 'host', 'reporter.cjs');
/** Test files side by side: many of them mostly wait for programs and for the disk. */
const parallel = ['--parallel', '--jobs', String(Math.max(2, availableParallelism()))];

/** Those that fail fastest come first; all of them run whatever fails. */
const stages: readonly Stage[] = [
  { name: 'types', run: () => check([packageFile('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.']) },
  {
    name: 'format',
    run: () => check([packageFile('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  },
  {
    name: 'lint',
    run: () =>
      check([
        packageFile('eslint', 'bin', 'eslint.js'),
        ...['-c', 'test/lint/eslint.config.mjs', '--max-warnings', '0', '.'],
      ]),
  },
  {
    name: 'unit',
    run: () => mochaRun(process.execPath, ['--import=tsx', ...parallel], ['src/**/*.test.ts', 'test/**/*.test.ts']),
  },
  // Bun's node:crypto is BoringSSL, as in VS Code desktop (facts/vscode-test-host.md).
  { name: 'unit-bun', run: () => mochaRun(bun(), [], ['src/certificates/**/*.test.ts', 'src/base/keyText.test.ts']) },
  { name: 'build', run: build },
  { name: 'host', run: () => hostSuites() },
  { name: 'workbench', run: () => mochaRun(process.execPath, ['--import=tsx'], ['test/workbench/**/*.suite.ts']) },
  { name: 'package', run: packaging },
];

/** Runs the named stages (none: all), prints `N passed, N failed` at the end and resolves to the exit code. */
export async function all(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(', ')}; there are ${stages.map(({ name }) => name).join(', ')}.`);
    return 1;
  }
  const results: { name: string; counts: Counts; seconds: number }[] = [];
  for (const stage of stages.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n── ${stage.name}`);
    const start = Date.now();
    const counts = await stage.run().catch((error: unknown): Counts => {
      console.error(error instanceof Error ? (error.stack ?? error.message) : error);
      return failedOnce('threw, see above');
    });
    results.push({ name: stage.name, counts, seconds: Math.round((Date.now() - start) / 1000) });
  }
  const total = add(results.map(({ counts }) => counts));
  // At the end, where also someone who is only shown the last lines finds them.
  if (total.failures.length > 0) console.log('\n── failed');
  for (const { name, counts } of results) {
    for (const failure of counts.failures) console.log(`${name}: ${failure}`);
  }
  console.log('\n── all');
  for (const { name, counts, seconds } of results) console.log(`${name}: ${describeCounts(counts)} (${seconds} s)`);
  console.log(describeCounts(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

function describeCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** One check: passed when the program ends with 0. */
async function check(args: readonly string[]): Promise<Counts> {
  const { exitCode } = await run(process.execPath, args, { output: 'inherit' });
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : failedOnce('see above');
}

async function mochaRun(
  program: string,
  options: readonly string[],
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Counts> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
  const results = path.join(folder, 'results.json');
  try {
    const { exitCode } = await run(program, [mocha, ...options, '--forbid-only', '--reporter', reporter, ...files], {
      output: 'inherit',
      env: { ...env, CCG_RESULTS: results },
      // For a run that hangs as a whole; each test has a limit of its own.
      timeout: 3_000_000,
    });
    const which = files.join(' ');
    if (!existsSync(results)) return failedOnce(`${which} ended without counts`);
    const counts = JSON.parse(await readFile(results, 'utf8')) as Counts;
    const broken = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
    return broken ? add([counts, failedOnce(`${which}: no test at all, or a crash outside the tests`)]) : counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bun(): string {
  return packageFile('bun', 'bin', 'bun.exe');
}

/** Everything the later stages need: bundles, and what is fetched once and kept in .vscode-test/. */
async function build(): Promise<Counts> {
  const built = await check(['esbuild.js', '--tests']);
  await findBrowser();
  await serverPackage();
  for (const version of msalVersions) await installedMsal(version);
  return built;
}

/** Each suite file of test/extension/ in a host and a workspace of its own; `only` picks one, for the packaged extension. */
async function hostSuites(extension?: string, only?: string): Promise<Counts> {
  const host = await suiteHost();
  console.log(host.desktop ? `VS Code desktop: ${host.program}` : 'VS Code server with Chromium');
  const suites = readdirSync(path.join(projectRoot, 'out', 'extension'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.suite.js') && (only === undefined || file === only))
    // For work on one suite: CCG_SUITE=signIn npm test -- build host
    .filter((file) => only !== undefined || file.startsWith(process.env.CCG_SUITE ?? ''))
    .sort();
  const counts: Counts[] = [];
  for (const suite of suites) {
    const workspace = await sampleWorkspace();
    try {
      counts.push(
        await runHostSuite(
          {
            tests: path.join(projectRoot, 'out', 'extension', suite),
            workspace,
            ...(extension === undefined ? {} : { extension }),
            env: { CCG_PROJECT: projectRoot, CCG_NODE: process.execPath },
          },
          host.program,
        ),
      );
    } finally {
      await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  // A suite that vanished must not look like one that passed.
  return counts.length === 0 ? failedOnce('no suite was found') : add(counts);
}

/** The VSIX: its list of files and its budgets, and the smoke suite against what is in it. */
async function packaging(): Promise<Counts> {
  const vsix = await packageExtension();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
  try {
    const extension = await unpack(vsix, folder);
    const files = await mochaRun(process.execPath, ['--import=tsx'], ['test/host/packaging.suite.ts'], {
      CCG_VSIX: vsix,
      CCG_UNPACKED: extension,
    });
    const cli = await mochaRun(process.execPath, ['--import=tsx'], ['test/host/cliPackage.suite.ts']);
    return add([files, cli, await hostSuites(extension, 'smoke.suite.js')]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
