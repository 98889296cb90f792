/** Starts VS Code's server and opens its workbench in Chromium. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from './browser.ts';
import { isNoise } from './noise.ts';
import { serverPackage } from './serverPackage.ts';

export interface ServerOptions {
  /** Keeps state (global storage, machine settings) between servers; default a temporary folder, removed at stop. Short: socket paths end at 104 characters. */
  readonly dataFolder?: string;
  /** VS Code settings in force in every workspace. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment that the extension host sees. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Folders of extensions that every window has, installed as a person's would be. Without one windows get theirs from
   * {@link Opened}, which takes VS Code's test driver, and with that no notification pops up.
   */
  readonly extension?: string | readonly string[];
  /** Default false: no workspace is asked for trust, all are trusted. */
  readonly workspaceTrust?: boolean;
  /** Lines of the server's log that are not known noise. */
  readonly log?: (line: string) => void;
}

export interface Server {
  readonly port: number;
  readonly dataFolder: string;
  /** Address of the workbench with a folder (or a .code-workspace file) open. */
  address(workspace: string | undefined, opened?: Opened): string;
  /** Settings in force in every page that {@link newPage} makes for this server. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** What the workbench is started with besides the workspace. */
export interface Opened {
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
  /** How much VS Code and its extensions log, e.g. `trace`. */
  readonly logLevel?: string;
}

/** Quiet: nothing of VS Code's own that opens by itself or looks for a network. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'typescript.disableAutomaticTypeAcquisition': true,
  // Window and server are on one machine; looking for ports costs time and ends in a notification about too many.
  'remote.autoForwardPorts': false,
};

/** Starts the server on a free port of the loopback interface. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder = path.join(await serverPackage(), 'vscode');
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'ccg-')));
  const machine = path.join(dataFolder, 'data', 'Machine');
  await mkdir(machine, { recursive: true });
  const settings = { ...quiet, ...options.settings };
  // For pages that a person opens; pages of `newPage` get them as defaults, which also reaches what belongs to the user (themes).
  await writeFile(path.join(machine, 'settings.json'), JSON.stringify(settings, undefined, 2));
  if (options.extension !== undefined) await install([options.extension].flat(), path.join(dataFolder, 'extensions'));
  const child = spawn(
    process.execPath,
    [
      path.join(folder, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--disable-telemetry', '--server-data-dir', dataFolder],
      ...(options.extension === undefined ? ['--enable-smoke-test-driver'] : []),
      // A login shell would put its own PATH in place of the one given here.
      ...(options.env?.PATH === undefined ? [] : ['--force-disable-user-env']),
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ],
    // A process group of its own, so that stopping takes the extension hosts along.
    {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let log = '';
  const port = await new Promise<number>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      for (const line of chunk.toString().split('\n')) {
        log = (log + line + '\n').slice(-20_000);
        const match = /Extension host agent listening on (\d+)/.exec(line);
        if (match) resolve(Number(match[1]));
        if (!isNoise(line)) options.log?.(line);
      }
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`VS Code's server stopped (exit code ${code}).\n${log}`)));
  });
  return {
    port,
    dataFolder,
    settings,
    ended,
    address: (workspace, { logLevel, ...opened } = {}) => {
      const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${asUriPath(file)}`;
      const payload = [
        ...Object.entries(opened).map(([key, file]) => [key, remote(file)]),
        ...(logLevel === undefined ? [] : [['logLevel', logLevel]]),
      ];
      const query = new URLSearchParams({
        ...(workspace === undefined
          ? { ew: 'true' }
          : { [workspace.endsWith('.code-workspace') ? 'workspace' : 'folder']: asUriPath(workspace) }),
        ...(payload.length > 0 ? { payload: JSON.stringify([...payload, ['skipWelcome', 'true']]) } : {}),
      });
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
    stop: async () => {
      process.off('exit', kill);
      kill();
      await ended;
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Enters extensions in the list of installed ones, where they stand: what is built there is what runs. */
async function install(extensions: readonly string[], extensionsFolder: string): Promise<void> {
  const installed = await Promise.all(extensions.map(entryOf));
  await mkdir(extensionsFolder, { recursive: true });
  await writeFile(path.join(extensionsFolder, 'extensions.json'), JSON.stringify(installed));
}

async function entryOf(extension: string): Promise<unknown> {
  const manifest = await readFile(path.join(extension, 'package.json'), 'utf8');
  const { publisher, name, version } = JSON.parse(manifest) as Record<'publisher' | 'name' | 'version', string>;
  return {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, path: asUriPath(extension), scheme: 'file' },
    metadata: { installedTimestamp: Date.now(), source: 'vsix' },
  };
}

/** Chromium without first-run pages and background requests. */
export async function startBrowser(headless = true): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(),
    headless,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of its own for a server's workbench (nothing kept from earlier pages), with clipboard access, not yet navigated. */
export async function newPage(
  browser: Browser,
  server: Pick<Server, 'settings'>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  await page.addInitScript(withDefaults(server.settings));
  return page;
}

/**
 * A script that adds settings as `configurationDefaults` to what the workbench's page carries in an attribute. Changing the
 * page on its way instead would make it a page of unknown origin, which Chromium keeps from the loopback interface.
 */
function withDefaults(settings: Readonly<Record<string, unknown>>): string {
  return `{
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
      const configuration = JSON.parse(value);
      configuration.configurationDefaults = { ...configuration.configurationDefaults, ...${JSON.stringify(settings)} };
      return JSON.stringify(configuration);
    };
  }`;
}

function asUriPath(file: string): string {
  const slashes = file.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}
