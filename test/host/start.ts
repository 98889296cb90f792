/** Opens VS Code with the extension under development and a fresh copy of a sample app. Needs no cloud account. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './cache.ts';
import { installedDesktop, namedDesktop } from './desktop.ts';
import { run, runOrThrow } from './run.ts';
import { commitAll, copySample, temporaryFolder } from './samples.ts';
import { startServer } from './server.ts';

/** Resolves to the exit code: when the desktop's command line has handed over, or after Ctrl+C in the server. */
export async function start(): Promise<number> {
  await runOrThrow(process.execPath, ['esbuild.js']);
  const app = await sampleApp();
  console.log(`The sample app is in ${app}; it authenticates with a client secret.`);
  console.log('Press F1 and run "Client Certificate: Set Up Client Certificate…".\n');
  const desktop = process.env.VSCODE_HOST === 'server' ? undefined : (namedDesktop() ?? installedDesktop());
  return desktop === undefined ? inBrowser(app) : onDesktop(desktop, app);
}

/** A copy in a git repository of its own, so that .gitignore matters as it does at the developer's. */
async function sampleApp(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'sample-app');
  await copySample('external-id-commonjs', folder);
  await commitAll(folder);
  return folder;
}

async function onDesktop(program: string, app: string): Promise<number> {
  console.log(`Opening ${program}`);
  const args = [`--extensionDevelopmentPath=${projectRoot}`, '--new-window', app];
  // code.cmd on Windows is a batch file, which only a shell starts; none of the arguments comes from outside.
  const windowsShell = process.platform === 'win32' && program.endsWith('.cmd');
  const { exitCode } = windowsShell
    ? await run('cmd.exe', ['/d', '/c', program, ...args], { output: 'inherit' })
    : await run(program, args, { output: 'inherit' });
  return exitCode;
}

async function inBrowser(app: string): Promise<number> {
  console.log('No VS Code is installed here (VSCODE_PATH can name one): starting it in the browser.');
  const server = await startServer({ extension: projectRoot });
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
