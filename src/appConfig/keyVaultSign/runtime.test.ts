import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../test/sandbox/sandbox.ts';
import { withFolder } from '../testing/folder.ts';
import { startProxy } from '../testing/proxy.ts';
import {
  installPackages,
  newestVersion,
  register,
  rewrite,
  seeded,
  signings,
  startApp,
  type RunningApp,
} from '../testing/vaultApps.ts';

const config = `require('dotenv').config({ quiet: true });

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientSecret: process.env.CLIENT_SECRET,
  },
};

module.exports = { msalConfig };
`;

const literal = `exports.msalConfig = {
  auth: { clientId: '${seeded.tool}', authority: 'https://login.microsoftonline.com/${seeded.tenant}', clientSecret: 'abc~literal' },
};
`;

const envOf = (tenant: string, clientId: string) =>
  `CLIENT_ID=${clientId}\nAUTHORITY=https://login.microsoftonline.com/${tenant}\nCLIENT_SECRET=old\n`;

const notDone = 'Key Vault signed no client assertion: not done in 30s: no answer, or told to wait (429)';

describe('an app whose assertions are signed in Key Vault', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
    register(sandbox, seeded.tool, newestVersion(sandbox).cer);
  });
  afterEach(() => sandbox.close());

  /** The rewritten app, running. */
  async function withApp(
    use: (app: RunningApp, folder: string) => Promise<void>,
    options: {
      version?: string;
      env?: string;
      /** The whole config in code, its secret too. */
      literals?: boolean;
      processEnv?: Record<string, string>;
    } = {},
  ): Promise<void> {
    const { env = envOf(seeded.tenant, seeded.tool), processEnv = {} } = options;
    const files = { 'package.json': '{}', 'authConfig.js': options.literals === true ? literal : config, '.env': env };
    await withFolder(files, async (folder) => {
      await installPackages(folder, '7.2.3');
      await rewrite({
        file: join(folder, 'authConfig.js'),
        keyFrom: 'keyVaultSign',
        roots: [folder],
        vault: {
          origin: seeded.origin,
          certificate: seeded.certificate,
          version: options.version ?? newestVersion(sandbox).id,
        },
      });
      const app = startApp(sandbox, folder, './authConfig.js', {
        env: processEnv,
      });
      try {
        await use(app, folder);
      } finally {
        await app.close();
      }
    });
  }

  it('gets its tokens with PS256 and the SHA-256 thumbprint, with claims as MSAL makes them', () =>
    withApp(async (app) => {
      assert.deepEqual((await app.tokens()).errors, []);
      const request = sandbox.tokenRequests.findLast(({ clientId }) => clientId === seeded.tool);
      assert.ok(request?.proof?.kind === 'assertion');
      assert.equal(request.proof.algorithm, 'PS256');
      assert.equal(request.proof.thumbprintHeader, 'x5t#S256');
    }));

  it('asks for one signature for 1,000 tokens, and for the next one when the first is old', () =>
    withApp(async (app) => {
      assert.equal((await app.tokens({ count: 500, cached: true })).tokens, 500);
      // Not 500 at the same moment: so many TLS handshakes at once time out on a busy machine.
      for (let group = 0; group < 10; group++)
        assert.deepEqual((await app.tokens({ count: 50, together: true })).errors, []);
      assert.equal(signings(sandbox), 1);
      sandbox.clock.advance(545_000);
      await app.moveClock(545);
      assert.deepEqual((await app.tokens({ count: 50, together: true })).errors, []);
      assert.equal(signings(sandbox), 2);
    }));

  it('signs once for all who ask at the very start', () =>
    withApp(async (app) => {
      assert.equal((await app.tokens({ count: 50, together: true })).tokens, 50);
      assert.equal(signings(sandbox), 1);
    }));

  it('signs anew where the clock was ahead and has been set right', () =>
    withApp(async (app) => {
      await app.moveClock(3_600);
      // Signed by a clock that is ahead, no assertion is valid yet.
      assert.equal((await app.tokens()).tokens, 0);
      await app.moveClock(-3_600);
      assert.deepEqual((await app.tokens({ count: 3 })).errors, []);
      assert.equal(signings(sandbox), 2);
    }));

  const refusals: [string, () => void, RegExp][] = [
    [
      'refuses the app (403)',
      () => (sandbox.vault(seeded.vault).grants = [{ principal: '*', role: 'Key Vault Reader' }]),
      /^Key Vault signed no client assertion: .*keys\/sign/s,
    ],
    [
      'throttles (429)',
      () => void sandbox.faults.add({ ...onSign, status: 429, json: throttled }),
      /Too many requests/,
    ],
    ['fails (500)', () => void sandbox.faults.add({ ...onSign, status: 500, json: failed }), /It is broken/],
    [
      'resets the connection',
      () => void sandbox.faults.add({ surface: 'vault', kind: 'reset' }),
      /^Key Vault signed no client assertion: /,
    ],
    [
      'does not answer',
      () => void sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 60_000 }),
      /^Key Vault signed no client assertion: not done in 30s: no answer, or told to wait \(429\)$/,
    ],
  ];
  const onSign = { surface: 'vault', path: '/sign$', kind: 'reply' } as const;
  const throttled = { error: { code: 'Throttled', message: 'Too many requests.' } };
  const failed = { error: { code: 'InternalServerError', message: 'It is broken.' } };
  for (const [title, spoil, expected] of refusals) {
    it(`tells it when the vault ${title}, does not keep that, and goes on by itself`, () =>
      withApp(async (app) => {
        const { grants } = sandbox.vault(seeded.vault);
        spoil();
        // Nobody waits half a minute here.
        if (title === 'does not answer') await app.limitTimeouts(1_000);
        const refused = await app.tokens({ count: 20, together: true });
        assert.equal(refused.tokens, 0);
        assert.equal(refused.errors.length, 20);
        for (const [message = '', cause] of refused.errors) {
          assert.match(message, expected);
          assert.ok(cause !== undefined, 'the error has its cause');
        }
        assert.equal(new Set(refused.errors.map(String)).size, 1, 'all who asked share one attempt');
        sandbox.faults.clear();
        sandbox.vault(seeded.vault).grants = grants;
        await app.limitTimeouts(undefined);
        assert.deepEqual((await app.tokens({ count: 20, together: true })).errors, []);
        assert.equal(signings(sandbox), 1);
      }));
  }

  it('tells it when Entra does not answer what the vault asks for, and goes on by itself', () =>
    withApp(async (app) => {
      sandbox.faults.add({ surface: 'entra', kind: 'latency', milliseconds: 60_000 });
      await app.limitTimeouts(1_000);
      const { errors } = await app.tokens();
      sandbox.faults.clear();
      await app.limitTimeouts(undefined);
      assert.equal(errors[0]?.[0], notDone);
      assert.deepEqual((await app.tokens()).errors, []);
    }));

  it('says that it may have been told to wait where the vault wants more patience than there is', () =>
    withApp(async (app) => {
      sandbox.faults.add({ ...onSign, status: 429, headers: { 'retry-after': '60' }, json: throttled });
      await app.limitTimeouts(1_000);
      assert.equal((await app.tokens()).errors[0]?.[0], notDone);
    }));

  it('waits and tries again where the vault asks for patience', () =>
    withApp(async (app) => {
      sandbox.faults.add({ ...onSign, status: 429, headers: { 'retry-after': '1' }, json: throttled, times: 1 });
      sandbox.faults.add({ ...onSign, status: 503, json: failed, times: 1 });
      assert.deepEqual((await app.tokens({ count: 20, together: true })).errors, []);
    }));

  it('asks identity and vault through the proxy that HTTPS_PROXY names', async () => {
    const proxy = await startProxy(sandbox);
    try {
      await withApp(async (app) => assert.deepEqual((await app.tokens()).errors, []), {
        processEnv: { HTTPS_PROXY: proxy.url },
      });
      assert.deepEqual([...proxy.hosts].sort(), ['contoso-web.vault.azure.net', 'login.microsoftonline.com']);
    } finally {
      await proxy.close();
    }
  });

  it('gets the token for the vault where AZURE_AUTHORITY_HOST says', async () => {
    const proxy = await startProxy(sandbox);
    try {
      await withApp(async (app) => assert.deepEqual((await app.tokens()).errors, []), {
        processEnv: { HTTPS_PROXY: proxy.url, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' },
      });
      assert.deepEqual([...proxy.hosts].sort(), ['contoso-web.vault.azure.net', 'login.microsoftonline.us']);
      // MSAL's own requests are fetches of Node, which looks for a proxy only when it is told to.
      await withApp(async (app) => assert.deepEqual((await app.tokens()).errors, []), {
        processEnv: {
          HTTPS_PROXY: proxy.url,
          NODE_USE_ENV_PROXY: '1',
          AZURE_AUTHORITY_HOST: 'https://login.windows.net',
        },
      });
      assert.ok(proxy.hosts.has('login.microsoftonline.com'));
    } finally {
      await proxy.close();
    }
  });

  it('names the variable that is not set', () =>
    withApp(
      async (app) => {
        const { errors } = await app.tokens();
        assert.deepEqual(errors[0]?.[0], 'Key Vault signed no client assertion: KEY_VAULT_URL is not set');
      },
      // An empty variable of the process wins over the .env file.
      { processEnv: { KEY_VAULT_URL: '' } },
    ));

  it('says so when nobody is signed in', () =>
    withApp(
      async (app) => {
        const { errors } = await app.tokens();
        assert.match(errors[0]?.[0] ?? '', /^Key Vault signed no client assertion: .*AADSTS7000215/s);
      },
      { processEnv: { AZURE_CLIENT_SECRET: 'wrong' } },
    ));

  it('uses a vault of another tenant than the one that it gets its tokens from', async () => {
    register(sandbox, seeded.portal, newestVersion(sandbox).cer);
    await withApp(
      async (app) => {
        assert.deepEqual((await app.tokens()).errors, []);
        const request = sandbox.tokenRequests.findLast(({ clientId }) => clientId === seeded.portal);
        assert.equal(request?.tenant, seeded.externalTenant);
      },
      {
        env: `CLIENT_ID=${seeded.portal}\nAUTHORITY=https://customers.ciamlogin.com/${seeded.externalTenant}\nCLIENT_SECRET=old\n`,
        // The identity's own tenant is the app's; only the challenge names the vault's.
        processEnv: { AZURE_TENANT_ID: seeded.externalTenant },
      },
    );
  });

  it('signs with the version before a new one until that is a day old, then with the new one, without new code', async () => {
    const certificate = sandbox.vault(seeded.vault).certificates[seeded.certificate];
    const [first] = certificate?.versions ?? [];
    const other = newestVersion(sandbox, 'ciam-client-app');
    const source = sandbox.vault(seeded.vault).certificates['ciam-client-app']?.versions.at(-1);
    assert.ok(certificate && first && source);
    certificate.versions = [
      { ...first, created: sandbox.clock.seconds() - 30 * 86_400 },
      { ...source, id: 'ab'.repeat(16), created: sandbox.clock.seconds() - 3_600 },
    ];
    await withApp(
      async (app) => {
        assert.deepEqual((await app.tokens()).errors, []);
        assert.deepEqual(signedWith(sandbox), [first.id]);
        register(sandbox, seeded.tool, other.cer);
        sandbox.clock.advance(86_400_000);
        await app.moveClock(86_400);
        assert.deepEqual((await app.tokens()).errors, []);
        assert.deepEqual(signedWith(sandbox), [first.id, 'ab'.repeat(16)]);
      },
      { version: 'latest' },
    );
  });

  it('takes the first version of a new certificate, and never a disabled or expired one, as the latest', async () => {
    const certificate = sandbox.vault(seeded.vault).certificates[seeded.certificate];
    const [first] = certificate?.versions ?? [];
    assert.ok(certificate && first);
    const now = sandbox.clock.seconds();
    certificate.versions = [
      { ...first, id: '1'.repeat(32), created: now - 90 * 86_400, exp: now - 60 },
      { ...first, id: '2'.repeat(32), created: now - 40 * 86_400, enabled: false },
      { ...first, id: '3'.repeat(32), created: now - 7_200 },
      { ...first, id: '4'.repeat(32), created: now - 3_600 },
    ];
    await withApp(
      async (app) => {
        assert.deepEqual((await app.tokens()).errors, []);
        assert.deepEqual(signedWith(sandbox), ['3'.repeat(32)]);
      },
      { version: 'latest', env: '', literals: true },
    );
  });
});

/** Versions of the keys that signed, in order. */
function signedWith(sandbox: Sandbox): (string | undefined)[] {
  return sandbox.log
    .filter(({ path, status }) => path.endsWith('/sign') && status === 200)
    .map(({ path }) => path.split('/').at(-2));
}
