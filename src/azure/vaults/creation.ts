/** Creating certificates: the request, and waiting for the service at its own pace. */
import * as l10n from '@vscode/l10n';
import { CancelledError, isCancelled, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import { retryAfter } from '../http.ts';
import type { VaultConnection } from './connection.ts';
import { expected, sentence } from './serviceError.ts';
import { cancelPending, discardPending, readPending, toCreationState } from './pending.ts';
import type { PendingAnswer } from './pending.ts';
import { assertName, completePolicy, toWirePolicy } from './policy.ts';
import { getCertificate } from './reading.ts';
import type {
  CallOptions,
  CreateOptions,
  CreateRequest,
  CreationOutcome,
  CreationState,
  VaultPolicy,
} from './types.ts';

/** Between two looks at the vault where it does not say how long to wait, in ms. */
const usualWait = 2_000;
/** Looks after a cancellation until it is believed; the service takes a second or two. */
const cancelLooks = 30;
/** Tries while the name's purge is still running. */
const purgeLooks = 10;

export function createCertificate(
  connection: VaultConnection,
  request: CreateRequest,
  options?: CreateOptions,
): Promise<CreationOutcome> {
  return begin(connection, request.name, completePolicy(request.policy), request, options);
}

/** A new version with the policy and the tags that the certificate has now. */
export async function renewCertificate(
  connection: VaultConnection,
  name: string,
  options?: CreateOptions,
): Promise<CreationOutcome> {
  const { policy, tags } = await getCertificate(connection, { name }, options);
  return begin(connection, name, policy, { tags }, options);
}

async function begin(
  connection: VaultConnection,
  name: string,
  policy: VaultPolicy | undefined,
  { enabled, tags }: Pick<CreateRequest, 'enabled' | 'tags'>,
  options: CreateOptions = {},
): Promise<CreationOutcome> {
  assertName(name);
  throwIfCancelled(options.signal);
  const body = {
    // Without a policy the service takes the certificate's own.
    ...(policy === undefined ? {} : { policy: toWirePolicy(policy) }),
    ...(enabled === undefined ? {} : { attributes: { enabled } }),
    ...(tags === undefined ? {} : { tags }),
  };
  // Without the signal: once it is sent, only its answer tells whether there is something to cancel in the vault.
  const unstoppable = { interactive: options.interactive === true };
  let first: PendingAnswer | undefined;
  try {
    const answer = await untilNameIsFree(connection, options.signal, () =>
      connection.run({ action: 'create', certificate: name }, unstoppable, () =>
        connection.rest.send('POST', `/certificates/${name}/create`, body),
      ),
    );
    first = { state: toCreationState(name, answer.json), wait: retryAfter(answer, connection.clock) };
  } catch (error) {
    first = await begunAllTheSame(connection, name, error, unstoppable);
    if (first === undefined) throw error;
  }
  return wait(connection, name, first, options);
}

/** Failures that leave open whether the vault got the request. */
const lostAnswers: readonly string[] = ['vault-unreachable', 'answer-unreadable', 'request-timed-out'];

/** The vault refuses a second creation beside one under way: what is under way after a lost answer is what was asked for. */
async function begunAllTheSame(
  connection: VaultConnection,
  name: string,
  error: unknown,
  options: CallOptions,
): Promise<PendingAnswer | undefined> {
  if (!isExpectedError(error) || !lostAnswers.includes(error.code)) return undefined;
  try {
    const pending = await readPending(connection, name, options);
    return pending.state.status === 'inProgress' ? pending : undefined;
  } catch (other) {
    // The first failure is the one to tell.
    if (isExpectedError(other)) return undefined;
    throw other;
  }
}

/** A purged name is free some seconds after the vault has stopped showing it. */
async function untilNameIsFree<T>(
  connection: VaultConnection,
  signal: AbortSignal | undefined,
  send: () => Promise<T>,
): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await send();
    } catch (error) {
      if (look >= purgeLooks || !isExpectedError(error) || error.code !== 'name-being-deleted') throw error;
    }
    await connection.clock.delay(usualWait, signal);
  }
}

/** Goes on waiting for a creation that somebody began. */
export async function waitForCreation(
  connection: VaultConnection,
  name: string,
  options: CreateOptions = {},
): Promise<CreationOutcome> {
  assertName(name);
  return wait(connection, name, await readPending(connection, name, options), options);
}

async function wait(
  connection: VaultConnection,
  name: string,
  first: PendingAnswer,
  options: CreateOptions,
): Promise<CreationOutcome> {
  const { stopWaiting, signal, onProgress } = options;
  let { state, wait: pause } = first;
  for (;;) {
    onProgress?.(state);
    if (signal?.aborted === true) return cancelled(connection, name, options);
    if (state.status !== 'inProgress') return ended(connection, state, options);
    // Only a merge ends such a creation, and the CA may take days.
    if (state.issuer === 'Unknown' && state.csrDer !== undefined) {
      return { status: 'waitingForMerge', csrPem: csrPem(state.csrDer), state };
    }
    if (stopWaiting?.aborted === true) return { status: 'inProgress', state };
    const stop = [signal, stopWaiting].filter((one) => one !== undefined);
    try {
      await connection.clock.delay(pause ?? usualWait, AbortSignal.any(stop));
      ({ state, wait: pause } = await readPending(connection, name, { ...options, signal: AbortSignal.any(stop) }));
    } catch (error) {
      // The loop's beginning tells whether to cancel or to stop waiting.
      if (!isCancelled(error) || stop.every(({ aborted }) => !aborted)) throw error;
    }
  }
}

/** Cancels in the vault. Where the service was faster the certificate exists, and saying so is the truth. */
async function cancelled(connection: VaultConnection, name: string, options: CreateOptions): Promise<CreationOutcome> {
  const rest = { interactive: options.interactive === true };
  try {
    await cancelPending(connection, name, rest);
  } catch (error) {
    // 400: it has ended meanwhile.
    if (!isExpectedError(error) || error.code !== 'vault-refused-request') throw error;
  }
  for (let look = 0; look < cancelLooks; look++) {
    const { state, wait: pause } = await readPending(connection, name, rest);
    options.onProgress?.(state);
    if (state.status === 'completed') return ended(connection, state, rest);
    if (state.status !== 'inProgress') {
      await discardPending(connection, name, rest);
      throw new CancelledError();
    }
    await connection.clock.delay(pause ?? usualWait);
  }
  throw new CancelledError();
}

async function ended(
  connection: VaultConnection,
  state: CreationState,
  options: CreateOptions,
): Promise<CreationOutcome> {
  const { name, status, error } = state;
  if (status === 'completed') {
    return { status, certificate: await getCertificate(connection, { name }, options) };
  }
  if (status === 'cancelled') {
    throw expected(
      'creation-cancelled',
      l10n.t(
        'The creation of {0} in {1} was cancelled by somebody else. Create it again if you still need it.',
        name,
        connection.vault.name,
      ),
    );
  }
  throw expected(
    'creation-failed',
    l10n.t(
      'The vault {0} could not create {1}: {2} Correct the policy or the issuer and create it again.',
      connection.vault.name,
      name,
      sentence(error?.message ?? state.details ?? l10n.t('It gives no reason')),
    ),
    { code: error?.code },
  );
}

/** RFC 7468, 64 columns. */
function csrPem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE REQUEST-----\n${(lines ?? []).join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
