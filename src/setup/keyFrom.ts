/** What the ways to a key mean for a setup. */
import type { KeyFrom } from '../appConfig/types.ts';

/** The key stays in its vault until the app runs: the setup has no key file and never sees the key. */
export function isVaultKind(keyFrom: KeyFrom): boolean {
  return keyFrom === 'keyVault' || keyFrom === 'keyVaultSign';
}
