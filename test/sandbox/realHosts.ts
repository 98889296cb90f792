/**
 * Leads Azure's real host names to the sandbox, for suites of single clients: ids, challenges and audiences then look
 * as in Azure, and the SDK's check of the challenge's host stays on. The extension itself never uses this.
 */
import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Sandbox } from './sandbox.ts';

/** The sandbox's origin behind a host name of Azure; undefined for any other host, which must not be dialled. */
export function originBehind(sandbox: Sandbox, host: string): string | undefined {
  const vault = /^([a-z0-9-]+)\.vault\.azure\.net$/.exec(host)?.[1];
  if (vault !== undefined) return sandbox.vaultOrigin(vault);
  if (/^login\.(microsoftonline\.(com|us)|windows\.net)$|\.ciamlogin\.com$/.test(host)) return sandbox.entraOrigin;
  if (host === 'management.azure.com') return sandbox.armOrigin;
  return host === 'graph.microsoft.com' ? sandbox.graphOrigin : undefined;
}

/** An agent that dials 127.0.0.1 for Azure's names and refuses every other one. */
export function realHostAgent(sandbox: Sandbox): Agent {
  class RealHostAgent extends Agent {
    override createConnection(options: { host?: string | null }): ReturnType<typeof connect> {
      const origin = originBehind(sandbox, options.host ?? '');
      if (origin === undefined) throw new Error(`A test tried to reach ${options.host ?? ''}.`);
      const { port } = new URL(origin);
      return connect({ host: '127.0.0.1', port: Number(port), servername: 'localhost', ca: sandbox.ca.certificatePem });
    }
  }
  return new RealHostAgent();
}

/** The same for the pipelines of the Azure SDKs (`additionalPolicies` with position `perRetry`). */
export function realHostPolicy(sandbox: Sandbox): PipelinePolicy {
  const agent = realHostAgent(sandbox);
  return {
    name: 'sandboxRealHosts',
    sendRequest: (request, next) => {
      request.agent = agent;
      return next(request);
    },
  };
}

/**
 * Environment for an app in a process of its own that is to find the sandbox behind Azure's names. `moveClock(seconds)` is
 * a global in it, and so is `limitTimeouts(milliseconds)`, after which every later `AbortSignal.timeout` ends.
 * @param folder takes the CA's certificate
 */
export function realHostEnvironment(sandbox: Sandbox, folder: string): Record<string, string> {
  const ca = join(folder, 'sandbox-ca.pem');
  writeFileSync(ca, sandbox.ca.certificatePem);
  const logins = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.windows.net'];
  const names = [...logins, 'management.azure.com', 'graph.microsoft.com'];
  const hosts = [...names, ...sandbox.state.vaults.map(({ name }) => `${name}.vault.azure.net`)];
  const ports = hosts.map((host) => [host, Number(new URL(originBehind(sandbox, host) ?? '').port)] as const);
  return {
    CCG_REAL_HOSTS: JSON.stringify({
      ...Object.fromEntries(ports),
      '.ciamlogin.com': Number(new URL(sandbox.entraOrigin).port),
    }),
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: `--require ${join(import.meta.dirname, 'realHostsPreload.cjs')}`,
  };
}
