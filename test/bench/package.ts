/** What the extension weighs and what starting it costs, as it is packaged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { activateOnce } from '../host/activation.ts';
import { kilobyte, sizeBudgets } from '../host/budgets.ts';
import { packageExtension, unpack } from '../host/vsix.ts';
import type { BenchResult } from './types.ts';

/** For activation: the best of so many processes. */
const rounds = 7;

export async function bench(): Promise<BenchResult[]> {
  const vsix = await packageExtension();
  const folder = await mkdtemp(path.join(tmpdir(), 'ccg-'));
  try {
    const extension = await unpack(vsix, folder);
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await activateOnce(extension));
    return [
      ...sizeBudgets(extension, vsix).map(({ name, bytes, limit }): BenchResult => ({
        name,
        value: bytes / kilobyte,
        unit: 'KB',
        budget: limit,
      })),
      {
        name: `loading extension.js (best of ${rounds})`,
        value: Math.min(...runs.map(({ load }) => load)),
        unit: 'ms',
      },
      {
        name: `activate() (best of ${rounds})`,
        value: Math.min(...runs.map(({ activate }) => activate)),
        unit: 'ms',
        budget: 5,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
