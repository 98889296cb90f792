import assert from 'node:assert/strict';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { createAsk } from '../testing.ts';
import { clientsOf, credentialOf } from './testing.ts';
import type { VaultClients } from './testing.ts';

const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
const fast = { intervalInMs: 2 };
const selfPolicy = { issuerName: 'Self', subject: 'CN=app, O=Contoso', validityInMonths: 12 };

describe('vault access', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
  });
  after(() => sandbox.close());

  describe('authentication [rec]', () => {
    const ask = (): ReturnType<typeof createAsk> => createAsk(sandbox.ca.certificatePem);

    it('challenges every request without a token, also one with a body', async () => {
      for (const path of ['/certificates', '/certificates/x/create', '/nonsense']) {
        const answer = await ask()(`${clients.url}${path}?api-version=7.4`, { json: {} });
        assert.equal(answer.status, 401);
        assert.deepEqual(answer.body, {
          error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer or PoP token.' },
        });
        assert.equal(
          answer.headers['www-authenticate'],
          `Bearer authorization="${sandbox.entraOrigin}/${tenant}", resource="https://vault.azure.net"`,
        );
      }
    });

    it('refuses tokens of another tenant, for another resource, expired, or not its own', async () => {
      const user = 'dev@contoso.onmicrosoft.com';
      const vault = 'https://vault.azure.net';
      const cases: [string, RegExp][] = [
        [
          sandbox.userToken({ user, tenant: 'contosocustomers', resource: vault }),
          /^AKV10032: Invalid issuer\. Expected one of .*, found /,
        ],
        [sandbox.userToken({ user, resource: 'https://management.azure.com' }), /^AKV10022: /],
        [sandbox.userToken({ user, resource: vault, lifetime: -10 }), /expired/],
        [`${sandbox.userToken({ user, resource: vault })}x`, /^AKV10046: /],
        ['nonsense', /^AKV10046: /],
      ];
      for (const [token, message] of cases) {
        const answer = await ask()(`${clients.url}/certificates?api-version=7.4`, {
          headers: { authorization: `Bearer ${token}` },
        });
        assert.equal(answer.status, 401);
        assert.match((answer.body.error as { message: string }).message, message);
        assert.ok(answer.headers['www-authenticate']);
      }
    });

    it('gives the credential the tenant of the challenge, and sees the body only afterwards', async () => {
      const credential = credentialOf(sandbox);
      sandbox.log.length = 0;
      const { CertificateClient } = await import('@azure/keyvault-certificates');
      const client = new CertificateClient(clients.url, credential, {
        disableChallengeResourceVerification: true,
        tlsOptions: { ca: sandbox.ca.certificatePem },
      });
      await client.beginCreateCertificate('body-app', selfPolicy, fast);
      assert.deepEqual(credential.asked, [tenant]);
      const posts = sandbox.log.filter(({ method }) => method === 'POST');
      assert.deepEqual(
        posts.map(({ status, authorized, length }) => [status, authorized, length > 0]),
        [
          [401, false, false],
          [202, true, true],
        ],
      );
    });

    it('asks for claims, and takes the token that has them', async () => {
      sandbox.vault('contoso-dev').behaviour.requiredContext = 'c1';
      const answer = await clientsOf(sandbox, 'contoso-dev').ask('/certificates');
      assert.match(answer.headers['www-authenticate'] ?? '', /, error="insufficient_claims", claims="[\w+/=]+"$/);
      const claims = Buffer.from(
        /claims="([^"]+)"/.exec(answer.headers['www-authenticate'] ?? '')?.[1] ?? '',
        'base64',
      ).toString();
      const form = {
        grant_type: 'client_credentials',
        client_id: 'cccccccc-0000-4000-8000-000000000003',
        client_secret: sandbox.secrets['sandbox developer'] ?? '',
        scope: 'https://vault.azure.net/.default',
        claims,
      };
      const token = await ask()(`${sandbox.entraOrigin}/${tenant}/oauth2/v2.0/token`, { form });
      const good = await ask()(`${sandbox.vaultOrigin('contoso-dev')}/certificates?api-version=7.4`, {
        headers: { authorization: `Bearer ${String(token.body.access_token)}` },
      });
      assert.equal(good.status, 200);
      delete sandbox.vault('contoso-dev').behaviour.requiredContext;
    });

    it('wants an api-version, also with an escaped name', async () => {
      const bearer = {
        authorization: `Bearer ${sandbox.userToken({ user: 'dev@contoso.onmicrosoft.com', resource: 'https://vault.azure.net' })}`,
      };
      assert.equal((await ask()(`${clients.url}/certificates`, { headers: bearer })).status, 400);
      assert.equal((await ask()(`${clients.url}/certificates?api%2Dversion=7.4`, { headers: bearer })).status, 200);
      assert.equal((await ask()(`${clients.url}/certificates?api-version=1.0`, { headers: bearer })).status, 400);
    });
  });
});
