import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ClientSecretCredential } from '@azure/identity';
import { CertificateClient } from '@azure/keyvault-certificates';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { keyCredentialOf } from './entra/directory.ts';
import { realHostAgent, realHostPolicy } from './realHosts.ts';
import { startSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { makeIdentity, msalNetwork } from './testing.ts';
import type { TestIdentity } from './testing.ts';

const home = 'aaaaaaaa-0000-4000-8000-000000000001';
const external = 'eeeeeeee-0000-4000-8000-000000000002';
const portal = 'cccccccc-0000-4000-8000-000000000001';

describe("clients with Azure's own host names", () => {
  let sandbox: Sandbox;
  let identity: TestIdentity;
  before(async () => {
    sandbox = await startSandbox();
    identity = makeIdentity();
    sandbox.state.directory.applications
      .find(({ appId }) => appId === portal)
      ?.keyCredentials.push(keyCredentialOf(identity.der));
  });
  after(() => sandbox.close());

  const policies = (): {
    additionalPolicies: { policy: ReturnType<typeof realHostPolicy>; position: 'perRetry' }[];
  } => ({
    additionalPolicies: [{ policy: realHostPolicy(sandbox), position: 'perRetry' }],
  });

  it('read a vault with the check of the challenge on, from sign-in to certificate', async () => {
    const secret = sandbox.secrets['sandbox developer'] ?? '';
    const credential = new ClientSecretCredential(home, 'cccccccc-0000-4000-8000-000000000003', secret, policies());
    const client = new CertificateClient('https://contoso-web.vault.azure.net', credential, policies());
    const { properties, keyId } = await client.getCertificate('ciam-client-app');
    assert.match(
      properties.id ?? '',
      /^https:\/\/contoso-web\.vault\.azure\.net\/certificates\/ciam-client-app\/[0-9a-f]{32}$/,
    );
    assert.ok(keyId?.startsWith('https://contoso-web.vault.azure.net/keys/'));
  });

  const msal = (authority: string, knownAuthorities: string[] = []): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: {
        clientId: portal,
        authority,
        knownAuthorities,
        clientCertificate: {
          thumbprintSha256: createHash('sha256').update(identity.der).digest('hex'),
          privateKey: identity.privateKeyPem,
        },
      },
      system: { networkClient: msalNetwork(sandbox.ca.certificatePem, realHostAgent(sandbox)) },
    });
  const acquire = async (client: ConfidentialClientApplication): Promise<boolean> =>
    (await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })) !== null;

  it('sign in to an External ID tenant by its id, or with the host of its id among the known authorities', async () => {
    assert.ok(await acquire(msal(`https://contosocustomers.ciamlogin.com/${external}`)));
    assert.ok(await acquire(msal(`https://${external}.ciamlogin.com/${external}`)));
    assert.ok(await acquire(msal('https://contosocustomers.ciamlogin.com/', [`${external}.ciamlogin.com`])));
  });

  it('fall into the trap of the issuer with a domain in the authority', async () => {
    for (const path of ['', 'contosocustomers.onmicrosoft.com']) {
      await assert.rejects(
        acquire(msal(`https://contosocustomers.ciamlogin.com/${path}`)),
        (error: { errorCode?: string }) => error.errorCode === 'endpoints_resolution_error',
      );
    }
  });

  it('reach nothing else', async () => {
    const client = new CertificateClient(
      'https://elsewhere.example',
      { getToken: () => Promise.resolve(null) },
      { ...policies(), retryOptions: { maxRetries: 0 } },
    );
    await assert.rejects(client.getCertificate('x'), /tried to reach elsewhere\.example/);
  });
});
