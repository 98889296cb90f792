/** Reads each file and folder once, for work that walks the same app several times. */
import type { FileReader } from '../base/ports.ts';

/** Bytes kept at most; beyond them files are read again, since a large workspace must not fill the memory. */
const usualLimit = 64 * 1024 * 1024;

/**
 * What the reader says, asked once per path. Made for one piece of work: what changes on the disk meanwhile is not seen.
 * @param limit bytes kept at most
 */
export function rememberingReader(reader: FileReader, limit = usualLimit): FileReader {
  let kept = 0;
  const once = <T>(ask: (path: string) => Promise<T>, sizeOf: (value: T) => number) => {
    const known = new Map<string, Promise<T>>();
    return (path: string): Promise<T> => {
      const before = known.get(path);
      if (before !== undefined) return before;
      const asked = ask(path);
      known.set(path, asked);
      asked.then(
        (value) => {
          kept += sizeOf(value);
          if (kept > limit) known.delete(path);
        },
        // What failed is asked anew.
        () => known.delete(path),
      );
      return asked;
    };
  };
  return {
    read: once(
      (path) => reader.read(path),
      (bytes) => bytes?.byteLength ?? 0,
    ),
    stat: once((path) => reader.stat(path), () => 0), // prettier-ignore
    list: once((path) => reader.list(path), () => 0), // prettier-ignore
  };
}
