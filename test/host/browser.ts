/** A browser for the server host: an installed one, Playwright's, or on Debian as root the one of the distribution. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from './run.ts';

const names = ['google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge', 'chromium', 'chromium-browser'];

const installed: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder === undefined
      ? []
      : ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((file) =>
          path.join(folder, file),
        );
  }),
};

/** Absolute path of a Chrome, Edge or Chromium; rejects with one sentence that says what to install. */
export async function findBrowser(): Promise<string> {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH names ${named}, which does not exist: point it at a Chrome, Edge or Chromium.`);
  }
  const found = onPath(names) ?? installed[process.platform]?.find((file) => existsSync(file)) ?? (await playwrights());
  if (found !== undefined) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && onPath(['apt-get']) !== undefined) {
    const fromDebian = await installWithApt();
    if (fromDebian !== undefined) return fromDebian;
  }
  throw new Error(
    'No browser was found: install Google Chrome, Microsoft Edge or Chromium, run "npx playwright-core install chromium", or set CHROME_PATH.',
  );
}

/** Absolute path of the first of the programs that stands on PATH. */
export function onPath(programs: readonly string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const program of programs) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      for (const ending of endings) {
        const file = path.join(folder, program + ending);
        if (path.isAbsolute(file) && existsSync(file)) return file;
      }
    }
  }
  return undefined;
}

/** The newest Chromium that `playwright install` has put into its cache, whatever version of Playwright put it there. */
async function playwrights(): Promise<string | undefined> {
  const home = os.homedir();
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    {
      darwin: path.join(home, 'Library/Caches/ms-playwright'),
      win32: path.join(home, 'AppData\\Local\\ms-playwright'),
    }[process.platform as string] ??
    path.join(home, '.cache/ms-playwright');
  const entries = await readdir(cache).catch((): string[] => []);
  const newestFirst = entries
    .filter((entry) => entry.startsWith('chromium-'))
    .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]));
  const programs = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium',
  ];
  return newestFirst
    .flatMap((entry) => programs.map((program) => path.join(cache, entry, program)))
    .find((file) => existsSync(file));
}

async function installWithApt(): Promise<string | undefined> {
  console.log('No browser was found; installing the package chromium with apt-get.');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  const result = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  if (result.exitCode !== 0) console.error(result.output.trimEnd().split('\n').slice(-5).join('\n'));
  return onPath(['chromium']);
}
