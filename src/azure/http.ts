/**
 * How requests leave: one pool of connections, a time limit, and retries by the clock port. It stands below the SDKs'
 * own policies and sees every request as it goes out, so it is also where a token is kept from other origins.
 */
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import { isConnectionFailure, isTrustFailure } from './networkErrors.ts';
import { tlsSettings } from './tls.ts';

/** Longer than the services take to answer, in ms; what hangs longer is a swallowed connection. */
const defaultTimeout = 30_000;
/** Waits between tries, in ms. The Key Vault documentation gives this row for 429 (service limits, "throttling"). */
const throttledWaits = [1_000, 2_000, 4_000, 8_000, 16_000];
const failedWaits = [1_000, 2_000, 4_000];
/** A longer Retry-After is reported instead of waited for, in ms. */
export const longestWait = 60_000;

export interface HttpOptions {
  readonly clock: Clock;
  readonly trustedCertificates?: string;
  readonly timeout?: number;
}

/** A client that repeats requests, with one over the same connections that sends every request once. */
export interface Http extends HttpClient {
  /** For writes that rest on what was read before: those must never be sent a second time without a new read. */
  readonly once: HttpClient;
}

/**
 * A client that repeats what was throttled (429, 503) for any method, and what failed on the way (other 5xx, 408, broken
 * connections) for methods that may be repeated: a POST whose answer is lost may have worked.
 * Rejects with RestError, CancelledError or ExpectedError `request-timed-out`.
 */
export function createHttp(options: HttpOptions): Http {
  const inner = createDefaultHttpClient();
  const tls = tlsSettings(options.trustedCertificates);
  const timeout = options.timeout ?? defaultTimeout;
  return {
    once: {
      async sendRequest(request) {
        const signal = request.abortSignal as AbortSignal | undefined;
        if (tls !== undefined) request.tlsSettings = tls;
        try {
          return await limited(inner, request, timeout);
        } catch (error) {
          if (signal?.aborted === true) throw new CancelledError();
          throw error;
        }
      },
    },
    async sendRequest(request) {
      const signal = request.abortSignal as AbortSignal | undefined;
      if (tls !== undefined) request.tlsSettings = tls;
      for (let attempt = 0; ; attempt++) {
        let wait: number | undefined;
        try {
          const response = await limited(inner, request, timeout);
          wait = waitAfter(response, request.method, attempt, options.clock);
          if (wait === undefined) return response;
        } catch (error) {
          if (signal?.aborted === true) throw new CancelledError();
          // A DELETE whose answer is lost would be told 404 the second time.
          wait =
            request.method !== 'DELETE' && repeatable(request.method) && isPassing(error)
              ? failedWaits[attempt]
              : undefined;
          if (wait === undefined) throw error;
        }
        await options.clock.delay(wait, signal);
      }
    },
  };
}

/** A client that refuses to send anything to another origin: a `nextLink` or redirect would carry the token there. */
export function onlyTo(origin: string, inner: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      if (new URL(request.url).origin === origin) return inner.sendRequest(request);
      throw new ExpectedError(
        'address-outside-service',
        l10n.t(
          '{0} answered with an address on another server, {1}. Nothing was sent there, because it would have received your token. Tell the administrator of the service.',
          origin,
          new URL(request.url).origin,
        ),
      );
    },
  };
}

async function limited(inner: HttpClient, request: PipelineRequest, timeout: number): Promise<PipelineResponse> {
  const given = request.abortSignal as AbortSignal | undefined;
  const limit = AbortSignal.timeout(timeout);
  request.abortSignal = given === undefined ? limit : AbortSignal.any([given, limit]);
  try {
    return await inner.sendRequest(request);
  } catch (error) {
    if (limit.aborted && given?.aborted !== true) throw timedOut(new URL(request.url).host, timeout);
    throw error;
  } finally {
    if (given === undefined) delete request.abortSignal;
    else request.abortSignal = given;
  }
}

function waitAfter(response: PipelineResponse, method: string, attempt: number, clock: Clock): number | undefined {
  const { status } = response;
  if (status === 429 || status === 503) {
    const asked = retryAfter(response, clock);
    if (asked !== undefined) return asked <= longestWait && attempt < throttledWaits.length ? asked : undefined;
    return (status === 429 ? throttledWaits : failedWaits)[attempt];
  }
  const failed = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return failed && repeatable(method) ? failedWaits[attempt] : undefined;
}

/** Milliseconds that the service wants us to wait; undefined when it does not say. */
export function retryAfter({ headers }: Pick<PipelineResponse, 'headers'>, clock: Clock): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = Number(headers.get(name) ?? NaN);
    if (Number.isFinite(value) && value >= 0) return value;
  }
  const text = headers.get('retry-after');
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now());
}

const repeatable = (method: string): boolean => ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].includes(method);
const isPassing = (error: unknown): boolean =>
  isConnectionFailure(error, error instanceof Error ? error.message : '') && !isTrustFailure(error);

function timedOut(host: string, timeout: number): ExpectedError {
  return new ExpectedError(
    'request-timed-out',
    l10n.t(
      "{0} did not answer within {1} seconds. The network or a firewall may swallow the connection. Check them, or VS Code's proxy settings, and try again.",
      host,
      Math.round(timeout / 1000),
    ),
  );
}
