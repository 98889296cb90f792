/** One HTTPS server of the sandbox: reads requests whole, applies faults, writes answers, keeps a log. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestCa } from '../ca.ts';
import type { Handler, Incoming, Reply } from './exchange.ts';
import { faultReply } from './faults.ts';
import type { Fault, Faults, Surface } from './faults.ts';

/** What a request looked like. It holds no header and no body, so no token and no secret. */
export interface LogEntry {
  readonly surface: Surface;
  readonly vault?: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly host: string;
  readonly userAgent: string;
  readonly authorized: boolean;
  /** Bytes of the request's body. */
  readonly length: number;
  /** 0 when no answer was sent. */
  readonly status: number;
}

export interface ServerOptions {
  readonly surface: Surface;
  readonly vault?: string;
  readonly ca: TestCa;
  readonly handle: Handler;
  readonly faults: Faults;
  readonly log: (entry: LogEntry) => void;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Whether the server alone keeps the process alive; without it a suite that fails half-way still ends. */
  readonly keepsProcessAlive?: boolean;
}

/** Which certificate the server shows. */
export type TlsMode = 'trusted' | 'untrusted' | 'expired' | 'wrongName';

export interface RunningServer {
  /** `https://localhost:PORT`, without a trailing slash. */
  readonly origin: string;
  readonly port: number;
  /** Changes the certificate for new connections and cuts the open ones. */
  setTls(served: TestCa['server']): void;
  close(): Promise<void>;
}

const maximumBody = 4 * 1024 * 1024;

/** Starts the server on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer(
    { cert: options.ca.server.certificatePem, key: options.ca.server.privateKeyPem, keepAlive: true },
    (message, response) => {
      serve(message, response, options).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(error instanceof Error ? error.stack : String(error));
      });
    },
  );
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  if (options.keepsProcessAlive !== true) server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    port,
    setTls: (served) => {
      server.setSecureContext({ cert: served.certificatePem, key: served.privateKeyPem });
      server.closeAllConnections();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(message: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const incoming = await readIncoming(message);
  const fault = options.faults.hit(incoming, options.surface, options.vault);
  const finish = (status: number): void => options.log(logEntry(incoming, options, status));
  if (fault?.kind === 'reset') {
    finish(0);
    return void message.socket.destroy();
  }
  if (fault?.kind === 'latency') await delay(fault.milliseconds, undefined, { ref: false });
  const reply = fault?.kind === 'reply' ? faultReply(fault) : await options.handle(incoming);
  if (fault?.kind === 'lostAnswer') {
    finish(0);
    return void message.socket.destroy();
  }
  finish(reply.status);
  write(response, message, reply, fault);
}

function write(response: ServerResponse, message: IncomingMessage, reply: Reply, fault: Fault | undefined): void {
  const text = reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json);
  const body = Buffer.from(fault?.kind === 'brokenJson' ? `<html>${text.slice(0, text.length >> 1)}` : text, 'utf8');
  response.writeHead(reply.status, {
    ...(reply.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...reply.headers,
    ...(reply.status === 204 ? {} : { 'content-length': body.length }),
  });
  if (fault?.kind === 'truncated') {
    response.write(body.subarray(0, body.length >> 1), () => message.socket.destroy());
  } else {
    response.end(reply.status === 204 ? undefined : body);
  }
}

async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBody) throw new Error('The request is larger than the sandbox takes.');
    chunks.push(chunk);
  }
  const url = new URL(message.url ?? '/', `https://${message.headers.host ?? 'localhost'}`);
  const segments = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return {
    method: message.method ?? 'GET',
    url,
    path: `/${segments.join('/')}`,
    segments,
    headers,
    body: Buffer.concat(chunks),
  };
}

function logEntry(incoming: Incoming, options: ServerOptions, status: number): LogEntry {
  return {
    surface: options.surface,
    ...(options.vault === undefined ? {} : { vault: options.vault }),
    method: incoming.method,
    path: incoming.url.pathname,
    query: incoming.url.search,
    host: incoming.url.host,
    userAgent: incoming.headers['user-agent'] ?? '',
    authorized: incoming.headers.authorization !== undefined,
    length: incoming.body.length,
    status,
  };
}
