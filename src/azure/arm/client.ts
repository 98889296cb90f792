/** Requests to Azure Resource Manager, one token per tenant. */
import { createHttpHeaders, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { throwIfCancelled } from '../../base/errors.ts';
import { onlyTo } from '../http.ts';
import type { AccessToken, Cloud, SignIn, TokenRequest } from '../types.ts';
import type { CallOptions } from '../vaults/types.ts';
import { explainAnswer, explainFailure, unreadable } from './errors.ts';

export interface ArmRequest extends CallOptions {
  /** Undefined: the account's home tenant. */
  readonly tenant?: string;
  /** Sent as JSON with POST; without it the request is a GET. */
  readonly body?: unknown;
}

export interface ArmClient {
  /**
   * @param address path with its query, or an absolute `nextLink`
   * Rejects with ExpectedError or CancelledError.
   */
  send(address: string, request: ArmRequest): Promise<Readonly<Record<string, unknown>>>;
  /** All items of a paged list. */
  list(path: string, request: ArmRequest): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** No list of this room is longer; a service that always names another page must not keep us for ever. */
const mostPages = 1_000;

export function createArmClient(ports: {
  readonly cloud: Cloud;
  readonly signIn: SignIn;
  readonly http: HttpClient;
  readonly userAgent: string;
}): ArmClient {
  const { cloud, signIn } = ports;
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: ports.userAgent },
  });
  const http = onlyTo(cloud.resourceManager, ports.http);

  const attempt = (address: string, request: ArmRequest, token: AccessToken): Promise<PipelineResponse> =>
    pipeline.sendRequest(
      http,
      createPipelineRequest({
        url: new URL(address, cloud.resourceManager).href,
        method: request.body === undefined ? 'GET' : 'POST',
        headers: createHttpHeaders({
          accept: 'application/json',
          authorization: `Bearer ${token.token}`,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
      }),
    );

  const send = async (address: string, request: ArmRequest): Promise<Readonly<Record<string, unknown>>> => {
    throwIfCancelled(request.signal);
    const wanted: TokenRequest = {
      audience: 'resourceManager',
      interactive: request.interactive === true,
      ...(request.tenant === undefined ? {} : { tenant: request.tenant }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    try {
      let response = await attempt(address, request, await signIn.token(wanted));
      const challenge = response.status === 401 ? response.headers.get('www-authenticate') : undefined;
      const claims = /\bclaims="([^"]+)"/.exec(challenge ?? '')?.[1];
      if (challenge !== undefined && claims !== undefined) {
        response = await attempt(address, request, await signIn.token({ ...wanted, claims, challenge }));
      }
      if (response.status < 200 || response.status > 299) throw explainAnswer(response, cloud);
      return jsonObject(response.bodyAsText ?? '', cloud.resourceManager);
    } catch (error) {
      throw explainFailure(error, cloud.resourceManager, request.signal);
    }
  };

  return {
    send,
    async list(path, request) {
      const items: Readonly<Record<string, unknown>>[] = [];
      let next: unknown = path;
      for (let page = 0; typeof next === 'string' && next !== '' && page < mostPages; page++) {
        const answer = await send(next, request);
        items.push(...objectsIn(answer.value));
        next = answer.nextLink;
      }
      return items;
    },
  };
}

/** @param origin of the service that answered, for the message */
export function jsonObject(text: string, origin: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // A parser's own error would quote the answer.
  }
  throw unreadable(origin);
}

/** The objects of a JSON array; anything else is left out. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
    : [];
}
