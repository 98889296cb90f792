/** A vault of 10,000 certificates and 200 vaults, on the sandbox: time, requests, memory. */
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { cloudOf, home } from '../../src/azure/testing/azure.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { readSeed } from '../sandbox/seed/seed.ts';
import type { ClientJob, ClientReport } from './azureClient.ts';
import type { BenchResult } from './types.ts';

const certificates = 10_000;
const vaults = 200;
const subscriptionId = '55555555-0000-4000-8000-000000000001';

export async function bench(): Promise<BenchResult[]> {
  const seed = readSeed();
  const many = Array.from({ length: vaults }, (_, index) => ({
    name: `many-${index}`,
    subscriptionId,
    certificates: [{ name: 'app' }],
  }));
  const large = { name: 'large', subscriptionId, bulk: certificates };
  const sandbox = await startSandbox({ seed: { ...seed, vaults: [...seed.vaults, large, ...many] } });
  try {
    const job: ClientJob = {
      cloud: cloudOf(sandbox),
      ca: sandbox.ca.certificatePem,
      environment: {
        AZURE_TENANT_ID: home,
        AZURE_CLIENT_ID: 'cccccccc-0000-4000-8000-000000000003',
        AZURE_CLIENT_SECRET: sandbox.secrets['sandbox developer'] ?? '',
      },
      large: { name: 'large', origin: sandbox.vaultOrigin('large') },
    };
    const client = fileURLToPath(new URL('./azureClient.ts', import.meta.url));
    const args = ['--expose-gc', '--import', 'tsx', client];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(job));
    const report = (await json(child.stdout)) as ClientReport;
    const sdk = sandbox.log.filter(({ surface, userAgent }) => surface === 'vault' && userAgent.startsWith('bench'));
    const ofLarge = sdk.filter(({ vault }) => vault === 'large').length;
    const ofMany = sdk.filter(({ vault }) => vault?.startsWith('many-') === true).length;
    const pages = Math.ceil(certificates / 25);
    return [
      { name: 'first rows of a vault, sign-in included', value: report.firstRows, unit: 'ms' },
      {
        name: '10,000 certificates listed',
        value: report.wholeList,
        unit: 'ms',
        ratioTo: 'plain HTTPS requests for the same pages',
        ratio: report.wholeList / report.plainList,
        budget: 3,
      },
      // The first rows were a challenge and a page of their own.
      { name: '… requests for them', value: ofLarge - 2, unit: 'requests', budget: pages },
      { name: '… heap that the rows keep', value: report.listHeap, unit: 'MB', budget: 30 },
      { name: `${report.vaults} vaults found in all tenants`, value: report.findVaults, unit: 'ms' },
      { name: '… their lists', value: report.listVaults, unit: 'ms' },
      { name: '… requests for them', value: ofMany, unit: 'requests', budget: 2 * vaults },
      { name: '… heap of clients and rows', value: report.vaultsHeap, unit: 'MB', budget: 30 },
    ];
  } finally {
    await sandbox.close();
  }
}
