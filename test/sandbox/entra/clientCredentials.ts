/** The client-credentials grant: an application that proves itself with a secret or a client assertion. */
import { verifyAssertion } from './assertion.ts';
import type { AcceptedAssertion } from './assertion.ts';
import { hashSecret } from './directory.ts';
import type { Application, Tenant } from './directory.ts';
import { entraErrors } from './errors.ts';

/** How a client proved itself. */
export type ClientProof =
  { readonly kind: 'secret'; readonly keyId: string } | ({ readonly kind: 'assertion' } & AcceptedAssertion);

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Checks the credential of a confidential client. `audiences` are the token endpoint's own addresses, `now` is in
 * milliseconds. Throws EntraError.
 */
export function proveClient(
  form: URLSearchParams,
  application: Application,
  audiences: readonly string[],
  now: number,
): ClientProof {
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const type = form.get('client_assertion_type');
    if (type === null) throw entraErrors.missingParameter('client_assertion_type');
    if (type !== assertionType) throw entraErrors.malformedAssertion(`The type '${type}' is not supported.`);
    return { kind: 'assertion', ...verifyAssertion(assertion, application, { audiences, now }) };
  }
  const secret = form.get('client_secret');
  if (secret === null || secret === '') {
    const isAlone = form.get('grant_type') === 'client_credentials';
    throw isAlone ? entraErrors.noCredential() : entraErrors.noCredentialOfClient();
  }
  const hash = hashSecret(secret);
  const entry = application.passwordCredentials.find(
    (credential) => credential.secretHash === hash && credential.usableFrom <= now,
  );
  if (entry === undefined) throw entraErrors.wrongSecret(application.appId);
  if (now > Date.parse(entry.endDateTime)) throw entraErrors.secretExpired(application.appId);
  return { kind: 'secret', keyId: entry.keyId };
}

/**
 * The resource of a client-credentials scope, which ends in `/.default`. A resource that ends in a slash keeps it in
 * the scope (`https://host//.default`). Throws EntraError.
 */
export function resourceOfScope(scope: string, known: (resource: string) => boolean, tenant: Tenant): string {
  if (!scope.endsWith('/.default')) throw entraErrors.scopeWithoutDefault(scope);
  const resource = scope.slice(0, -'/.default'.length);
  if (!known(resource.replace(/\/$/, ''))) throw entraErrors.resourceNotFound(resource, tenant.displayName);
  return resource;
}
