/** The view of vault certificates over a vault of 10,000 certificates and 200 others, on a sandbox in the same process. */
import { startSandbox } from '../sandbox/sandbox.ts';
import { readSeed } from '../sandbox/seed/seed.ts';
import { treeOf } from '../../src/ui/vaultTree/testing/vaultTree.ts';
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
  const sandbox = await startSandbox({ seed: { ...seed, vaults: [large, ...many] } });
  try {
    const collect = globalThis.gc;
    const { store, child, rows, settled, remembered, tree } = treeOf(sandbox);
    collect?.();
    const heapBefore = process.memoryUsage().heapUsed;
    const start = performance.now();
    await store.start();
    const root = performance.now() - start;
    await rows(await child('large'));
    const first = performance.now() - start;
    await settled();
    const all = performance.now() - start;
    const requests = sandbox.log.filter(({ surface }) => surface === 'vault').length;
    // The log belongs to the sandbox.
    sandbox.log.length = 0;
    const drawing = performance.now();
    await rows(await child('large'));
    const drawn = performance.now() - drawing;
    await remembered.setArrangement({ ...remembered.arrangement(), groupBy: 'expiry', sortBy: 'expiry' });
    tree.filter = 'bulk 99';
    const sifting = performance.now();
    await rows();
    const sifted = performance.now() - sifting;
    collect?.();
    const heap = (process.memoryUsage().heapUsed - heapBefore) / 1024 / 1024;
    return [
      { name: `view of ${vaults + 1} vaults: vaults shown`, value: root, unit: 'ms' },
      { name: '… first rows of a vault', value: first, unit: 'ms' },
      { name: '… everything read', value: all, unit: 'ms' },
      { name: '… requests', value: requests, unit: 'requests', budget: certificates / 25 + vaults + vaults + 1 },
      { name: '… one vault of 10,000 drawn', value: drawn, unit: 'ms' },
      { name: '… all filtered, sorted and grouped', value: sifted, unit: 'ms' },
      ...(collect === undefined ? [] : [{ name: '… heap, clients included', value: heap, unit: 'MB', budget: 30 }]),
    ];
  } finally {
    await sandbox.close();
  }
}
