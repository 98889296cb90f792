/** Adding a certificate to an app registration and taking one away. */
import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { entryEnd, toSeconds } from '../../base/azCli.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { expected } from '../vaults/serviceError.ts';
import type { PublicCertificate } from './certificate.ts';
import { changeKeys } from './guardedWrite.ts';
import type { GuardPorts } from './guardedWrite.ts';
import type { GraphSession, Json } from './graph.ts';
import { isWorking } from './parsing.ts';
import type { ReadRegistration } from './reading.ts';
import type {
  ApplicationName,
  RegisteredCertificate,
  Registration,
  RemovalOutcome,
  UploadOutcome,
  UploadRequest,
} from './types.ts';

/** An entry as it has to be sent to stay: what was read, with `key` null, for a key that is sent again counts as changed. */
export const keptEntry = (json: Json): Json => ({ ...json, key: null });

/**
 * The entry that Graph gets for a new certificate.
 * @param keyId GUID of our own choice, by which a write whose answer was lost is known again; undefined leaves it to Graph
 */
export function newEntry(
  certificate: PublicCertificate,
  keyId: string | undefined,
  displayName: string | undefined,
): Json {
  const name = displayName ?? certificate.subject;
  return {
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: Buffer.from(certificate.der).toString('base64'),
    ...(keyId === undefined ? {} : { keyId }),
    // Graph takes the subject by itself where there is one, and a description of no characters for a mistake.
    ...(name === '' ? {} : { displayName: name }),
    ...entryDates(certificate),
  };
}

/**
 * Dates within the certificate's own. A second inside at both ends, as the Azure CLI has it: fractions of a second already make
 * Graph refuse them; and without dates it would take one year (facts/graph.md 3.1, 3.2).
 */
export function entryDates({ notBefore, notAfter }: Pick<PublicCertificate, 'notBefore' | 'notAfter'>): {
  readonly startDateTime: string;
  readonly endDateTime: string;
} {
  return { startDateTime: toSeconds(notBefore + 1_000), endDateTime: entryEnd(notAfter) };
}

/** The entry of this very certificate that can sign in: by SHA-256, or by SHA-1 where Graph kept the certificate to itself. */
function entryOf(
  registration: Registration,
  certificate: PublicCertificate,
  now: number,
): RegisteredCertificate | undefined {
  return registration.certificates.find(
    (entry) =>
      entry.usage === 'Verify' &&
      (entry.expires ?? Infinity) > now &&
      (entry.thumbprintSha256 === undefined
        ? entry.thumbprintSha1 === certificate.sha1
        : entry.thumbprintSha256 === certificate.sha256),
  );
}

export async function upload(
  session: GraphSession,
  request: UploadRequest,
  certificate: PublicCertificate,
  ports: GuardPorts,
): Promise<UploadOutcome> {
  const keyId = randomUUID();
  const displayName = request.displayName?.trim();
  const entry = newEntry(certificate, keyId, displayName === '' ? undefined : displayName);
  const { registration, lost } = await changeKeys(
    session,
    request,
    {
      adds: keyId,
      removes: [],
      isDone: (state) => entryOf(state, certificate, ports.clock.now()) !== undefined,
      entries: ({ keys }) => {
        request.onWrite?.(keyId);
        return [...keys.map(keptEntry), entry];
      },
    },
    ports,
  );
  const registered = entryOf(registration, certificate, ports.clock.now())?.keyId ?? keyId;
  const { appId, objectId } = registration;
  return {
    application: { appId, objectId, displayName: registration.displayName },
    keyId: registered,
    alreadyThere: registered !== keyId,
    removedMeanwhile: lost.map((one) => one.keyId),
  };
}

export async function removeCertificate(
  session: GraphSession,
  name: ApplicationName,
  keyId: string,
  ports: GuardPorts,
): Promise<RemovalOutcome> {
  const id = keyId.toLowerCase();
  const { written, unconfirmed } = await changeKeys(
    session,
    name,
    {
      removes: [id],
      isDone: ({ certificates }) => certificates.every((one) => one.keyId !== id),
      entries: (current) => entriesWithout(current, id, ports.clock.now()),
    },
    ports,
  );
  return { removed: [id], alreadyGone: written ? [] : [id], ...(unconfirmed === true ? { unconfirmed: [id] } : {}) };
}

function entriesWithout({ registration, keys }: ReadRegistration, keyId: string, now: number): readonly Json[] {
  if (registration.tokenEncryptionKeyId === keyId) {
    throw expected(
      'certificate-encrypts-tokens',
      l10n.t(
        'Tokens for {0} are encrypted with this certificate, so it was not removed: the app could no longer read them. Choose another certificate for token encryption in the portal first.',
        registration.displayName,
      ),
    );
  }
  const left = [...registration.certificates.filter((one) => one.keyId !== keyId), ...registration.secrets];
  if (!left.some((credential) => isWorking(credential, now))) throw lastCredential(registration.displayName);
  return keys.filter((key) => String(key.keyId).toLowerCase() !== keyId).map(keptEntry);
}

export function lastCredential(displayName: string): ExpectedError {
  return expected(
    'last-credential',
    l10n.t(
      'Nothing was removed, because {0} would be left without any valid credential and could not sign in any more. Upload a certificate first.',
      displayName,
    ),
  );
}
