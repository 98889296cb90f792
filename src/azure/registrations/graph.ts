/** Requests to Microsoft Graph: one token for all requests of one piece of work, refusals as data. */
import { createHttpHeaders, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { jsonObject } from '../arm/client.ts';
import { onlyTo, retryAfter } from '../http.ts';
import type { Http } from '../http.ts';
import { serviceErrorOf } from '../vaults/serviceError.ts';
import type { AccessToken, Cloud, SignIn, TokenRequest } from '../types.ts';
import type { CallOptions } from '../vaults/types.ts';

/** Any one of these lets an account write app registrations, as far as the token goes (facts/graph.md 3.6). */
export const writingPermissions: readonly string[] = [
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'Directory.AccessAsUser.All',
  'Directory.ReadWrite.All',
];
export const readingPermissions: readonly string[] = [
  ...writingPermissions,
  'Application.Read.All',
  'Directory.Read.All',
];

export type Json = Readonly<Record<string, unknown>>;

/** Graph said no. Becomes an ExpectedError in `errors.ts` once it is known what was being done. */
export class GraphRefusal extends Error {
  constructor(
    readonly status: number,
    /** e.g. `Authorization_RequestDenied`. */
    readonly code: string,
    /** All codes of the answer, also those of its `details`, e.g. `KeyNotUpdatable`. */
    readonly details: readonly string[],
    /** Graph's own words. */
    readonly words: string,
    /** Milliseconds that the service wants us to wait. */
    readonly wait: number | undefined,
  ) {
    super(`HTTP ${status} ${code}`);
  }
}

export interface GraphRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** Path below `/v1.0` with its query, or an absolute `@odata.nextLink`. */
  readonly address: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request rests on what was read: it is sent once and never repeated. It is not aborted either, so that its end is known. */
  readonly once?: boolean;
  /** Sent whether or not the work is cancelled: it looks after something that has been changed already. */
  readonly afterCancel?: boolean;
}

/** Requests of one piece of work in one tenant. */
export interface GraphSession {
  readonly token: AccessToken;
  readonly signal?: AbortSignal;
  /** The answer's JSON, empty for 204. Rejects with GraphRefusal, RestError, ExpectedError or CancelledError. */
  send(request: GraphRequest): Promise<Json>;
}

export interface GraphPorts {
  readonly cloud: Cloud;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly http: Http;
  readonly userAgent: string;
}

/** @returns opens a session: asks for a token that has one of the permissions, or for the best that there is */
export function createGraph(
  ports: GraphPorts,
): (tenant: string, wants: readonly string[], options: CallOptions) => Promise<GraphSession> {
  const { cloud, signIn, clock } = ports;
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: ports.userAgent },
  });
  const repeating = onlyTo(cloud.graph, ports.http);
  const once = onlyTo(cloud.graph, ports.http.once);

  const attempt = (
    request: GraphRequest,
    token: string,
    signal: AbortSignal | undefined,
  ): Promise<PipelineResponse> => {
    const http: HttpClient = request.once === true ? once : repeating;
    return pipeline.sendRequest(
      http,
      createPipelineRequest({
        url: request.address.startsWith('https:') ? request.address : `${cloud.graph}/v1.0${request.address}`,
        method: request.method ?? 'GET',
        headers: createHttpHeaders({
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(signal === undefined || request.once === true ? {} : { abortSignal: signal }),
      }),
    );
  };

  return async (tenant, wants, { interactive = false, signal }) => {
    const wanted: TokenRequest = {
      audience: 'graph',
      tenant,
      interactive,
      wants,
      ...(signal === undefined ? {} : { signal }),
    };
    let token = await signIn.token(wanted);
    return {
      get token() {
        return token;
      },
      ...(signal === undefined ? {} : { signal }),
      async send(request) {
        const stop = request.afterCancel === true ? undefined : signal;
        throwIfCancelled(stop);
        let response = await attempt(request, token.token, stop);
        const challenge = response.status === 401 ? response.headers.get('www-authenticate') : undefined;
        const claims = /\bclaims="([^"]+)"/.exec(challenge ?? '')?.[1];
        if (challenge !== undefined && claims !== undefined) {
          token = await signIn.token({ ...wanted, claims, challenge });
          response = await attempt(request, token.token, stop);
        }
        if (response.status < 200 || response.status > 299) throw refusalOf(response, clock);
        return response.status === 204 ? {} : jsonObject(response.bodyAsText ?? '', cloud.graph);
      },
    };
  };
}

/** The same session for whoever has changed something and has to know its end, cancelled or not. */
export function afterCancel(session: GraphSession): GraphSession {
  return { token: session.token, send: (request) => session.send({ ...request, afterCancel: true }) };
}

function refusalOf(response: PipelineResponse, clock: Clock): GraphRefusal {
  const { status } = response;
  const said = serviceErrorOf(Object.assign(new Error(), { statusCode: status, response }));
  return new GraphRefusal(
    status,
    said?.code ?? '',
    [...(response.bodyAsText ?? '').matchAll(/"code":\s*"(\w+)"/g)].map(([, inner = '']) => inner),
    said?.text ?? '',
    retryAfter(response, clock),
  );
}
