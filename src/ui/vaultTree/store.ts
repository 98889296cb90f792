/**
 * What the view knows: the vaults of the account and those added by hand, each with its certificates. Loads when it is asked
 * to, a few vaults at a time, silently: only commands may ask somebody to sign in. Knows no editor.
 */
import { CancelledError, isCancelled, isExpectedError } from '../../base/errors.ts';
import type { AzureParts, CallOptions, FoundVaults, Vault, VaultCertificate, VaultClient } from '../../azure/types.ts';
import type { CertificateName, VaultCertificateDetails } from '../../azure/types.ts';
import { createQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { keyOf, loadDeleted, loadLive, newRecord, problemOf, withCreation } from './records.ts';
import type { Problem, VaultRecord } from './records.ts';
import type { Remembered } from './remembered.ts';

/** At once; more would only make the first one slower. */
const vaultsAtOnce = 4;
/** Between two renewals of a vault's rows while its pages come in, in ms: long lists take longer to sort and draw. */
const renewalOf = (rows: number): number => 700 + rows / 5;
const detailsKept = 200;

export interface StorePorts {
  azure(): AzureParts;
  /** Tenants to search, from the settings; empty for all. */
  tenants(): readonly string[];
  readonly remembered: Remembered;
  /** A bug of ours: logged. */
  report(error: unknown): void;
}

/** Everything may have changed, or the rows of one vault. */
export type StoreChange = { readonly kind: 'all' } | { readonly kind: 'vault'; readonly origin: string };

export interface VaultStore {
  readonly records: ReadonlyMap<string, VaultRecord>;
  /** `unread` until somebody looks. */
  readonly search: 'unread' | 'running' | 'done';
  /** Why not even the tenants could be listed. */
  readonly searchProblem: Problem | undefined;
  readonly found: FoundVaults | undefined;
  onDidChange(listener: (change: StoreChange) => void): { dispose(): void };
  /** Searches and loads in the background, unless that was done. Resolves when the first vaults are known, or that there are none. */
  start(): Promise<void>;
  /** Resolves when nothing is loading. */
  idle(): Promise<void>;
  isBusy(): boolean;
  /** Resolves when there are rows of this vault to show, or the reason why not. */
  firstRows(origin: string): Promise<void>;
  /** Reads everything anew; what is known stays visible meanwhile. */
  refresh(): Promise<void>;
  refreshVault(origin: string): Promise<void>;
  /** Resolves when the vault has been read to its end. */
  complete(origin: string): Promise<void>;
  /** Reads one certificate anew; one that is gone goes. */
  refreshCertificate(origin: string, name: string): Promise<void>;
  /** Reads the deleted certificates of all vaults that have been read and have not shown theirs. */
  loadAllDeleted(): void;
  /** Newest first; kept until the certificate is read anew. */
  versions(origin: string, name: string): Promise<readonly VaultCertificate[]>;
  knownVersions(origin: string, name: string): readonly VaultCertificate[] | undefined;
  /** For tooltips: kept until the certificate is read anew. */
  details(origin: string, name: string, version?: string): Promise<VaultCertificateDetails>;
  /** As it is now, for people who asked for it. */
  read(vault: Vault, name: string, version: string | undefined, options: CallOptions): Promise<VaultCertificateDetails>;
  add(vault: Vault): Promise<void>;
  /** True if it was added by hand. */
  remove(origin: string): Promise<boolean>;
  /** The listed vault of this name or origin; else what the cloud makes of the input. @throws ExpectedError `vault-name-invalid`, `vault-not-in-cloud` */
  vaultOf(input: string): Vault;
  client(vault: Vault): VaultClient;
  /** Forgets all but what is remembered: somebody else is signed in, or the cloud is another. */
  reset(): void;
}

export function createVaultStore(ports: StorePorts): VaultStore {
  const records = new Map<string, VaultRecord>();
  const listeners = new Set<(change: StoreChange) => void>();
  const lastRenewals = new Map<string, number>();
  const versions = new Map<string, readonly VaultCertificate[]>();
  const details = new Map<string, VaultCertificateDetails>();
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
  const readNow = async (from: VaultClient, certificate: CertificateName, options: CallOptions) =>
    withCreation(await from.get(certificate, options), from, options);
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
  const forgetCertificate = (origin: string, name?: string): void => {
    const start = name === undefined ? `${origin}/` : `${origin}/${keyOf(name)}/`;
    for (const kept of [versions, details]) {
      for (const key of [...kept.keys()]) if (key.startsWith(start)) kept.delete(key);
    }
  };
  const recordOf = (origin: string): VaultRecord => records.get(origin) ?? ensure(store.vaultOf(origin));
  const reload = (record: VaultRecord): void => {
    forgetCertificate(record.vault.origin);
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
        const listening = store.onDidChange(() => {
          // A vault that was reset or removed shows nothing.
          const now = records.get(origin);
          if (now === record && now.live.size === 0 && (now.status === 'waiting' || now.status === 'loading')) return;
          listening.dispose();
          resolve();
        });
        void queue.now(origin);
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
      forgetCertificate(origin, name);
      record.touched.add(key);
      try {
        const { vault, tags, enabled, ...read } = await readNow(clientOf(record), { name }, { signal: stop.signal });
        // The latest version is listed without saying which it is, and details are not kept for ten thousand.
        const { notBefore, expires, created, updated, thumbprintSha1, pending, creating } = read;
        record.live.set(key, {
          ...{ vault, name: read.name, tags, enabled },
          ...(notBefore === undefined ? {} : { notBefore }),
          ...(expires === undefined ? {} : { expires }),
          ...(created === undefined ? {} : { created }),
          ...(updated === undefined ? {} : { updated }),
          ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
          ...(pending === undefined ? {} : { pending }),
          ...(creating === undefined ? {} : { creating }),
        });
        record.deleted.delete(key);
      } catch (error) {
        if (problemOf(error).code !== 'certificate-not-found') throw error;
        record.live.delete(key);
        record.deleted.delete(key);
        if (record.deletedStatus === 'ready') queueDeleted(record);
      }
      record.revision++;
      emit({ kind: 'vault', origin });
    },
    loadAllDeleted() {
      for (const record of records.values()) {
        if (record.status === 'ready' && record.deletedStatus === 'unknown') queueDeleted(record);
      }
    },
    async versions(origin, name) {
      const key = `${origin}/${keyOf(name)}/`;
      const known = versions.get(key);
      if (known !== undefined) return known;
      const { signal } = stop;
      const all: VaultCertificate[] = [];
      for await (const page of clientOf(recordOf(origin)).versions(name, { signal })) all.push(...page);
      if (signal.aborted) throw new CancelledError();
      all.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
      versions.set(key, all);
      return all;
    },
    knownVersions: (origin, name) => versions.get(`${origin}/${keyOf(name)}/`),
    complete: (origin) => queue.now(origin),
    async details(origin, name, version) {
      const known = details.get(`${origin}/${keyOf(name)}/${version ?? ''}`);
      return known ?? store.read(recordOf(origin).vault, name, version, { signal: stop.signal });
    },
    async read(vault, name, version, options) {
      const certificate = { name, ...(version === undefined ? {} : { version }) };
      const read = await readNow(client(vault), certificate, options);
      details.set(`${vault.origin}/${keyOf(name)}/${version ?? ''}`, read);
      // The oldest goes; Map keeps the order of insertion.
      for (const oldest of details.keys()) {
        if (details.size <= detailsKept) break;
        details.delete(oldest);
      }
      return read;
    },
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
      versions.clear();
      details.clear();
      search = 'unread';
      searchProblem = undefined;
      found = undefined;
      started = undefined;
      emit({ kind: 'all' });
    },
  };
  function queueDeleted(record: VaultRecord): void {
    const { signal } = stop;
    queue.add(`deleted ${record.vault.origin}`, async () => {
      if (signal.aborted) return;
      await loadDeleted(record, clientOf(record), { signal, onChange: () => signal.aborted || renewed(record) });
    });
  }
  return store;
}
