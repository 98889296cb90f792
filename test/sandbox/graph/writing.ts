/** PATCH and POST of applications, with the other administrator who may write at the same time. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { keyCredentialOf } from '../entra/directory.ts';
import type { Application } from '../entra/directory.ts';
import { jsonBody, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { makeCertificate } from '../pki/certificates.ts';
import { assertMayRead, assertMayWrite } from './context.ts';
import type { GraphContext } from './context.ts';
import { graphErrors } from './errors.ts';
import { replacedKeys } from './keyCredentials.ts';
import { policyOf } from './settings.ts';
import { applicationJson } from './wire.ts';

/** PATCH /applications/{id}: 204. There is no ETag: whoever writes last wins. */
export function patchApplication(context: GraphContext, application: Application): Reply {
  assertMayRead(context);
  assertMayWrite(context, application);
  const body = jsonBody(context.incoming);
  if (body === undefined) throw graphErrors.badBody('Unable to read JSON request payload.');
  if ('passwordCredentials' in body) {
    throw graphErrors.badBody('Updating passwordCredentials is not supported. Use addPassword and removePassword.');
  }
  const before = new Set(application.keyCredentials.map(({ keyId }) => keyId));
  disturb(context, application, 'beforeWrite', before);
  context.settings.onAccess?.('beforeWrite', application, application);
  const { clock, settings } = context;
  const rules = {
    now: clock.now(),
    usableFrom: clock.now() + settings.credentialDelaySeconds * 1000,
    policy: policyOf(settings, application),
  };
  // Everything is checked before anything is changed.
  const keys = 'keyCredentials' in body ? replacedKeys(application, body.keyCredentials, rules) : undefined;
  context.replicas.remember(application);
  if (keys !== undefined) application.keyCredentials = keys;
  const name = text(body.displayName);
  if (name !== undefined) application.displayName = name;
  if ('tokenEncryptionKeyId' in body) application.tokenEncryptionKeyId = text(body.tokenEncryptionKeyId) ?? null;
  disturb(context, application, 'afterWrite', before);
  context.settings.onAccess?.('afterWrite', application, application);
  return { status: 204 };
}

/** POST /applications: 201. */
export function createApplication(context: GraphContext): Reply {
  const { claims, directory, clock } = context;
  const displayName = text(jsonBody(context.incoming)?.displayName);
  if (displayName === undefined) throw graphErrors.badBody('A value is required for property displayName.');
  const application: Application = {
    id: randomUUID(),
    appId: randomUUID(),
    tenantId: claims.tid,
    displayName,
    signInAudience: text(jsonBody(context.incoming)?.signInAudience) ?? 'AzureADMyOrg',
    createdDateTime: new Date(clock.now()).toISOString(),
    redirectUris: [],
    owners: [claims.oid],
    servicePrincipalId: randomUUID(),
    appRoles: [],
    tokenEncryptionKeyId: null,
    keyCredentials: [],
    passwordCredentials: [],
  };
  assertMayWrite(context, application);
  directory.applications.push(application);
  const head = { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#applications/$entity' };
  return { status: 201, json: { ...head, ...applicationJson(application, undefined) } };
}

/** @param before key ids that were there when our request came */
export function disturb(
  context: GraphContext,
  application: Application,
  when: 'afterRead' | 'beforeWrite' | 'afterWrite',
  before: ReadonlySet<string>,
): void {
  const other = context.settings.secondAdministrator;
  if (other?.when !== when || other.times <= 0) return;
  other.times -= 1;
  context.replicas.remember(application);
  if (other.does === 'addsCertificate') application.keyCredentials.push(keyCredentialOf(otherCertificate(context)));
  else {
    application.keyCredentials =
      other.does === 'removesAll' ? [] : application.keyCredentials.filter(({ keyId }) => before.has(keyId));
  }
}

/** The other administrator's certificate is not for signing in here, so an EC key will do. */
function otherCertificate({ clock }: GraphContext): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = clock.seconds();
  const request = { subject: 'CN=second-administrator', publicKey, notBefore: now - 600, notAfter: now + 86_400 * 30 };
  return makeCertificate(request, { key: privateKey });
}
