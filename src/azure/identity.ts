/** Entry point of dist/identity.js: the ways to sign in that need `@azure/identity` or MSAL, loaded on first use. */
import { createCliCredential } from './identity/cli.ts';
import { createEnvironmentCredential } from './identity/environment.ts';
import { createUserAccount } from './identity/userAccount.ts';
import type { IdentityPart } from './types.ts';

export { configureText } from '../base/text.ts';

/** Makes the credential of one source; it keeps its own accounts in memory. */
export const createCredential: IdentityPart['createCredential'] = (kind, options) => {
  switch (kind) {
    case 'azureCli':
      return createCliCredential();
    case 'environment':
      return createEnvironmentCredential(options);
    case 'browser':
    case 'deviceCode':
      return createUserAccount(kind, options);
  }
};
