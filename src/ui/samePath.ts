/** Whether two paths name one file. */
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** True when the file is one of these, under whatever path: a folder or the file itself may be opened through a symbolic link. */
export function isAmong(file: string, paths: readonly string[]): boolean {
  if (paths.some((each) => samePath(each, file))) return true;
  if (paths.length === 0) return false;
  const real = realPath(file);
  return paths.some((each) => samePath(realPath(each), real));
}

function samePath(a: string, b: string): boolean {
  const exact = path.relative(a, b) === '';
  return exact || (process.platform === 'darwin' && a.toLowerCase() === b.toLowerCase());
}

/** Of a file that is not there (any more), as it is. */
function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
