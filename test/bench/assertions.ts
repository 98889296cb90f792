/**
 * What it costs an app that its assertions are signed in a vault, against a key of its own: the real msal-node and the rewritten
 * configurations, in processes of their own, on the sandbox. A vault in Azure is further away: add its round trips (two once a signing's
 * connections are open, five before).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  installPackages,
  newestVersion,
  register,
  rewrite,
  seeded,
  signings,
  startApp,
} from '../../src/appConfig/testing/vaultApps.ts';
import type { RunningApp } from '../../src/appConfig/testing/vaultApps.ts';
import type { RewriteRequest } from '../../src/appConfig/types.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { makeIdentity } from '../sandbox/testing.ts';
import { median } from './measuring.ts';
import type { BenchResult } from './types.ts';

const rounds = 15;
const tokens = 100;

const config = `require('dotenv').config({ quiet: true });
exports.msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: 'https://login.microsoftonline.com/${seeded.tenant}',
    clientSecret: process.env.CLIENT_SECRET,
  },
};
`;

export async function bench(): Promise<BenchResult[]> {
  const base = mkdtempSync(join(tmpdir(), 'ccg-bench-'));
  const sandbox = await startSandbox();
  try {
    const identity = makeIdentity();
    register(sandbox, seeded.tool, identity.der);
    register(sandbox, seeded.tool, newestVersion(sandbox).cer);
    const start = async (name: string, request: Partial<RewriteRequest> & Pick<RewriteRequest, 'keyFrom'>) => {
      const folder = join(base, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), '{}');
      writeFileSync(join(folder, 'auth.js'), config);
      writeFileSync(join(folder, '.env'), `CLIENT_ID=${seeded.tool}\nCLIENT_SECRET=old\n`);
      await installPackages(folder, '7.2.3');
      const key = join(folder, 'app.key');
      writeFileSync(key, identity.privateKeyPem);
      await rewrite({
        file: join(folder, 'auth.js'),
        roots: [folder],
        privateKeyPath: key,
        privateKeyPem: identity.privateKeyPem,
        thumbprintSha256: sha256(identity.der),
        ...request,
      });
      return startApp(sandbox, folder, './auth.js');
    };
    const vault = { origin: seeded.origin, certificate: seeded.certificate, version: newestVersion(sandbox).id };
    const apps = {
      file: await start('file', { keyFrom: 'file' }),
      environment: await start('environment', { keyFrom: 'environment' }),
      vault: await start('vault', { keyFrom: 'keyVaultSign', vault }),
    };
    try {
      return await compare(apps, sandbox);
    } finally {
      await Promise.all(Object.values(apps).map((app) => app.close()));
    }
  } finally {
    await sandbox.close();
    rmSync(base, { recursive: true, force: true });
  }
}

type Apps = Readonly<Record<'file' | 'environment' | 'vault', RunningApp>>;

async function compare(apps: Apps, sandbox: Sandbox): Promise<BenchResult[]> {
  const usual = { file: [] as number[], environment: [] as number[], vault: [] as number[] };
  const renewing = { file: [] as number[], environment: [] as number[], vault: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    sandbox.clock.advance(605_000);
    for (const kind of ['file', 'environment', 'vault'] as const) {
      await apps[kind].moveClock(605);
      const first = await took(apps[kind], 1);
      const others = (await took(apps[kind], tokens)) / tokens;
      if (round < 0) continue;
      renewing[kind].push(first);
      usual[kind].push(others);
    }
  }
  const signed = signings(sandbox);
  const requests = (rounds + 1) * (tokens + 1);
  const file = { usual: median(usual.file), renewing: median(renewing.file) };
  const row = (name: string, value: number, base: number): BenchResult => ({
    name,
    value,
    unit: 'ms',
    ratio: value / base,
    ratioTo: 'key file',
  });
  return [
    { name: 'token request, key file (median)', value: file.usual, unit: 'ms' },
    row('token request, key in a variable', median(usual.environment), file.usual),
    row('token request, signed in the vault', median(usual.vault), file.usual),
    { name: 'the first after ten minutes, key file', value: file.renewing, unit: 'ms' },
    row('the first after ten minutes, key in a variable', median(renewing.environment), file.renewing),
    row('the first after ten minutes, signed in the vault', median(renewing.vault), file.renewing),
    { name: `signatures of the vault for ${requests} requests`, value: signed, unit: '', budget: rounds + 1 },
  ];
}

async function took(app: RunningApp, count: number): Promise<number> {
  const answer = await app.tokens({ count });
  if (answer.tokens !== count) throw new Error(answer.errors[0]?.join(': ') ?? 'No token.');
  return answer.took;
}

function sha256(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex').toUpperCase();
}
