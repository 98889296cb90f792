/**
 * Plain requests to a vault for what the SDK gets wrong (facts/key-vault.md 1.5): it drops the policy of an import and
 * the tags of a merge, and its creation poller ignores Retry-After, calls a cancelled creation a success and a failed
 * one an error without a code. And for secrets, which take one request only. Challenge and token are the SDK's own policy.
 */
import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import type { CertificateClient } from '@azure/keyvault-certificates';
import { keyVaultAuthenticationPolicy } from '@azure/keyvault-common';
import { firstAlone } from './firstAlone.ts';

/** The version that the SDK's certificates client 4.10.3 speaks. */
export const apiVersion = '2025-07-01';

export interface RestAnswer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: PipelineResponse['headers'];
}

export interface VaultRest {
  /**
   * @param path from the vault's root, e.g. `/certificates/app/pending`
   * Rejects with RestError for any status but 2xx, and code PARSE_ERROR for an answer that is no JSON object.
   */
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<RestAnswer>;
}

export function createVaultRest(options: {
  readonly origin: string;
  readonly credential: ConstructorParameters<typeof CertificateClient>[1];
  readonly http: HttpClient;
  readonly userAgent: string;
  readonly disableChallengeResourceVerification: boolean;
}): VaultRest {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: options.userAgent },
  });
  const { disableChallengeResourceVerification } = options;
  pipeline.addPolicy(keyVaultAuthenticationPolicy(options.credential, { disableChallengeResourceVerification }), {
    phase: 'Sign',
  });
  const gate = firstAlone();
  return {
    send: (method, path, body, signal) =>
      gate(async () => {
        const request = createPipelineRequest({
          url: `${options.origin}${path}?api-version=${apiVersion}`,
          method,
          headers: createHttpHeaders({
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          }),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...(signal === undefined ? {} : { abortSignal: signal }),
        });
        const response = await pipeline.sendRequest(options.http, request);
        if (response.status < 200 || response.status > 299) {
          throw new RestError(`HTTP ${response.status}`, { statusCode: response.status, request, response });
        }
        return { json: jsonObject(response.bodyAsText ?? ''), headers: response.headers };
      }, signal),
  };
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // A parser's own error would quote the answer.
  }
  throw new RestError('The answer is no JSON object.', { code: RestError.PARSE_ERROR });
}
