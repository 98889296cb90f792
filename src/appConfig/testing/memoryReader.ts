/** A file system of a few texts, for tests. */
import type { FileReader, FolderEntry } from '../../base/ports.ts';

/** @param files absolute paths with `/` */
export function memoryReader(files: Readonly<Record<string, string>>): FileReader {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  return {
    read: (path) => Promise.resolve(bytes.get(path)),
    stat: (path) => {
      const found = bytes.get(path);
      return Promise.resolve(found === undefined ? undefined : { size: found.length, mode: 0o644, kind: 'file' });
    },
    list: (folder) => {
      const start = folder === '/' ? '/' : `${folder}/`;
      const entries = new Map<string, FolderEntry>();
      for (const path of bytes.keys()) {
        if (!path.startsWith(start)) continue;
        const [name = '', ...rest] = path.slice(start.length).split('/');
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      return Promise.resolve([...entries.values()]);
    },
  };
}
