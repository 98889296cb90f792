/**
 * What the extension costs a window on 10,000 files of which none is an app config, beside the same window without it and beside
 * one on an empty folder: a real VS Code, in which twenty of the files are opened. Measured inside by the extension in `probe/`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../host/cache.ts';
import { newPage, startBrowser, startServer } from '../host/server.ts';
import { median } from './measuring.ts';
import type { BenchResult } from './types.ts';

const files = 10_000;
const rounds = 5;
/** Windows in which our own code is profiled: apart from the others, as that takes time too. */
const profiles = 3;

/** What `probe/probe.cjs` writes. CPU times in ms, heap in bytes. */
interface Report {
  readonly load: number;
  readonly activate: number;
  /** Our code after `activate()`. */
  readonly own: number;
  /** Files of dist/ that were loaded. */
  readonly parts: readonly string[];
  /** Paths that our code has asked the file system about. */
  readonly files: readonly string[];
  readonly searches: number;
  readonly watchers: number;
  readonly programs: readonly string[];
  readonly shown: number;
  /** CPU time of the extension host until the window was quiet, and while files were opened. */
  readonly start: number;
  readonly use: number;
  readonly heap: number;
  readonly error?: string;
}

export async function bench(): Promise<BenchResult[]> {
  const base = mkdtempSync(join(tmpdir(), 'ccg-'));
  try {
    const large = makeWorkspace(join(base, 'large'));
    const empty = join(base, 'empty');
    mkdirSync(empty);
    const withOurs: Report[] = [];
    const without: Report[] = [];
    const inEmpty: Report[] = [];
    const profiled: Report[] = [];
    const browser = await startBrowser();
    try {
      // In turn, so that what else the machine does meets all of them alike; the first round only warms up.
      for (let round = 0; round <= rounds; round++) {
        const reports = [
          await inWindow(browser, base, large, { isInstalled: true }),
          await inWindow(browser, base, large, { isInstalled: false }),
          await inWindow(browser, base, empty, { isInstalled: true }),
        ] as const;
        if (round === 0) continue;
        withOurs.push(reports[0]);
        without.push(reports[1]);
        inEmpty.push(reports[2]);
      }
      for (let i = 0; i < profiles; i++) {
        profiled.push(await inWindow(browser, base, large, { isInstalled: true, isProfiled: true }));
      }
    } finally {
      await browser.close();
    }
    return results(large, { withOurs, without, inEmpty, profiled });
  } finally {
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** 200 packages of 50 files of about 4 KB, as in the benchmark of the search. */
function makeWorkspace(root: string): string {
  const text =
    'export function add(a: number, b: number): number {\n  return a + b; // nothing of interest\n}\n'.repeat(45);
  for (let i = 0; i < 200; i++) {
    const folder = join(root, 'packages', `package${i}`, 'src');
    mkdirSync(folder, { recursive: true });
    for (let j = 0; j < files / 200; j++) writeFileSync(join(folder, `module${j}.ts`), text);
  }
  return root;
}

/** A server, a window and an extension host of its own. */
async function inWindow(
  browser: Browser,
  base: string,
  workspace: string,
  { isInstalled, isProfiled = false }: { readonly isInstalled: boolean; readonly isProfiled?: boolean },
): Promise<Report> {
  const dataFolder = mkdtempSync(join(base, 'data-'));
  const reports = join(dataFolder, 'reports');
  mkdirSync(reports);
  const server = await startServer({
    dataFolder,
    extension: isInstalled ? [join(import.meta.dirname, 'probe'), projectRoot] : [join(import.meta.dirname, 'probe')],
    env: {
      PROBE_REPORTS: reports,
      PROBE_MEASURED: isInstalled ? projectRoot : '',
      PROBE_PROFILE: isProfiled ? 'yes' : 'no',
    },
  });
  try {
    const page = await newPage(browser, server);
    await page.goto(server.address(workspace));
    const report = await reported(reports);
    await page.context().close();
    if (report.error !== undefined) throw new Error(report.error);
    return report;
  } finally {
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function reported(folder: string): Promise<Report> {
  // Long: machines that measure are busy at times.
  for (const end = Date.now() + 240_000; Date.now() < end;) {
    const name = existsSync(folder) ? readdirSync(folder).find((each) => each.endsWith('.json')) : undefined;
    if (name !== undefined) return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The window has not said what it cost.');
}

function results(
  large: string,
  reports: Readonly<Record<'withOurs' | 'without' | 'inEmpty' | 'profiled', readonly Report[]>>,
): BenchResult[] {
  const { withOurs, without, inEmpty, profiled } = reports;
  const of = (reports: readonly Report[], figure: (report: Report) => number): number => median(reports.map(figure));
  const worst = (figure: (report: Report) => number): number => Math.max(...withOurs.map(figure));
  if (withOurs.some(({ shown }) => shown === 0)) throw new Error('No file was opened.');
  const cpu = ({ start, use }: Report): number => start + use;
  const megabytes = ({ heap }: Report): number => heap / 1024 / 1024;
  const compared = (name: string, unit: string, figure: (report: Report) => number, others: typeof withOurs) => ({
    name,
    unit,
    value: of(withOurs, figure),
    ratio: of(withOurs, figure) / of(others, figure),
  });
  return [
    {
      name: '10,000 files without an app: extension.js loaded, CPU time',
      value: of(withOurs, ({ load }) => load),
      unit: 'ms',
    },
    { name: '… activate(), CPU time', value: of(withOurs, ({ activate }) => activate), unit: 'ms', budget: 5 },
    { name: '… all it ran afterwards, 20 files opened', value: of(profiled, ({ own }) => own), unit: 'ms', budget: 10 },
    { name: '… parts loaded besides', value: worst(({ parts }) => parts.length - 1), unit: 'files', budget: 0 },
    {
      name: '… files of the workspace it looked at',
      value: worst((report) => report.files.filter((file) => file.startsWith(large)).length),
      unit: 'files',
      budget: 0,
    },
    {
      name: '… other files and folders it looked at',
      value: worst((report) => report.files.length),
      unit: 'files',
      budget: 1,
    },
    {
      name: '… searches, watchers and programs it started',
      value: worst(({ searches, watchers, programs }) => searches + watchers + programs.length),
      unit: '',
      budget: 0,
    },
    {
      // Without a budget: from window to window the editor's own work differs by more than all of ours.
      ...compared('… CPU time of the extension host', 'ms', cpu, without),
      ratioTo: 'without the extension',
    },
    {
      ...compared('… the same', 'ms', ({ start }) => start, inEmpty),
      ratioTo: 'in an empty folder, before files are opened',
    },
    {
      ...compared('… heap of the extension host', 'MB', megabytes, without),
      ratioTo: 'without the extension',
      budget: 1.05,
    },
  ];
}
