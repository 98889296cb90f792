/** Asks for tokens until several came in a row, or until it is clear that none will. */
import { randomUUID } from 'node:crypto';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import * as l10n from '@vscode/l10n';
import { CancelledError, isCancelled, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { orCancelled } from '../cancellation.ts';
import { retryAfter } from '../http.ts';
import { isTrustFailure, isUnknownHost } from '../networkErrors.ts';
import type { Cloud } from '../types.ts';
import { judge } from './answer.ts';
import type { Answer, Verdict } from './answer.ts';
import { algorithmOf, clientAssertion } from './assertion.ts';
import { discoveryAddress, placeOf, readDiscovery, refusalByMsal } from './endpoint.ts';
import type { ProofPlace } from './endpoint.ts';
import { localSigner } from './signer.ts';
import type { Prover, ProofFailure, ProofOutcome, ProofRequest } from './types.ts';

/** Ms; the directory usually takes seconds, at times minutes (facts/failure-modes.md F48). */
const defaultPatience = 180_000;
const firstWait = 1_000;
const longestWait = 30_000;
/** Between successes once there was a refusal: the next request may meet a part of the directory that is not so far yet. */
const successGap = 2_000;
/** A network that is not there does not come by waiting for three minutes. */
const mostConnectionFailures = 3;

export interface ProverPorts {
  readonly cloud: Cloud;
  /** Sends every request once. */
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly userAgent: string;
}

export function createProver(ports: ProverPorts): Prover {
  return { prove: (request) => prove(request, ports), localSigner };
}

async function prove(request: ProofRequest, ports: ProverPorts): Promise<ProofOutcome> {
  throwIfCancelled(request.signal);
  const { clock } = ports;
  const place = placeOf(request, ports.cloud);
  const { patience = defaultPatience, successes: wanted = 3 } = request;
  const algorithm = algorithmOf(request);
  const sent = (
    request.thumbprintProperty === 'thumbprint' ? request.thumbprintSha1 : request.thumbprintSha256
  ).toUpperCase();
  const started = clock.now();
  const state = { attempts: 0, successes: 0, wait: firstWait, connectionFailures: 0, wasRefused: false, asked: false };
  let tokenEndpoint: string | undefined;
  const outcome = (error?: ProofFailure): ProofOutcome => ({
    algorithm,
    attempts: state.attempts,
    ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
    ...(error === undefined ? { ok: true } : { ok: false, error }),
  });
  const tell = (waitingFor?: 'replication' | 'service'): void => {
    const elapsed = clock.now() - started;
    request.onProgress?.({
      attempts: state.attempts,
      successes: state.successes,
      wanted,
      elapsed,
      left: Math.max(0, patience - elapsed),
      ...(waitingFor === undefined ? {} : { waitingFor }),
    });
  };

  for (;;) {
    let verdict: Verdict;
    try {
      if (tokenEndpoint === undefined) {
        const found = await endpointOf(place, request, ports);
        if (typeof found !== 'string') return outcome(found);
        tokenEndpoint = found;
      }
      verdict = await ask(tokenEndpoint, place, request, sent, ports);
      state.attempts++;
      state.connectionFailures = 0;
    } catch (error) {
      verdict = noAnswer(error, place, ++state.connectionFailures);
    }
    if (verdict.kind === 'stop') return outcome(verdict.failure);
    if (verdict.kind === 'token') {
      state.successes++;
      if (state.successes >= wanted) {
        tell();
        return outcome();
      }
      tell();
      if (state.wasRefused) await clock.delay(successGap, request.signal);
      continue;
    }
    state.successes = 0;
    state.wasRefused = true;
    if (verdict.waitingFor === 'replication' && !state.asked) {
      state.asked = true;
      if ((await request.isRegistered?.()) === false) return outcome({ ...verdict.failure, kind: 'refused' });
    }
    tell(verdict.waitingFor);
    const left = patience - (clock.now() - started);
    if (left <= 0) return outcome(verdict.failure);
    const wait = Math.max(verdict.retryAfter ?? state.wait, firstWait);
    await clock.delay(Math.min(wait, left), request.signal);
    state.wait = Math.min(state.wait * 2, longestWait);
  }
}

/** The token endpoint, or why the app would not even come to it. */
async function endpointOf(
  place: ProofPlace,
  request: ProofRequest,
  ports: ProverPorts,
): Promise<string | ProofFailure> {
  if (place.isWellKnown) return `${place.base}/oauth2/v2.0/token`;
  const answer = await send(discoveryAddress(place), undefined, request, ports);
  if (answer.status !== 200) {
    const verdict = judge(answer, '');
    if (verdict.kind === 'wait') throw new AnswerLater(verdict);
    return verdict.kind === 'stop' ? verdict.failure : refused('authority-not-usable', '');
  }
  const discovered = readDiscovery(parsed(answer.text), place);
  const refusal = refusalByMsal(discovered, place, request);
  return refusal === undefined ? discovered.tokenEndpoint : refused(refusal.code, refusal.text);
}

/** Carries a verdict out of the discovery, which is repeated as a token request is. */
class AnswerLater extends Error {
  constructor(readonly verdict: Verdict) {
    super('later');
  }
}

async function ask(
  tokenEndpoint: string,
  place: ProofPlace,
  request: ProofRequest,
  sent: string,
  ports: ProverPorts,
): Promise<Verdict> {
  const form = new URLSearchParams({
    client_id: request.clientId,
    scope: place.scope,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await clientAssertion(request, tokenEndpoint, ports.clock.now()),
  });
  return judge(await send(tokenEndpoint, form, request, ports), sent);
}

async function send(
  url: string,
  form: URLSearchParams | undefined,
  request: ProofRequest,
  ports: ProverPorts,
): Promise<Answer> {
  const response = ports.http.sendRequest(
    createPipelineRequest({
      url,
      method: form === undefined ? 'GET' : 'POST',
      headers: createHttpHeaders({
        accept: 'application/json',
        'user-agent': ports.userAgent,
        'client-request-id': randomUUID(),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }),
      }),
      ...(form === undefined ? {} : { body: form.toString() }),
      ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
    }),
  );
  const answer = await orCancelled(response, request.signal);
  const wait = retryAfter(answer, ports.clock);
  return {
    status: answer.status,
    text: answer.bodyAsText ?? '',
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
}

function noAnswer(error: unknown, place: ProofPlace, failures: number): Verdict {
  if (error instanceof AnswerLater) return error.verdict;
  if (isCancelled(error)) throw new CancelledError();
  if (isExpectedError(error) && error.code !== 'request-timed-out') throw error;
  if (!isConnection(error)) throw error;
  const failure: ProofFailure = {
    kind: 'unreachable',
    code: isTrustFailure(error, messageOf(error)) ? 'tls-inspection' : 'sign-in-host-unreachable',
    text: isTrustFailure(error, messageOf(error))
      ? l10n.t('The TLS certificate of {0} is not trusted on this machine ({1}).', place.host, messageOf(error))
      : l10n.t('{0} could not be reached: {1}', place.host, messageOf(error)),
  };
  const isHopeless = failure.code === 'tls-inspection' || isUnknownHost(error) || failures >= mostConnectionFailures;
  return isHopeless ? { kind: 'stop', failure } : { kind: 'wait', waitingFor: 'service', failure };
}

/** Node's and the pipeline's errors of a request carry a code; anything else is a bug, or the signer's. */
function isConnection(error: unknown): boolean {
  return (
    isExpectedError(error) ||
    (error instanceof Error &&
      (error.name === 'RestError' || /^E[A-Z_]+$/.test(String((error as { code?: unknown }).code))))
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');
const refused = (code: string, text: string): ProofFailure => ({ kind: 'refused', code, text });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
