/** Graph's errors (facts/graph.md). `innerError` is spelled so here, unlike Key Vault's `innererror`. */
import { randomUUID } from 'node:crypto';
import type { Reply } from '../http/exchange.ts';

export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly { code: string; target?: string; message: string }[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GraphError';
  }

  reply(now: number, clientRequestId: string = randomUUID()): Reply {
    const date = new Date(now).toISOString().slice(0, 19);
    return {
      status: this.status,
      headers: this.headers,
      json: {
        error: {
          code: this.code,
          message: this.message,
          ...(this.details.length === 0 ? {} : { details: this.details }),
          innerError: { date, 'request-id': randomUUID(), 'client-request-id': clientRequestId },
        },
      },
    };
  }
}

const badRequest = (message: string, target: string, code: string): GraphError =>
  new GraphError(400, 'Request_BadRequest', message, [{ code, target, message }]);

export const graphErrors = {
  denied: () =>
    new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  invalidToken: (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message),
  missingOrMalformed: () =>
    new GraphError(401, 'Authentication_MissingOrMalformed', 'Access Token missing or malformed.'),
  notFound: (id: string) =>
    new GraphError(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  unsupportedQuery: (message: string) => new GraphError(400, 'Request_UnsupportedQuery', message),
  badBody: (message: string) => new GraphError(400, 'Request_BadRequest', message),
  throttled: (seconds: number) =>
    new GraphError(429, 'TooManyRequests', 'Too Many Requests', [], { 'retry-after': String(seconds) }),
  keyNotUpdatable: (keyId: string) =>
    badRequest(
      `Update to existing credential with KeyId '${keyId}' is not allowed.`,
      'keyCredentials',
      'KeyNotUpdatable',
    ),
  badUsage: () =>
    badRequest(
      'The value for the property "usage" in one of your credentials is invalid. Acceptable values are Sign, Verify.',
      'keyCredentials.usage',
      'InvalidValue',
    ),
  badType: () =>
    badRequest(
      'The value for the property "type" in one of your credentials is invalid. Acceptable values are AsymmetricX509Cert, X509CertAndPassword.',
      'keyCredentials.type',
      'InvalidValue',
    ),
  invalidKeyValue: () =>
    new GraphError(400, 'KeyCredentialsInvalidValue', 'Key credential value is invalid.', [
      { code: 'InvalidKeyValue', target: 'keyCredentials.key', message: 'Key credential value is invalid.' },
    ]),
  invalidEndDate: () =>
    new GraphError(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.', [
      {
        code: 'InvalidKeyEndDate',
        target: 'keyCredentials.endDateTime',
        message: 'Key credential end date is invalid.',
      },
    ]),
  invalidStartDate: () =>
    new GraphError(400, 'KeyCredentialsInvalidStartDate', 'Key credential start date is invalid.', [
      {
        code: 'InvalidKeyStartDate',
        target: 'keyCredentials.startDateTime',
        message: 'Key credential start date is invalid.',
      },
    ]),
  noPassword: (keyId: string) =>
    new GraphError(400, 'Request_BadRequest', `No password credential found with keyId '${keyId}'.`),
  noKey: (keyId: string) => new GraphError(400, 'Request_BadRequest', `No key credential found with keyId '${keyId}'.`),
  lifetimeExceedsPolicy: (days: number) =>
    new GraphError(
      400,
      'CredentialInvalidLifetimeAsPerAppPolicy',
      `Credential lifetime exceeds the max value allowed as per assigned policy. Max allowed lifetime: ${days} days.`,
    ),
  typeNotAllowedByPolicy: () =>
    new GraphError(
      400,
      'CredentialTypeNotAllowedAsPerAppPolicy',
      'Credential type not allowed as per assigned policy.',
    ),
  authorityNotTrusted: () =>
    new GraphError(
      400,
      'CredentialInvalidCertificateAuthorityAsPerAppPolicy',
      'The certificate was not issued by a certificate authority that is trusted as per assigned policy.',
    ),
} as const;
