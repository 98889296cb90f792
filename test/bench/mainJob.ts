/** The whole job on the sandbox: upload, rewrite, proof. Without key generation and without the directory's own delay. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../../src/appConfig/index.ts';
import { azureOf, home } from '../../src/azure/testing/azure.ts';
import * as certificates from '../../src/certificates/index.ts';
import { applySetup, planSetup, proveApp, proofsOf, undoSetup } from '../../src/setup/index.ts';
import { appAt, clock, makePorts } from '../../src/setup/testing/sampleApp.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { BenchResult } from './types.ts';

const rounds = 9;
const internalTool = 'cccccccc-0000-4000-8000-000000000002';

export async function bench(): Promise<BenchResult[]> {
  const base = mkdtempSync(join(tmpdir(), 'ccg-bench-'));
  const sandbox = await startSandbox();
  try {
    const root = join(base, 'app');
    mkdirSync(root);
    const file = join(root, 'auth.js');
    const host = new URL(sandbox.entraOrigin).host;
    writeFileSync(
      file,
      `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
module.exports = new ConfidentialClientApplication({
  auth: {
    clientId: '${internalTool}',
    authority: '${sandbox.entraOrigin}/${home}',
    knownAuthorities: ['${host}'],
    clientSecret: process.env.CLIENT_SECRET,
  },
});
`,
    );
    writeFileSync(join(root, '.env'), 'CLIENT_SECRET=made-up\n');
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { '@azure/msal-node': '7.2.3' } }));
    const azure = azureOf(sandbox);
    const ports = makePorts(appAt(base));
    const tools = { certificates, appConfigs, files: ports.files, clock };
    const read = async () => {
      const [config] = await appConfigs.readAppConfigs(file, ports.files, [root]);
      if (config === undefined) throw new Error('The app config of the benchmark was not found.');
      return config;
    };
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const material = await certificates.selfSigned({ subject: `bench-${round}` });
      const begin = performance.now();
      const planned = await planSetup(
        { config: await read(), material, keyFrom: 'file', passphrase: 'none', roots: [root] },
        tools,
      );
      if (planned.status !== 'plan') throw new Error('The benchmark has nothing to plan.');
      const result = await applySetup(planned.plan, {
        ...ports,
        registrar: {
          register: async ({ certificateDer }) => {
            await azure.registrations.upload({ appId: internalTool, tenant: home, certificateDer });
            return { status: 'confirmed' };
          },
        },
        prover: {
          prove: async () => {
            const outcome = await proveApp(await read(), {
              ...tools,
              prover: azure.prover,
              environment: {},
              announce: () => undefined,
              registered: () => Promise.resolve(undefined),
              vaultIdentity: () => Promise.resolve(undefined),
              ports,
            });
            const [proof] = await proofsOf(file, ports);
            if (!outcome.ok || proof === undefined) throw new Error(JSON.stringify(outcome.error));
            return { status: 'proven', proof };
          },
        },
      });
      times.push(performance.now() - begin);
      const sha256 = createHash('sha256').update(material.certificateDer).digest('hex').toUpperCase();
      if (!result.proven || result.thumbprintSha256 !== sha256) throw new Error(JSON.stringify(result.warnings));
      await undoSetup(file, ports);
    }
    const waited = azure.clock.waits.length;
    const median = times.sort((a, b) => a - b)[rounds >> 1] ?? NaN;
    return [
      {
        name: `whole job on the sandbox: plan, key files, upload, rewrite, proof; key unencrypted (median; ${waited} waits)`,
        value: median,
        unit: 'ms',
        budget: 300,
      },
    ];
  } finally {
    await sandbox.close();
    rmSync(base, { recursive: true, force: true });
  }
}
