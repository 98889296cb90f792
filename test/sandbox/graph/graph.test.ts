import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { createAsk, makeIdentity } from '../testing.ts';
import type { Answer, Ask, TestIdentity } from '../testing.ts';
import type { Application } from '../entra/directory.ts';
import { writePkcs12 } from '../pki/pkcs12.ts';

const home = 'aaaaaaaa-0000-4000-8000-000000000001';
const external = 'eeeeeeee-0000-4000-8000-000000000002';
const portal = 'cccccccc-0000-4000-8000-000000000001';
const tool = 'cccccccc-0000-4000-8000-000000000002';
const developer = 'dev@contoso.onmicrosoft.com';
const reader = 'reader@contoso.onmicrosoft.com';

interface KeyJson {
  readonly keyId: string;
  readonly key: string | null;
  readonly customKeyIdentifier: string;
  readonly displayName: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly type: string;
  readonly usage: string;
}

describe('Graph applications', () => {
  let sandbox: Sandbox;
  let identity: TestIdentity;
  let plain: ReturnType<typeof createAsk>;

  before(() => {
    identity = makeIdentity();
  });
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: await smallSeed() });
    plain = createAsk(sandbox.ca.certificatePem);
  });
  afterEach(() => sandbox.close());

  const smallSeed = async (): Promise<NonNullable<Parameters<typeof startSandbox>[0]>['seed'] & object> => {
    const { readSeed } = await import('../seed/seed.ts');
    return { ...readSeed(), vaults: [] };
  };

  const ask = (
    path: string,
    options: Ask & { user?: string; tenant?: string; clientId?: string } = {},
  ): Promise<Answer> => {
    const token = sandbox.userToken({
      user: options.user ?? developer,
      tenant: options.tenant ?? home,
      resource: 'https://graph.microsoft.com',
      ...(options.clientId === undefined ? {} : { clientId: options.clientId }),
    });
    return plain(`${sandbox.graphOrigin}/v1.0${path}`, {
      ...options,
      headers: { authorization: `Bearer ${token}`, ...options.headers },
    });
  };
  const stored = (appId = tool): Application =>
    sandbox.state.directory.applications.find((one) => one.appId === appId)!;
  const keys = async (select = ''): Promise<KeyJson[]> =>
    (await ask(`/applications(appId='${tool}')${select}`)).body.keyCredentials as KeyJson[];
  const entry = (more: object = {}): object => ({
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: identity.der.toString('base64'),
    ...more,
  });
  const patch = (keyCredentials: unknown[], options: object = {}): Promise<Answer> =>
    ask(`/applications/${stored().id}`, { method: 'PATCH', json: { keyCredentials }, ...options });
  const codes = (answer: Answer): unknown[] => {
    const error = answer.body.error as { code: string; details?: { code: string }[] };
    return [answer.status, error.code, error.details?.[0]?.code];
  };

  describe('reading', () => {
    it('finds an application by object id and by app id, without the keys unless selected [rec]', async () => {
      const byAppId = await ask(`/applications(appId='${tool}')`);
      assert.equal(byAppId.body['@odata.context'], 'https://graph.microsoft.com/v1.0/$metadata#applications/$entity');
      assert.match(byAppId.headers['content-type'] ?? '', /^application\/json;odata\.metadata=minimal/);
      assert.equal((await ask(`/applications/${stored().id}`)).body.appId, tool);
      const [key] = await keys();
      const [selected] = await keys('?$select=keyCredentials');
      assert.equal(key?.key, null);
      const der = Buffer.from(selected?.key ?? '', 'base64');
      assert.equal(key.customKeyIdentifier, createHash('sha1').update(der).digest('hex').toUpperCase());
      assert.equal(key.displayName, 'CN=internal-tool');
      const [password] = byAppId.body.passwordCredentials as Record<string, unknown>[];
      assert.deepEqual([password?.secretText, password?.hint], [null, sandbox.secrets['tool secret']?.slice(0, 3)]);
      const missing = await ask(`/applications(appId='${portal}')`);
      assert.deepEqual(codes(missing), [404, 'Request_ResourceNotFound', undefined]);
    });

    it('lists in pages, filters, searches with the header only, and knows owned objects', async () => {
      for (let index = 0; index < 5; index++) {
        assert.equal((await ask('/applications', { json: { displayName: `Web Shop ${index}` } })).status, 201);
      }
      const first = await ask('/applications?$top=3');
      assert.equal((first.body.value as unknown[]).length, 3);
      const next = new URL(String(first.body['@odata.nextLink']));
      assert.equal(((await ask(next.href.split('/v1.0')[1] ?? '')).body.value as unknown[]).length, 3);
      const count = async (path: string, headers = {}): Promise<number> =>
        ((await ask(path, { headers })).body.value as unknown[]).length;
      assert.equal(await count("/applications?$filter=startswith(displayName,'Web')"), 5);
      assert.equal(await count(`/applications?$filter=appId eq '${tool}'`), 1);
      const search = '/applications?$search="displayName:Sho"&$count=true';
      assert.equal((await ask(search)).status, 400);
      assert.equal(await count(search, { ConsistencyLevel: 'eventual' }), 5);
      assert.equal(await count('/me/ownedObjects/microsoft.graph.application'), 6);
    });

    it('throttles reads that select the keys', async () => {
      sandbox.graph.keyCredentialReadsPerMinute = 2;
      const read = (): Promise<Answer> => ask(`/applications/${stored().id}?$select=keyCredentials`);
      assert.deepEqual([(await read()).status, (await read()).status], [200, 200]);
      const throttled = await read();
      assert.deepEqual([throttled.status, Number(throttled.headers['retry-after']) > 0], [429, true]);
    });
  });

  describe('PATCH of keyCredentials', () => {
    it('answers 204 and replaces the collection; the service fills in the rest [rec]', async () => {
      const keyId = '00000000-1111-4222-8333-444444444444';
      const answer = await patch([entry({ keyId, displayName: null })]);
      assert.deepEqual([answer.status, answer.text], [204, '']);
      const after = await keys();
      assert.equal(after.length, 1);
      assert.deepEqual([after[0]?.keyId, after[0]?.key, after[0]?.displayName], [keyId, null, 'CN=ciam-client-app']);
      assert.equal(after[0]?.customKeyIdentifier, createHash('sha1').update(identity.der).digest('hex').toUpperCase());
      assert.ok(!after[0].endDateTime.includes('.'));
    });

    it('keeps an entry that is sent again with its key id and key null', async () => {
      const old = await keys();
      assert.equal((await patch([...old, entry()])).status, 204);
      const after = await keys();
      assert.deepEqual(after[0], old[0]);
      assert.equal(after.length, 2);
    });

    it('refuses to change an entry, and changes nothing then', async () => {
      const [old] = await keys();
      const later = { ...old, endDateTime: '2031-01-01T00:00:00Z' };
      for (const changed of [{ ...old, key: identity.der.toString('base64') }, later]) {
        assert.deepEqual(codes(await patch([changed, entry()])), [400, 'Request_BadRequest', 'KeyNotUpdatable']);
      }
      assert.deepEqual(await keys(), [old]);
    });

    it('refuses dates outside the certificate, also by fractions of a second', async () => {
      const { validToDate, validFromDate } = new (await import('node:crypto')).X509Certificate(identity.der);
      const late = new Date(validToDate.getTime() + 1).toISOString();
      assert.deepEqual(codes(await patch([entry({ endDateTime: late })])), [
        400,
        'KeyCredentialsInvalidEndDate',
        'InvalidKeyEndDate',
      ]);
      const early = new Date(validFromDate.getTime() - 1000).toISOString();
      assert.equal(codes(await patch([entry({ startDateTime: early })]))[1], 'KeyCredentialsInvalidStartDate');
      assert.equal((await patch([entry({ endDateTime: validToDate.toISOString() })])).status, 204);
    });

    it('refuses what is no public certificate, and incomplete entries', async () => {
      const key = identity.privateKey.export({ type: 'pkcs8', format: 'der' });
      const pfx = writePkcs12([identity.der], key);
      for (const bad of [
        key,
        pfx,
        Buffer.concat([identity.der, Buffer.from('x')]),
        Buffer.from(''),
        Buffer.from(identity.certificatePem),
      ]) {
        assert.equal(codes(await patch([entry({ key: bad.toString('base64') })]))[1], 'KeyCredentialsInvalidValue');
      }
      assert.match((await patch([entry({ usage: undefined })])).text, /Acceptable values are Sign, Verify\./);
      assert.equal((await patch([entry({ type: 'nonsense' })])).status, 400);
      assert.equal(
        (await ask(`/applications/${stored().id}`, { method: 'PATCH', json: { passwordCredentials: [] } })).status,
        400,
      );
    });

    it('holds to the tenant policy', async () => {
      sandbox.graph.policy = { certificateLifetimeDays: 90 };
      assert.equal(codes(await patch([entry()]))[1], 'CredentialInvalidLifetimeAsPerAppPolicy');
      sandbox.graph.policy = { certificatesBlocked: true };
      assert.equal(codes(await patch([entry()]))[1], 'CredentialTypeNotAllowedAsPerAppPolicy');
      sandbox.graph.policy = { trustedAuthorities: [] };
      assert.equal((await patch([entry()])).status, 400);
      assert.equal((await patch(await keys())).status, 204);
      const policy = await ask('/policies/defaultAppManagementPolicy');
      assert.equal(policy.body.isEnabled, true);
    });

    it('wants the right to write: scope and ownership or role', async () => {
      assert.deepEqual(codes(await patch([], { user: reader })), [403, 'Authorization_RequestDenied', undefined]);
      const unknownClient = '99999999-0000-4000-8000-000000000000';
      assert.equal((await patch([], { clientId: unknownClient })).status, 403);
      assert.equal((await ask('/applications', { clientId: unknownClient })).status, 403);
      const id = stored(portal).id;
      const json = { keyCredentials: [entry()] };
      const asAdmin = { user: 'admin@contosocustomers.onmicrosoft.com', tenant: external };
      assert.equal((await ask(`/applications/${id}`, { method: 'PATCH', json, ...asAdmin })).status, 204);
    });

    it('loses what the other administrator wrote in between, for there is no ETag', async () => {
      sandbox.graph.secondAdministrator = { when: 'beforeWrite', does: 'addsCertificate', times: 1 };
      const old = await keys();
      assert.equal((await patch([...old, entry()])).status, 204);
      assert.equal((await keys()).length, 2);
      sandbox.graph.secondAdministrator = { when: 'afterWrite', does: 'removesOurs', times: 1 };
      const before = await keys();
      await patch([...before, entry()]);
      assert.deepEqual(await keys(), before);
    });

    it('shows a write late, and lets the token endpoint know it later still', async () => {
      Object.assign(sandbox.graph, { readDelaySeconds: 5, credentialDelaySeconds: 10 });
      const old = await keys();
      await patch([...old, entry()]);
      assert.deepEqual(await keys(), old);
      sandbox.clock.advance(6000);
      assert.equal((await keys()).length, 2);
      assert.deepEqual((await tokenBy(identity)).body.error_codes, [700027]);
      sandbox.clock.advance(6000);
      assert.equal((await tokenBy(identity)).status, 200);
    });
  });

  const jwt = (who: TestIdentity, header: object, payload: object): string => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${encode({ alg: 'RS256', typ: 'JWT', ...header })}.${encode(payload)}`;
    return `${text}.${sign('sha256', Buffer.from(text), who.privateKey).toString('base64url')}`;
  };
  const tokenBy = (who: TestIdentity): Promise<Answer> => {
    const url = `${sandbox.entraOrigin}/${home}/oauth2/v2.0/token`;
    const now = sandbox.clock.seconds();
    const x5t = createHash('sha1').update(who.der).digest('base64url');
    const client_assertion = jwt(who, { x5t }, { aud: url, iss: tool, sub: tool, nbf: now, exp: now + 600 });
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const scope = 'https://graph.microsoft.com/.default';
    return plain(url, {
      form: { grant_type: 'client_credentials', client_id: tool, scope, client_assertion, client_assertion_type },
    });
  };

  describe('single credentials', () => {
    it('adds a secret that works and removes it, with its hint [rec]', async () => {
      const id = stored().id;
      const added = await ask(`/applications/${id}/addPassword`, {
        json: { passwordCredential: { displayName: 'new' } },
      });
      assert.equal(added.status, 200);
      const secret = String(added.body.secretText);
      assert.equal(added.body.hint, secret.slice(0, 3));
      const form = {
        grant_type: 'client_credentials',
        client_id: tool,
        scope: 'https://graph.microsoft.com/.default',
        client_secret: secret,
      };
      const url = `${sandbox.entraOrigin}/${home}/oauth2/v2.0/token`;
      assert.equal((await plain(url, { form })).status, 200);
      const { keyId } = added.body;
      assert.equal((await ask(`/applications/${id}/removePassword`, { json: { keyId } })).status, 204);
      assert.deepEqual((await plain(url, { form })).body.error_codes, [7000215]);
      const again = await ask(`/applications/${id}/removePassword`, { json: { keyId } });
      assert.match(again.text, /No password credential found with keyId '/);
      const expired = { ...form, client_secret: sandbox.secrets['old tool secret'] ?? '' };
      assert.deepEqual((await plain(url, { form: expired })).body.error_codes, [7000222]);
    });

    it('rolls a key with a proof of an old one, by the application itself only', async () => {
      await patch([entry()]);
      const { id } = stored();
      const now = sandbox.clock.seconds();
      const proof = (more: object = {}): string =>
        jwt(identity, {}, { aud: '00000002-0000-0000-c000-000000000000', iss: id, nbf: now, exp: now + 600, ...more });
      const next = makeIdentity({ key: identity.privateKey });
      const json = {
        keyCredential: entry({ key: next.der.toString('base64') }),
        passwordCredential: null,
        proof: proof(),
      };
      assert.equal((await ask(`/applications/${id}/addKey`, { json })).status, 401);
      const token = String((await tokenBy(identity)).body.access_token);
      const asApp = (path: string, body: object): Promise<Answer> =>
        plain(`${sandbox.graphOrigin}/v1.0/applications/${id}/${path}`, {
          json: body,
          headers: { authorization: `Bearer ${token}` },
        });
      assert.equal((await asApp('addKey', { ...json, proof: proof({ exp: now + 3600 }) })).status, 401);
      assert.equal((await asApp('addKey', json)).status, 200);
      assert.equal(stored().keyCredentials.length, 2);
      const keyId = stored().keyCredentials[0]?.keyId;
      assert.equal((await asApp('removeKey', { keyId, proof: proof() })).status, 204);
      assert.equal(stored().keyCredentials.length, 1);
    });
  });
});
