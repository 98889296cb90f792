/** How the libraries send requests: through Node's https, which VS Code extends by its proxy and certificate settings. */
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import * as l10n from '@vscode/l10n';
import { ExpectedError, isCancelled, isExpectedError } from '../../base/errors.ts';
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
          last = failureIn(response.status, response.bodyAsText ?? '');
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
          if (last === undefined || isCancelled(error) || !(error instanceof Error)) throw error;
          // What no sign-in server says, the libraries take for its words.
          const why: unknown = isExpectedError(last) || hiding.test(error.message) ? last : error;
          throw why;
        }
      },
  };
}

/** Undefined for an answer that is one. */
function failureIn(status: number, text: string): Error | undefined {
  if (status >= 500) {
    return new ExpectedError(
      'sign-in-unreachable',
      l10n.t('The sign-in server cannot answer now (HTTP {0}). Try again later.', status),
    );
  }
  const answer = objectIn(text);
  if (answer === undefined) {
    return new ExpectedError(
      'answer-unreadable',
      l10n.t(
        'What answered for the sign-in server is not Microsoft Entra (HTTP {0}). A proxy or a sign-in page of the network may stand in between. Check them and try again.',
        status,
      ),
    );
  }
  if (status < 400) return undefined;
  const { error_description: said } = answer as { error_description?: unknown };
  return new Error(`HTTP ${status}: ${typeof said === 'string' ? said : ''}`);
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
    // MSAL turns an empty object into its own error.
    return { status, headers: headers.toJSON(), body: (objectIn(bodyAsText ?? '') ?? {}) as T };
  };
  return {
    sendGetRequestAsync: (url, request) => send('GET', url, request),
    sendPostRequestAsync: (url, request) => send('POST', url, request),
  };
}

/** A parser's error would quote the answer. */
function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
