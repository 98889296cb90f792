/** Adding and removing single credentials: addPassword, removePassword, addKey, removeKey (facts/graph.md 3.3, 3.4). */
import { constants, randomBytes, verify, X509Certificate } from 'node:crypto';
import { passwordCredentialOf } from '../entra/directory.ts';
import type { Application } from '../entra/directory.ts';
import { isRecord, jsonBody, number, record, text } from '../http/exchange.ts';
import type { Reply } from '../http/exchange.ts';
import { assertMayWrite } from './context.ts';
import type { GraphContext } from './context.ts';
import { graphErrors } from './errors.ts';
import { newKey } from './keyCredentials.ts';
import { policyOf } from './settings.ts';
import { keyCredentialJson, passwordCredentialJson } from './wire.ts';

const day = 86_400_000;
const metadata = 'https://graph.microsoft.com/v1.0/$metadata#microsoft.graph';

const usableFrom = ({ clock, settings }: GraphContext): number => clock.now() + settings.credentialDelaySeconds * 1000;

export function addPassword(context: GraphContext, application: Application): Reply {
  assertMayWrite(context, application);
  const given = record(jsonBody(context.incoming)?.passwordCredential);
  const now = context.clock.now();
  const start = Date.parse(text(given.startDateTime) ?? '') || now;
  const end = Date.parse(text(given.endDateTime) ?? '') || start + 730 * day;
  const policy = policyOf(context.settings, application);
  if (policy.passwordsBlocked === true) throw graphErrors.typeNotAllowedByPolicy();
  if (policy.passwordLifetimeDays !== undefined && end - start > policy.passwordLifetimeDays * day) {
    throw graphErrors.lifetimeExceedsPolicy(policy.passwordLifetimeDays);
  }
  const secret = randomBytes(30).toString('base64url');
  const displayName = text(given.displayName) ?? null;
  const entry = passwordCredentialOf(secret, { start, end, displayName, usableFrom: usableFrom(context) });
  context.replicas.remember(application);
  application.passwordCredentials.push(entry);
  const head = { '@odata.context': `${metadata}.passwordCredential` };
  return { status: 200, json: { ...head, ...passwordCredentialJson(entry, secret) } };
}

export function removePassword(context: GraphContext, application: Application): Reply {
  assertMayWrite(context, application);
  const keyId = text(jsonBody(context.incoming)?.keyId) ?? '';
  if (!application.passwordCredentials.some((entry) => entry.keyId === keyId)) throw graphErrors.noPassword(keyId);
  context.replicas.remember(application);
  application.passwordCredentials = application.passwordCredentials.filter((entry) => entry.keyId !== keyId);
  return { status: 204 };
}

export function addKey(context: GraphContext, application: Application): Reply {
  const body = jsonBody(context.incoming) ?? {};
  assertProof(context, application, text(body.proof));
  if (!isRecord(body.keyCredential)) throw graphErrors.badBody('keyCredential is missing.');
  const { clock, settings } = context;
  const entry = newKey(body.keyCredential, {
    now: clock.now(),
    usableFrom: usableFrom(context),
    policy: policyOf(settings, application),
  });
  context.replicas.remember(application);
  application.keyCredentials.push(entry);
  return { status: 200, json: { '@odata.context': `${metadata}.keyCredential`, ...keyCredentialJson(entry, false) } };
}

export function removeKey(context: GraphContext, application: Application): Reply {
  const body = jsonBody(context.incoming) ?? {};
  assertProof(context, application, text(body.proof));
  const keyId = text(body.keyId) ?? '';
  if (!application.keyCredentials.some((entry) => entry.keyId === keyId)) throw graphErrors.noKey(keyId);
  context.replicas.remember(application);
  application.keyCredentials = application.keyCredentials.filter((entry) => entry.keyId !== keyId);
  return { status: 204 };
}

/**
 * A proof of possession: a JWT signed with one of the application's own certificates that has not expired, by the
 * application itself. Delegated calls fail with the same error as a malformed proof.
 */
function assertProof(context: GraphContext, application: Application, proof: string | undefined): void {
  const [head = '', body = '', signature = ''] = (proof ?? '').split('.');
  const refuse = (): Error => graphErrors.missingOrMalformed();
  if (context.claims.idtyp !== 'app' || proof === undefined || proof.includes('=')) throw refuse();
  const payload = parsed(body);
  const from = number(payload.nbf) ?? 0;
  const until = number(payload.exp) ?? 0;
  const now = context.clock.seconds();
  const good =
    payload.aud === '00000002-0000-0000-c000-000000000000' &&
    payload.iss === application.id &&
    until - from <= 600 &&
    from <= now + 300 &&
    until >= now - 300;
  if (!good) throw refuse();
  const pss = text(parsed(head).alg) === 'PS256';
  const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const signed = application.keyCredentials.some(({ key, endDateTime }) => {
    const { publicKey } = new X509Certificate(Buffer.from(key, 'base64'));
    if (Date.parse(endDateTime) < context.clock.now()) return false;
    const options = { key: publicKey, padding, ...(pss ? { saltLength: 32 } : {}) };
    return verify('sha256', Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url'));
  });
  if (!signed) throw refuse();
}

function parsed(part: string): Record<string, unknown> {
  try {
    return record(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}
