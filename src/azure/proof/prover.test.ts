import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { keyCredentialOf } from '../../../test/sandbox/entra/directory.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { makeIdentity, msalNetwork } from '../../../test/sandbox/testing.ts';
import type { TestIdentity } from '../../../test/sandbox/testing.ts';
import { isCancelled } from '../../base/errors.ts';
import { azureOf, codeOf, external, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';
import type { ProofOutcome, ProofProgress, ProofRequest } from './types.ts';

const internalTool = 'cccccccc-0000-4000-8000-000000000002';
const customerPortal = 'cccccccc-0000-4000-8000-000000000001';

describe('proof', function () {
  // A sandbox starts slowly on a busy machine.
  this.timeout(120_000);
  let sandbox: Sandbox;
  let azure: TestAzure;
  const identity = makeIdentity();
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.faults.clear();
    sandbox.tokenRequests.length = 0;
    // VS Code's account is out: a proof needs nobody to be signed in.
    azure = azureOf(sandbox, { order: [] });
    for (const application of sandbox.state.directory.applications) application.keyCredentials = [];
  });

  const hash = (kind: string, who: TestIdentity) => createHash(kind).update(who.der).digest('hex').toUpperCase();
  const host = () => new URL(sandbox.entraOrigin).host;
  function request(more: Partial<ProofRequest> = {}, who = identity): ProofRequest {
    return {
      authority: `${sandbox.entraOrigin}/${home}`,
      knownAuthorities: [host()],
      clientId: internalTool,
      thumbprintSha256: hash('sha256', who),
      thumbprintSha1: hash('sha1', who),
      thumbprintProperty: 'thumbprintSha256',
      msalVersion: '7.2.3',
      sign: azure.prover.localSigner(who.privateKey.export({ type: 'pkcs8', format: 'der' })),
      ...more,
    };
  }
  function register(delay = 0, appId = internalTool, who = identity): void {
    const application = sandbox.state.directory.applications.find((each) => each.appId === appId);
    application?.keyCredentials.push(keyCredentialOf(who.der, sandbox.clock.now() + delay));
  }
  function errorOf(outcome: ProofOutcome): { kind: string; code: string; text: string; seenThumbprint?: string } {
    assert.ok(!outcome.ok, 'a token was given');
    return outcome.error;
  }
  const waited = () => azure.clock.waits.reduce((sum, wait) => sum + wait, 0);

  it('is three tokens in a row, without waiting where the directory knows the certificate', async () => {
    register();
    const seen: ProofProgress[] = [];
    const outcome = await azure.prover.prove(request({ onProgress: (progress) => seen.push(progress) }));
    assert.deepEqual(
      [outcome.ok, outcome.attempts, outcome.algorithm, outcome.tokenEndpoint],
      [true, 3, 'PS256', `${sandbox.entraOrigin}/${home}/oauth2/v2.0/token`],
    );
    assert.deepEqual(
      seen.map(({ successes, wanted }) => `${successes}/${wanted}`),
      ['1/3', '2/3', '3/3'],
    );
    assert.deepEqual(azure.clock.waits, []);
    assert.equal(sandbox.tokenRequests.length, 3);
    assert.ok(sandbox.tokenRequests.every(({ scope }) => scope === `${sandbox.graphOrigin}/.default`));
  });

  it('asks as the app’s msal-node does: algorithm and header by its version', async () => {
    register();
    const app = new ConfidentialClientApplication({
      auth: {
        clientId: internalTool,
        authority: `${sandbox.entraOrigin}/${home}`,
        knownAuthorities: [host()],
        clientCertificate: { thumbprintSha256: hash('sha256', identity), privateKey: identity.privateKeyPem },
      },
      system: { networkClient: msalNetwork(sandbox.ca.certificatePem) },
    });
    await app.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
    const byApp = sandbox.tokenRequests.at(-1)?.proof;
    await azure.prover.prove(request({ successes: 1 }));
    assert.deepEqual(sandbox.tokenRequests.at(-1)?.proof, byApp);
    const forms: [Partial<ProofRequest>, string, string][] = [
      [{ msalVersion: '2.11.0' }, 'RS256', 'x5t#S256'],
      [{ msalVersion: '2.11.1' }, 'PS256', 'x5t#S256'],
      [{ thumbprintProperty: 'thumbprint', msalVersion: '2.6.6' }, 'RS256', 'x5t'],
      [{ thumbprintProperty: 'thumbprint', msalVersion: '7.2.3' }, 'RS256', 'x5t'],
      [{ algorithm: 'PS256', msalVersion: '2.8.1' }, 'PS256', 'x5t#S256'],
    ];
    for (const [more, algorithm, thumbprintHeader] of forms) {
      const outcome = await azure.prover.prove(request({ ...more, successes: 1 }));
      assert.deepEqual([outcome.ok, outcome.algorithm], [true, algorithm]);
      const proof = sandbox.tokenRequests.at(-1)?.proof;
      assert.ok(proof?.kind === 'assertion');
      assert.deepEqual([proof.algorithm, proof.thumbprintHeader], [algorithm, thumbprintHeader]);
    }
  });

  it('waits for replication with growing pauses and then wants three in a row', async () => {
    register(20_000);
    const seen: ProofProgress[] = [];
    const outcome = await azure.prover.prove(request({ onProgress: (progress) => seen.push(progress) }));
    assert.ok(outcome.ok);
    assert.deepEqual(azure.clock.waits, [1_000, 2_000, 4_000, 8_000, 16_000, 2_000, 2_000]);
    assert.equal(outcome.attempts, 8);
    assert.equal(seen[0]?.waitingFor, 'replication');
    assert.ok(seen[3] !== undefined && seen[3].elapsed >= 7_000 && seen[3].left <= 173_000);
    assert.equal(seen.at(-1)?.successes, 3);
  });

  it('begins to count anew when a part of the directory does not know the certificate yet', async () => {
    register();
    const refusal = {
      kind: 'reply',
      surface: 'entra',
      path: '/token$',
      status: 401,
      json: {
        error: 'invalid_client',
        error_description: `AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${hash('sha256', identity)}', Please visit`,
      },
      times: 1,
      skip: 2,
    } as const;
    sandbox.faults.add(refusal);
    const outcome = await azure.prover.prove(request());
    assert.deepEqual([outcome.ok, outcome.attempts], [true, 6]);
  });

  it('gives up after three minutes and says what the server saw', async () => {
    const outcome = await azure.prover.prove(request());
    const error = errorOf(outcome);
    assert.deepEqual(
      [error.kind, error.code, error.seenThumbprint],
      ['not-replicated', 'AADSTS700027', hash('sha256', identity)],
    );
    assert.ok(waited() >= 175_000 && waited() <= 180_000, String(waited()));
  });

  it('does not wait for a certificate that the registration does not list', async () => {
    let asked = 0;
    const isRegistered = () => Promise.resolve(asked++ > 0);
    const error = errorOf(await azure.prover.prove(request({ isRegistered })));
    assert.deepEqual([error.kind, error.code, asked, azure.clock.waits.length], ['refused', 'AADSTS700027', 1, 0]);
  });

  it('stops at once at what waiting does not change', async () => {
    register();
    const cases: [string, Partial<ProofRequest>][] = [
      ['AADSTS700016', { clientId: 'dddddddd-0000-4000-8000-000000000009' }],
      ['AADSTS90002', { authority: `${sandbox.entraOrigin}/nowhere.example` }],
      ['AADSTS500011', { scope: 'https://elsewhere.example/.default' }],
      ['AADSTS1002012', { scope: 'User.Read' }],
      ['AADSTS700027', { sign: request({}, makeIdentity()).sign }],
    ];
    for (const [code, more] of cases) {
      const outcome = await azure.prover.prove(request(more));
      assert.deepEqual([errorOf(outcome).kind, errorOf(outcome).code], ['refused', code]);
      assert.deepEqual(azure.clock.waits, [], code);
    }
    const expired = makeIdentity({ from: -7200, until: -3600 });
    register(-1, internalTool, expired);
    assert.match(errorOf(await azure.prover.prove(request({}, expired))).text, /The key used is expired/);
    const early = makeIdentity({ from: 3600 });
    register(-1, internalTool, early);
    assert.equal(errorOf(await azure.prover.prove(request({}, early))).code, 'AADSTS1000502');
    const application = sandbox.state.directory.applications.find(({ appId }) => appId === internalTool);
    const { servicePrincipalId } = application ?? {};
    Object.assign(application ?? {}, { servicePrincipalId: '' });
    assert.equal(errorOf(await azure.prover.prove(request())).code, 'AADSTS7000229');
    Object.assign(application ?? {}, { servicePrincipalId });
    assert.deepEqual(azure.clock.waits, []);
  });

  it('goes to an External ID tenant by its id, and stops where the app’s MSAL would stop at the issuer', async () => {
    register(0, customerPortal);
    const byId = request({ authority: `${sandbox.entraOrigin}/${external}`, clientId: customerPortal });
    assert.ok((await azure.prover.prove(byId)).ok);
    const byName = request({
      authority: `${sandbox.entraOrigin}/contosocustomers.onmicrosoft.com`,
      clientId: customerPortal,
    });
    const refused = errorOf(await azure.prover.prove(byName));
    assert.equal(refused.code, 'authority-rejected');
    assert.match(refused.text, new RegExp(`https://${external}\\.ciamlogin\\.com`));
    // Versions that do not look at the issuer, and ones that were told of it, go on.
    assert.ok((await azure.prover.prove({ ...byName, msalVersion: '5.2.0' })).ok);
    const told = { ...byName, knownAuthorities: [host(), `${external}.ciamlogin.com`] };
    assert.ok((await azure.prover.prove(told)).ok);
    assert.equal(errorOf(await azure.prover.prove({ ...told, msalVersion: '5.2.1' })).code, 'authority-rejected');
  });

  it('stops where the app’s MSAL would ask Microsoft about an unknown host', async () => {
    register();
    const { code, text } = errorOf(await azure.prover.prove(request({ knownAuthorities: ['localhost'] })));
    assert.equal(code, 'authority-not-known');
    assert.ok(text.includes(host()), text);
    assert.deepEqual(sandbox.tokenRequests, []);
  });

  it('asks for the home tenant where the authority names none, and for none of B2C', async () => {
    for (const word of ['common', 'organizations', 'consumers'])
      assert.equal(
        await codeOf(azure.prover.prove(request({ authority: `https://login.microsoftonline.com/${word}` }))),
        'home-tenant-needed',
      );
    register();
    assert.ok((await azure.prover.prove(request({ authority: `${sandbox.entraOrigin}/common`, homeTenant: home }))).ok);
    const b2c = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin';
    assert.equal(await codeOf(azure.prover.prove(request({ authority: b2c }))), 'proof-not-for-b2c');
    for (const authority of ['http://localhost/x', 'nonsense', 'https://login.microsoftonline.com/Enter_Tenant_Here'])
      assert.equal(await codeOf(azure.prover.prove(request({ authority }))), 'authority-not-usable', authority);
  });

  it('sends no assertion to where a discovery document of a stranger points', async () => {
    register();
    sandbox.faults.add({
      kind: 'reply',
      path: 'openid-configuration',
      status: 200,
      json: { token_endpoint: 'https://evil.example/token', issuer: sandbox.entraOrigin },
    });
    assert.equal(await codeOf(azure.prover.prove(request())), 'authority-not-usable');
    assert.deepEqual(sandbox.tokenRequests, []);
  });

  it('survives lost answers and busy services, and says when nobody answers', async () => {
    register();
    sandbox.faults.add({ kind: 'reset', surface: 'entra', path: '/token$', times: 1 });
    sandbox.faults.add({ kind: 'reply', surface: 'entra', path: '/token$', status: 503, text: 'busy', times: 1 });
    sandbox.faults.add({ kind: 'brokenJson', surface: 'entra', path: '/token$', times: 1 });
    assert.ok((await azure.prover.prove(request())).ok);
    sandbox.faults.add({ kind: 'brokenJson', surface: 'entra', path: '/token$', times: 1 });
    const unreadable = errorOf(await azure.prover.prove(request({ patience: 0 })));
    assert.deepEqual([unreadable.kind, unreadable.code], ['unreachable', 'answer-unreadable']);
    const nowhere = request({ authority: `https://localhost:9/${home}`, knownAuthorities: ['localhost:9'] });
    const error = errorOf(await azure.prover.prove(nowhere));
    assert.deepEqual([error.kind, error.code], ['unreachable', 'sign-in-host-unreachable']);
    const untrusted = azureOf(sandbox, { trustedCertificates: makeIdentity().certificatePem });
    assert.equal(errorOf(await untrusted.prover.prove(request())).code, 'tls-inspection');
  });

  it('waits as long as a busy service asks for, no longer than it has patience, and tells each request', async () => {
    register();
    const busy = { kind: 'reply', surface: 'entra', path: '/token$', json: {} } as const;
    sandbox.faults.add({ ...busy, status: 429, headers: { 'retry-after': '50' } });
    const seen: ProofProgress[] = [];
    const outcome = await azure.prover.prove(request({ onProgress: (progress) => seen.push(progress) }));
    assert.equal(errorOf(outcome).kind, 'unreachable');
    assert.deepEqual(
      [outcome.attempts, azure.clock.waits.map((wait) => Math.round(wait / 1_000))],
      [5, [50, 50, 50, 30]],
    );
    assert.deepEqual(
      seen.map(({ attempts, waitingFor }) => `${attempts} ${waitingFor ?? ''}`),
      [1, 2, 3, 4, 5].map((attempts) => `${attempts} service`),
    );
    azure.clock.waits.length = 0;
    assert.equal((await azure.prover.prove(request({ patience: 0 }))).attempts, 1);
    assert.deepEqual(azure.clock.waits, []);
    sandbox.faults.clear();
    sandbox.faults.add({ ...busy, status: 503, times: 2 });
    assert.deepEqual((await azure.prover.prove(request())).attempts, 5);
  });

  it('is left at once, and no token is asked for afterwards', async () => {
    const control = new AbortController();
    azure.clock.onWait = () => control.abort();
    await assert.rejects(azure.prover.prove(request({ signal: control.signal })), isCancelled);
    assert.equal(sandbox.tokenRequests.length, 1);
    await assert.rejects(azure.prover.prove(request({ signal: AbortSignal.abort() })), isCancelled);
    assert.equal(sandbox.tokenRequests.length, 1);
  });

  it('lets no assertion and no token into what it says', async () => {
    sandbox.faults.add({
      kind: 'reply',
      surface: 'entra',
      path: '/token$',
      status: 400,
      json: { error: 'invalid_request', error_description: 'AADSTS900144: client_assertion=eyJhbGciOi.eyJhdWQi.c2ln' },
    });
    assert.doesNotMatch(JSON.stringify(await azure.prover.prove(request())), /eyJ/);
    assert.ok(new X509Certificate(identity.der).checkPrivateKey(identity.privateKey));
  });
});
