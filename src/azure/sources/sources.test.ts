import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { createAsk, makeIdentity } from '../../../test/sandbox/testing.ts';
import { CancelledError } from '../../base/errors.ts';
import { all, azureOf, developer, external, failureOf, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';
import type { AzurePorts, TokenRequest } from '../types.ts';
import type { SourceFailure } from '../signIn.ts';

const request: TokenRequest = { audience: 'keyVault', tenant: home, interactive: true };
const sandboxDeveloper = 'cccccccc-0000-4000-8000-000000000003';

/** The one source's own failure. */
async function reasonOf(azure: TestAzure, wanted: TokenRequest = request): Promise<SourceFailure> {
  const failure = await failureOf(azure.signIn.token(wanted));
  const [reason] = failure.details.data as SourceFailure[];
  assert.ok(reason);
  assert.match(failure.message, new RegExp(reason.message.slice(0, 20).replace(/[^\w ]/g, '.')));
  return reason;
}

describe('ways to sign in', () => {
  let sandbox: Sandbox;
  let folder: string;
  const usual = process.env.PATH;
  before(async () => {
    sandbox = await startSandbox();
    folder = mkdtempSync(path.join(tmpdir(), 'az-'));
  });
  afterEach(() => {
    sandbox.faults.clear();
    sandbox.setCurrentUser(undefined);
    process.env.PATH = usual;
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });

  describe('VS Code account', () => {
    it('asks for the resource and the tenant, and remembers who it is', async () => {
      const azure = azureOf(sandbox, { clientId: 'own-client' });
      const token = await azure.signIn.token(request);
      assert.deepEqual(
        [token.source, token.account, token.tenant, token.permissions],
        ['vscode', developer, home, ['user_impersonation']],
      );
      assert.deepEqual(azure.editor.asked[0]?.scopes, [
        'https://vault.azure.net/.default',
        'VSCODE_CLIENT_ID:own-client',
        `VSCODE_TENANT:${home}`,
      ]);
    });

    it('believes a token that is no JWT for five minutes', async () => {
      const azure = azureOf(sandbox);
      azure.editor.session = () => Promise.resolve({ accessToken: 'opaque', account: 'x' });
      const token = await azure.signIn.token(request);
      assert.ok(Math.abs(token.expiresOn - sandbox.clock.now() - 300_000) < 5_000);
    });

    it('switches the account once, when asked to', async () => {
      const azure = azureOf(sandbox);
      await azure.signIn.token(request);
      const token = await azure.switchAccount();
      assert.equal(token.source, 'vscode');
      await azure.signIn.token(request);
      assert.deepEqual(
        azure.editor.asked.map(({ switchAccount }) => switchAccount === true),
        [false, true, false],
      );
    });

    it('is asked anew, by vaults too, when VS Code says that who is signed in has changed', async () => {
      const azure = azureOf(sandbox);
      const vault = { name: 'contoso-dev', origin: sandbox.vaultOrigin('contoso-dev') };
      const list = () => all(azure.vaults.open(vault).list());
      await list();
      azure.editor.user = 'reader@contoso.onmicrosoft.com';
      azure.forgetTokens();
      assert.equal((await azure.signIn.token({ ...request, interactive: false })).account, azure.editor.user);
      azure.editor.user = undefined;
      azure.forgetTokens();
      assert.equal((await failureOf(list())).code, 'not-signed-in');
    });

    it('takes a closed question for a cancellation and opens no other way', async () => {
      const azure = azureOf(sandbox, { order: ['vscode', 'environment'] });
      azure.editor.session = () => Promise.reject(new Error('User did not consent to login.'));
      await assert.rejects(azure.signIn.token(request), { name: 'CancelledError' });
    });

    it("explains Entra's refusal", async () => {
      const azure = azureOf(sandbox);
      azure.editor.session = () =>
        Promise.reject(
          new Error("AADSTS65002: Consent between first party application 'aebc6443' must be configured. Trace ID: 1"),
        );
      const reason = await reasonOf(azure);
      assert.equal(reason.code, 'consent-needed');
      assert.match(
        reason.message,
        /^AADSTS65002: Consent between first party application 'aebc6443' must be configured\./,
      );
      assert.doesNotMatch(reason.message, /Trace/);
    });
  });

  describe('environment', () => {
    const withEnvironment = (environment: AzurePorts['environment']) =>
      azureOf(sandbox, { order: ['environment'], environment });
    const secret = () => sandbox.secrets['sandbox developer'] ?? '';
    const variables = () => ({
      AZURE_TENANT_ID: home,
      AZURE_CLIENT_ID: sandboxDeveloper,
      AZURE_CLIENT_SECRET: secret(),
    });

    it('names the variable that is missing, without asking anybody', async () => {
      const before = sandbox.log.length;
      const rest = { ...variables(), AZURE_CLIENT_SECRET: undefined };
      for (const [environment, name] of [
        [{}, 'AZURE_TENANT_ID'],
        [{ AZURE_TENANT_ID: home, AZURE_CLIENT_ID: '' }, 'AZURE_CLIENT_ID'],
        [rest, 'AZURE_CLIENT_SECRET'],
      ] as const) {
        const reason = await reasonOf(withEnvironment(environment));
        assert.equal(reason.code, 'environment-not-set');
        assert.ok(reason.message.includes(name));
      }
      assert.equal(sandbox.log.length, before);
    });

    it('lists a vault with a secret, in the vault tenant and in another', async () => {
      const azure = withEnvironment(variables());
      assert.equal((await all(azure.vault('contoso-dev').list()))[0]?.name, 'local-app');
      const other = await azure.signIn.token({ ...request, tenant: external });
      assert.equal(other.tenant, external);
      assert.equal(other.account, sandboxDeveloper);
    });

    it('signs in with a certificate', async () => {
      const { der, privateKeyPem, certificatePem } = makeIdentity();
      const file = path.join(folder, 'client.pem');
      writeFileSync(file, privateKeyPem + certificatePem, { mode: 0o600 });
      const application = sandbox.state.directory.applications.find(({ appId }) => appId === sandboxDeveloper);
      const { keyCredentialOf } = await import('../../../test/sandbox/entra/directory.ts');
      application?.keyCredentials.push(keyCredentialOf(der));
      const rest = { ...variables(), AZURE_CLIENT_SECRET: undefined };
      const azure = withEnvironment({ ...rest, AZURE_CLIENT_CERTIFICATE_PATH: file });
      assert.equal((await azure.signIn.token(request)).source, 'environment');
    });

    it('satisfies a claims challenge of a vault', async () => {
      const { behaviour } = sandbox.vault('contoso-dev');
      behaviour.requiredContext = 'c1';
      try {
        const rows = await all(withEnvironment(variables()).vault('contoso-dev').list());
        assert.equal(rows[0]?.name, 'local-app');
      } finally {
        delete behaviour.requiredContext;
      }
    });

    it('explains a wrong secret, an unknown tenant and an unknown application, never with the secret', async () => {
      for (const [change, code, aadsts] of [
        [{ AZURE_CLIENT_SECRET: 'wrong~secret~value' }, 'token-refused', '7000215'],
        [{ AZURE_CLIENT_ID: '99999999-0000-4000-8000-000000000009' }, 'wrong-tenant', '700016'],
      ] as const) {
        const reason = await reasonOf(withEnvironment({ ...variables(), ...change }));
        assert.equal(reason.code, code);
        assert.match(reason.message, new RegExp(`AADSTS${aadsts}`));
        assert.ok(!reason.message.includes('wrong~secret') && !reason.message.includes(secret()));
      }
      const unknown = { ...request, tenant: '99999999-0000-4000-8000-000000000009' };
      const reason = await reasonOf(withEnvironment(variables()), unknown);
      assert.equal(reason.code, 'wrong-tenant', reason.message);
    });

    it('names the variable of a certificate that is not there', async () => {
      const missing = path.join(folder, 'not-there.pem');
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = variables();
      const reason = await reasonOf(
        withEnvironment({ AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_CERTIFICATE_PATH: missing }),
      );
      assert.equal(reason.code, 'environment-not-set');
      assert.match(reason.message, /AZURE_CLIENT_CERTIFICATE_PATH names the file .*not-there\.pem/);
    });

    it('tells a sign-in server that is broken or is none, at its first request and at that for the token', async function () {
      // The library tries again before it gives up.
      this.timeout(60_000);
      for (const at of ['openid-configuration', 'oauth2/v2.0/token']) {
        for (const [fault, code, text] of [
          [{ kind: 'reply', status: 500, text: '<html>' }, 'sign-in-unreachable', /HTTP 500/],
          [{ kind: 'brokenJson' }, 'answer-unreadable', /HTTP 200/],
          [{ kind: 'reply', status: 403, text: '<html>Blocked</html>' }, 'answer-unreadable', /HTTP 403/],
        ] as const) {
          sandbox.faults.clear();
          sandbox.faults.add({ surface: 'entra', path: at, ...fault });
          const reason = await reasonOf(withEnvironment(variables()));
          assert.equal(reason.code, code, `${at} ${reason.message}`);
          assert.match(reason.message, text);
        }
      }
    });

    it('tells network and trust apart, and can be cancelled', async () => {
      sandbox.setTls('untrusted', 'entra');
      const untrusted = await reasonOf(withEnvironment(variables()));
      sandbox.setTls('trusted', 'entra');
      assert.equal(untrusted.code, 'tls-not-trusted', untrusted.message);
      sandbox.faults.add({ surface: 'entra', kind: 'latency', milliseconds: 60_000 });
      const stop = new AbortController();
      const work = withEnvironment(variables()).signIn.token({ ...request, signal: stop.signal });
      setTimeout(() => stop.abort(), 20);
      await assert.rejects(work, { name: 'CancelledError' });
    });
  });

  describe('Azure CLI', () => {
    /** A stand-in `az` on the path: what it prints, and what it was asked. */
    const standIn = (script: string): TestAzure => {
      const file = path.join(folder, 'az');
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      process.env.PATH = `${folder}${path.delimiter}${usual ?? ''}`;
      return azureOf(sandbox, { order: ['azureCli'] });
    };
    const answer = (user = developer) => {
      const accessToken = sandbox.userToken({ user, tenant: home, resource: 'https://vault.azure.net' });
      const expires = Math.floor(sandbox.clock.now() / 1000) + 3_599;
      return JSON.stringify({ accessToken, expires_on: expires, tenant: home, tokenType: 'Bearer' });
    };

    it('gives tokens for a resource and a tenant', async () => {
      const azure = standIn(`echo "$@" > '${folder}/asked'\ncat <<'END'\n${answer()}\nEND`);
      assert.equal((await all(azure.vault('contoso-dev').list()))[0]?.name, 'local-app');
      const { readFileSync } = await import('node:fs');
      assert.equal(
        readFileSync(path.join(folder, 'asked'), 'utf8').trim(),
        `account get-access-token --output json --resource https://vault.azure.net --tenant ${home}`,
      );
    });

    it('is not installed, not signed in, refused, or says nothing sensible', async () => {
      for (const [script, code] of [
        ['echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1', 'cli-not-signed-in'],
        ['echo "ERROR: AADSTS50020: User account does not exist in tenant. Trace ID: x" >&2; exit 1', 'wrong-tenant'],
        [
          'echo "ERROR: AADSTS50076: Due to a configuration change, you must use multi-factor." >&2; exit 1',
          'interaction-needed',
        ],
        ['echo "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.secret"', 'cli-answer-unreadable'],
        ['echo "ERROR: something else" >&2; exit 1', 'token-refused'],
      ] as const) {
        const reason = await reasonOf(standIn(script));
        assert.equal(reason.code, code, `${script}: ${reason.message}`);
        assert.doesNotMatch(reason.message, /eyJ0eX/);
      }
      const azure = standIn('exit 0');
      process.env.PATH = path.join(folder, 'nowhere');
      assert.equal((await reasonOf(azure)).code, 'cli-not-installed');
    });

    it('is not started in a workspace that is not trusted; the other ways are, and it is once there is trust', async () => {
      const started = path.join(folder, 'started');
      standIn(`touch '${started}'\ncat <<'END'\n${answer()}\nEND`);
      let isTrusted = false;
      const azure = azureOf(sandbox, { order: ['azureCli'], mayRunPrograms: () => isTrusted });
      for (const interactive of [true, false]) {
        const failure = await failureOf(azure.signIn.token({ ...request, interactive }));
        const [reason] = failure.details.data as SourceFailure[];
        assert.deepEqual([reason?.source, reason?.code], ['azureCli', 'workspace-not-trusted']);
        assert.match(reason?.message ?? '', /Restricted Mode/);
      }
      const others = azureOf(sandbox, { order: ['azureCli', 'vscode'], mayRunPrograms: () => isTrusted });
      assert.equal((await others.signIn.token(request)).source, 'vscode');
      assert.equal(existsSync(started), false, '"az" was started');
      isTrusted = true;
      assert.equal((await azure.signIn.token(request)).source, 'azureCli');
      assert.equal(existsSync(started), true);
    });

    it('hands over the command when claims are wanted', async () => {
      const reason = await reasonOf(standIn(`cat <<'END'\n${answer()}\nEND`), {
        ...request,
        claims: '{"access_token":{}}',
      });
      assert.equal(reason.code, 'interaction-needed');
      assert.match(reason.message, /az login --claims-challenge \S+ --scope/);
    });

    it('notices a token of another tenant', async () => {
      const reason = await reasonOf(standIn(`cat <<'END'\n${answer()}\nEND`), { ...request, tenant: external });
      assert.equal(reason.code, 'wrong-tenant');
    });

    it('can be left while the program runs', async () => {
      const stop = new AbortController();
      const work = standIn('exec sleep 1').signIn.token({ ...request, signal: stop.signal });
      setTimeout(() => stop.abort(), 50);
      await assert.rejects(work, { name: 'CancelledError' });
    });
  });

  describe('browser', () => {
    /** What the user's browser does: sends the form of the sign-in page to the listening port. */
    const browse = async (address: string): Promise<void> => {
      const { text } = await createAsk(sandbox.ca.certificatePem)(address);
      const target = /action="([^"]+)"/.exec(text)?.[1];
      assert.ok(target !== undefined, text);
      const fields = [...text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      await fetch(target, {
        method: 'POST',
        body: new URLSearchParams(Object.fromEntries(fields) as Record<string, string>),
      });
    };

    it('signs in once and serves every tenant and audience without asking again', async () => {
      sandbox.setCurrentUser(developer);
      let opened = 0;
      const azure = azureOf(sandbox, {
        order: ['browser'],
        openBrowser: async (address) => {
          opened++;
          await browse(address);
        },
      });
      assert.equal((await failureOf(azure.signIn.token({ ...request, interactive: false }))).code, 'not-signed-in');
      assert.equal(opened, 0);
      const rows = await all(azure.vault('contoso-dev').list({ interactive: true }));
      assert.equal(rows[0]?.name, 'local-app');
      const { vaults, problems } = await azure.discovery.vaults();
      assert.deepEqual([vaults.length, problems], [sandbox.state.vaults.length, []]);
      assert.equal((await azure.signIn.token({ ...request, tenant: external, interactive: false })).tenant, external);
      assert.equal(opened, 1);
      azure.forgetTokens();
      assert.equal((await azure.signIn.token({ ...request, interactive: false })).tenant, home);
      assert.equal(opened, 1);
      azure.signOut();
      assert.equal((await failureOf(azure.signIn.token({ ...request, interactive: false }))).code, 'not-signed-in');
      await azure.signIn.token(request);
      assert.equal(opened, 2);
    });

    it('can be left while the browser is open', async () => {
      const stop = new AbortController();
      const azure = azureOf(sandbox, {
        order: ['browser'],
        openBrowser: async (address) => {
          stop.abort();
          sandbox.setCurrentUser(developer);
          await browse(address);
        },
      });
      await assert.rejects(azure.signIn.token({ ...request, signal: stop.signal }), { name: 'CancelledError' });
    });
  });

  describe('device code', () => {
    it('shows the code, and signs in when it was entered elsewhere', async () => {
      const ask = createAsk(sandbox.ca.certificatePem);
      const shown: string[] = [];
      let ended: AbortSignal | undefined;
      const azure = azureOf(sandbox, {
        order: ['deviceCode'],
        showDeviceCode: async (message, address, code, signal) => {
          shown.push(message);
          ended = signal;
          const page = new URL(address.replace('/common/', `/${home}/`));
          page.searchParams.set('code', code);
          page.searchParams.set('sandbox_user', '11111111-0000-4000-8000-000000000001');
          await ask(page.href);
        },
      });
      const token = await azure.signIn.token(request);
      assert.deepEqual([token.source, token.account, token.tenant], ['deviceCode', developer, home]);
      assert.match(shown[0] ?? '', /enter the code [0-9A-F]+/);
      assert.equal(ended?.aborted, true);
    });

    it('ends when the user closes the code', async () => {
      const azure = azureOf(sandbox, {
        order: ['deviceCode'],
        showDeviceCode: () => Promise.reject(new CancelledError()),
      });
      await assert.rejects(azure.signIn.token(request), { name: 'CancelledError' });
    });
  });
});
