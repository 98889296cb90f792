/** Where journals lie: one file per config, below the extension's global storage, outside the workspace. */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { parseJournal, type Journal } from './journal.ts';
import type { Files } from './ports.ts';

/** `STEM.ID.NUMBER`, and what a killed write of one left. */
const isCopy = /^\.?[0-9a-f]{32}\.[0-9a-f-]{36}\.\d+(?:\.ccg-tmp)?$/;

/** Reads and writes journals whole; holders of the config's lock only may write. */
export interface JournalStore {
  /** Rejects with `journal-damaged`, `journal-too-new`. */
  load(config: string): Promise<Journal | undefined>;
  save(journal: Journal): Promise<void>;
  /** The journal, and the copies that it and those before it kept. */
  remove(config: string): Promise<void>;
  /** Keeps a file of the user's beside the journal, under a number of the journal's. */
  saveCopy(journal: Journal, index: number, bytes: Uint8Array): Promise<void>;
  /** Undefined where none was saved. */
  loadCopy(journal: Journal, index: number): Promise<Uint8Array | undefined>;
  removeCopies(journal: Journal): Promise<void>;
  /** Absolute paths of all journal files. */
  list(): Promise<readonly string[]>;
  /** Reads one of {@link list}; undefined when it is gone. */
  loadFile(file: string): Promise<Journal | undefined>;
  /** Absolute path without extension from which the config's journal and lock take their names. */
  stem(config: string): string;
}

/** @param folder absolute; made when first written to */
export function createJournalStore(folder: string, files: Files): JournalStore {
  const stem = (config: string) => join(folder, createHash('sha256').update(config).digest('hex').slice(0, 32));
  const fileOf = (config: string) => `${stem(config)}.json`;
  const loadFile = async (file: string) => {
    const bytes = await files.read(file);
    return bytes === undefined ? undefined : parseJournal(Buffer.from(bytes).toString('utf8'), file);
  };
  const copyOf = ({ config, id }: Journal, index: number) => `${stem(config)}.${id}.${index}`;
  const removeCopies = async (config: string, id: string) => {
    const own = `${basename(stem(config))}.${id}`;
    for (const { name } of await files.list(folder)) {
      if (isCopy.test(name) && name.replace(/^\./, '').startsWith(own)) await files.remove(join(folder, name));
    }
  };
  return {
    stem,
    loadFile,
    load: (config) => loadFile(fileOf(config)),
    async save(journal) {
      await files.makeFolder(folder, 0o700);
      const text = `${JSON.stringify(journal, undefined, 1)}\n`;
      await files.writeAtomically(fileOf(journal.config), Buffer.from(text), 0o600);
    },
    async remove(config) {
      await files.remove(fileOf(config));
      await files.removeLeftover(fileOf(config));
      await removeCopies(config, '');
    },
    saveCopy: (journal, index, bytes) => files.writeAtomically(copyOf(journal, index), bytes, 0o600),
    loadCopy: (journal, index) => files.read(copyOf(journal, index)),
    removeCopies: (journal) => removeCopies(journal.config, `${journal.id}.`),
    async list() {
      const entries = await files.list(folder);
      return entries
        .filter((entry) => entry.kind === 'file' && /^[0-9a-f]{32}\.json$/.test(entry.name))
        .map((entry) => join(folder, entry.name))
        .sort();
    },
  };
}
