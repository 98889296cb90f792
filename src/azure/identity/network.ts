/** How the libraries send requests: through Node's https, which VS Code extends by its proxy and certificate settings. */
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { tlsSettings } from '../tls.ts';

/** Longer than Entra ever takes, shorter than anybody waits. */
const timeout = 30_000;

/** MSAL's words for any failure of the requests before a token's own: no connection, no trust, no such tenant. */
const hiding = /endpoints_resolution_error|openid_config_error|network_error/;

export interface ObservedHttp {
  readonly client: HttpClient;
  /** Runs the work; where MSAL hides what failed, rejects with what the connection or the server said last. */
  sayingWhy<A extends unknown[], T>(work: (...parameters: A) => Promise<T>): (...parameters: A) => Promise<T>;
}

export function observedHttp(trustedCertificates: string | undefined): ObservedHttp {
  const inner = createDefaultHttpClient();
  const tls = tlsSettings(trustedCertificates);
  let last: unknown;
  return {
    client: {
      async sendRequest(request) {
        if (tls !== undefined) request.tlsSettings = tls;
        try {
          const response = await inner.sendRequest(request);
          last = response.status < 400 ? undefined : new Error(`HTTP ${response.status}: ${said(response.bodyAsText)}`);
          return response;
        } catch (error) {
          last = error;
          throw error;
        }
      },
    },
    sayingWhy:
      (work) =>
      async (...parameters) => {
        last = undefined;
        try {
          return await work(...parameters);
        } catch (error) {
          throw last !== undefined && error instanceof Error && hiding.test(error.message) ? last : error;
        }
      },
  };
}

/** Entra's sentence out of its answer. */
function said(text: string | null | undefined): string {
  const description = (parsed(text ?? '') as { error_description?: unknown }).error_description;
  return typeof description === 'string' ? description : '';
}

export function createMsalNetwork(client: HttpClient, userAgent: string): INetworkModule {
  const pipeline = createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: userAgent } });
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    request: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const { status, headers, bodyAsText } = await pipeline.sendRequest(
      client,
      createPipelineRequest({
        url,
        method,
        timeout,
        headers: createHttpHeaders(request.headers),
        ...(request.body === undefined ? {} : { body: request.body }),
      }),
    );
    return { status, headers: headers.toJSON(), body: parsed(bodyAsText ?? '') as T };
  };
  return {
    sendGetRequestAsync: (url, request) => send('GET', url, request),
    sendPostRequestAsync: (url, request) => send('POST', url, request),
  };
}

/** MSAL turns an empty object into its own error; a parser's error would quote the answer. */
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
