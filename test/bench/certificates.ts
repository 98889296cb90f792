/** What making and opening certificates costs, beside `openssl` in the same run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCredential, pkcs12, selfSigned } from '../../src/certificates/index.ts';
import { inFolder, succeed } from '../../src/certificates/testing/programs.ts';
import { longestBlock, medians } from './measuring.ts';
import type { BenchResult } from './types.ts';

/** The search for primes varies several-fold, so that a median needs many rounds. */
const keyRounds = 41;
const fileRounds = 15;

export function bench(): Promise<BenchResult[]> {
  return inFolder(async (folder) => [...(await making(folder)), ...(await files(folder))]);
}

async function making(folder: string): Promise<BenchResult[]> {
  const openssl = ['req', '-x509', '-newkey', 'rsa:2048', '-sha256', '-nodes', '-days', '365', '-subj', '/CN=bench'];
  const [own = NaN, theirs = NaN] = await medians(keyRounds, [
    () => selfSigned({ subject: 'bench' }),
    () => succeed('openssl', [...openssl, '-keyout', join(folder, 'a.key'), '-out', join(folder, 'a.crt')]),
  ]);
  const block = await longestBlock(() => selfSigned({ subject: 'bench' }));
  return [
    {
      name: 'self-signed RSA-2048, key included (median)',
      value: own,
      unit: 'ms',
      ratioTo: 'openssl req -x509 -newkey',
      ratio: own / theirs,
      budget: 1.2,
    },
    { name: 'longest event loop block while making one', value: block, unit: 'ms', budget: 50 },
  ];
}

async function files(folder: string): Promise<BenchResult[]> {
  const made = await selfSigned({ subject: 'bench' });
  const pfx = join(folder, 'own.pfx');
  writeFileSync(pfx, await pkcs12(made, 'secret'));
  const bytes = readFileSync(pfx);
  const pem = join(folder, 'own.pem');
  await succeed('openssl', ['pkcs12', '-in', pfx, '-passin', 'pass:secret', '-nodes', '-out', pem]);
  const exporting = ['pkcs12', '-export', '-in', pem, '-passout', 'pass:secret', '-iter', '100000'];
  const [write = NaN, theirWrite = NaN, open = NaN, theirOpen = NaN] = await medians(fileRounds, [
    () => pkcs12(made, 'secret'),
    () => succeed('openssl', [...exporting, '-out', join(folder, 'b.pfx')]),
    () => openCredential(bytes, { password: 'secret' }),
    () => succeed('openssl', ['pkcs12', '-in', pfx, '-passin', 'pass:secret', '-nodes', '-out', join(folder, 'b.pem')]),
  ]);
  const writeBlock = await longestBlock(() => pkcs12(made, 'secret'));
  const openBlock = await longestBlock(() => openCredential(bytes, { password: 'secret' }));
  return [
    {
      name: 'PFX written, 100,000 iterations',
      value: write,
      unit: 'ms',
      ratioTo: 'openssl pkcs12 -export',
      ratio: write / theirWrite,
    },
    {
      name: 'PFX opened, 100,000 iterations',
      value: open,
      unit: 'ms',
      ratioTo: 'openssl pkcs12',
      ratio: open / theirOpen,
    },
    { name: 'longest event loop block while writing a PFX', value: writeBlock, unit: 'ms', budget: 50 },
    { name: 'longest event loop block while opening a PFX', value: openBlock, unit: 'ms', budget: 50 },
  ];
}
