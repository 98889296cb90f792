/**
 * Every refusal of facts/tokens.md 4.3 by its number, also those that no condition in the sandbox leads to (a revoked certificate, another cloud): tests
 * ask for them through the faults.
 */
import type { Fault } from '../http/faults.ts';
import { EntraError, entraErrors } from './errors.ts';

const app = '00001111-aaaa-2222-bbbb-3333cccc4444';
const tenant = '11111111-2222-3333-4444-555555555555';
const thumbprint = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';

const invalidClient = (code: number, sentence: string): EntraError =>
  new EntraError(401, 'invalid_client', code, sentence);
const crossCloud = (code: number): EntraError =>
  new EntraError(400, 'invalid_request', code, 'Confidential Client is not supported in Cross Cloud request.');

/** In the order of the table; the sentences of the codes for which it has only a name are our own. */
const refusals: readonly EntraError[] = [
  entraErrors.certificateNotRegistered(app, thumbprint),
  entraErrors.certificateNotYetValid(),
  entraErrors.outsideTimeRange(1e12, 9e11, 9e11 + 600_000),
  invalidClient(7000214, 'Certificate has been revoked.'),
  invalidClient(7000274, 'The certificate is not within its validity period.'),
  invalidClient(7000277, 'The certificate was revoked.'),
  entraErrors.subjectNotAuthorized('{CN=ciam-client-app}'),
  invalidClient(
    50012,
    `Client assertion contains an invalid signature. [Reason - The provided signature value did not match the expected signature value., Thumbprint of key used by client: '${thumbprint}']`,
  ),
  new EntraError(400, 'invalid_grant', 50013, 'Assertion failed signature validation.'),
  entraErrors.noThumbprint(),
  entraErrors.subjectMismatchesIssuer(),
  entraErrors.wrongSecret(app),
  entraErrors.secretExpired(app),
  entraErrors.applicationNotFound(app, 'Contoso'),
  entraErrors.tenantNotFound('contoso.example'),
  crossCloud(900382),
  crossCloud(900432),
  entraErrors.resourceNotFound('https://api.example', 'Contoso'),
  entraErrors.noServicePrincipal(app, tenant),
  entraErrors.commonEndpoint(),
  new EntraError(400, 'invalid_request', 90013, 'Invalid input received from the user.'),
  entraErrors.missingParameter('client_id'),
  entraErrors.noCredential(),
  entraErrors.noCredentialOfClient(),
  entraErrors.wrongApplication(),
  entraErrors.wrongAudience(),
  entraErrors.scopeWithoutDefault('User.Read'),
];

export const refusalCodes: readonly number[] = refusals.map(({ code }) => code);

/** `AADSTS…` and its sentence. */
export const refusalTexts: readonly string[] = refusals.map(({ message }) => message);

/** The token endpoint refuses with this code. Throws Error for a number that is not in the table. */
export function refusalFault(code: number): Fault {
  const refusal = refusals.find((one) => one.code === code);
  if (refusal === undefined) throw new Error(`The sandbox knows no refusal AADSTS${code}.`);
  const { status, json, headers = {} } = refusal.reply(Date.now());
  return { kind: 'reply', surface: 'entra', method: 'POST', path: '/token$', status, json, headers };
}
