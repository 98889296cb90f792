/** The tenant's rules for credentials (appManagementPolicy), as far as they concern certificates. */
import { isExpectedError } from '../../base/errors.ts';
import { objectsIn } from '../arm/client.ts';
import { GraphRefusal } from './graph.ts';
import type { GraphSession, Json } from './graph.ts';
import { text } from './parsing.ts';
import type { CredentialPolicy, Registration } from './types.ts';

/**
 * The policy that holds for a registration: its own where it has one, else the tenant's default. Undefined when it may not be
 * read, which is usual: it takes `Policy.Read.All`.
 */
export async function policyOf(
  session: GraphSession,
  registration: Registration,
): Promise<CredentialPolicy | undefined> {
  try {
    const own = await session.send({
      address: `/applications/${encodeURIComponent(registration.objectId)}/appManagementPolicies`,
    });
    const [policy] = objectsIn(own.value).filter((one) => one.isEnabled === true);
    if (policy !== undefined) return rulesOf(policy, policy.restrictions, registration);
    const common = await session.send({ address: '/policies/defaultAppManagementPolicy' });
    return rulesOf(common, common.isEnabled === true ? common.applicationRestrictions : undefined, registration);
  } catch (error) {
    if (error instanceof GraphRefusal || (isExpectedError(error) && error.code === 'answer-unreadable'))
      return undefined;
    throw error;
  }
}

function rulesOf(policy: Json, restrictions: unknown, registration: Registration): CredentialPolicy {
  const lists = (typeof restrictions === 'object' && restrictions !== null ? restrictions : {}) as Json;
  const rules = objectsIn(lists.keyCredentials).filter((rule) => applies(rule, registration));
  const days = rules
    .filter((rule) => rule.restrictionType === 'asymmetricKeyLifetime')
    .map((rule) => daysOf(text(rule.maxLifetime)))
    .filter((one) => one !== undefined);
  return {
    name: text(policy.displayName) ?? '',
    ...(days.length === 0 ? {} : { longestCertificateDays: Math.min(...days) }),
    ...(rules.some((rule) => rule.restrictionType === 'trustedCertificateAuthority')
      ? { trustedAuthorityNeeded: true }
      : {}),
  };
}

/** A rule can be off, or be meant for registrations made after a certain day. */
function applies(rule: Json, { created }: Registration): boolean {
  const after = Date.parse(text(rule.restrictForAppsCreatedAfterDateTime) ?? '');
  return rule.state !== 'disabled' && (Number.isNaN(after) || created === undefined || created >= after);
}

/** ISO 8601 durations in days, e.g. `P90D`, `P1Y`, `P4DT12H`; months count as 30 days, years as 365. */
function daysOf(duration: string | undefined): number | undefined {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?.*)?$/.exec(duration ?? '');
  if (parts === null) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return years * 365 + months * 30 + weeks * 7 + days + hours / 24;
}
