/** What planning and applying a setup costs on real files with a real git, key generation left out. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../../src/appConfig/index.ts';
import * as certificates from '../../src/certificates/index.ts';
import { applySetup, planSetup, undoSetup } from '../../src/setup/index.ts';
import { appAt, clock, makePorts } from '../../src/setup/testing/sampleApp.ts';
import { medians } from './measuring.ts';
import type { BenchResult } from './types.ts';

const rounds = 15;

const source = `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
module.exports = new ConfidentialClientApplication({
  auth: {
    clientId: '11111111-2222-3333-4444-555555555555',
    authority: 'https://login.microsoftonline.com/99999999-2222-3333-4444-555555555555',
    clientSecret: process.env.CLIENT_SECRET,
  },
});
`;

export async function bench(): Promise<BenchResult[]> {
  const base = mkdtempSync(join(tmpdir(), 'ccg-bench-'));
  try {
    const root = join(base, 'app');
    mkdirSync(root);
    const file = join(root, 'auth.js');
    writeFileSync(file, source);
    writeFileSync(join(root, '.env'), 'CLIENT_SECRET=made-up\n');
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { '@azure/msal-node': '^3.8.0' } }));
    execFileSync('git', ['init', '-q', root]);
    const ports = makePorts(appAt(base));
    const tools = { certificates, appConfigs, files: ports.files, clock };
    const material = await certificates.selfSigned({ subject: 'bench' });

    const plan = async (passphrase: string) => {
      const [config] = await appConfigs.readAppConfigs(file, ports.files, [root]);
      if (config === undefined) throw new Error('The app config of the benchmark was not found.');
      const planned = await planSetup({ config, material, keyFrom: 'file', passphrase, roots: [root] }, tools);
      if (planned.status !== 'plan') throw new Error('The benchmark has nothing to plan.');
      return planned.plan;
    };
    /** Undoing is not part of what is measured, but the next round needs the old app. */
    const measure = async (passphrase: string) => {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const begin = performance.now();
        await applySetup(await plan(passphrase), ports);
        times.push(performance.now() - begin);
        await undoSetup(file, ports);
      }
      return times.sort((a, b) => a - b)[rounds >> 1] ?? NaN;
    };
    const [planning = NaN] = await medians(rounds, [() => plan('none')]);
    return [
      { name: 'plan + apply, plain key (median)', value: await measure('none'), unit: 'ms', budget: 300 },
      // 600,000 iterations of PBKDF2 are what the key's protection is about; reported apart from the budget.
      { name: 'plan + apply, encrypted key (median)', value: await measure('generate'), unit: 'ms' },
      { name: 'plan alone, plain key (median)', value: planning, unit: 'ms' },
    ];
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
