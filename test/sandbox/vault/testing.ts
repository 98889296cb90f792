/** Real Key Vault clients against a sandbox. */
import { CertificateClient } from '@azure/keyvault-certificates';
import { SecretClient } from '@azure/keyvault-secrets';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sandbox } from '../sandbox.ts';
import { createAsk } from '../testing.ts';
import type { Answer, Ask } from '../testing.ts';

export const developer = 'dev@contoso.onmicrosoft.com';
const vaultResource = 'https://vault.azure.net';

type Credential = ConstructorParameters<typeof CertificateClient>[1];

/** A credential that gives the sandbox's tokens for the tenant and claims that the challenge names. */
export function credentialOf(sandbox: Sandbox, user = developer): Credential & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    getToken: (_scopes, options) => {
      asked.push(options?.tenantId ?? '');
      const token = sandbox.userToken({
        user,
        resource: vaultResource,
        ...(options?.tenantId === undefined ? {} : { tenant: options.tenantId }),
      });
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
}

export interface VaultClients {
  readonly certificates: CertificateClient;
  readonly secrets: SecretClient;
  readonly url: string;
  /** A plain request with a good token; the path has no `api-version`. */
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
}

/** Clients of one vault as the extension would make them. */
export function clientsOf(sandbox: Sandbox, vault: string, user = developer): VaultClients {
  const url = sandbox.vaultOrigin(vault);
  const options = {
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: sandbox.ca.certificatePem },
    retryOptions: { maxRetries: 0 },
  };
  const credential = credentialOf(sandbox, user);
  const plain = createAsk(sandbox.ca.certificatePem);
  return {
    certificates: new CertificateClient(url, credential, options),
    secrets: new SecretClient(url, credential, options),
    url,
    ask: (path, ask = {}) => {
      const authorization = `Bearer ${sandbox.userToken({ user, resource: vaultResource })}`;
      const address = `${url}${path}${path.includes('?') ? '&' : '?'}api-version=2025-07-01`;
      return plain(address, { ...ask, headers: { authorization, ...ask.headers } });
    },
  };
}

/** Moves the sandbox's clock while an SDK's poller waits for it. */
export async function whileTimePasses<T>(sandbox: Sandbox, work: Promise<T>): Promise<T> {
  const ticking = new AbortController();
  const tick = async (): Promise<void> => {
    while (!ticking.signal.aborted) {
      sandbox.clock.advance(1000);
      await delay(5);
    }
  };
  const ticks = tick();
  try {
    return await work;
  } finally {
    ticking.abort();
    await ticks;
  }
}

/** What a client threw: status, code, inner code and message. Throws when the work succeeds. */
export async function errorOf(
  work: Promise<unknown>,
): Promise<{ statusCode?: number; code?: string; inner?: string; message: string }> {
  try {
    await work;
  } catch (error) {
    const { statusCode, code, message, details } = error as {
      statusCode?: number;
      code?: string;
      message: string;
      details?: { error?: { innerError?: { code?: string } } };
    };
    const inner = details?.error?.innerError?.code;
    return {
      message,
      ...(statusCode === undefined ? {} : { statusCode }),
      ...(code === undefined ? {} : { code }),
      ...(inner === undefined ? {} : { inner }),
    };
  }
  throw new Error('The work was expected to fail.');
}

/** Everything that an async iteration yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
