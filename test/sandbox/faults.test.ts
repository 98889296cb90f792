import assert from 'node:assert/strict';
import { startSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { clientsOf, collect, errorOf } from './vault/testing.ts';
import type { VaultClients } from './vault/testing.ts';
import { createAsk } from './testing.ts';
import { CertificateClient } from '@azure/keyvault-certificates';
import { credentialOf } from './vault/testing.ts';

describe('refusals and faults', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
    await clients.certificates.getCertificate('pem-app');
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());

  const get = (): Promise<unknown> => clients.certificates.getCertificate('ciam-client-app');
  const inVault = (name: string): Promise<Awaited<ReturnType<typeof errorOf>>> =>
    errorOf(clientsOf(sandbox, name).certificates.getCertificate('hidden-app'));

  it('tells every kind of 403 apart', async () => {
    const rbac = await inVault('contoso-no-access');
    assert.deepEqual([rbac.statusCode, rbac.code, rbac.inner], [403, 'Forbidden', 'ForbiddenByRbac']);
    assert.match(
      rbac.message,
      /^Caller is not authorized to perform action on resource\.\r\nIf role assignments, [^]*\r\nAction: 'Microsoft\.KeyVault\/vaults\/certificates\/read'\r\nResource: '\/subscriptions\/55555555-[^]*\/certificates\/hidden-app'\r\nAssignment: \(not found\)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: contoso-no-access;location=westeurope\r\n$/,
    );
    const firewall = await inVault('contoso-firewall');
    assert.equal(firewall.inner, 'ForbiddenByFirewall');
    assert.match(
      firewall.message,
      /^Client address is not authorized and caller is not a trusted service\.\r\nClient address: /,
    );
    assert.equal((await inVault('contoso-private')).inner, 'ForbiddenByConnection');
    sandbox.vault('contoso-legacy').grants = [];
    const policy = await inVault('contoso-legacy');
    assert.equal(policy.inner, 'AccessDenied');
    assert.match(
      policy.message,
      /does not have certificates get permission on key vault 'contoso-legacy;location=westeurope'/,
    );
  });

  it('answers lists with the same refusals, though the SDK drops message and inner code of a failed page', async () => {
    const { certificates, ask } = clientsOf(sandbox, 'contoso-firewall');
    const error = await errorOf(collect(certificates.listPropertiesOfCertificates()));
    assert.deepEqual([error.statusCode, error.inner], [403, undefined]);
    assert.match(error.message, /^Pagination failed with unexpected statusCode 403/);
    const { body } = await ask('/certificates');
    assert.deepEqual((body.error as { innererror: unknown }).innererror, { code: 'ForbiddenByFirewall' });
  });

  it('lets a certificates officer see certificates, but not their secrets', async () => {
    const officer = clientsOf(sandbox, 'contoso-certs-only');
    assert.ok((await officer.certificates.getCertificate('no-secret-app')).cer);
    const error = await errorOf(officer.secrets.getSecret('no-secret-app'));
    assert.equal(error.inner, 'ForbiddenByRbac');
    assert.match(error.message, /Action: 'Microsoft\.KeyVault\/vaults\/secrets\/getSecret\/action'/);
  });

  it('gives roles to one person only', async () => {
    const reader = '11111111-0000-4000-8000-000000000002';
    sandbox.vault('contoso-no-access').grants = [{ principal: reader, role: 'Key Vault Reader' }];
    assert.equal((await inVault('contoso-no-access')).inner, 'ForbiddenByRbac');
    const other = clientsOf(sandbox, 'contoso-no-access', 'reader@contoso.onmicrosoft.com');
    assert.equal((await collect(other.certificates.listPropertiesOfCertificates())).length, 1);
  });

  const throttled = {
    error: { code: 'Throttled', message: 'Request was not processed because too many requests were received.' },
  };

  it('throttles with Retry-After, which the SDK waits for, and without, which it does not', async () => {
    const client = new CertificateClient(clients.url, credentialOf(sandbox), {
      disableChallengeResourceVerification: true,
      tlsOptions: { ca: sandbox.ca.certificatePem },
    });
    await client.getCertificate('pem-app');
    sandbox.faults.add({ kind: 'reply', status: 429, headers: { 'retry-after': '0' }, json: throttled, times: 1 });
    assert.ok(await client.getCertificate('pem-app'));
    sandbox.faults.add({ kind: 'reply', status: 429, json: throttled, times: 1 });
    assert.deepEqual([(await errorOf(client.getCertificate('pem-app'))).code], ['Throttled']);
    assert.ok(await client.getCertificate('pem-app'));
  });

  it('fails with 500 and 503, after letting some requests pass', async () => {
    sandbox.faults.add({ kind: 'reply', status: 500, skip: 1, times: 1, surface: 'vault', vault: 'contoso-web' });
    await get();
    assert.equal((await errorOf(get())).statusCode, 500);
    sandbox.faults.add({ kind: 'reply', status: 503, path: '^/certificates/ciam', times: 1 });
    await clients.certificates.getCertificate('pem-app');
    assert.equal((await errorOf(get())).statusCode, 503);
  });

  it('breaks JSON, truncates bodies and resets connections', async () => {
    sandbox.faults.add({ kind: 'brokenJson', times: 1 });
    assert.match((await errorOf(get())).message, /JSON|token/i);
    sandbox.faults.add({ kind: 'truncated', times: 1 });
    assert.match((await errorOf(get())).message, /aborted|reset|terminated|hang up|premature/i);
    sandbox.faults.add({ kind: 'reset', times: 1 });
    assert.match((await errorOf(get())).message, /reset|hang up/i);
    assert.ok(await get());
  });

  it('loses the answer of a request that took effect', async () => {
    sandbox.faults.add({ kind: 'lostAnswer', method: 'DELETE', times: 1 });
    await assert.rejects(clients.ask('/certificates/ec-app', { method: 'DELETE' }));
    assert.equal((await clients.ask('/certificates/ec-app/')).status, 404);
  });

  it('is slow on demand, and an abort ends the wait', async () => {
    sandbox.faults.add({ kind: 'latency', milliseconds: 60_000 });
    const abort = new AbortController();
    const waiting = clients.certificates.getCertificate('pem-app', { abortSignal: abort.signal });
    setImmediate(() => abort.abort());
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  it('shows a certificate that is not trusted, has expired, or names another host', async () => {
    const ask = createAsk(sandbox.ca.certificatePem);
    for (const [mode, code] of [
      ['untrusted', /SELF_SIGNED|UNABLE_TO|CERT_SIGNATURE/],
      ['expired', /CERT_HAS_EXPIRED/],
      ['wrongName', /ALTNAME/],
    ] as const) {
      sandbox.setTls(mode, 'vault', 'contoso-dev');
      const error = await ask(`${sandbox.vaultOrigin('contoso-dev')}/`).then(
        () => ({ code: 'none' }),
        (caught: unknown) => caught as { code: string },
      );
      assert.match(error.code, code);
      assert.equal((await ask(`${clients.url}/`)).status, 401);
    }
    sandbox.setTls('trusted', 'vault', 'contoso-dev');
    assert.equal((await ask(`${sandbox.vaultOrigin('contoso-dev')}/`)).status, 401);
  });

  it('lets tokens expire when its clock is ahead', async () => {
    const authorization = `Bearer ${sandbox.userToken({ user: 'dev@contoso.onmicrosoft.com', resource: 'https://vault.azure.net' })}`;
    const ask = createAsk(sandbox.ca.certificatePem);
    const url = `${clients.url}/certificates?api-version=7.4`;
    assert.equal((await ask(url, { headers: { authorization } })).status, 200);
    sandbox.clock.advance(4_000_000);
    const late = await ask(url, { headers: { authorization } });
    assert.equal(late.status, 401);
    assert.match(late.headers['www-authenticate'] ?? '', /error="invalid_token"/);
    sandbox.clock.advance(-4_000_000);
  });
});
