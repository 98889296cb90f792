/** What the check of an open config costs: after a pause in typing, and for a workspace that holds none. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../../src/appConfig/index.ts';
import * as certificates from '../../src/certificates/index.ts';
import { checkConfig, createCheckMemory } from '../../src/setup/index.ts';
import { nodeFiles } from '../../src/ui/nodeFiles.ts';
import { longestBlock, medians } from './measuring.ts';
import type { BenchResult } from './types.ts';

const code = (thumbprint: string) => `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
const { createPrivateKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
const key = createPrivateKey({ key: readFileSync('certs/app.key'), passphrase: process.env.PASS });
module.exports = new ConfidentialClientApplication({
  auth: {
    clientId: 'f1a2b3c4-0000-4000-8000-000000000001',
    authority: 'https://login.microsoftonline.com/f1a2b3c4-0000-4000-8000-000000000002',
    clientCertificate: { thumbprintSha256: '${thumbprint}', privateKey: key.export({ type: 'pkcs8', format: 'pem' }) },
  },
});
`;

export async function bench(): Promise<BenchResult[]> {
  const root = mkdtempSync(join(tmpdir(), 'bench-checks-'));
  try {
    const made = await certificates.selfSigned({ subject: 'CN=bench' });
    const key = createPrivateKey(await certificates.privateKeyPem(made.privateKeyPkcs8));
    mkdirSync(join(root, 'certs'));
    writeFileSync(
      join(root, 'certs', 'app.key'),
      key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open me' }),
      { mode: 0o600 },
    );
    writeFileSync(join(root, 'certs', 'app.crt'), certificates.certificatePem(made.certificateDer));
    writeFileSync(join(root, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
    writeFileSync(join(root, '.env'), 'PASS=open me\n');
    for (let i = 0; i < 200; i++) writeFileSync(join(root, `module${i}.js`), 'exports.x = 1;\n'.repeat(200));
    const file = join(root, 'auth.js');
    writeFileSync(file, code(made.description.thumbprintSha256 ?? ''));
    const memory = createCheckMemory();
    const searched = new Map<string, Promise<unknown>>();
    const check = async (isRemembered: boolean): Promise<void> => {
      const options = isRemembered ? { searched } : {};
      const [config] = await appConfigs.readAppConfigs(file, nodeFiles, [root], options);
      if (config === undefined) throw new Error('No config.');
      const tools = {
        certificates,
        appConfigs,
        files: nodeFiles,
        environment: {},
        announce: () => undefined,
        roots: [root],
      };
      const { findings } = await checkConfig(config, tools, [], isRemembered ? { memory } : {});
      if (findings.length > 0) throw new Error(`Found ${findings[0]?.code ?? ''}.`);
    };
    await check(true);
    const [again = NaN, first = NaN] = await medians(21, [() => check(true), () => check(false)]);
    const block = await longestBlock(() => check(true));
    return [
      { name: 'an open config checked after a pause in typing', value: again, unit: 'ms', budget: 50 },
      { name: 'a config with an encrypted key checked for the first time, warm', value: first, unit: 'ms' },
      { name: 'longest event loop block in a check', value: block, unit: 'ms', budget: 50 },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
