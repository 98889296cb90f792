/** What Graph's refusals mean for app registrations; all codes are in `types.ts`. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { explainFailure } from '../arm/errors.ts';
import type { AccessToken, Cloud } from '../types.ts';
import { expected, sentence } from '../vaults/serviceError.ts';
import { GraphRefusal, writingPermissions } from './graph.ts';
import type { ApplicationName } from './types.ts';

/** What was being done when Graph refused. */
export interface Attempt {
  readonly action: 'search' | 'read' | 'write';
  readonly tenant: string;
  readonly appId?: string;
  readonly token?: AccessToken;
}

/** Directory roles that may change the credentials of any app registration (facts/graph.md 3.6). Not translated in the portal either. */
export const writingRoles = ['Application Administrator', 'Cloud Application Administrator'] as const;

/** What `details.data` of `registration-forbidden` and `graph-permission-missing` holds. */
export interface RegistrationForbiddenData {
  readonly roles: readonly string[];
  /** Delegated permission of Microsoft Graph. */
  readonly permission: string;
  readonly tenant: string;
  readonly account?: string;
}

/** ExpectedError or CancelledError; what is neither comes back as it is: a bug. */
export function explain(error: unknown, cloud: Cloud, attempt: Attempt, signal: AbortSignal | undefined): Error {
  if (!(error instanceof GraphRefusal)) {
    const failure = explainFailure(error, cloud.graph, signal);
    return isExpectedError(failure) && failure.code === 'azure-unreachable'
      ? expected('graph-unreachable', failure.message)
      : failure;
  }
  const { status, code } = error;
  const words = sentence(error.words === '' ? `HTTP ${status}` : error.words);
  const data = { status, code };
  if (status === 401) {
    return expected(
      'graph-token-refused',
      l10n.t('Microsoft Graph does not accept the token: {0} Sign out and sign in again.', words),
      data,
    );
  }
  if (status === 404 && attempt.appId !== undefined) return notFound(attempt.appId, attempt.tenant);
  if (status === 403) return forbidden(attempt);
  if (status === 429) {
    return expected(
      'graph-throttled',
      l10n.t('Microsoft Graph gets too many requests and asks to wait. Try again in a minute.'),
    );
  }
  if (status >= 500 || status === 408) {
    return expected(
      'graph-unavailable',
      l10n.t('Microsoft Graph cannot answer now (HTTP {0}). Nothing is lost; run the command again later.', status),
      data,
    );
  }
  return byPolicy(code, words) ?? aboutCertificate(code, words) ?? refused(words, data);
}

function refused(words: string, data: unknown): ExpectedError {
  return expected(
    'graph-refused-request',
    l10n.t('Microsoft Graph refused: {0} Check the app registration in the portal.', words),
    data,
  );
}

export function notFound(appId: string, tenant: string): ExpectedError {
  return expected(
    'registration-not-found',
    l10n.t(
      'The tenant {1} has no app registration with the client id {0}. It may lie in another tenant, or the id in the code is that of something else. Check client id and authority of the app, or choose the registration yourself.',
      appId,
      tenant,
    ),
    { appId, tenant },
  );
}

export function tenantNeeded({ tenant }: ApplicationName): ExpectedError {
  return expected(
    'app-tenant-needed',
    l10n.t(
      '"{0}" names no single tenant, so the app registration cannot be looked up. Give the id or the domain of the tenant that the app is registered in.',
      tenant,
    ),
    { tenant },
  );
}

function forbidden(attempt: Attempt): ExpectedError {
  const { token, tenant } = attempt;
  if (attempt.action !== 'write') {
    return expected(
      'graph-forbidden',
      l10n.t(
        'You may not read app registrations of the tenant {0}. The permission "Application.Read.All" of Microsoft Graph is missing, or the tenant lets members of the directory only look. Sign in in another way, for instance with "az login", or ask an administrator.',
        tenant,
      ),
      forbiddenData(attempt, 'Application.Read.All'),
    );
  }
  if (token !== undefined && lacksPermission(token)) return permissionMissing(attempt);
  return expected(
    'registration-forbidden',
    l10n.t(
      '{0} may not change the app registration {1}. Whoever changes it has to own it or to hold the role "{2}" or "{3}" in the tenant {4}. Ask for one of them, or hand over to an administrator.',
      token?.account ?? l10n.t('Your account'),
      attempt.appId ?? '',
      writingRoles[0],
      writingRoles[1],
      tenant,
    ),
    forbiddenData(attempt, 'Application.ReadWrite.All'),
  );
}

/** True when the token says what it may do, and writing app registrations is not part of it. */
export function lacksPermission({ permissions }: AccessToken): boolean {
  return permissions.length > 0 && !permissions.some((permission) => writingPermissions.includes(permission));
}

export function permissionMissing(attempt: Attempt): ExpectedError {
  return expected(
    'graph-permission-missing',
    l10n.t(
      'The sign-in of {0} may not change app registrations: its token lacks the permission "Application.ReadWrite.All" of Microsoft Graph. Sign in with the Azure CLI ("az login"), set clientCertificate.signIn.clientId to an application that has the permission, or hand over to an administrator.',
      attempt.token?.account ?? l10n.t('Your account'),
    ),
    forbiddenData(attempt, 'Application.ReadWrite.All'),
  );
}

function forbiddenData({ tenant, token }: Attempt, permission: string): RegistrationForbiddenData {
  const account = token?.account;
  return { roles: writingRoles, permission, tenant, ...(account === undefined ? {} : { account }) };
}

function byPolicy(code: string, words: string): ExpectedError | undefined {
  if (!/AsPerAppPolicy$/i.test(code)) return undefined;
  if (/Lifetime/i.test(code)) return livesTooLong(words);
  if (/Authority|Trusted/i.test(code)) return untrustedIssuer(words);
  return policyForbids(words);
}

export function livesTooLong(words: string): ExpectedError {
  return expected(
    'policy-lifetime',
    l10n.t(
      "The tenant's app management policy does not allow a certificate that lives so long: {0} Make one that ends earlier, or ask an administrator for an exception.",
      words,
    ),
  );
}

export function untrustedIssuer(words: string): ExpectedError {
  return expected(
    'policy-untrusted-issuer',
    l10n.t(
      "The tenant's app management policy wants certificates of certain certificate authorities: {0} Order the certificate from one of them, or ask an administrator for an exception.",
      words,
    ),
  );
}

export function policyForbids(words: string): ExpectedError {
  return expected(
    'policy-forbids-certificates',
    l10n.t(
      "The tenant's app management policy does not allow this kind of credential: {0} Ask an administrator for an exception.",
      words,
    ),
  );
}

function aboutCertificate(code: string, words: string): ExpectedError | undefined {
  if (!code.startsWith('KeyCredentialsInvalid')) return undefined;
  return code === 'KeyCredentialsInvalidValue'
    ? expected(
        'certificate-refused',
        l10n.t(
          'Microsoft Graph does not take this certificate: {0} Nothing was changed. Inspect the certificate, or make a new one.',
          words,
        ),
      )
    : expected(
        'certificate-dates-refused',
        l10n.t(
          "Microsoft Graph refuses the certificate's dates: {0} Check that it is valid now, or make a new one.",
          words,
        ),
      );
}

export function notPublic(): ExpectedError {
  return expected(
    'not-a-public-certificate',
    l10n.t(
      'This is not exactly one public certificate, so it was not sent. Choose a .cer, .crt or .pem file, or a PFX, of which only the certificate is taken.',
    ),
  );
}
