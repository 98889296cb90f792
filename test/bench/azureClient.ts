/**
 * The client's half of the azure benchmark, in a process of its own so that its heap is not the sandbox's. Reads what to
 * do from standard input and prints what it measured as JSON. Needs --expose-gc.
 */
import { Agent, get } from 'node:https';
import { json } from 'node:stream/consumers';
import * as identity from '../../src/azure/identity.ts';
import { createAzure } from '../../src/azure/index.ts';
import type { AzureParts, Cloud, Vault, VaultCertificate } from '../../src/azure/types.ts';

export interface ClientJob {
  readonly cloud: Cloud;
  readonly ca: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly large: Vault;
}

export interface ClientReport {
  readonly firstRows: number;
  readonly wholeList: number;
  readonly plainList: number;
  readonly listHeap: number;
  readonly findVaults: number;
  readonly vaults: number;
  readonly listVaults: number;
  readonly vaultsHeap: number;
}

const vaultsAtOnce = 8;
const megabyte = 1024 * 1024;

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / megabyte;
}

async function all(azure: AzureParts, vault: Vault): Promise<VaultCertificate[]> {
  const rows: VaultCertificate[] = [];
  for await (const page of azure.vaults.open(vault).list()) rows.push(...page);
  return rows;
}

/** The same pages by nothing but Node's https: what the service and the line cost. */
async function plainPages(origin: string, token: string, ca: string): Promise<void> {
  const agent = new Agent({ ca, keepAlive: true });
  let address: string | null = `${origin}/certificates?api-version=2025-07-01&includePending=true`;
  while (address !== null) {
    const url: string = address;
    const text = await new Promise<string>((resolve, reject) => {
      get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve(body)).on('error', reject);
      }).on('error', reject);
    });
    address = (JSON.parse(text) as { nextLink: string | null }).nextLink;
  }
  agent.destroy();
}

async function main(job: ClientJob): Promise<ClientReport> {
  const azure = createAzure({
    cloud: job.cloud,
    order: ['environment'],
    clock: { now: Date.now, delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) },
    processes: { run: () => Promise.reject(new Error('not used')) },
    editor: { session: () => Promise.resolve(undefined) },
    mayRunPrograms: () => true,
    environment: job.environment,
    userAgent: 'bench/1',
    loadIdentity: () => identity,
    showDeviceCode: () => Promise.reject(new Error('not used')),
    openBrowser: () => Promise.reject(new Error('not used')),
    trustedCertificates: job.ca,
  });
  const began = performance.now();
  for await (const page of azure.vaults.open(job.large).list()) if (page.length > 0) break;
  const firstRows = performance.now() - began;

  const plainBegan = performance.now();
  const { token } = await azure.signIn.token({ audience: 'keyVault', interactive: false });
  await plainPages(job.large.origin, token, job.ca);
  const plainList = performance.now() - plainBegan;

  const before = heap();
  const listBegan = performance.now();
  const rows = await all(azure, job.large);
  const wholeList = performance.now() - listBegan;
  const listHeap = heap() - before;
  if (rows.length < 10_000) throw new Error(`Only ${rows.length} certificates were listed.`);

  const findBegan = performance.now();
  const { vaults, problems } = await azure.discovery.vaults();
  const findVaults = performance.now() - findBegan;
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const small = vaults.filter(({ name }) => name.startsWith('many-'));
  const vaultsBefore = heap();
  const vaultsBegan = performance.now();
  const waiting = small.values();
  const kept: VaultCertificate[] = [];
  const worker = async () => {
    for (const vault of waiting) kept.push(...(await all(azure, vault)));
  };
  await Promise.all(Array.from({ length: vaultsAtOnce }, worker));
  const listVaults = performance.now() - vaultsBegan;
  const vaultsHeap = heap() - vaultsBefore;
  if (kept.length < small.length) throw new Error(`Only ${kept.length} certificates in ${small.length} vaults.`);
  return { firstRows, wholeList, plainList, listHeap, findVaults, vaults: small.length, listVaults, vaultsHeap };
}

void json(process.stdin)
  .then((job) => main(job as ClientJob))
  .then((report) => {
    console.log(JSON.stringify(report));
    // Connections are kept open for the next call; here there is none.
    process.exit(0);
  });
