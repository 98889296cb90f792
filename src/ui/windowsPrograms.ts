/**
 * Programs of npm on Windows. `npm`, `yarn` and `pnpm` are batch files there, which only a shell can start; each of them starts Node with a
 * script, and so do we, without the shell. The texts are those of npm's own npm.cmd, of the shims that npm makes (cmd-shim), and of Corepack.
 */
import { win32 } from 'node:path';

/** What to start instead of a batch file: the script for Node to run. */
export function scriptOfShim(shim: string, text: string): string | undefined {
  const folder = win32.dirname(shim);
  // npm.cmd sets a variable to its script, all others name it in the line that starts Node; the last one is meant.
  const found = [...text.matchAll(/%(?:~dp0|dp0%)\\?([^"%\r\n]*?\.[cm]?js)"/gi)].map(([, path]) => path ?? '');
  const script = found.findLast((path) => !/npm-prefix\.js$/i.test(path));
  return script === undefined ? undefined : win32.join(folder, script);
}
