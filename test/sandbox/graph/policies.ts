/** App management policies as Graph shows them (facts/graph.md 3.8); `keyCredentials.ts` and `credentials.ts` enforce them. */
import type { Application } from '../entra/directory.ts';
import type { Reply } from '../http/exchange.ts';
import type { GraphContext } from './context.ts';
import { graphErrors } from './errors.ts';
import type { AppManagementPolicy } from './settings.ts';

/** GET /policies/defaultAppManagementPolicy. */
export function defaultPolicy(context: GraphContext): Reply {
  assertMayRead(context);
  const { policy } = context.settings;
  return {
    status: 200,
    json: {
      id: '00000000-0000-0000-0000-000000000000',
      displayName: 'Default app management tenant policy',
      isEnabled: Object.keys(policy).length > 0,
      applicationRestrictions: restrictions(policy),
    },
  };
}

/** GET /applications/{id}/appManagementPolicies: at most one. */
export function applicationPolicies(context: GraphContext, { id }: Application): Reply {
  assertMayRead(context);
  const policy = context.settings.applicationPolicies[id];
  const value =
    policy === undefined
      ? []
      : [{ id, displayName: 'Policy of one application', isEnabled: true, restrictions: restrictions(policy) }];
  return { status: 200, json: { value } };
}

/** Takes a policy permission or a directory-wide one. */
function assertMayRead({ claims }: GraphContext): void {
  const granted = claims.roles ?? (claims.scp ?? '').split(' ');
  if (!granted.some((scope) => scope === 'Policy.Read.All' || scope === 'Directory.AccessAsUser.All'))
    throw graphErrors.denied();
}

function restrictions(policy: AppManagementPolicy): Record<string, unknown> {
  const { certificateLifetimeDays, certificatesBlocked, trustedAuthorities, passwordsBlocked, passwordLifetimeDays } =
    policy;
  const rule = (restrictionType: string, days?: number): object => ({
    restrictionType,
    state: 'enabled',
    restrictForAppsCreatedAfterDateTime: '2020-01-01T00:00:00Z',
    maxLifetime: days === undefined ? null : `P${days}D`,
  });
  return {
    passwordCredentials: [
      ...(passwordsBlocked === true ? [rule('passwordAddition')] : []),
      ...(passwordLifetimeDays === undefined ? [] : [rule('passwordLifetime', passwordLifetimeDays)]),
    ],
    keyCredentials: [
      ...(certificatesBlocked === true ? [rule('asymmetricKeyLifetime', 0)] : []),
      ...(certificateLifetimeDays === undefined ? [] : [rule('asymmetricKeyLifetime', certificateLifetimeDays)]),
      ...(trustedAuthorities === undefined ? [] : [rule('trustedCertificateAuthority')]),
    ],
  };
}
