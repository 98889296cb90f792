import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AzureCliCredential, ClientSecretCredential } from '@azure/identity';
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node';
import { connection } from '../admin.ts';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { createAsk, msalNetwork } from '../testing.ts';

const home = 'aaaaaaaa-0000-4000-8000-000000000001';
const external = 'eeeeeeee-0000-4000-8000-000000000002';
const developer = 'dev@contoso.onmicrosoft.com';
const vaultScope = 'https://vault.azure.net/.default';
const graphScope = 'https://graph.microsoft.com/.default';

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('signing users in', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
    sandbox.setCurrentUser(developer);
  });
  after(() => sandbox.close());

  const authOf = (tenant: string): { authority: string; knownAuthorities: string[] } => ({
    authority: `${sandbox.entraOrigin}/${tenant}`,
    knownAuthorities: [new URL(sandbox.entraOrigin).host],
  });
  const system = (): { networkClient: ReturnType<typeof msalNetwork> } => ({
    networkClient: msalNetwork(sandbox.ca.certificatePem),
  });
  const cli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

  it('gives the real msal-node a token by device code, and another one silently for another tenant', async () => {
    const client = new PublicClientApplication({
      auth: { clientId: cli, ...authOf('organizations') },
      system: system(),
    });
    const answer = await client.acquireTokenByDeviceCode({ scopes: [vaultScope], deviceCodeCallback: () => undefined });
    assert.equal(claimsOf(answer?.accessToken ?? '').tid, home);
    const account = answer?.account;
    assert.equal(account?.username, developer);
    const guest = await client.acquireTokenSilent({
      account: account,
      scopes: [graphScope],
      authority: authOf(external).authority,
    });
    assert.deepEqual([claimsOf(guest.accessToken).tid, claimsOf(guest.accessToken).upn], [external, developer]);
    assert.match(String(claimsOf(guest.accessToken).scp), /Directory\.AccessAsUser\.All/);
  });

  it('keeps a device code pending until somebody signs in', async () => {
    sandbox.setCurrentUser(undefined);
    const ask = createAsk(sandbox.ca.certificatePem);
    const base = `${sandbox.entraOrigin}/${home}/oauth2/v2.0`;
    const code = await ask(`${base}/devicecode`, { form: { client_id: cli, scope: vaultScope } });
    const form = {
      grant_type: 'device_code',
      client_id: cli,
      scope: vaultScope,
      device_code: String(code.body.device_code),
    };
    const early = await ask(`${base}/token`, { form });
    assert.deepEqual([early.status, early.body.error], [400, 'authorization_pending']);
    const page = await ask(`${String(code.body.verification_uri)}?code=${String(code.body.user_code)}`);
    const link = /href="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&#38;', '&') ?? '';
    await ask(link);
    assert.equal((await ask(`${base}/token`, { form })).status, 200);
    sandbox.setCurrentUser(developer);
  });

  it('signs a web app in with authorization code, PKCE and its secret, and not without it', async () => {
    const clientId = 'cccccccc-0000-4000-8000-000000000001';
    const redirectUri = 'http://localhost:3000/auth/redirect';
    const client = new ConfidentialClientApplication({
      auth: { clientId, clientSecret: sandbox.secrets['portal secret'] ?? '', ...authOf(external) },
      system: system(),
    });
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const url = await client.getAuthCodeUrl({
      scopes: ['User.Read'],
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    });
    const ask = createAsk(sandbox.ca.certificatePem);
    const signIn = async (): Promise<string> =>
      new URL((await ask(url)).headers.location ?? '').searchParams.get('code') ?? '';
    const answer = await client.acquireTokenByCode({
      scopes: ['User.Read'],
      redirectUri,
      code: await signIn(),
      codeVerifier: verifier,
    });
    assert.equal(answer.account?.username, developer);
    await assert.rejects(
      client.acquireTokenByCode({
        scopes: ['User.Read'],
        redirectUri,
        code: await signIn(),
        codeVerifier: 'x'.repeat(43),
      }),
      /AADSTS70008/,
    );
    const form = {
      grant_type: 'authorization_code',
      client_id: clientId,
      code: await signIn(),
      code_verifier: verifier,
    };
    assert.deepEqual(
      (await ask(`${authOf(external).authority}/oauth2/v2.0/token`, { form })).body.error_codes,
      [7000218],
    );
    const other = await ask(url.replace('3000', '4000'));
    assert.deepEqual(other.body.error_codes, [50011]);
  });

  it("refuses VS Code's own client for Graph, but not for vaults", () => {
    const clientId = 'aebc6443-996d-45c2-90f0-388ff96faa56';
    const ask = (resource: string): string => sandbox.userToken({ user: developer, clientId, resource });
    assert.throws(() => ask('https://graph.microsoft.com'), /AADSTS65002: Consent between first party application/);
    assert.ok(ask('https://vault.azure.net'));
  });

  it('serves the environment credential of @azure/identity', async () => {
    const credential = new ClientSecretCredential(
      home,
      'cccccccc-0000-4000-8000-000000000003',
      sandbox.secrets['sandbox developer'] ?? '',
      {
        authorityHost: sandbox.entraOrigin,
        disableInstanceDiscovery: true,
        additionallyAllowedTenants: ['*'],
        tlsOptions: { ca: sandbox.ca.certificatePem },
      },
    );
    assert.equal(claimsOf((await credential.getToken(vaultScope)).token).idtyp, 'app');
    const other = await credential.getToken(graphScope, { tenantId: external });
    assert.deepEqual(
      [claimsOf(other.token).tid, claimsOf(other.token).roles],
      [external, ['Application.ReadWrite.All']],
    );
    await assert.rejects(credential.getToken('https://nobody.example/.default'), /AADSTS500011/);
  });

  it('has a stand-in for the Azure CLI that the real credential runs', async function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-az-'));
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(connection(sandbox)), { mode: 0o600 });
    const before = { ...process.env };
    const standIn = new URL('../standIn/az', import.meta.url).pathname;
    chmodSync(standIn, 0o755);
    process.env.PATH = `${join(standIn, '..')}${delimiter}${before.PATH ?? ''}`;
    process.env.SANDBOX_CONNECTION = file;
    try {
      delete process.env.SANDBOX_AZ_USER;
      await assert.rejects(new AzureCliCredential().getToken(vaultScope), /az login/);
      process.env.SANDBOX_AZ_USER = developer;
      const token = await new AzureCliCredential().getToken(vaultScope, { tenantId: external });
      assert.equal(claimsOf(token.token).tid, external);
      assert.ok(token.expiresOnTimestamp > Date.now());
    } finally {
      process.env.PATH = before.PATH;
      delete process.env.SANDBOX_CONNECTION;
      delete process.env.SANDBOX_AZ_USER;
      rmSync(folder, { recursive: true });
    }
  });
});
