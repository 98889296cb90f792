/** The server host behind VS Code's own command line (see launcher.mjs). */
import path from 'node:path';
import { format } from 'node:util';
import { isNoise } from './noise.ts';
import { newPage, startBrowser, startServer } from './server.ts';

/** Runs the suite that the arguments name and resolves to its exit code: 0, or 1 when `run()` rejected. */
export async function launch(args: readonly string[]): Promise<number> {
  const valueOf = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const tests = valueOf('extensionTestsPath');
  const extension = valueOf('extensionDevelopmentPath');
  const workspace = args.find((arg) => !arg.startsWith('-'));
  const dataFolder = valueOf('server-data-dir');
  const logLevel = valueOf('log');
  if (tests === undefined || extension === undefined) {
    throw new Error('The launcher needs --extensionTestsPath= and --extensionDevelopmentPath=.');
  }
  const server = await startServer({
    workspaceTrust: !args.includes('--disable-workspace-trust'),
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(process.env.CCG_HOST_LOG === undefined ? {} : { log: (line) => console.error(`[server] ${line}`) }),
  });
  try {
    const browser = await startBrowser();
    try {
      const page = await newPage(browser, server);
      const ended = new Promise<number>((resolve, reject) => {
        page.once('crash', () => reject(new Error('The browser page that shows VS Code crashed.')));
        browser.once('disconnected', () => reject(new Error('The browser that shows VS Code stopped.')));
        void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      });
      await page.exposeFunction('codeAutomationLog', (type: string, values: unknown[]) => print(type, values));
      await page.goto(
        server.address(workspace === undefined ? undefined : path.resolve(workspace), {
          extensionDevelopmentPath: path.resolve(extension),
          extensionTestsPath: path.resolve(tests),
          ...(logLevel === undefined ? {} : { logLevel }),
        }),
      );
      return await ended;
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

function print(type: string, values: readonly unknown[]): void {
  const text = format(...values);
  // The workbench's own log; the files have it too.
  if (isNoise(text) || type === 'trace' || type === 'debug') return;
  if (type === 'error' || type === 'warn') console.error(text);
  else console.log(text);
}
