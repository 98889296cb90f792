/** The Azure CLI's account, through `az account get-access-token`. */
import { AzureCliCredential } from '@azure/identity';
import { orCancelled } from '../cancellation.ts';
import type { IdentityCredential } from '../types.ts';

/** Python starts slowly, and `az` may have to refresh its own token first. */
const timeout = 60_000;

export function createCliCredential(): IdentityCredential {
  const credential = new AzureCliCredential({ additionallyAllowedTenants: ['*'], processTimeoutInMs: timeout });
  return {
    async getToken(scope, { tenant, claims, signal }) {
      const pending = credential.getToken(scope, {
        ...(tenant === undefined ? {} : { tenantId: tenant }),
        ...(claims === undefined ? {} : { claims }),
      });
      // The library does not stop the program; `az` ends by itself.
      const { token, expiresOnTimestamp } = await orCancelled(pending, signal);
      return { token, expiresOn: expiresOnTimestamp };
    },
  };
}
