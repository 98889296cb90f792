/** The errors of the token endpoint, with the service's own sentences (facts/tokens.md 4.3 and public reports). */
import { randomUUID } from 'node:crypto';
import type { Reply } from '../http/exchange.ts';

/** An AADSTS error: thrown by whatever checks a request, answered by the endpoint. */
export class EntraError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly code: number,
    sentence: string,
  ) {
    super(`AADSTS${code}: ${sentence}`);
    this.name = 'EntraError';
  }

  /** The body as Entra writes it; `now` in milliseconds. */
  reply(now: number, correlationId: string = randomUUID()): Reply {
    const traceId = randomUUID();
    const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\.\d+/, '');
    return {
      status: this.status,
      headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', 'x-ms-request-id': traceId },
      json: {
        error: this.error,
        error_description: `${this.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
        error_codes: [this.code],
        timestamp,
        trace_id: traceId,
        correlation_id: correlationId,
        error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
      },
    };
  }
}

const invalidClient = (code: number, sentence: string): EntraError =>
  new EntraError(401, 'invalid_client', code, sentence);

const usDate = (milliseconds: number): string => {
  const [year, month, day] = new Date(milliseconds).toISOString().slice(0, 10).split('-');
  return `${month ?? ''}/${day ?? ''}/${year ?? ''} ${new Date(milliseconds).toISOString().slice(11, 19)}`;
};

const seeKeys = (appId: string): string =>
  `Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'. ` +
  'Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding ' +
  'service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to ' +
  `build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${appId}']. Alternatively, SNI ` +
  'may be configured on the app. Please ensure that client assertion is being sent with the x5c claim in the JWT ' +
  "header using MSAL's WithSendX5C() method so that Azure Active Directory can validate the certificate being used.";

/** Dates of a registered key, in milliseconds. */
export interface KeyDates {
  readonly start: number;
  readonly end: number;
}

const foundKey = (dates: KeyDates): string => `Found key 'Start=${usDate(dates.start)}, End=${usDate(dates.end)}'`;
const timeRangeDocs =
  'Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .';

/** Every refusal of the token endpoint by what went wrong. Thumbprints are upper-case hex as in the assertion. */
export const entraErrors = {
  certificateNotRegistered: (appId: string, thumbprint: string) =>
    invalidClient(
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application. ' +
        `[Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}', ${seeKeys(appId)}`,
    ),
  certificateExpired: (appId: string, thumbprint: string, dates: KeyDates) =>
    invalidClient(
      700027,
      `Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprint}', ${foundKey(dates)}, ${seeKeys(appId)}`,
    ),
  badSignature: (appId: string, thumbprint: string, dates: KeyDates) =>
    invalidClient(
      700027,
      'Client assertion contains an invalid signature. [Reason - Key was found, but use of the key to verify the ' +
        `signature failed., Thumbprint of key used by client: '${thumbprint}', ${foundKey(dates)}, ${seeKeys(appId)}`,
    ),
  certificateNotYetValid: () =>
    invalidClient(1000502, 'The provided certificate is not within its specified validity window.'),
  outsideTimeRange: (now: number, from: number, until: number) =>
    invalidClient(
      700024,
      `Client assertion is not within its valid time range. Current time: ${new Date(now).toISOString()}, assertion ` +
        `valid from ${new Date(from).toISOString()}, expiry time of assertion ${new Date(until).toISOString()}. ${timeRangeDocs}`,
    ),
  wrongApplication: () =>
    invalidClient(
      700021,
      `Client assertion application identifier doesn't match 'client_id' parameter. ${timeRangeDocs}`,
    ),
  wrongAudience: () =>
    invalidClient(700023, `Client assertion audience claim does not match Realm issuer. ${timeRangeDocs}`),
  subjectMismatchesIssuer: () =>
    invalidClient(50048, 'Subject must match Issuer claim in the client assertion. ' + timeRangeDocs),
  malformedAssertion: (reason: string) => invalidClient(50027, `JWT token is invalid or malformed. ${reason}`),
  noThumbprint: () => invalidClient(50027, 'Invalid JWT token. No certificate thumbprint specified in token header.'),
  noCredential: () =>
    invalidClient(
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
  noCredentialOfClient: () =>
    invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  wrongSecret: (appId: string) =>
    invalidClient(
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not ' +
        `the client secret ID, for a secret added to app '${appId}'.`,
    ),
  secretExpired: (appId: string) =>
    invalidClient(
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for ` +
        'your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.',
    ),
  subjectNotAuthorized: (names: string) =>
    invalidClient(
      700030,
      "Invalid certificate - subject name in certificate isn't authorized. SubjectNames/SubjectAlternativeNames (up " +
        `to 10) in token certificate are: ${names}.`,
    ),
  applicationNotFound: (appId: string, tenant: string) =>
    new EntraError(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${appId}' was not found in the directory '${tenant}'. This can happen if the ` +
        'application has not been installed by the administrator of the tenant or consented to by any user in the ' +
        'tenant. You may have sent your authentication request to the wrong tenant.',
    ),
  noServicePrincipal: (appId: string, tenantId: string) =>
    new EntraError(
      400,
      'unauthorized_client',
      7000229,
      `The client application ${appId} is missing service principal in the tenant ${tenantId}. See instructions here: ` +
        'https://go.microsoft.com/fwlink/?linkid=2225119',
    ),
  tenantNotFound: (tenant: string) =>
    new EntraError(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
        'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
        'subscriptions for the tenant.',
    ),
  resourceNotFound: (resource: string, tenant: string) =>
    new EntraError(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the ` +
        'application has not been installed by the administrator of the tenant or consented to by any user in the ' +
        'tenant. You might have sent your authentication request to the wrong tenant.',
    ),
  scopeWithoutDefault: (scope: string) =>
    new EntraError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
        '/.default suffixed to the resource identifier (application ID URI).',
    ),
  commonEndpoint: () =>
    new EntraError(
      400,
      'invalid_request',
      9001023,
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or ' +
        'tenant-specific endpoint.',
    ),
  missingParameter: (name: string) =>
    new EntraError(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`),
  unsupportedGrant: (grant: string) =>
    new EntraError(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`),
  notPreauthorized: (client: string, resource: string) =>
    new EntraError(
      400,
      'invalid_request',
      65002,
      `Consent between first party application '${client}' and first party resource '${resource}' must be ` +
        'configured via preauthorization - applications owned and operated by Microsoft must get approval from the ' +
        'API owner before requesting tokens for that API.',
    ),
  redirectMismatch: (uri: string, client: string) =>
    new EntraError(
      400,
      'invalid_request',
      50011,
      `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the ` +
        `application '${client}'. Make sure the redirect URI sent in the request matches one added to your ` +
        'application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.',
    ),
  userNotInTenant: (user: string, tenant: string) =>
    new EntraError(
      400,
      'invalid_grant',
      50020,
      `User account '${user}' from identity provider 'https://sts.windows.net/' does not exist in tenant '${tenant}' ` +
        'and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.',
    ),
  authorizationPending: () =>
    new EntraError(
      400,
      'authorization_pending',
      70016,
      'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    ),
  codeExpired: () =>
    new EntraError(
      400,
      'invalid_grant',
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive ' +
        'authorization request for this user and resource.',
    ),
} as const;
