/** VS Code desktop: the one that VSCODE_PATH names, an installed one, or a downloaded one. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { onPath } from './browser.ts';
import { cacheFolder } from './cache.ts';

/** The program that VSCODE_PATH names, or undefined when it is not set; throws when there is no such file. */
export function namedDesktop(): string | undefined {
  const named = process.env.VSCODE_PATH;
  if (named === undefined || named === '') return undefined;
  if (existsSync(named)) return named;
  throw new Error(`VSCODE_PATH names ${named}, which does not exist: point it at VS Code's program.`);
}

/** An installed VS Code's command-line program, for working in it; undefined when there is none. */
export function installedDesktop(): string | undefined {
  const local = process.env.LOCALAPPDATA ?? '';
  const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: ['', os.homedir()].flatMap((home) => [
      `${home}/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code`,
      `${home}/Applications/Visual Studio Code - Insiders.app/Contents/Resources/app/bin/code`,
    ]),
    win32: [
      path.join(local, 'Programs\\Microsoft VS Code\\bin\\code.cmd'),
      path.join(process.env.PROGRAMFILES ?? '', 'Microsoft VS Code\\bin\\code.cmd'),
    ],
    linux: ['/usr/share/code/bin/code', '/snap/bin/code', '/var/lib/flatpak/exports/bin/com.visualstudio.code'],
  };
  return onPath(['code', 'code-insiders']) ?? places[process.platform]?.find((file) => existsSync(file));
}

/**
 * A VS Code to run suites in, downloaded on first use, or undefined when this machine reaches no download or has no
 * display to show a window on. Asks only as long as `timeout` milliseconds whether the download is reachable.
 */
export async function downloadedDesktop(timeout = 4000): Promise<string | undefined> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const releases = 'https://update.code.visualstudio.com/api/releases/stable?released=true';
  try {
    const response = await fetch(releases, { signal: AbortSignal.timeout(timeout) });
    if (!response.ok) return undefined;
  } catch {
    return undefined;
  }
  return downloadAndUnzipVSCode({ version: 'stable', cachePath: cacheFolder });
}
