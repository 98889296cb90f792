/** From what a caller or a person gave to the client of a vault. */
import { isExpectedError } from '../../base/errors.ts';
import type { AzureParts, CallOptions, Vault, VaultClient } from '../../azure/types.ts';

export interface VaultTools {
  azure(): AzureParts;
}

/**
 * @param input name or address of a vault, or of one of its certificates
 * @throws ExpectedError `vault-name-invalid`, `vault-not-in-cloud`
 */
export async function openVault(tools: VaultTools, input: string, options?: CallOptions): Promise<VaultClient> {
  const { cloud, discovery, vaults } = tools.azure();
  let vault: Vault | undefined;
  try {
    vault = vaults.fromInput(input);
  } catch (error) {
    // In a custom cloud a name says nothing about the address; Resource Manager knows it.
    if (cloud.name !== 'custom' || !isExpectedError(error) || error.code !== 'vault-name-invalid') throw error;
    const found = await discovery.vaults(options);
    vault = found.vaults.find(({ name }) => name.toLowerCase() === input.trim().toLowerCase());
    if (vault === undefined) throw error;
  }
  return vaults.open(vault);
}
