/** Opens VS Code with the extension under development, a fresh copy of a sample app and a sandbox for a cloud. Needs no account. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from './cache.ts';
import { connectSample, startCloud } from './cloud.ts';
import type { Cloud } from './cloud.ts';
import { installedDesktop, namedDesktop } from './desktop.ts';
import { run, runOrThrow } from './run.ts';
import { commitAll, copySample, temporaryFolder } from './samples.ts';
import { startServer } from './server.ts';

/** Resolves to the exit code: when the desktop's window is closed, or after Ctrl+C. */
export async function start(): Promise<number> {
  await runOrThrow(process.execPath, ['esbuild.js']);
  const folder = await temporaryFolder();
  const cloud = await startCloud(folder, { keepsProcessAlive: true });
  try {
    const app = await sampleApp(folder, cloud);
    console.log(`The sample app is in ${app}; it authenticates with a client secret.`);
    console.log('Press F1 and run "Client Certificate: Set Up Client Certificate…".');
    console.log(
      'Azure is a sandbox on this machine, with vaults and the app registration of the sample; you are signed in.\n',
    );
    const desktop = process.env.VSCODE_HOST === 'server' ? undefined : (namedDesktop() ?? installedDesktop());
    return await (desktop === undefined ? inBrowser(app, cloud) : onDesktop(desktop, app, folder, cloud));
  } finally {
    await cloud.close();
  }
}

/** A copy in a git repository of its own, so that .gitignore matters as it does at the developer's. */
async function sampleApp(parent: string, cloud: Cloud): Promise<string> {
  const folder = path.join(parent, 'sample-app');
  await copySample('external-id-commonjs', folder);
  await connectSample(folder, cloud, 'externalId');
  await commitAll(folder);
  return folder;
}

/** With a user folder of its own: the settings of the person's own VS Code stay as they are. */
async function onDesktop(program: string, app: string, folder: string, cloud: Cloud): Promise<number> {
  console.log(`Opening ${program}`);
  const user = path.join(folder, 'user');
  await mkdir(path.join(user, 'User'), { recursive: true });
  await writeFile(path.join(user, 'User', 'settings.json'), JSON.stringify(cloud.settings, undefined, 2));
  const args = [
    `--extensionDevelopmentPath=${projectRoot}`,
    `--user-data-dir=${user}`,
    '--force-disable-user-env',
    '--new-window',
    '--wait',
    app,
  ];
  const options = { output: 'inherit', env: cloud.env, timeout: 0 } as const;
  // code.cmd on Windows is a batch file, which only a shell starts; none of the arguments comes from outside.
  const windowsShell = process.platform === 'win32' && program.endsWith('.cmd');
  const { exitCode } = windowsShell
    ? await run('cmd.exe', ['/d', '/c', program, ...args], options)
    : await run(program, args, options);
  return exitCode;
}

async function inBrowser(app: string, cloud: Cloud): Promise<number> {
  console.log('No VS Code is installed here (VSCODE_PATH can name one): starting it in the browser.');
  const server = await startServer({ extension: projectRoot, settings: cloud.settings, env: cloud.env });
  const address = server.address(app);
  console.log(`\nOpen this address in a browser on this machine:\n\n  ${address}\n\nCtrl+C stops VS Code.`);
  openAddress(address);
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const stopped = await Promise.race([interrupted.then(() => false), server.ended.then(() => true)]);
  if (stopped) console.error('VS Code stopped by itself.');
  await server.stop();
  return stopped ? 1 : 0;
}

/** Opens the address in the person's own browser where there is a screen; the printed address does otherwise. */
function openAddress(address: string): void {
  const opener: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: ['open', address],
    win32: ['rundll32.exe', 'url.dll,FileProtocolHandler', address],
    ...(process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? { linux: ['xdg-open', address] } : {}),
  };
  const [program, ...args] = opener[process.platform] ?? [];
  if (program === undefined) return;
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {
      // There is no such program: the address has been printed.
    })
    .unref();
}
