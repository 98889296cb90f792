/** One piece of work under a lock: the journal as it grows, and the ports. */
import type { Journal, JournalStep } from './journal.ts';
import { createJournalStore, type JournalStore } from './journalStore.ts';
import { takeLock } from './lock.ts';
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
}

/** Runs `work` while holding the config's lock. */
export async function underLock<T>(
  config: string,
  ports: SetupPorts,
  work: (store: JournalStore) => Promise<T>,
): Promise<T> {
  const store = createJournalStore(ports.journalFolder, ports.files);
  const release = await takeLock(store.stem(config), ports);
  try {
    return await work(store);
  } finally {
    await release();
  }
}
