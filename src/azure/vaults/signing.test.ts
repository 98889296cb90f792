import assert from 'node:assert/strict';
import { constants, verify, X509Certificate } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../../test/sandbox/sandbox.ts';
import { isCancelled } from '../../base/errors.ts';
import { azureOf, failureOf } from '../testing/azure.ts';

describe('signing in a vault', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => {
    sandbox.faults.clear();
    sandbox.vault('contoso-web').grants = [{ principal: '*', role: 'Key Vault Administrator' }];
  });
  after(() => sandbox.close());

  const input = Buffer.from('header.claims');
  const newest = (name: string) => {
    const version = sandbox.vault('contoso-web').certificates[name]?.versions.at(-1);
    assert.ok(version);
    return {
      key: { name, version: version.id },
      publicKey: new X509Certificate(Buffer.from(version.cer, 'base64')).publicKey,
    };
  };

  it('gives a PS256 signature of a key that is never handed out', async () => {
    const { key, publicKey } = newest('locked-app');
    const before = sandbox.log.length;
    const signature = await azureOf(sandbox).vault('contoso-web').sign(key, input);
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    assert.ok(verify('sha256', input, { key: publicKey, ...padding }, signature));
    assert.ok(sandbox.log.slice(before).every(({ path }) => path.startsWith('/keys/locked-app/')));
  });

  it('names the role that signing takes', async () => {
    sandbox.vault('contoso-web').grants = [{ principal: '*', role: 'Key Vault Certificates Officer' }];
    const failure = await failureOf(azureOf(sandbox).vault('contoso-web').sign(newest('locked-app').key, input));
    assert.equal(failure.code, 'vault-forbidden');
    assert.match(failure.message, /"Key Vault Crypto User"/);
    assert.equal((failure.details.data as { role?: string }).role, 'Key Vault Crypto User');
  });

  it('names the permission in a vault with access policies', async () => {
    const legacy = sandbox.vault('contoso-legacy');
    legacy.grants = [{ principal: '*', role: 'Key Vault Reader' }];
    const version = legacy.certificates['legacy-app']?.versions.at(-1)?.id ?? '';
    const failure = await failureOf(
      azureOf(sandbox).vault('contoso-legacy').sign({ name: 'legacy-app', version }, input),
    );
    assert.match(failure.message, /"keys sign"/);
  });

  it('refuses keys that Entra takes no signature of', async () => {
    const failure = await failureOf(azureOf(sandbox).vault('contoso-web').sign(newest('ec-app').key, input));
    assert.equal(failure.code, 'key-cannot-sign');
  });

  for (const name of ['disabled-app', 'expired-app'])
    it(`tells that the key of ${name} cannot be used`, async () => {
      const failure = await failureOf(azureOf(sandbox).vault('contoso-web').sign(newest(name).key, input));
      assert.equal(failure.code, 'certificate-disabled');
      // The vault does not tell which.
      assert.match(failure.message, /expired, make a new version of it; otherwise enable it/);
    });

  it('ends at once when it is cancelled', async () => {
    sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 60_000 });
    const controller = new AbortController();
    const signing = azureOf(sandbox)
      .vault('contoso-web')
      .sign(newest('locked-app').key, input, { signal: controller.signal });
    controller.abort();
    await assert.rejects(signing, isCancelled);
  });

  it('tells an answer that is none', async () => {
    sandbox.faults.add({ surface: 'vault', path: '/sign$', kind: 'brokenJson' });
    const failure = await failureOf(azureOf(sandbox).vault('contoso-web').sign(newest('locked-app').key, input));
    assert.equal(failure.code, 'answer-unreadable');
  });
});
