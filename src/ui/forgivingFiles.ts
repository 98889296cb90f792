/** Files as a search of the workspace sees them: what cannot be read is passed over. */
import { isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';

/**
 * A reader for which a file or folder that cannot be read (no permission, a broken link) is not there, so that it does not end a
 * search over thousands of others. Bugs still reject.
 * @param passedOver told of each path once, with what is wrong with it
 */
export function forgiving(reader: FileReader, passedOver: (path: string, reason: string) => void): FileReader {
  const told = new Set<string>();
  const orElse =
    <T>(read: (path: string) => Promise<T>, nothing: T) =>
    async (path: string): Promise<T> => {
      try {
        return await read(path);
      } catch (error) {
        if (!isExpectedError(error)) throw error;
        if (!told.has(path)) passedOver(path, error.message);
        told.add(path);
        return nothing;
      }
    };
  return {
    read: orElse((path) => reader.read(path), undefined),
    stat: orElse((path) => reader.stat(path), undefined),
    list: orElse((path) => reader.list(path), []),
  };
}
