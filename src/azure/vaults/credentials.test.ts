import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { readPkcs12, writePkcs12 } from '../../../test/sandbox/pki/pkcs12.ts';
import { all, azureOf, codeOf, failureOf } from '../testing/azure.ts';
import type { FetchedCredential } from './types.ts';

/** Certificate and key of what was fetched, as openssl and Node read them. */
function opened({ bytes, contentType }: FetchedCredential): { certificate: X509Certificate; matches: boolean } {
  if (contentType === 'application/x-pem-file') {
    const text = Buffer.from(bytes).toString('utf8');
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE')));
    return { certificate, matches: certificate.checkPrivateKey(createPrivateKey(text)) };
  }
  const { certificates, keys } = readPkcs12(Buffer.from(bytes), '');
  const certificate = new X509Certificate(certificates[0] ?? '');
  const key = createPrivateKey({ key: keys[0] ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' });
  return { certificate, matches: certificate.checkPrivateKey(key) };
}

describe('keys in and out of a vault', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  it('fetches PKCS#12 and PEM with the key that belongs to the certificate', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    for (const [name, contentType] of [
      ['ciam-client-app', 'application/x-pkcs12'],
      ['pem-app', 'application/x-pem-file'],
    ] as const) {
      const fetched = await vault.fetchCredential({ name });
      assert.equal(fetched.contentType, contentType);
      const { certificate, matches } = opened(fetched);
      assert.ok(matches);
      assert.deepEqual(certificate.raw, Buffer.from(fetched.certificate.certificateDer ?? ''));
    }
  });

  it('fetches the version that was asked for', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const versions = await all(vault.versions('renewed-app'));
    const old = versions.find(({ thumbprintSha1 }) => thumbprintSha1 !== undefined);
    const fetched = await vault.fetchCredential({ name: 'renewed-app', version: old?.version ?? '' });
    assert.equal(opened(fetched).certificate.fingerprint.replaceAll(':', ''), old?.thumbprintSha1);
  });

  it('recognises a key that never leaves the vault before asking for it', async () => {
    const azure = azureOf(sandbox);
    const before = sandbox.log.length;
    const failure = await failureOf(azure.vault('contoso-web').fetchCredential({ name: 'locked-app' }));
    assert.equal(failure.code, 'key-not-exportable');
    assert.match(failure.message, /locked-app never leaves the vault contoso-web/);
    assert.ok(sandbox.log.slice(before).every(({ path }) => !path.startsWith('/secrets')));
  });

  it('names role or permission when only the certificate may be read', async () => {
    const byRole = await failureOf(
      azureOf(sandbox).vault('contoso-certs-only').fetchCredential({ name: 'no-secret-app' }),
    );
    assert.equal(byRole.code, 'secret-get-denied');
    assert.match(byRole.message, /"Key Vault Certificate User" or "Key Vault Secrets User"/);
    const legacy = sandbox.vault('contoso-legacy');
    const grants = legacy.grants;
    legacy.grants = [{ principal: '*', role: 'Key Vault Certificates Officer' }];
    try {
      const byPolicy = await failureOf(
        azureOf(sandbox).vault('contoso-legacy').fetchCredential({ name: 'legacy-app' }),
      );
      assert.equal(byPolicy.code, 'secret-get-denied');
      assert.match(byPolicy.message, /permission "secrets get"/);
    } finally {
      legacy.grants = grants;
    }
  });

  it('tells disabled and unfinished certificates apart', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    assert.equal(await codeOf(vault.fetchCredential({ name: 'disabled-app' })), 'certificate-disabled');
    assert.equal(await codeOf(vault.fetchCredential({ name: 'pending-order' })), 'creation-pending');
    assert.equal(await codeOf(vault.fetchCredential({ name: 'nowhere' })), 'certificate-not-found');
  });

  it('imports PKCS#12 with a password and keeps "not exportable" on the wire', async () => {
    const { der, privateKey } = makeIdentity();
    const key = privateKey.export({ type: 'pkcs8', format: 'der' });
    const content = writePkcs12([der], key, 'pass word');
    const vault = azureOf(sandbox).vault('contoso-dev');
    const request = { content, kind: 'pkcs12', password: 'pass word', exportable: false } as const;
    const made = await vault.import({ ...request, name: 'imported', tags: { from: 'file' }, enabled: false });
    assert.deepEqual(Buffer.from(made.certificateDer ?? ''), der);
    assert.equal(made.policy?.exportable, false);
    assert.equal(made.enabled, false);
    assert.deepEqual(made.tags, { from: 'file' });
    assert.equal(sandbox.vault('contoso-dev').certificates.imported?.versions[0]?.exportable, false);
    assert.equal(await codeOf(vault.fetchCredential({ name: 'imported' })), 'key-not-exportable');
    const open = await vault.import({ ...request, name: 'imported-open', exportable: true });
    assert.equal(open.policy?.exportable, true);
    assert.ok(opened(await vault.fetchCredential({ name: 'imported-open' })).matches);
  });

  it('imports PEM, also with Windows line ends', async () => {
    const { certificatePem, privateKeyPem } = makeIdentity();
    const content = Buffer.from(`${privateKeyPem}${certificatePem}`.replaceAll('\n', '\r\n'));
    const vault = azureOf(sandbox).vault('contoso-dev');
    await vault.import({ name: 'imported-pem', content, kind: 'pem', exportable: true });
    const fetched = await vault.fetchCredential({ name: 'imported-pem' });
    assert.equal(fetched.contentType, 'application/x-pem-file');
    assert.ok(opened(fetched).matches);
  });

  it('explains files that the vault cannot read, without their content', async () => {
    const { der, privateKey } = makeIdentity();
    const content = writePkcs12([der], privateKey.export({ type: 'pkcs8', format: 'der' }), 'right');
    const vault = azureOf(sandbox).vault('contoso-dev');
    const request = { name: 'unreadable', content, kind: 'pkcs12', exportable: true } as const;
    const failure = await failureOf(vault.import({ ...request, password: 'wrong-password-1' }));
    assert.equal(failure.code, 'file-not-importable');
    assert.ok(!failure.message.includes('wrong-password-1'));
    const old = makeIdentity({ from: -200_000, until: -100_000 });
    const expired = writePkcs12([old.der], old.privateKey.export({ type: 'pkcs8', format: 'der' }), '');
    assert.equal(await codeOf(vault.import({ ...request, content: expired })), 'file-not-importable');
  });

  it('changes tags and state of one version, and only what is given', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const off = await vault.update({ name: 'issued-app' }, { enabled: false, tags: { a: 'b' } });
    assert.deepEqual([off.enabled, off.tags], [false, { a: 'b' }]);
    const on = await vault.update({ name: 'issued-app', version: off.version ?? '' }, { enabled: true });
    assert.deepEqual([on.enabled, on.tags], [true, { a: 'b' }]);
    assert.deepEqual((await vault.update({ name: 'issued-app' }, { tags: {} })).tags, {});
  });

  it('changes one part of a policy and keeps the others', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const subjectAltNames = { dnsNames: ['a.contoso.com', 'b.contoso.com'] };
    const before = await vault.updatePolicy('issued-app', { subjectAltNames });
    const after = await vault.updatePolicy('issued-app', { validityMonths: 3, exportable: false });
    assert.deepEqual(after, { ...before, validityMonths: 3, exportable: false });
    assert.deepEqual(await vault.policy('issued-app'), after);
  });

  it('deletes, recovers and purges, and waits until each can be seen', async () => {
    const azure = azureOf(sandbox);
    const vault = azure.vault('contoso-dev');
    const request = { name: 'short-lived', policy: { subject: 'CN=short' } };
    await vault.create(request);
    azure.clock.waits.length = 0;
    const deleted = await vault.delete('short-lived');
    assert.ok((deleted.deleted?.scheduledPurge ?? 0) > sandbox.clock.now());
    assert.deepEqual((await vault.getDeleted('short-lived')).deleted, deleted.deleted);
    assert.equal(await codeOf(vault.getDeleted('nowhere')), 'deleted-certificate-not-found');
    assert.ok(azure.clock.waits.length > 0, 'the lag was not waited for');
    assert.equal(await codeOf(vault.get({ name: 'short-lived' })), 'certificate-not-found');
    assert.equal(await codeOf(vault.create(request)), 'name-soft-deleted');
    assert.equal((await vault.recover('short-lived')).name, 'short-lived');
    await vault.delete('short-lived');
    await vault.purge('short-lived');
    assert.equal((await vault.create(request)).status, 'completed');
    assert.equal(await codeOf(vault.purge('nowhere')), 'deleted-certificate-not-found');
  });

  it('leaves the waiting for a deletion when cancelled', async () => {
    const azure = azureOf(sandbox);
    const vault = azure.vault('contoso-dev');
    await vault.create({ name: 'deleted-anyway', policy: { subject: 'CN=x' } });
    const stop = new AbortController();
    azure.clock.onWait = () => stop.abort();
    await assert.rejects(vault.delete('deleted-anyway', { signal: stop.signal }), { name: 'CancelledError' });
  });

  it('explains a vault that is protected against purging', async () => {
    const vault = azureOf(sandbox).vault('contoso-legacy');
    await vault.delete('legacy-app');
    assert.equal(await codeOf(vault.purge('legacy-app')), 'purge-protected');
  });
});
