/** The SDK's clients of one vault, and the one way to call them. */
import { RestError } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { CertificateClient } from '@azure/keyvault-certificates';
import type { CertificateClientOptions } from '@azure/keyvault-certificates';
import { isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { onlyTo } from '../http.ts';
import type { Cloud, SignIn, TokenRequest, Vault } from '../types.ts';
import { explainVaultError } from './errors.ts';
import type { Attempt } from './errors.ts';
import { firstAlone } from './firstAlone.ts';
import { apiVersion, createVaultRest } from './rest.ts';
import { isServiceError } from './serviceError.ts';
import type { VaultRest } from './rest.ts';
import type { CallOptions } from './types.ts';

type Credential = ConstructorParameters<typeof CertificateClient>[1];
/** What our calls hand to the SDK's. */
export interface SdkOptions {
  readonly abortSignal?: AbortSignal;
}

export interface VaultConnection {
  /** With the tenant that the vault's challenge named, once there was one. */
  readonly vault: Vault;
  readonly clock: Clock;
  readonly certificates: CertificateClient;
  readonly rest: VaultRest;
  /**
   * Makes one call. Where nobody is signed in and the options allow it, signs in and makes it once more.
   * Rejects with ExpectedError or CancelledError; `attempt` says what was tried, for the message.
   */
  run<T>(attempt: Attempt, options: CallOptions | undefined, call: (sdk: SdkOptions) => Promise<T>): Promise<T>;
}

export interface ConnectionPorts {
  readonly cloud: Cloud;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly userAgent: string;
}

export function connectVault(vault: Vault, ports: ConnectionPorts): VaultConnection {
  const { cloud, signIn } = ports;
  let challenge: string | undefined;
  const refusals = new WeakMap<object, string>();
  let refused: TokenRequest | undefined;
  let tenant = vault.tenant;

  const listening: HttpClient = {
    async sendRequest(request) {
      const response = await ports.http.sendRequest(request);
      // VS Code's account takes the header of a claims challenge as it is; the SDK hands on the claims only.
      if (response.status === 401) challenge = response.headers.get('www-authenticate');
      if (response.status >= 400) refusals.set(request, response.bodyAsText ?? '');
      if (!isFromKeyVault(response.status, response.bodyAsText ?? '')) throw notKeyVault(request);
      // The SDK reads a refusal's body without looking whether there is one.
      if (response.status >= 400 && !response.bodyAsText) response.bodyAsText = '{}';
      return response;
    },
  };
  const credential: Credential = {
    async getToken(_scopes, options) {
      // The SDK asks for the scope that the challenge names. A vault of this cloud gets a Key Vault token of this cloud, and nothing else.
      tenant = options?.tenantId ?? tenant;
      const request: TokenRequest = {
        audience: 'keyVault',
        interactive: false,
        ...(options?.tenantId === undefined ? {} : { tenant: options.tenantId }),
        ...(options?.claims === undefined ? {} : { claims: options.claims }),
        ...(options?.claims === undefined || challenge === undefined ? {} : { challenge }),
        ...(options?.abortSignal === undefined ? {} : { signal: options.abortSignal as AbortSignal }),
      };
      try {
        const token = await signIn.token(request);
        return { token: token.token, expiresOnTimestamp: token.expiresOn };
      } catch (error) {
        refused = request;
        throw error;
      }
    },
  };
  const http = onlyTo(vault.origin, listening);
  const options = clientOptions(vault, cloud, ports.userAgent, http);
  const certificates = new CertificateClient(vault.origin, credential, options);
  const { disableChallengeResourceVerification } = options;
  const rest = createVaultRest({
    origin: vault.origin,
    credential,
    http,
    userAgent: ports.userAgent,
    disableChallengeResourceVerification,
  });
  const gate = firstAlone();

  const once = async <T>(attempt: Attempt, { signal }: CallOptions, call: (sdk: SdkOptions) => Promise<T>) => {
    throwIfCancelled(signal);
    try {
      return await gate(() => call(signal === undefined ? {} : { abortSignal: signal }), signal);
    } catch (error) {
      throw explainVaultError(error, vault, attempt, signal, (request) => refusals.get(request));
    }
  };

  return {
    get vault() {
      return tenant === undefined ? vault : { ...vault, tenant };
    },
    clock: ports.clock,
    certificates,
    rest,
    async run(attempt, callOptions = {}, call) {
      try {
        return await once(attempt, callOptions, call);
      } catch (error) {
        const silent = refused;
        const mayAsk = callOptions.interactive === true && isExpectedError(error) && error.code === 'not-signed-in';
        if (!mayAsk || silent === undefined) throw error;
        await signIn.token(asking(silent, callOptions.signal));
        return once(attempt, callOptions, call);
      }
    },
  };
}

/**
 * Everything that Key Vault answers with 200 is an object with an id or a list, and each of its refusals says why; on others the
 * SDKs stumble over themselves, and their status says nothing of the vault. Whoever is busy or broken may say so in any way, and
 * 401 is the challenge.
 */
function isFromKeyVault(status: number, text: string): boolean {
  if (status === 200) return /^\s*\{/.test(text) && /"(?:id|value)"/.test(text);
  const isRefusal = status >= 300 && status < 500 && ![401, 408, 429].includes(status);
  return !isRefusal || isServiceError(text);
}

function notKeyVault(request: PipelineRequest): RestError {
  return new RestError('The answer is not from Key Vault.', { code: RestError.PARSE_ERROR, request });
}

/** The request that failed silently, now allowed to ask; its own signal belonged to the call that has ended. */
function asking({ audience, tenant, claims, challenge }: TokenRequest, signal: AbortSignal | undefined): TokenRequest {
  return {
    audience,
    interactive: true,
    ...(tenant === undefined ? {} : { tenant }),
    ...(claims === undefined ? {} : { claims }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function clientOptions(
  vault: Vault,
  cloud: Cloud,
  userAgent: string,
  httpClient: HttpClient,
): CertificateClientOptions & { serviceVersion: typeof apiVersion; disableChallengeResourceVerification: boolean } {
  return {
    serviceVersion: apiVersion,
    httpClient,
    // A custom cloud's vaults do not lie under the domain of their resource. They are listed one by one instead.
    disableChallengeResourceVerification: cloud.vaultOrigins?.includes(vault.origin) === true,
    userAgentOptions: { userAgentPrefix: userAgent },
    // Repeating is done below, by the clock that tests move.
    retryOptions: { maxRetries: 0 },
  };
}
