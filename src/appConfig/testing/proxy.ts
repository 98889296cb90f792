/** A corporate proxy: an HTTP CONNECT proxy that leads Azure's names to the sandbox and remembers what it was asked for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { originBehind } from '../../../test/sandbox/realHosts.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';

export interface Proxy {
  /** For `HTTPS_PROXY`. */
  readonly url: string;
  /** Host names that clients wanted to reach through it, each once. */
  readonly hosts: Set<string>;
  close(): Promise<void>;
}

export async function startProxy(sandbox: Sandbox): Promise<Proxy> {
  const hosts = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Socket) => {
    const [host = ''] = (request.url ?? '').split(':');
    hosts.add(host);
    const origin = originBehind(sandbox, host);
    if (origin === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const behind = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      behind.pipe(socket).pipe(behind);
    });
    for (const one of [socket, behind]) {
      sockets.add(one);
      // Either side may leave at any time.
      one.on('error', () => undefined);
      one.on('close', () => {
        socket.destroy();
        behind.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
