import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { realHostEnvironment } from '../../../test/sandbox/realHosts.ts';
import { startSandbox, type Sandbox } from '../../../test/sandbox/sandbox.ts';
import type { ModuleStyle } from '../moduleText.ts';
import { withFolder } from '../testing/folder.ts';
import {
  identityEnvironment,
  installPackages,
  newestVersion,
  register,
  rewrite,
  seeded,
} from '../testing/vaultApps.ts';
import { keyVaultModule } from './template.ts';

const name = 'ciam-client-app';

const esm: ModuleStyle = {
  ...{ eol: '\n', quote: "'", semicolons: true, unit: '  ' },
  ...{ typescript: false, imports: true, moduleKind: 'esm' },
};

const kinds = {
  'an ES module': {
    config: 'authConfig.mjs',
    files: {
      'authConfig.mjs': `import 'dotenv/config';
export const msalConfig = {
  auth: { clientId: process.env.CLIENT_ID, authority: process.env.AUTHORITY, clientSecret: process.env.CLIENT_SECRET },
};
`,
      'app.mjs': `import { ConfidentialClientApplication } from '@azure/msal-node';
import { msalConfig } from './authConfig.mjs';
const client = new ConfidentialClientApplication(msalConfig);
await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
console.log('Token obtained');
`,
    },
    app: 'app.mjs',
  },
  CommonJS: {
    config: 'authConfig.js',
    files: {
      'authConfig.js': `require('dotenv').config({ quiet: true });
exports.msalConfig = {
  auth: { clientId: process.env.CLIENT_ID, authority: process.env.AUTHORITY, clientSecret: process.env.CLIENT_SECRET },
};
`,
      'app.js': `const { ConfidentialClientApplication } = require('@azure/msal-node');
const { msalConfig } = require('./authConfig');
async function main() {
  const client = new ConfidentialClientApplication(msalConfig);
  await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
  console.log('Token obtained');
}
// A server makes its client with the first request: an app that cannot get its key must not come so far.
setTimeout(() => void main(), Number(process.env.LATER ?? 0));
`,
    },
    app: 'app.js',
  },
} as const;

type Kind = keyof typeof kinds;

describe('an app that fetches certificate and key from Key Vault', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
    register(sandbox, seeded.tool, newestVersion(sandbox, name).cer);
  });
  afterEach(() => sandbox.close());

  /** Rewrites the app and starts it; what it prints. */
  async function start(
    kind: Kind,
    options: {
      certificate?: string;
      version?: string;
      env?: Record<string, string>;
    } = {},
  ): Promise<{ code: number; output: string }> {
    const { certificate = name, env = {} } = options;
    const { config, files, app } = kinds[kind];
    const dotenv = `CLIENT_ID=${seeded.tool}\nAUTHORITY=https://login.microsoftonline.com/${seeded.tenant}\nCLIENT_SECRET=old\n`;
    return withFolder({ 'package.json': '{}', '.env': dotenv, ...files }, async (folder) => {
      await installPackages(folder, '7.2.3');
      const version = options.version ?? newestVersion(sandbox, certificate).id;
      await rewrite({
        file: join(folder, config),
        keyFrom: 'keyVault',
        roots: [folder],
        vault: { origin: seeded.origin, certificate, version },
      });
      return run(folder, app, env);
    });
  }

  /** Starts the script; what it prints. */
  function run(
    folder: string,
    script: string,
    more: Record<string, string>,
  ): Promise<{ code: number; output: string }> {
    const env = {
      PATH: process.env.PATH,
      ...realHostEnvironment(sandbox, folder),
      ...identityEnvironment(sandbox),
      ...more,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [script], { cwd: folder, env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
      });
    });
  }

  for (const kind of Object.keys(kinds) as Kind[]) {
    it(`gets a token (${kind})`, async () => {
      const { code, output } = await start(kind);
      assert.equal(code, 0, output);
      assert.match(output, /Token obtained/);
    });

    const failures: {
      title: string;
      certificate?: string;
      version?: string;
      env?: Record<string, string>;
      spoil?: () => void;
      expected: RegExp;
    }[] = [
      {
        title: 'may not read the secret (403)',
        spoil: () => (sandbox.vault(seeded.vault).grants = [{ principal: '*', role: 'Key Vault Reader' }]),
        expected: /may not read it\. Give its identity the role "Key Vault Certificate User".*secrets/s,
      },
      {
        title: 'names a certificate that is not there (404)',
        certificate: 'no-such',
        version: '0'.repeat(32),
        expected: /There is none\. Check the vault, the name and the version/,
      },
      {
        title: 'names a disabled version',
        certificate: 'disabled-app',
        expected: /is disabled or not issued yet\. Enable it/,
      },
      {
        title: 'names an expired version',
        certificate: 'expired-app',
        expected: /has expired\. Renew the certificate/,
      },
      {
        title: 'names a certificate whose key is not exportable',
        certificate: 'locked-app',
        expected: /not exportable, or of another type/,
      },
      {
        title: 'names a certificate with an EC key',
        certificate: 'ec-app',
        expected: /not exportable, or of another type/,
      },
      {
        title: 'has no identity',
        env: { AZURE_CLIENT_SECRET: 'wrong' },
        expected: /No identity to ask the vault with/,
      },
      {
        title: 'lacks a variable',
        env: { KEY_VAULT_URL: '' },
        expected: /The environment variable KEY_VAULT_URL is not set/,
      },
    ];
    for (const { title, spoil, expected, ...options } of failures)
      it(`ends at its start and says what to do when it ${title} (${kind})`, async () => {
        spoil?.();
        const env = { ...options.env, LATER: '20000' };
        const { code, output } = await start(kind, { ...options, env });
        assert.equal(code, 1, output);
        assert.match(output, expected);
        if (options.env === undefined)
          assert.match(output, /Certificate "[a-z-]+", version \w+, of https:\/\/contoso-web\.vault\.azure\.net/);
        assert.doesNotMatch(output, /PRIVATE KEY/);
      });
  }

  for (const shape of ['awaited', 'held'] as const)
    it(`waits half a minute at most, and fetches anew after a failure (${shape})`, async () => {
      const { id } = newestVersion(sandbox, name);
      const values = {
        url: { kind: 'literal', value: seeded.origin },
        certificate: { kind: 'literal', value: name },
        version: { kind: 'literal', value: id },
      } as const;
      const text = keyVaultModule({ style: esm, values, thumbprintProperty: 'thumbprint', shape });
      // Its own limits are shorter here; those that sign in leave requests behind that would keep the process.
      const script = `import * as module from './keyVaultCertificate.mjs';
const fetchIt = module.getClientCertificate ?? module.clientCertificateFetched;
for (let limit = 1_000; ; limit *= 2) {
  globalThis.limitTimeouts(limit);
  try {
    await Promise.all([fetchIt(), fetchIt()]);
    break;
  } catch (error) {
    console.log(error.message);
  }
}
console.log('fetched');
process.exit();
`;
      const output = await withFolder({ 'keyVaultCertificate.mjs': text, 'start.mjs': script }, async (folder) => {
        await installPackages(folder, '7.2.3');
        sandbox.faults.add({ surface: 'entra', kind: 'latency', milliseconds: 60_000, times: 1 });
        sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 60_000, times: 2 });
        return run(folder, 'start.mjs', {});
      });
      const failures = output.output.trim().split('\n');
      assert.equal(failures.pop(), 'fetched', output.output);
      assert.ok(failures.length >= 2, output.output);
      for (const failure of failures)
        assert.match(failure, /^Certificate "ciam-client-app", .*: Nothing came within 30 seconds/);
    });

  it('takes the version before a new one until that is a day old, then the new one', async () => {
    const certificate = sandbox.vault(seeded.vault).certificates[name];
    const [first] = certificate?.versions ?? [];
    const other = sandbox.vault(seeded.vault).certificates['issued-app']?.versions.at(-1);
    assert.ok(certificate && first && other);
    const now = sandbox.clock.seconds();
    certificate.versions = [
      { ...first, created: now - 30 * 86_400 },
      { ...other, id: 'ab'.repeat(16), created: now - 86_400 + 600 },
    ];
    // Only the first one is registered: the new one would be refused.
    assert.equal((await start('an ES module', { version: 'latest' })).code, 0);
    certificate.versions = [
      { ...first, created: now - 30 * 86_400 },
      { ...other, id: 'ab'.repeat(16), created: now - 86_400 - 600 },
    ];
    const refused = await start('an ES module', { version: 'latest' });
    assert.match(refused.output, /AADSTS700027/);
    register(sandbox, seeded.tool, Buffer.from(other.cer, 'base64'));
    assert.equal((await start('an ES module', { version: 'latest' })).code, 0);
  });

  it('never takes a disabled or expired version as the latest, and the first one of a new certificate', async () => {
    const certificate = sandbox.vault(seeded.vault).certificates[name];
    const [first] = certificate?.versions ?? [];
    assert.ok(certificate && first);
    const now = sandbox.clock.seconds();
    certificate.versions = [
      { ...first, id: '1'.repeat(32), created: now - 90 * 86_400, exp: now - 60 },
      { ...first, id: '2'.repeat(32), created: now - 40 * 86_400, enabled: false },
      { ...first, id: '3'.repeat(32), created: now - 7_200 },
      { ...first, id: '4'.repeat(32), created: now - 3_600 },
    ];
    const { code, output } = await start('CommonJS', { version: 'latest' });
    assert.equal(code, 0, output);
    const asked = sandbox.log.filter(({ path, status }) => path.startsWith('/secrets/') && status === 200);
    assert.deepEqual(
      asked.map(({ path }) => path.split('/')[3]),
      ['3'.repeat(32)],
    );
    certificate.versions = certificate.versions.slice(0, 2);
    assert.match((await start('CommonJS', { version: 'latest' })).output, /no enabled version that has not expired/);
  });

  it('uses a vault of another tenant than its identity', async () => {
    const { code, output } = await start('CommonJS', { env: { AZURE_TENANT_ID: seeded.externalTenant } });
    assert.equal(code, 0, output);
  });
});
