/**
 * What the view knows: the vaults of the account and those added by hand, each with its certificates. Loads when it is asked
 * to, a few vaults at a time, silently: only commands may ask somebody to sign in. Knows no editor.
 */
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { FoundVaults, Vault, VaultClient } from '../../azure/types.ts';
import { createQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { createReadings, readRow } from './readings.ts';
import { keyOf, loadDeleted, loadLive, newRecord, problemOf } from './records.ts';
import type { Problem, VaultRecord } from './records.ts';
import type { StoreChange, StorePorts, VaultStore } from './storeTypes.ts';

/** At once; more would only make the first one slower. */
const vaultsAtOnce = 4;
/** Between two renewals of a vault's rows while its pages come in, in ms: long lists take longer to sort and draw. */
const renewalOf = (rows: number): number => 700 + rows / 5;

export type { StoreChange, StorePorts, VaultStore } from './storeTypes.ts';

export function createVaultStore(ports: StorePorts): VaultStore {
  const records = new Map<string, VaultRecord>();
  const listeners = new Set<(change: StoreChange) => void>();
  const lastRenewals = new Map<string, number>();
  const readings = createReadings();
  let stop = new AbortController();
  let search: VaultStore['search'] = 'unread';
  let searchProblem: Problem | undefined;
  let found: FoundVaults | undefined;
  let started: Promise<void> | undefined;

  const emit = (change: StoreChange): void => {
    for (const listener of listeners) listener(change);
  };
  const newQueue = (): Queue =>
    createQueue(vaultsAtOnce, (error) => {
      if (!isCancelled(error)) ports.report(error);
    });
  let queue = newQueue();

  /** Pages come faster than a view can be drawn. */
  const renewed = (record: VaultRecord): void => {
    const { origin } = record.vault;
    const now = performance.now();
    const isBetween = record.status === 'loading' || record.deletedStatus === 'loading';
    if (isBetween && now - (lastRenewals.get(origin) ?? -Infinity) < renewalOf(record.live.size)) return;
    lastRenewals.set(origin, now);
    emit({ kind: 'vault', origin });
  };
  const client = (vault: Vault): VaultClient => ports.azure().vaults.open(vault);
  const load = (record: VaultRecord): void => {
    const { signal } = stop;
    const { origin } = record.vault;
    queue.add(origin, async () => {
      if (signal.aborted) return;
      const options = { signal, onChange: () => signal.aborted || renewed(record) };
      await loadLive(record, clientOf(record), options);
      if (ports.remembered.arrangement().showDeleted && record.status === 'ready') {
        await loadDeleted(record, clientOf(record), options);
      }
    });
  };
  const clientOf = (record: VaultRecord): VaultClient => client(record.vault);
  const ensure = (vault: Vault): VaultRecord => {
    const known = records.get(vault.origin);
    if (known !== undefined) return known;
    const record = newRecord(vault);
    records.set(vault.origin, record);
    return record;
  };
  const adoptAdded = (): void => {
    for (const { name, origin } of ports.remembered.added()) {
      try {
        // An address of another cloud is kept for the day when that cloud is back.
        const vault = { ...ports.azure().vaults.fromInput(origin), name };
        const isNew = !records.has(origin);
        const record = ensure(vault);
        record.added = true;
        if (isNew) load(record);
      } catch (error) {
        if (!isExpectedError(error)) throw error;
      }
    }
  };
  const adoptFound = (result: FoundVaults, isComplete: boolean): void => {
    found = result;
    const origins = new Set(result.vaults.map(({ origin }) => origin));
    for (const vault of result.vaults) {
      const isNew = !records.has(vault.origin);
      const record = ensure(vault);
      record.found = true;
      record.vault = vault;
      record.revision++;
      if (isNew) load(record);
    }
    if (!isComplete) return;
    for (const [origin, record] of records) {
      if (origins.has(origin)) continue;
      record.found = false;
      if (!record.added) records.delete(origin);
    }
  };

  /** @param first called when there is something to show */
  const searchNow = async (first: () => void): Promise<void> => {
    const { signal } = stop;
    search = 'running';
    try {
      adoptAdded();
      if (records.size > 0) first();
      const tenants = ports.tenants();
      const result = await ports.azure().discovery.vaults({
        signal,
        ...(tenants.length === 0 ? {} : { tenants }),
        onFound: (soFar) => {
          if (signal.aborted) return;
          searchProblem = undefined;
          adoptFound(soFar, false);
          if (records.size > 0) first();
          emit({ kind: 'all' });
        },
      });
      if (signal.aborted) return;
      adoptFound(result, true);
      searchProblem = undefined;
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      searchProblem = problemOf(error);
    } finally {
      if (!signal.aborted) {
        search = 'done';
        emit({ kind: 'all' });
      }
      first();
    }
  };
  const runSearch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      queue.add('search', () => searchNow(resolve).catch(reject));
      void queue.now('search');
    });
  const recordOf = (origin: string): VaultRecord => records.get(origin) ?? ensure(store.vaultOf(origin));
  const reload = (record: VaultRecord): void => {
    readings.forget(record.vault.origin);
    record.deletedStatus = 'unknown';
    load(record);
  };

  const store: VaultStore = {
    records,
    get search() {
      return search;
    },
    get searchProblem() {
      return searchProblem;
    },
    get found() {
      return found;
    },
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    start: () => (started ??= runSearch()),
    idle: () => queue.idle(),
    isBusy: () => queue.busy,
    async firstRows(origin) {
      const record = records.get(origin);
      if (record === undefined || record.status === 'ready' || record.status === 'failed' || record.live.size > 0)
        return;
      await new Promise<void>((resolve) => {
        const done = () => {
          listening.dispose();
          resolve();
        };
        const listening = store.onDidChange(() => {
          // A vault that was reset or removed shows nothing.
          const now = records.get(origin);
          if (now === record && now.live.size === 0 && (now.status === 'waiting' || now.status === 'loading')) return;
          done();
        });
        // However reading ends, nobody waits longer.
        void queue.now(origin).then(done, done);
      });
    },
    async refresh() {
      if (search === 'running') return;
      for (const record of records.values()) reload(record);
      started = runSearch();
      await started;
    },
    async refreshVault(origin) {
      const record = recordOf(origin);
      // What is being read may be older than the change that this call is about.
      if (record.status === 'loading') await queue.now(origin);
      reload(record);
      emit({ kind: 'vault', origin });
      await queue.now(origin);
    },
    async refreshCertificate(origin, name) {
      const record = recordOf(origin);
      const key = keyOf(name);
      readings.forget(origin, name);
      record.touched.live.add(key);
      record.touched.deleted.add(key);
      try {
        record.live.set(key, await readRow(clientOf(record), name, stop.signal));
        record.deleted.delete(key);
      } catch (error) {
        if (problemOf(error).code !== 'certificate-not-found') throw error;
        record.live.delete(key);
        record.deleted.delete(key);
        if (record.deletedStatus !== 'unknown') deletedAnew(record);
      }
      record.revision++;
      emit({ kind: 'vault', origin });
    },
    loadAllDeleted() {
      for (const record of records.values()) {
        if (record.status === 'ready' && record.deletedStatus === 'unknown') queueDeleted(record);
      }
    },
    versions: (origin, name) => readings.versions(clientOf(recordOf(origin)), name, stop.signal),
    knownVersions: (origin, name) => readings.knownVersions(origin, name),
    complete: (origin) => queue.now(origin),
    details: async (origin, name, version) =>
      readings.knownDetails(origin, name, version) ??
      readings.read(clientOf(recordOf(origin)), name, version, { signal: stop.signal }),
    read: (vault, name, version, options) => readings.read(client(vault), name, version, options),
    async add(vault) {
      const others = ports.remembered.added().filter(({ origin }) => origin !== vault.origin);
      await ports.remembered.setAdded([...others, { name: vault.name, origin: vault.origin }]);
      const record = ensure(vault);
      record.added = true;
      load(record);
      emit({ kind: 'all' });
    },
    async remove(origin) {
      const added = ports.remembered.added();
      const others = added.filter((vault) => vault.origin !== origin);
      if (others.length === added.length) return false;
      await ports.remembered.setAdded(others);
      const record = records.get(origin);
      if (record !== undefined) {
        record.added = false;
        if (!record.found) records.delete(origin);
      }
      emit({ kind: 'all' });
      return true;
    },
    vaultOf(input) {
      const wanted = input.trim().toLowerCase();
      for (const { vault } of records.values()) {
        if (vault.origin === wanted || vault.name.toLowerCase() === wanted) return vault;
      }
      const vault = ports.azure().vaults.fromInput(input);
      return records.get(vault.origin)?.vault ?? vault;
    },
    client,
    reset() {
      stop.abort();
      stop = new AbortController();
      // What is being stopped must not stand in the way of what is asked for next.
      queue.clear();
      queue = newQueue();
      records.clear();
      lastRenewals.clear();
      readings.clear();
      search = 'unread';
      searchProblem = undefined;
      found = undefined;
      started = undefined;
      emit({ kind: 'all' });
    },
  };
  /** What is being read may be older than the change. */
  function deletedAnew(record: VaultRecord): void {
    if (record.deletedStatus !== 'loading') {
      queueDeleted(record);
      return;
    }
    const { origin } = record.vault;
    const { signal } = stop;
    queue.add(`deleted again ${origin}`, async () => {
      await Promise.all([queue.now(origin), queue.now(`deleted ${origin}`)]);
      await deletedNow(record, signal);
    });
  }
  function queueDeleted(record: VaultRecord): void {
    const { signal } = stop;
    queue.add(`deleted ${record.vault.origin}`, () => deletedNow(record, signal));
  }
  async function deletedNow(record: VaultRecord, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await loadDeleted(record, clientOf(record), { signal, onChange: () => signal.aborted || renewed(record) });
  }
  return store;
}
