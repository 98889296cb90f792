/** What reading and planning one config and searching a large workspace cost. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAppConfigs, planRewrite, readAppConfigs } from '../../src/appConfig/index.ts';
import { nodeFiles } from '../../src/ui/nodeFiles.ts';
import { longestBlock, medians } from './measuring.ts';
import type { BenchResult } from './types.ts';

const config = `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientSecret: process.env.CLIENT_SECRET,
  },
};

module.exports = { msalConfig, client: new ConfidentialClientApplication(msalConfig) };
`;
/** The same, with the client where it can wait for a certificate from Key Vault. */
const ready = config.replace(
  'client: new ConfidentialClientApplication(msalConfig)',
  'client: async () => new ConfidentialClientApplication(msalConfig)',
);
/** About 4 KB: what a source file has on average. */
const other = 'export function add(a: number, b: number): number {\n  return a + b; // nothing of interest\n}\n'.repeat(
  45,
);

export async function bench(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-app-config-'));
  try {
    return [...(await planning(join(folder, 'app'))), ...(await searching(join(folder, 'large')))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planning(root: string): Promise<BenchResult[]> {
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"dependencies":{"@azure/msal-node":"^2.16.0"}}');
  writeFileSync(join(root, '.env'), 'CLIENT_ID=1\nAUTHORITY=https://login.microsoftonline.com/x\nCLIENT_SECRET=abc\n');
  const file = join(root, 'src', 'authConfig.js');
  writeFileSync(file, config);
  const readyFile = join(root, 'src', 'readyConfig.js');
  writeFileSync(readyFile, ready);
  for (let i = 0; i < 20; i++) writeFileSync(join(root, 'src', `route${i}.js`), other);
  const request = {
    file,
    keyFrom: 'file',
    thumbprintSha256: 'AB'.repeat(32),
    thumbprintSha1: 'CD'.repeat(20),
    privateKeyPath: join(root, 'certs', 'app.key'),
    passphrase: 'pass phrase',
    roots: [root],
  } as const;
  const vault = { origin: 'https://contoso.vault.azure.net', certificate: 'web-app', version: 'ab'.repeat(16) };
  const [read = NaN, plan = NaN, vaultPlan = NaN] = await medians(51, [
    () => readAppConfigs(file, nodeFiles, [root]),
    () => planRewrite(request, nodeFiles),
    () => planRewrite({ ...request, file: readyFile, keyFrom: 'keyVault', vault }, nodeFiles),
  ]);
  return [
    { name: 'reading one config, warm', value: read, unit: 'ms' },
    { name: 'reading and planning one config, warm', value: plan, unit: 'ms', budget: 10 },
    { name: 'the same with the key from Key Vault', value: vaultPlan, unit: 'ms', budget: 10 },
  ];
}

async function searching(root: string): Promise<BenchResult[]> {
  const paths: string[] = [];
  for (let i = 0; i < 200; i++) {
    const folder = join(root, 'packages', `package${i}`, 'src');
    mkdirSync(folder, { recursive: true });
    for (let j = 0; j < 50; j++) paths.push(join(folder, `module${j}.ts`));
  }
  for (const [index, path] of paths.entries()) {
    writeFileSync(path, index % 500 === 0 ? config.replace("require('dotenv').config();\n", '') : other);
  }
  const found = await findAppConfigs([root], nodeFiles);
  if (found.length !== 20) throw new Error(`Found ${found.length} configs instead of 20.`);
  const [search = NaN, plain = NaN] = await medians(5, [() => findAppConfigs([root], nodeFiles), () => readAll(root)]);
  const block = await longestBlock(() => findAppConfigs([root], nodeFiles));
  return [
    { name: '10,000 files searched', value: search, unit: 'ms', budget: 1000 },
    {
      name: '10,000 files searched',
      value: search,
      unit: 'ms',
      ratioTo: 'reading them one by one',
      ratio: search / plain,
    },
    { name: 'longest event loop block in that search', value: block, unit: 'ms', budget: 50 },
  ];
}

function readAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) readAll(path);
    else readFileSync(path);
  }
}
