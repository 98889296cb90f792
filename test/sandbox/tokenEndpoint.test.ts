import assert from 'node:assert/strict';
import { constants, createHash, sign } from 'node:crypto';
import { ClientCertificateCredential } from '@azure/identity';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { createTestCa } from './ca.ts';
import { refusalCodes, refusalFault } from './entra/refusals.ts';
import { createAsk, makeIdentity, msalNetwork } from './testing.ts';
import type { Answer, TestIdentity } from './testing.ts';
import { startTokenEndpoint } from './tokenEndpoint.ts';
import type { TokenEndpoint } from './tokenEndpoint.ts';

const workforce = '11111111-1111-4111-8111-111111111111';
const external = '22222222-2222-4222-8222-222222222222';
const client = '33333333-3333-4333-8333-333333333333';
const ciamClient = '44444444-4444-4444-8444-444444444444';

describe('token endpoint', () => {
  const ca = createTestCa();
  const ask = createAsk(ca.certificatePem);
  const registered = makeIdentity();
  const stranger = makeIdentity();
  const secret = `secret-${String(Date.now())}`;
  let endpoint: TokenEndpoint;

  before(async () => {
    endpoint = await startTokenEndpoint({
      ca,
      applications: [
        { clientId: client, tenantId: workforce, secrets: [secret], certificates: [registered.der] },
        { clientId: ciamClient, tenantId: external, certificates: [registered.der] },
      ],
      tenants: [
        { id: external, kind: 'external', domain: 'contosociam.onmicrosoft.com', displayName: 'Contoso Customers' },
      ],
    });
  });
  after(() => endpoint.close());

  const tokenUrl = (): string => `${endpoint.origin}/${workforce}/oauth2/v2.0/token`;

  interface Bend {
    readonly header?: Record<string, unknown>;
    readonly payload?: Record<string, unknown>;
    readonly algorithm?: 'PS256' | 'RS256';
    readonly signWith?: TestIdentity;
  }

  const assertion = (identity: TestIdentity, bend: Bend = {}): string => {
    const now = Math.floor(Date.now() / 1000);
    const algorithm = bend.algorithm ?? 'PS256';
    const digest = (hash: string): string => createHash(hash).update(identity.der).digest('base64url');
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const named = algorithm === 'PS256' ? { 'x5t#S256': digest('sha256') } : { x5t: digest('sha1') };
    const payload = { aud: tokenUrl(), iss: client, sub: client, nbf: now, iat: now, exp: now + 600, jti: 'x' };
    const text = `${encode({ alg: algorithm, typ: 'JWT', ...named, ...bend.header })}.${encode({ ...payload, ...bend.payload })}`;
    const padding = algorithm === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
    const key = (bend.signWith ?? identity).privateKey;
    const signature = sign('sha256', Buffer.from(text), {
      key,
      padding,
      ...(algorithm === 'PS256' ? { saltLength: 32 } : {}),
    });
    return `${text}.${signature.toString('base64url')}`;
  };

  const post = (form: Record<string, string>, url = tokenUrl()): Promise<Answer> =>
    ask(url, {
      form: {
        grant_type: 'client_credentials',
        client_id: client,
        scope: 'https://graph.microsoft.com/.default',
        ...form,
      },
    });
  const withAssertion = (value: string): Promise<Answer> =>
    post({
      client_assertion: value,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  const refusal = (answer: Answer): string =>
    `${answer.status} ${String(answer.body.error)} ${String(answer.body.error_description).split(':')[0] ?? ''}`;

  it('grants a token for a secret, and refuses another one with 7000215', async () => {
    const good = await post({ client_secret: secret });
    assert.equal(good.status, 200);
    assert.deepEqual([good.body.token_type, good.body.expires_in, good.body.ext_expires_in], ['Bearer', 3599, 3599]);
    const bad = await post({ client_secret: `${secret}x` });
    assert.equal(refusal(bad), '401 invalid_client AADSTS7000215');
    assert.deepEqual(bad.body.error_codes, [7000215]);
    assert.match(
      String(bad.body.error_description),
      /Trace ID: .* Correlation ID: .* Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    );
    assert.equal(bad.body.error_uri, 'https://login.microsoftonline.com/error?code=7000215');
  });

  it('takes assertions signed with PS256 and x5t#S256 and with RS256 and x5t', async () => {
    for (const algorithm of ['PS256', 'RS256'] as const) {
      const answer = await withAssertion(assertion(registered, { algorithm }));
      assert.equal(answer.status, 200, answer.text);
      const proof = endpoint.requests.at(-1)?.proof;
      assert.equal(proof?.kind === 'assertion' && proof.algorithm, algorithm);
    }
  });

  it('refuses what the service refuses, with its codes', async () => {
    const now = Math.floor(Date.now() / 1000);
    const cases: [string, string][] = [
      ['401 invalid_client AADSTS700027', assertion(stranger)],
      ['401 invalid_client AADSTS700027', assertion(registered, { signWith: stranger })],
      ['401 invalid_client AADSTS700024', assertion(registered, { payload: { nbf: now - 2000, exp: now - 1400 } })],
      ['401 invalid_client AADSTS700024', assertion(registered, { payload: { nbf: now + 900, exp: now + 1500 } })],
      [
        '401 invalid_client AADSTS700023',
        assertion(registered, { payload: { aud: 'https://login.microsoftonline.com/x/oauth2/v2.0/token' } }),
      ],
      ['401 invalid_client AADSTS700021', assertion(registered, { payload: { iss: ciamClient } })],
      ['401 invalid_client AADSTS50048', assertion(registered, { payload: { sub: ciamClient } })],
      ['401 invalid_client AADSTS50027', assertion(registered, { header: { 'x5t#S256': undefined } })],
      ['401 invalid_client AADSTS50027', assertion(registered, { header: { alg: 'none' } })],
      ['401 invalid_client AADSTS50027', 'no.token'],
    ];
    for (const [expected, jwt] of cases) assert.equal(refusal(await withAssertion(jwt)), expected);
    const thumbprint = createHash('sha256').update(stranger.der).digest('hex').toUpperCase();
    const unknown = await withAssertion(assertion(stranger));
    assert.ok(String(unknown.body.error_description).includes(`Thumbprint of key used by client: '${thumbprint}'`));
    assert.match(
      String(unknown.body.error_description),
      /is not registered on application\. \[Reason - The key was not found\./,
    );
  });

  it('says so when the registered certificate has expired', async () => {
    const expired = makeIdentity({ from: -7200, until: -3600, key: stranger.privateKey });
    endpoint.registerCertificate(client, expired.der);
    const answer = await withAssertion(assertion(expired));
    assert.match(
      String(answer.body.error_description),
      /contains an invalid signature\. \[Reason - The key used is expired\., .*Found key 'Start=\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d, End=/,
    );
  });

  it('says so when the registered certificate is not valid yet', async () => {
    const early = makeIdentity({ from: 3600, key: stranger.privateKey });
    endpoint.registerCertificate(client, early.der);
    assert.equal(refusal(await withAssertion(assertion(early))), '401 invalid_client AADSTS1000502');
    // Clocks may be some minutes apart.
    const fresh = makeIdentity({ from: 120, key: stranger.privateKey });
    endpoint.registerCertificate(client, fresh.der);
    assert.equal((await withAssertion(assertion(fresh))).status, 200);
  });

  it('refuses with every code of the table when it is asked to', async () => {
    for (const code of refusalCodes) {
      endpoint.faults.add({ ...refusalFault(code), times: 1 });
      const { status, body } = await withAssertion(assertion(registered));
      assert.ok(status === 400 || status === 401);
      assert.deepEqual(body.error_codes, [code]);
      assert.match(String(body.error_description), new RegExp(`^AADSTS${code}: \\S.* Trace ID: `));
    }
    assert.equal((await withAssertion(assertion(registered))).status, 200);
  });

  it('tells apart unknown tenants, unknown applications, missing and wrong parameters', async () => {
    const at = (tenant: string): string => `${endpoint.origin}/${tenant}/oauth2/v2.0/token`;
    const form = { client_secret: secret };
    assert.equal(refusal(await post(form, at('nowhere'))), '400 invalid_request AADSTS90002');
    assert.equal(refusal(await post(form, at('common'))), '400 invalid_request AADSTS9001023');
    assert.equal(refusal(await post(form, at(external))), '400 unauthorized_client AADSTS700016');
    assert.equal(refusal(await post({ ...form, grant_type: 'magic' })), '400 unsupported_grant_type AADSTS70003');
    assert.equal(refusal(await post({ ...form, scope: 'User.Read' })), '400 invalid_scope AADSTS1002012');
    assert.equal(refusal(await post({})), '401 invalid_client AADSTS7000216');
    assert.equal(refusal(await ask(tokenUrl(), { form: { client_id: client } })), '400 invalid_request AADSTS900144');
  });

  const msal = (tenant: string, clientId: string, auth: object): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: {
        clientId,
        authority: `${endpoint.origin}/${tenant}`,
        knownAuthorities: [`localhost:${endpoint.port}`],
        ...auth,
      },
      system: { networkClient: msalNetwork(ca.certificatePem) },
    });
  const certificateAuth = (identity: TestIdentity): object => ({
    clientCertificate: {
      thumbprintSha256: createHash('sha256').update(identity.der).digest('hex'),
      privateKey: identity.privateKeyPem,
    },
  });
  const request = { scopes: ['https://graph.microsoft.com/.default'], skipCache: true };

  it('serves the real msal-node, with secret and with certificate', async () => {
    const bySecret = await msal(workforce, client, { clientSecret: secret }).acquireTokenByClientCredential(request);
    assert.ok(bySecret?.accessToken);
    const byCertificate = await msal(workforce, client, certificateAuth(registered)).acquireTokenByClientCredential(
      request,
    );
    assert.ok(byCertificate?.accessToken);
    await assert.rejects(
      msal(
        workforce,
        client,
        certificateAuth(makeIdentity({ key: stranger.privateKey })),
      ).acquireTokenByClientCredential(request),
      { errorCode: 'invalid_client', errorMessage: /AADSTS700027: The certificate/ },
    );
  });

  it('has the GUID issuer of an External ID tenant, on which a domain in the authority fails', async () => {
    const discovery = await ask(`${endpoint.origin}/contosociam.onmicrosoft.com/v2.0/.well-known/openid-configuration`);
    assert.equal(discovery.body.issuer, `https://${external}.ciamlogin.com/${external}/v2.0`);
    const good = await msal(external, ciamClient, certificateAuth(registered)).acquireTokenByClientCredential(request);
    assert.ok(good?.accessToken);
    await assert.rejects(
      msal('contosociam.onmicrosoft.com', ciamClient, certificateAuth(registered)).acquireTokenByClientCredential(
        request,
      ),
      (error: { errorCode?: string }) => error.errorCode === 'endpoints_resolution_error',
    );
  });

  it('serves the real @azure/identity', async () => {
    const credential = new ClientCertificateCredential(
      workforce,
      client,
      { certificate: `${registered.certificatePem}${registered.privateKeyPem}` },
      { authorityHost: endpoint.origin, disableInstanceDiscovery: true, tlsOptions: { ca: ca.certificatePem } },
    );
    const token = await credential.getToken('https://graph.microsoft.com/.default');
    assert.ok(token.expiresOnTimestamp > Date.now());
    assert.equal(endpoint.requests.at(-1)?.clientId, client);
  });
});
