/** Helpers of the sandbox's own suites. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Agent, request } from 'node:https';
import { makeCertificate, pem } from './pki/certificates.ts';

export interface TestIdentity {
  readonly privateKey: KeyObject;
  readonly privateKeyPem: string;
  readonly der: Buffer;
  readonly certificatePem: string;
}

/** A self-signed client certificate with its key; dates in seconds relative to now. */
export function makeIdentity(options: { from?: number; until?: number; key?: KeyObject } = {}): TestIdentity {
  const now = Math.floor(Date.now() / 1000);
  const pair =
    options.key === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : { privateKey: options.key, publicKey: createPublicKey(options.key) };
  const der = makeCertificate(
    {
      subject: 'CN=ciam-client-app',
      publicKey: pair.publicKey,
      notBefore: now + (options.from ?? -600),
      notAfter: now + (options.until ?? 86_400 * 365),
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
    },
    { key: pair.privateKey },
  );
  return {
    privateKey: pair.privateKey,
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    der,
    certificatePem: pem('CERTIFICATE', der),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

/** A plain HTTPS client that trusts the CA; for what the SDKs hide. Rejects when the connection breaks. */
export function createAsk(
  ca: string,
  agent: Agent = new Agent({ ca, keepAlive: false }),
): (url: string, ask?: Ask) => Promise<Answer> {
  return (url, ask = {}) =>
    new Promise((resolve, reject) => {
      const body =
        ask.json !== undefined
          ? JSON.stringify(ask.json)
          : ask.form === undefined
            ? undefined
            : new URLSearchParams(ask.form).toString();
      const type = ask.json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
      const headers = {
        ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }),
        ...ask.headers,
      };
      const sent = request(url, { agent, method: ask.method ?? (body === undefined ? 'GET' : 'POST'), headers });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(flat) as Record<string, string>,
            body: parsed(text),
            text,
          });
        });
      });
      sent.end(body);
    });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A network module for msal-node (1.x to 7.x) that trusts the CA, as an app under test would inject it. */
export function msalNetwork(
  ca: string,
  agent?: Agent,
): {
  sendGetRequestAsync<T>(url: string, options?: MsalRequest): Promise<MsalAnswer<T>>;
  sendPostRequestAsync<T>(url: string, options?: MsalRequest): Promise<MsalAnswer<T>>;
} {
  const ask = createAsk(ca, agent);
  const send = async <T>(method: string, url: string, options: MsalRequest = {}): Promise<MsalAnswer<T>> => {
    const form = options.body === undefined ? {} : Object.fromEntries(new URLSearchParams(options.body));
    const answer = await ask(url, {
      method,
      headers: options.headers ?? {},
      ...(options.body === undefined ? {} : { form }),
    });
    return { status: answer.status, headers: answer.headers, body: answer.body as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

interface MsalRequest {
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface MsalAnswer<T> {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: T;
}
