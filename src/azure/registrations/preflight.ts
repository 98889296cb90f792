/** What the account may do to an app registration, found out before anything is tried. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { objectsIn } from '../arm/client.ts';
import { tokenFacts } from '../tokenFacts.ts';
import type { PublicCertificate } from './certificate.ts';
import { explain, lacksPermission, livesTooLong, permissionMissing, policyForbids, untrustedIssuer } from './errors.ts';
import type { Attempt } from './errors.ts';
import { GraphRefusal } from './graph.ts';
import type { GraphPorts, GraphSession } from './graph.ts';
import { text } from './parsing.ts';
import { policyOf } from './policy.ts';
import { read } from './reading.ts';
import type { ApplicationName, CredentialPolicy, Preflight, PreflightProblem } from './types.ts';

/** Template ids of the roles that may change any registration: Global, Application, Cloud Application Administrator. */
const powerful = [
  '62e90394-69f5-4237-9190-012177145e10',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  '158c047a-c907-4556-b7ef-446551a6b5f7',
];
const day = 86_400_000;

export async function preflight(
  session: GraphSession,
  name: ApplicationName,
  certificate: PublicCertificate | undefined,
  { cloud }: Pick<GraphPorts, 'cloud'>,
): Promise<Preflight> {
  const { registration } = await read(session, name, true);
  const { token } = session;
  const attempt: Attempt = { action: 'write', ...name, token };
  const owner = await isOwner(session, registration.objectId);
  const problems: PreflightProblem[] = [];
  let mayWrite: Preflight['mayWrite'] = 'unknown';
  if (lacksPermission(token)) {
    mayWrite = 'no';
    problems.push(problem(permissionMissing(attempt), 'error'));
  } else if (owner === true || hasPower(session)) {
    mayWrite = 'yes';
  } else if (owner === false) {
    const refusal = explain(new GraphRefusal(403, '', [], '', undefined), cloud, attempt, undefined);
    if (isExpectedError(refusal)) problems.push(problem(refusal, 'warning'));
  }
  const policy = await policyOf(session, registration);
  if (policy !== undefined && certificate !== undefined) problems.push(...againstPolicy(certificate, policy));
  const { account } = token;
  return {
    ...(account === undefined ? {} : { account }),
    source: token.source,
    permissions: token.permissions,
    registration,
    ...(owner === undefined ? {} : { owner }),
    mayWrite,
    ...(policy === undefined ? {} : { policy }),
    problems,
  };
}

const problem = ({ code, message }: ExpectedError, severity: 'error' | 'warning'): PreflightProblem => ({
  code,
  severity,
  message,
});

/** Undefined when the list of owners may not be read. */
async function isOwner(session: GraphSession, objectId: string): Promise<boolean | undefined> {
  const own = tokenFacts(session.token.token).objectId;
  if (own === undefined) return undefined;
  try {
    const answer = await session.send({
      address: `/applications/${encodeURIComponent(objectId)}/owners?$select=id&$top=999`,
    });
    return objectsIn(answer.value).some((one) => text(one.id) === own);
  } catch (error) {
    if (error instanceof GraphRefusal) return undefined;
    throw error;
  }
}

function hasPower({ token }: GraphSession): boolean {
  const { appOnly, directoryRoles = [] } = tokenFacts(token.token);
  return appOnly === true
    ? token.permissions.includes('Application.ReadWrite.All')
    : directoryRoles.some((role) => powerful.includes(role.toLowerCase()));
}

/** @returns what adding this certificate would be refused for */
function againstPolicy(certificate: PublicCertificate, policy: CredentialPolicy): PreflightProblem[] {
  const problems: PreflightProblem[] = [];
  const { longestCertificateDays: longest, name } = policy;
  const days = (certificate.notAfter - certificate.notBefore) / day;
  if (longest === 0) problems.push(problem(policyForbids(`"${name}".`), 'error'));
  else if (longest !== undefined && days > longest) {
    const words = l10n.t('"{0}" allows {1} days, and it has {2}.', name, Math.floor(longest), Math.round(days));
    problems.push(problem(livesTooLong(words), 'error'));
  }
  if (policy.trustedAuthorityNeeded === true && certificate.selfIssued) {
    problems.push(problem(untrustedIssuer(`"${name}".`), 'error'));
  }
  return problems;
}
