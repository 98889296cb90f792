/** Signing in as one vault wants it. */
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { AccessToken } from '../../azure/types.ts';
import { wantsSignIn } from '../vaultTree/reasons.ts';
import { openVault } from './openVault.ts';
import type { VaultTools } from './openVault.ts';

/**
 * Reads the first page of the vault's list and lets that ask: only the challenge of the vault says which tenant and which claims it
 * wants, and whoever may list the vaults may still have to confirm the account for Key Vault.
 * Rejects with `sign-in-failed`, `vault-wrong-tenant`, `vault-token-refused` and the codes of `openVault`.
 */
export async function signInToVault(tools: VaultTools, vault: string, signal: AbortSignal): Promise<AccessToken> {
  const call = { interactive: true, signal };
  const client = await openVault(tools, vault, call);
  try {
    await client.list(call)[Symbol.asyncIterator]().next();
  } catch (error) {
    // Signed in all the same; what this account may not do the vault's row says.
    if (isCancelled(error) || !isExpectedError(error) || wantsSignIn(error)) throw error;
  }
  const { tenant } = client.vault;
  return tools.azure().signIn.token({
    audience: 'keyVault',
    ...call,
    ...(tenant === undefined ? {} : { tenant }),
  });
}
