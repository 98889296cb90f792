/** One piece of work under a lock: the journal as it grows, and the ports. */
import { dirname } from 'node:path';
import type { Journal, JournalStep } from './journal.ts';
import { createJournalStore, type JournalStore } from './journalStore.ts';
import { takeFolderLock, takeLock, takeLockPatiently, type Release } from './lock.ts';
import type { SetupPorts } from './ports.ts';

/** The journal in memory and on disk. `note` changes memory only; `save` makes all notes durable in one write. */
export class Session {
  constructor(
    readonly ports: SetupPorts,
    readonly store: JournalStore,
    private current: Journal,
  ) {}

  get journal(): Journal {
    return this.current;
  }

  note(change: Partial<Journal>): void {
    this.current = { ...this.current, ...change };
  }

  noteStep(index: number, change: Partial<JournalStep>): void {
    const steps = this.current.steps.map((step, i) => (i === index ? ({ ...step, ...change } as JournalStep) : step));
    this.note({ steps });
  }

  async save(): Promise<void> {
    await this.store.save(this.current);
  }

  /** Once its files are back: the setup before this one is current again, where there was one, and what this one kept goes. */
  async retreat(): Promise<void> {
    const { config, previous } = this.current;
    if (previous === undefined) return this.store.remove(config);
    await this.store.save(previous);
    await this.store.removeCopies(this.current);
  }
}

/** The config's lock and those of what it shares with other apps, as long as the work goes on. */
export interface HeldLocks {
  /**
   * Takes the locks of the folders that these files lie in, where they are not held yet. Of two apps with one `.env` each writes only while the other does not:
   * otherwise one would take the other's lines for its own. Rejects with `setup-in-progress`, `broken-link`, CancelledError.
   */
  share(paths: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Gives back what {@link share} took. */
  release(): Promise<void>;
}

/** Runs `work` while holding the config's lock; `waits`: for something small, for which somebody else's work may be waited for a little. */
export async function underLock<T>(
  config: string,
  ports: SetupPorts,
  work: (store: JournalStore, locks: HeldLocks) => Promise<T>,
  { waits = false }: { readonly waits?: boolean } = {},
): Promise<T> {
  const store = createJournalStore(ports.journalFolder, ports.files);
  const release = await (waits ? takeLockPatiently : takeLock)(store.stem(config), ports);
  const locks = holdFolders(store, ports);
  try {
    return await work(store, locks);
  } finally {
    await locks.release();
    await release();
  }
}

function holdFolders(store: JournalStore, ports: SetupPorts): HeldLocks {
  const held = new Map<string, Release>();
  return {
    async share(paths, signal) {
      const folders = new Set<string>();
      for (const path of paths) folders.add(dirname(await ports.files.resolve(path)));
      // In one order everywhere, so that two do not wait for each other.
      for (const folder of [...folders].filter((each) => !held.has(each)).sort())
        held.set(folder, await takeFolderLock(store.stem(`folder\0${folder}`), folder, ports, signal));
    },
    async release() {
      for (const [folder, giveBack] of [...held].reverse()) {
        held.delete(folder);
        await giveBack();
      }
    },
  };
}

/** The files that a setup shares, or may share, with other apps. */
export function sharedFiles(steps: readonly JournalStep[]): string[] {
  return steps.filter((step) => step.kind === 'edit').map(({ path }) => path);
}
