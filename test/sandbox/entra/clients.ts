/** Public clients that everybody may sign in with, and what their tokens may do (facts/sign-in.md). */
import { entraErrors } from './errors.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const vsCode = 'aebc6443-996d-45c2-90f0-388ff96faa56';
const graphPowerShell = '14d82eec-204b-4c2f-b7e8-296a70dab67e';

export const knownPublicClients: readonly string[] = [azureCli, vsCode, graphPowerShell];

export type ResourceKind = 'vault' | 'arm' | 'graph' | 'other';

const graphScopes: Readonly<Record<string, string>> = {
  [azureCli]: 'AuditLog.Read.All Directory.AccessAsUser.All Group.ReadWrite.All User.ReadWrite.All',
  [graphPowerShell]: 'Application.ReadWrite.All openid profile User.Read',
};

/** The `scp` claim of a user's token. Throws EntraError 65002 for VS Code's own client and Graph. */
export function delegatedScopes(client: string, kind: ResourceKind, asked: string): string {
  if (kind !== 'graph') return 'user_impersonation';
  if (client === vsCode) throw entraErrors.notPreauthorized(vsCode, '00000003-0000-0000-c000-000000000000');
  return graphScopes[client] ?? (asked.includes('.default') ? 'User.Read' : shortScopes(asked));
}

const shortScopes = (asked: string): string =>
  asked
    .split(' ')
    .filter((scope) => !['openid', 'profile', 'offline_access', 'email'].includes(scope))
    .map((scope) => scope.replace(/^https:\/\/[^/]+\//, ''))
    .join(' ') || 'User.Read';
