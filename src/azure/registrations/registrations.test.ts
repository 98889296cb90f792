/** App registrations against the sandbox's Graph, over TLS. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { CancelledError, isCancelled } from '../../base/errors.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import type { Application } from '../../../test/sandbox/entra/directory.ts';
import { makeCertificate } from '../../../test/sandbox/pki/certificates.ts';
import { writePkcs12 } from '../../../test/sandbox/pki/pkcs12.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import type { TestIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, codeOf, external, failureOf, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';

const portal = 'cccccccc-0000-4000-8000-000000000001';
const tool = 'cccccccc-0000-4000-8000-000000000002';
const sha256 = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').toUpperCase();

describe('app registrations', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  let identity: TestIdentity;
  const name = { appId: tool, tenant: home };
  const stored = (appId = tool): Application =>
    sandbox.state.directory.applications.find((one) => one.appId === appId)!;
  const writes = (): string[] =>
    sandbox.log
      .filter(({ surface, method }) => surface === 'graph' && method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);
  const add = (more: object = {}) =>
    azure.registrations.upload({ ...name, certificateDer: identity.der, ...more }, { interactive: true });

  before(() => {
    identity = makeIdentity();
  });
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    azure = azureOf(sandbox);
  });
  afterEach(() => sandbox.close());

  describe('finding', () => {
    it('reads the credentials with what tells them apart', async () => {
      const found = await azure.registrations.find(name);
      assert.deepEqual([found.displayName, found.objectId], ['Internal Tool', stored().id]);
      const [certificate] = found.certificates;
      assert.equal(certificate?.thumbprintSha256, sha256(Buffer.from(stored().keyCredentials[0]?.key ?? '', 'base64')));
      assert.deepEqual(
        found.secrets.map(({ displayName, hint }) => [displayName, hint]),
        stored().passwordCredentials.map(({ displayName, hint }) => [displayName, hint]),
      );
    });

    it('asks the app tenant, by id or domain, and says where a registration is not', async () => {
      assert.equal(await codeOf(azure.registrations.find({ appId: portal, tenant: home })), 'registration-not-found');
      const found = await azure.registrations.find({ appId: portal, tenant: 'contosocustomers.onmicrosoft.com' });
      assert.equal(found.displayName, 'Customer Portal');
      for (const tenant of ['common', 'organizations', '', 'a/b']) {
        assert.equal(await codeOf(azure.registrations.find({ appId: tool, tenant })), 'app-tenant-needed');
      }
      const before = sandbox.log.length;
      assert.equal(
        await codeOf(azure.registrations.find({ appId: "x') or ('1' eq '1", tenant: home })),
        'registration-not-found',
      );
      assert.equal(sandbox.log.length, before);
    });

    it('searches owned ones and all of the tenant, page by page', async () => {
      const { registrations } = await azure.registrations.search({ tenant: home, scope: 'owned' });
      assert.deepEqual(
        registrations.map(({ displayName }) => displayName),
        ['Internal Tool'],
      );
      const template = stored();
      for (let index = 0; index < 25; index++) {
        const id = `dddddddd-0000-4000-8000-0000000000${index + 10}`;
        sandbox.state.directory.applications.push({ ...template, id, appId: id, displayName: `Web "Shop" ${index}` });
      }
      const all = await azure.registrations.search({ tenant: home, scope: 'all', limit: 10 });
      assert.deepEqual([all.registrations.length, all.more], [10, true]);
      const shops = await azure.registrations.search({ tenant: home, scope: 'all', text: 'Web' });
      assert.deepEqual([shops.registrations.length, shops.more], [25, false]);
      assert.equal(
        (await azure.registrations.search({ tenant: home, scope: 'all', text: tool })).registrations.length,
        1,
      );
    });
  });

  describe('upload', () => {
    it('adds the certificate beside the others, with description and dates inside its own', async () => {
      const before = structuredClone(stored().keyCredentials);
      const outcome = await add({ displayName: 'laptop of Ann' });
      const [kept, added, ...more] = stored().keyCredentials;
      assert.deepEqual([kept, more], [before[0], []]);
      assert.equal(added?.key, identity.der.toString('base64'));
      assert.deepEqual(outcome, {
        application: { appId: tool, objectId: stored().id, displayName: 'Internal Tool' },
        keyId: added.keyId,
        alreadyThere: false,
        removedMeanwhile: [],
      });
      assert.deepEqual([added.displayName, added.usage], ['laptop of Ann', 'Verify']);
      const days = (Date.parse(added.endDateTime) - Date.parse(added.startDateTime)) / 86_400_000;
      assert.ok(days > 364.9 && days < 366, String(days));
      assert.equal(stored().passwordCredentials.length, 2);
    });

    it('writes nothing the second time and says so, whoever uploaded it', async () => {
      const first = await add();
      sandbox.log.length = 0;
      const second = await azureOf(sandbox).registrations.upload({ ...name, certificateDer: identity.der });
      assert.deepEqual([second.alreadyThere, second.keyId, writes()], [true, first.keyId, []]);
    });

    it('takes the subject as description', async () => {
      await add({ displayName: '  ' });
      assert.equal(stored().keyCredentials[1]?.displayName, 'CN=ciam-client-app');
    });

    it('sends nothing but one public certificate with a key that can sign in', async () => {
      const key = identity.privateKey.export({ type: 'pkcs8', format: 'der' });
      const refused: [Uint8Array, string][] = [
        [key, 'not-a-public-certificate'],
        [writePkcs12([identity.der], key), 'not-a-public-certificate'],
        [Buffer.from(identity.certificatePem + identity.privateKeyPem), 'not-a-public-certificate'],
        [Buffer.concat([identity.der, key]), 'not-a-public-certificate'],
        [new Uint8Array(), 'not-a-public-certificate'],
        [weak('ec'), 'key-is-ec'],
        [weak('short'), 'key-too-short'],
        [makeIdentity({ from: -86_400, until: -60 }).der, 'expired'],
      ];
      for (const [certificateDer, code] of refused) {
        assert.equal(await codeOf(azure.registrations.upload({ ...name, certificateDer })), code);
      }
      assert.deepEqual(sandbox.log, []);
    });

    it('writes in the tenant of the app, whichever the vault has', async () => {
      const outcome = await azure.registrations.upload({
        appId: portal,
        tenant: external,
        certificateDer: identity.der,
      });
      assert.equal(outcome.application.displayName, 'Customer Portal');
      assert.equal(stored(portal).keyCredentials.length, 1);
    });

    it('waits for reads that lag behind, and a second run right after does not write again', async () => {
      sandbox.graph.readDelaySeconds = 20;
      const first = await add();
      assert.equal(first.alreadyThere, false);
      assert.equal(writes().length, 1);
      sandbox.graph.readDelaySeconds = 40;
      const other = makeIdentity();
      await azure.registrations.upload({ ...name, certificateDer: other.der });
      assert.equal(stored().keyCredentials.length, 3);
    });

    it('keeps what another administrator adds between our two reads, and adds anew what they took away', async () => {
      sandbox.graph.secondAdministrator = { when: 'afterRead', does: 'addsCertificate', times: 1 };
      await add();
      assert.equal(stored().keyCredentials.length, 3);
      const other = makeIdentity();
      sandbox.graph.secondAdministrator = { when: 'afterWrite', does: 'removesOurs', times: 1 };
      const outcome = await azure.registrations.upload({ ...name, certificateDer: other.der });
      assert.equal(outcome.alreadyThere, false);
      assert.ok(stored().keyCredentials.some(({ key }) => key === other.der.toString('base64')));
      assert.equal(stored().keyCredentials.length, 4);
    });

    it('changes nothing when it is cancelled before the write', async () => {
      const before = structuredClone(stored());
      const controller = new AbortController();
      sandbox.faults.add({ surface: 'graph', kind: 'latency', milliseconds: 50, path: 'applications' });
      const work = azure.registrations.upload({ ...name, certificateDer: identity.der }, { signal: controller.signal });
      setImmediate(() => controller.abort());
      await assert.rejects(work, (error) => isCancelled(error) && error instanceof CancelledError);
      assert.deepEqual(stored(), before);
    });
  });

  describe('refusals', () => {
    it('tell a missing permission of the sign-in, before anything is tried', async () => {
      // VS Code's own client, as it is for an application without consent: User.Read only.
      const editor = {
        ...azure.editor,
        session: () => Promise.resolve({ accessToken: weakToken(sandbox), account: 'dev' }),
      };
      const weakAzure = azureOf(sandbox, { editor });
      const error = await failureOf(weakAzure.registrations.upload({ ...name, certificateDer: identity.der }));
      assert.equal(error.code, 'graph-permission-missing');
      assert.match(error.message, /Application\.ReadWrite\.All/);
      assert.deepEqual(
        sandbox.log.filter(({ surface }) => surface === 'graph'),
        [],
      );
      assert.equal(await codeOf(weakAzure.registrations.find(name)), 'graph-forbidden');
    });

    it('fall back to the next way to sign in when the first may not write', async () => {
      const editor = {
        ...azure.editor,
        session: () => Promise.resolve({ accessToken: weakToken(sandbox), account: 'dev' }),
      };
      const environment = {
        AZURE_TENANT_ID: home,
        AZURE_CLIENT_ID: 'cccccccc-0000-4000-8000-000000000003',
        AZURE_CLIENT_SECRET: sandbox.secrets['sandbox developer'],
      };
      const both = azureOf(sandbox, { editor, environment, order: ['vscode', 'environment'] });
      const outcome = await both.registrations.upload({ ...name, certificateDer: identity.der });
      assert.equal(outcome.alreadyThere, false);
      assert.equal(
        (await both.signIn.token({ audience: 'resourceManager', tenant: home, interactive: false })).source,
        'vscode',
      );
    });

    it('tell a missing role and ownership, with the roles that would do', async () => {
      azure.editor.user = 'reader@contoso.onmicrosoft.com';
      const error = await failureOf(add());
      assert.equal(error.code, 'registration-forbidden');
      assert.match(error.message, /reader@contoso.*Application Administrator.*Cloud Application Administrator/s);
      assert.equal((error.details.data as { tenant: string }).tenant, home);
    });

    it('tell the policy, by preflight and by trying', async () => {
      const cases: [Sandbox['graph']['policy'], string][] = [
        [{ certificateLifetimeDays: 90 }, 'policy-lifetime'],
        [{ certificatesBlocked: true }, 'policy-forbids-certificates'],
        [{ trustedAuthorities: [] }, 'policy-untrusted-issuer'],
      ];
      for (const [policy, code] of cases) {
        sandbox.graph.policy = policy;
        const { problems } = await azure.registrations.preflight(name, identity.der);
        assert.deepEqual(
          problems.map((one) => one.code),
          [code],
        );
        assert.equal(await codeOf(add()), code);
      }
      assert.equal(stored().keyCredentials.length, 1);
    });

    it('tell the policy of the one application, which holds instead of the tenant’s', async () => {
      sandbox.graph.policy = { certificatesBlocked: true };
      sandbox.graph.applicationPolicies[stored().id] = { certificateLifetimeDays: 30 };
      const { policy, problems } = await azure.registrations.preflight(name, identity.der);
      assert.deepEqual([policy?.name, policy?.longestCertificateDays], ['Policy of one application', 30]);
      assert.deepEqual(
        problems.map(({ code, severity }) => [code, severity]),
        [['policy-lifetime', 'error']],
      );
      assert.equal(await codeOf(add()), 'policy-lifetime');
      sandbox.graph.applicationPolicies[stored().id] = {};
      assert.equal((await add()).alreadyThere, false);
    });

    it('tell a service that is down, and a name that is not trusted', async () => {
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 500 });
      assert.equal(await codeOf(add()), 'graph-unavailable');
      sandbox.faults.clear();
      sandbox.setTls('untrusted', 'graph');
      assert.equal(await codeOf(azureOf(sandbox).registrations.find(name)), 'tls-not-trusted');
    });

    it('follow no link to another server', async () => {
      sandbox.faults.add({
        surface: 'graph',
        kind: 'reply',
        status: 200,
        json: { value: [], '@odata.nextLink': 'https://elsewhere.example/v1.0/applications' },
      });
      assert.equal(await codeOf(azure.registrations.search({ tenant: home, scope: 'all' })), 'address-outside-service');
    });
  });

  describe('preflight', () => {
    it('knows owners, roles, and who neither owns nor holds one', async () => {
      const owner = await azure.registrations.preflight(name);
      assert.deepEqual([owner.owner, owner.mayWrite, owner.problems], [true, 'yes', []]);
      azure.editor.user = 'reader@contoso.onmicrosoft.com';
      azure.forgetTokens();
      const reader = await azure.registrations.preflight(name);
      assert.deepEqual([reader.owner, reader.mayWrite], [false, 'unknown']);
      assert.deepEqual(
        reader.problems.map(({ code, severity }) => [code, severity]),
        [['registration-forbidden', 'warning']],
      );
      azure.editor.user = 'admin@contosocustomers.onmicrosoft.com';
      azure.forgetTokens();
      const admin = await azure.registrations.preflight({ appId: portal, tenant: external });
      assert.deepEqual([admin.owner, admin.mayWrite], [false, 'yes']);
    });
  });

  describe('removing', () => {
    it('takes one certificate away, and neither the last credential nor the one that tokens are encrypted with', async () => {
      const { keyId } = await add();
      const [old] = stored().keyCredentials;
      stored().tokenEncryptionKeyId = keyId;
      assert.equal(await codeOf(azure.registrations.removeCertificate(name, keyId)), 'certificate-encrypts-tokens');
      stored().tokenEncryptionKeyId = null;
      assert.deepEqual(await azure.registrations.removeCertificate(name, old?.keyId.toUpperCase() ?? ''), {
        removed: [old?.keyId],
        alreadyGone: [],
      });
      stored().passwordCredentials = stored().passwordCredentials.filter(
        ({ endDateTime }) => Date.parse(endDateTime) < Date.now(),
      );
      assert.equal(await codeOf(azure.registrations.removeCertificate(name, keyId)), 'last-credential');
      assert.equal(stored().keyCredentials.length, 1);
      const again = await azure.registrations.removeCertificate(name, old?.keyId ?? '');
      assert.deepEqual(again.alreadyGone, [old?.keyId]);
    });

    it('removes secrets by key id, only those, and not the last credential', async () => {
      const [tool1, expired] = stored().passwordCredentials;
      await add();
      assert.deepEqual(await azure.registrations.removeSecrets(name, [tool1?.keyId ?? '', tool1?.keyId ?? '']), {
        removed: [tool1?.keyId],
        alreadyGone: [],
      });
      assert.deepEqual(stored().passwordCredentials, [expired]);
      const again = await azure.registrations.removeSecrets(name, [tool1?.keyId ?? '']);
      assert.deepEqual(again.alreadyGone, [tool1?.keyId]);
      const secret = stored(portal).passwordCredentials[0]?.keyId ?? '';
      const customers = { appId: portal, tenant: external };
      assert.equal(await codeOf(azure.registrations.removeSecrets(customers, [secret])), 'last-credential');
      assert.equal(stored(portal).passwordCredentials.length, 1);
    });

    it('finds out what became of a removal whose answer was lost', async () => {
      await add();
      const [secret] = stored().passwordCredentials;
      sandbox.faults.add({ surface: 'graph', kind: 'lostAnswer', path: 'removePassword', times: 1 });
      const { removed } = await azure.registrations.removeSecrets(name, [secret?.keyId ?? '']);
      assert.deepEqual(removed, [secret?.keyId]);
      assert.equal(stored().passwordCredentials.length, 1);
    });
  });

  it('tell an administrator what to do, and where', () => {
    const calls = azure.registrations.administratorCalls(
      { ...name, certificateDer: identity.der, displayName: "Ann's laptop" },
      'app.pem',
    );
    assert.equal(
      calls.portal,
      `https://portal.example/#@${home}/view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${tool}`,
    );
    assert.match(
      calls.az.join('\n'),
      new RegExp(
        `az login .*'${home}'[^]*--append .*--id '${tool}' --cert '@app.pem' --display-name .* --end-date '\\d{4}-[^']*Z'`,
      ),
    );
    assert.doesNotMatch(calls.az.join('\n'), /Ann's/);
    assert.match(calls.graph[1]?.body ?? '', /EVERY ENTRY[^]*"usage": "Verify"/);
  });
});

/** A token that may read its own user only. */
function weakToken(sandbox: Sandbox): string {
  return sandbox.userToken({
    user: 'dev@contoso.onmicrosoft.com',
    tenant: home,
    resource: sandbox.graphOrigin,
    clientId: '99999999-0000-4000-8000-000000000000',
  });
}

function weak(kind: 'ec' | 'short'): Buffer {
  const pair =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 1024 });
  const now = Math.floor(Date.now() / 1000);
  return makeCertificate(
    { subject: 'CN=weak', publicKey: pair.publicKey, notBefore: now - 60, notAfter: now + 86_400 },
    { key: pair.privateKey },
  );
}
