/** What the view remembers between windows: vaults that were added, pinned ones, and how it is arranged. Knows no editor. */

/** Part of VS Code's Memento. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface AddedVault {
  readonly name: string;
  /** `https://name.vault.azure.net` */
  readonly origin: string;
}

/** How the view is arranged. */
export interface Arrangement {
  readonly groupBy: 'vault' | 'expiry';
  readonly sortBy: 'name' | 'expiry';
  /** Only certificates that need action: expired, or expiring soon. */
  readonly onlyExpiring: boolean;
  readonly showDeleted: boolean;
}

export interface Remembered {
  added(): readonly AddedVault[];
  setAdded(vaults: readonly AddedVault[]): PromiseLike<void>;
  /** Origins. */
  pinned(): ReadonlySet<string>;
  setPinned(origins: readonly string[]): PromiseLike<void>;
  arrangement(): Arrangement;
  setArrangement(arrangement: Arrangement): PromiseLike<void>;
}

const keys = { added: 'vaults.added', pinned: 'vaults.pinned', arrangement: 'vaults.arrangement' } as const;

/** What an older or newer version left there is taken as far as it fits. */
export function createRemembered(memory: Memory): Remembered {
  return {
    added: () => list(memory.get(keys.added)).filter(isAddedVault),
    setAdded: (vaults) => memory.update(keys.added, vaults),
    pinned: () => new Set(list(memory.get(keys.pinned)).filter((entry) => typeof entry === 'string')),
    setPinned: (origins) => memory.update(keys.pinned, origins),
    arrangement: () => {
      const kept = (memory.get(keys.arrangement) ?? {}) as Partial<Record<keyof Arrangement, unknown>>;
      return {
        groupBy: kept.groupBy === 'expiry' ? 'expiry' : 'vault',
        sortBy: kept.sortBy === 'expiry' ? 'expiry' : 'name',
        onlyExpiring: kept.onlyExpiring === true,
        showDeleted: kept.showDeleted === true,
      };
    },
    setArrangement: (arrangement) => memory.update(keys.arrangement, arrangement),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isAddedVault(value: unknown): value is AddedVault {
  const { name, origin } = (value ?? {}) as Partial<Record<keyof AddedVault, unknown>>;
  return typeof name === 'string' && typeof origin === 'string';
}
