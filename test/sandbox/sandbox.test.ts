import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from './sandbox.ts';
import { createAsk } from './testing.ts';
import { clientsOf, collect } from './vault/testing.ts';

describe('sandbox', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('keeps what was done in a file that only its owner reads, without secrets of applications', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await startSandbox({ stateFile, secrets: { 'portal secret': 'a-value-chosen-by-the-test' } });
    const clients = clientsOf(first, 'contoso-web');
    await clients.certificates.updateCertificateProperties('ciam-client-app', '', { tags: { kept: 'yes' } });
    const { cer } = await clients.certificates.getCertificate('ciam-client-app');
    await first.close();
    if (process.platform !== 'win32') assert.equal(statSync(stateFile).mode & 0o777, 0o600);
    assert.ok(!readFileSync(stateFile, 'utf8').includes('a-value-chosen-by-the-test'));
    const second = await startSandbox({ stateFile });
    const again = await clientsOf(second, 'contoso-web').certificates.getCertificate('ciam-client-app');
    assert.deepEqual(again.cer, cer);
    assert.deepEqual(again.properties.tags, { kept: 'yes' });
    const form = {
      grant_type: 'client_credentials',
      client_id: 'cccccccc-0000-4000-8000-000000000001',
      client_secret: 'a-value-chosen-by-the-test',
      scope: 'https://graph.microsoft.com/.default',
    };
    const token = await createAsk(second.ca.certificatePem)(
      `${second.entraOrigin}/eeeeeeee-0000-4000-8000-000000000002/oauth2/v2.0/token`,
      { form },
    );
    assert.equal(token.status, 200);
    await second.close();
  });

  it('logs no token and no secret', async () => {
    const sandbox = await startSandbox();
    await clientsOf(sandbox, 'contoso-web').secrets.getSecret('ciam-client-app');
    const token = sandbox.userToken({ user: 'dev@contoso.onmicrosoft.com', resource: 'https://vault.azure.net' });
    const log = JSON.stringify([sandbox.log, sandbox.tokenRequests]);
    assert.ok(!log.includes(token.split('.')[0] ?? ''));
    assert.ok(log.includes('/secrets/ciam-client-app'));
    await sandbox.close();
  });

  it('runs as a program, is steered through its admin endpoint, and ends with its input', async function () {
    this.timeout(120_000);
    const file = join(folder, 'connection.json');
    const main = new URL('main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--connection', file, '--stdin'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      assert.match(line.toString(), /^Sandbox: Entra https:\/\/localhost:\d+, .*contoso-web https:\/\/localhost:\d+/);
      if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
      const connection = JSON.parse(readFileSync(file, 'utf8')) as {
        ca: string;
        admin: string;
        adminToken: string;
        vaults: { name: string; url: string }[];
      };
      const ask = createAsk(connection.ca);
      const admin = (method: string, path: string, json?: object): ReturnType<typeof ask> =>
        ask(`${connection.admin}${path}`, {
          method,
          json,
          headers: { authorization: `Bearer ${connection.adminToken}` },
        });
      assert.equal((await ask(`${connection.admin}/log`)).status, 401);
      const { body } = await admin('POST', '/token', {
        user: 'dev@contoso.onmicrosoft.com',
        resource: 'https://vault.azure.net',
      });
      const url = `${connection.vaults.find(({ name }) => name === 'contoso-dev')?.url ?? ''}/certificates?api-version=7.4`;
      const list = async (): Promise<number> =>
        (await ask(url, { headers: { authorization: `Bearer ${String(body.accessToken)}` } })).status;
      assert.equal(await list(), 200);
      await admin('POST', '/faults', { kind: 'reply', status: 503, surface: 'vault', times: 1 });
      assert.deepEqual([await list(), await list()], [503, 200]);
      await admin('PATCH', '/vaults/contoso-dev', { network: 'firewall' });
      assert.equal(await list(), 403);
      await admin('POST', '/clock', { advanceSeconds: 7200 });
      assert.equal(await list(), 401);
      assert.equal((await admin('GET', '/nonsense')).status, 400);
      const log = JSON.parse((await admin('GET', '/log')).text) as { status: number }[];
      assert.deepEqual(log.filter(({ status }) => status === 503).length, 1);
      child.stdin.end();
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 0);
    } finally {
      child.kill();
    }
    assert.ok(existsSync(file));
  });

  it('holds 2,000 certificates in one vault, listed in 80 pages and one challenge', async function () {
    this.timeout(120_000);
    const sandbox = await startSandbox();
    await sandbox.addVault({ name: 'large', subscriptionId: '55555555-0000-4000-8000-000000000001', bulk: 2000 });
    sandbox.log.length = 0;
    const { certificates } = clientsOf(sandbox, 'large');
    assert.equal((await collect(certificates.listPropertiesOfCertificates())).length, 2000);
    assert.equal(sandbox.log.length, 81);
    await sandbox.close();
  });
});
