/** How MSAL sends requests: through Node's https, which VS Code extends by its proxy and certificate settings. */
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { tlsSettings } from '../tls.ts';

/** Longer than Entra ever takes, shorter than anybody waits. */
const timeout = 30_000;

export function createMsalNetwork(options: {
  readonly trustedCertificates?: string;
  readonly userAgent: string;
}): INetworkModule {
  const tlsOptions = tlsSettings(options.trustedCertificates);
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: options.userAgent },
    ...(tlsOptions === undefined ? {} : { tlsOptions }),
  });
  const client = createDefaultHttpClient();
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
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
