/** The pending operation of a certificate: reading, cancelling, removing, merging. */
import { isExpectedError } from '../../base/errors.ts';
import { retryAfter } from '../http.ts';
import type { VaultConnection } from './connection.ts';
import { assertName } from './policy.ts';
import { getCertificate } from './reading.ts';
import type { CallOptions, CreationState, VaultCertificateDetails } from './types.ts';

export interface PendingAnswer {
  readonly state: CreationState;
  /** Milliseconds that the service wants us to wait before the next look. */
  readonly wait: number | undefined;
}

const path = (name: string): string => `/certificates/${name}/pending`;

/** Code `no-pending-creation` when there is none. */
export async function readPending(
  connection: VaultConnection,
  name: string,
  options: CallOptions,
): Promise<PendingAnswer> {
  const answer = await connection.run({ action: 'read', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('GET', path(name), undefined, abortSignal),
  );
  return { state: toCreationState(name, answer.json), wait: retryAfter(answer, connection.clock) };
}

/** The creation that is under way or ended last; undefined when there is none. */
export async function findCreation(
  connection: VaultConnection,
  name: string,
  options: CallOptions = {},
): Promise<CreationState | undefined> {
  assertName(name);
  try {
    return (await readPending(connection, name, options)).state;
  } catch (error) {
    if (isExpectedError(error) && error.code === 'no-pending-creation') return undefined;
    throw error;
  }
}

export async function cancelPending(connection: VaultConnection, name: string, options: CallOptions): Promise<void> {
  await connection.run({ action: 'create', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('PATCH', path(name), { cancellation_requested: true }, abortSignal),
  );
}

/** Removes the operation, so that a new one can begin. */
export async function discardPending(connection: VaultConnection, name: string, options: CallOptions): Promise<void> {
  await connection.run({ action: 'create', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('DELETE', path(name), undefined, abortSignal),
  );
}

/** @param chainDer the certificate of the CSR first, then its issuers */
export async function mergeCertificate(
  connection: VaultConnection,
  name: string,
  chainDer: readonly Uint8Array[],
  options: CallOptions = {},
): Promise<VaultCertificateDetails> {
  assertName(name);
  const x5c = chainDer.map((der) => Buffer.from(der).toString('base64'));
  // The SDK would drop tags; those of the creation stay only where they are sent again.
  await connection.run({ action: 'merge', certificate: name }, options, ({ abortSignal }) =>
    connection.rest.send('POST', `${path(name)}/merge`, { x5c }, abortSignal),
  );
  return getCertificate(connection, { name }, options);
}

/** From the wire (facts/key-vault.md 1.4). */
export function toCreationState(name: string, json: Readonly<Record<string, unknown>>): CreationState {
  const { status, status_details: details, issuer, csr, cancellation_requested: requested } = json;
  const known = ['inProgress', 'completed', 'failed', 'cancelled'] as const;
  const error = json.error as { code?: unknown; message?: unknown } | null | undefined;
  const issuerName = (issuer as { name?: unknown } | null | undefined)?.name;
  return {
    name,
    status: known.find((one) => one === status) ?? 'inProgress',
    ...(typeof details === 'string' ? { details } : {}),
    issuer: typeof issuerName === 'string' ? issuerName : '',
    ...(typeof csr === 'string' ? { csrDer: Buffer.from(csr, 'base64') } : {}),
    cancellationRequested: requested === true,
    ...(error === undefined || error === null
      ? {}
      : {
          error: {
            ...(typeof error.code === 'string' ? { code: error.code } : {}),
            ...(typeof error.message === 'string' ? { message: error.message } : {}),
          },
        }),
  };
}
