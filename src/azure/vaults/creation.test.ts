import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, codeOf, failureOf } from '../testing/azure.ts';
import type { StoredCertificate } from '../../../test/sandbox/vault/model.ts';
import type { CreationState } from './types.ts';

/** The key of a CSR as openssl reads it; its signature is verified on the way. */
function publicKeyOf(csrPem: string): X509Certificate['publicKey'] {
  const args = ['req', '-verify', '-noout', '-pubkey'];
  return createPublicKey(execFileSync('openssl', args, { input: csrPem, stdio: ['pipe', 'pipe', 'ignore'] }));
}

describe('creating certificates in a vault', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  const stored = (name: string): StoredCertificate | undefined => sandbox.vault('contoso-dev').certificates[name];

  it('makes what a client credential needs, and waits as long as the service asks', async () => {
    const azure = azureOf(sandbox);
    const states: CreationState[] = [];
    const outcome = await azure
      .vault('contoso-dev')
      .create(
        { name: 'new-app', policy: { subject: 'CN=new-app' }, tags: { app: 'new' } },
        { onProgress: (state) => states.push(state) },
      );
    assert.equal(outcome.status, 'completed');
    const { certificate } = outcome;
    const x509 = new X509Certificate(certificate.certificateDer ?? new Uint8Array());
    assert.equal(x509.subject, 'CN=new-app');
    assert.equal(x509.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
    assert.deepEqual(x509.keyUsage, ['1.3.6.1.5.5.7.3.2']);
    assert.deepEqual(certificate.tags, { app: 'new' });
    const { policy } = certificate;
    assert.deepEqual(
      [policy?.reuseKey, policy?.exportable, policy?.keyUsage, policy?.validityMonths, policy?.issuer],
      [false, true, ['digitalSignature'], 12, 'Self'],
    );
    assert.deepEqual(policy?.lifetimeActions, [{ action: 'EmailContacts', daysBeforeExpiry: 30 }]);
    assert.equal(azure.clock.waits[0], 10_000);
    assert.equal(states[0]?.status, 'inProgress');
    assert.match(states[0].details ?? '', /in progress/);
    assert.equal(states.at(-1)?.status, 'completed');
  });

  it('waits as long as each look at the creation asks', async () => {
    const azure = azureOf(sandbox);
    const pending = { status: 'inProgress', issuer: { name: 'Self' }, cancellation_requested: false };
    sandbox.faults.add({
      ...{ surface: 'vault', path: '/slow-app/pending', kind: 'reply', status: 200, times: 1 },
      headers: { 'retry-after': '7' },
      json: { id: `${sandbox.vaultOrigin('contoso-dev')}/certificates/slow-app/pending`, ...pending },
    });
    const outcome = await azure.vault('contoso-dev').create({ name: 'slow-app', policy: { subject: 'CN=slow-app' } });
    assert.equal(outcome.status, 'completed');
    assert.deepEqual(azure.clock.waits.slice(0, 2), [10_000, 7_000]);
  });

  it('reminds within the month of a certificate that is valid for one', async () => {
    const outcome = await azureOf(sandbox)
      .vault('contoso-dev')
      .create({ name: 'month-app', policy: { subject: 'CN=month-app', validityMonths: 1 } });
    assert.equal(outcome.status, 'completed');
    assert.deepEqual(outcome.certificate.policy?.lifetimeActions, [{ action: 'EmailContacts', atPercent: 80 }]);
  });

  it('takes every part of a policy', async () => {
    const subjectAltNames = { dnsNames: ['app.contoso.com'], emails: ['app@contoso.com'] };
    const outcome = await azureOf(sandbox)
      .vault('contoso-dev')
      .create({
        name: 'special-app',
        enabled: false,
        policy: {
          subject: 'CN=special, O=Contoso',
          subjectAltNames,
          keySize: 3072,
          exportable: false,
          reuseKey: true,
          contentType: 'application/x-pem-file',
          validityMonths: 6,
          lifetimeActions: [{ action: 'AutoRenew', atPercent: 75 }],
        },
      });
    assert.equal(outcome.status, 'completed');
    const { policy, enabled } = outcome.certificate;
    assert.equal(enabled, false);
    assert.deepEqual(
      [policy?.keySize, policy?.exportable, policy?.reuseKey, policy?.contentType, policy?.validityMonths],
      [3072, false, true, 'application/x-pem-file', 6],
    );
    assert.deepEqual(policy?.subjectAltNames, subjectAltNames);
    assert.deepEqual(policy.lifetimeActions, [{ action: 'AutoRenew', atPercent: 75 }]);
  });

  it('renews with the policy and tags that the certificate has', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const before = await vault.get({ name: 'ciam-client-app' });
    const outcome = await vault.renew('ciam-client-app');
    assert.equal(outcome.status, 'completed');
    assert.notEqual(outcome.certificate.version, before.version);
    assert.deepEqual(outcome.certificate.tags, { app: 'portal' });
    assert.deepEqual(outcome.certificate.policy, before.policy);
  });

  for (const kind of ['lostAnswer', 'brokenJson'] as const) {
    it(`goes on with a creation whose answer is lost: ${kind}`, async () => {
      const vault = azureOf(sandbox).vault('contoso-dev');
      // The first request has no token yet.
      const undo = sandbox.faults.add({ kind, surface: 'vault', method: 'POST', path: '/create$', skip: 1, times: 1 });
      const name = `lost-${kind.toLowerCase()}`;
      const outcome = await vault.create({ name, policy: { subject: 'CN=lost' } });
      undo();
      assert.equal(outcome.status, 'completed');
      assert.equal(stored(name)?.versions.length, 1);
    });
  }

  it('says that the connection broke where the creation never began', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    const undo = sandbox.faults.add({ kind: 'reset', surface: 'vault', method: 'POST', path: '/create$' });
    assert.equal(await codeOf(vault.create({ name: 'never-begun', policy: { subject: 'CN=x' } })), 'vault-unreachable');
    undo();
    assert.equal(stored('never-begun'), undefined);
  });

  it('cancels in the vault, and the name can be used again', async () => {
    const azure = azureOf(sandbox);
    const stop = new AbortController();
    azure.clock.onWait = () => stop.abort();
    const request = { name: 'cancelled-app', policy: { subject: 'CN=cancelled' } };
    await assert.rejects(azure.vault('contoso-dev').create(request, { signal: stop.signal }), {
      name: 'CancelledError',
    });
    assert.equal(stored('cancelled-app')?.pending, undefined);
    assert.equal(stored('cancelled-app')?.versions.length, 0);
    azure.clock.onWait = undefined;
    assert.equal((await azure.vault('contoso-dev').create(request)).status, 'completed');
  });

  it('says that a certificate exists when the service was faster than the cancellation', async () => {
    const azure = azureOf(sandbox);
    const stop = new AbortController();
    azure.clock.onWait = () => {
      stop.abort();
      sandbox.clock.advance(60_000);
    };
    const request = { name: 'quick-app', policy: { subject: 'CN=quick' } };
    const outcome = await azure.vault('contoso-dev').create(request, { signal: stop.signal });
    assert.equal(outcome.status, 'completed');
  });

  it('does not ask the vault for anything when it is cancelled before', async () => {
    const azure = azureOf(sandbox);
    const before = sandbox.log.length;
    const work = azure
      .vault('contoso-dev')
      .create({ name: 'never', policy: { subject: 'CN=never' } }, { signal: AbortSignal.abort() });
    await assert.rejects(work, { name: 'CancelledError' });
    assert.equal(sandbox.log.length, before);
  });

  it('can stop waiting and go on later', async () => {
    const azure = azureOf(sandbox);
    const enough = new AbortController();
    azure.clock.onWait = () => enough.abort();
    const vault = azure.vault('contoso-dev');
    const request = { name: 'slow-app', policy: { subject: 'CN=slow' } };
    const outcome = await vault.create(request, { stopWaiting: enough.signal });
    assert.equal(outcome.status, 'inProgress');
    assert.equal((await vault.creation('slow-app'))?.cancellationRequested, false);
    azure.clock.onWait = undefined;
    assert.equal((await vault.waitForCreation('slow-app')).status, 'completed');
    assert.equal(await vault.creation('local-app'), undefined);
    assert.equal(await codeOf(vault.waitForCreation('local-app')), 'no-pending-creation');
  });

  it('says that somebody else cancelled it', async () => {
    const azure = azureOf(sandbox);
    azure.clock.onWait = () => {
      azure.clock.onWait = undefined;
      const pending = stored('contested-app')?.pending;
      if (pending !== undefined) pending.cancelAt = 0;
    };
    const request = { name: 'contested-app', policy: { subject: 'CN=contested' } };
    assert.equal(await codeOf(azure.vault('contoso-dev').create(request)), 'creation-cancelled');
  });

  it("reports the service's reason when a creation fails", async () => {
    const { behaviour } = sandbox.vault('contoso-dev');
    behaviour.creationFails = { code: 'ProviderError', message: 'The CA says no' };
    try {
      const request = { name: 'failing-app', policy: { subject: 'CN=failing' } };
      const failure = await failureOf(azureOf(sandbox).vault('contoso-dev').create(request));
      assert.equal(failure.code, 'creation-failed');
      assert.match(failure.message, /could not create failing-app: The CA says no\. Correct/);
    } finally {
      delete behaviour.creationFails;
    }
  });

  it('hands out the CSR for issuer Unknown and merges what a CA made of it', async () => {
    const azure = azureOf(sandbox);
    const vault = azure.vault('contoso-dev');
    const policy = { subject: 'CN=merged-app', issuer: 'Unknown' };
    const outcome = await vault.create({ name: 'merged-app', policy });
    assert.equal(outcome.status, 'waitingForMerge');
    assert.deepEqual(azure.clock.waits, []);
    assert.match(outcome.csrPem, /^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+-----END/);
    const now = sandbox.clock.seconds();
    const issue = (publicKey: X509Certificate['publicKey']) =>
      sandbox.ca.issue({ subject: 'CN=merged-app', publicKey, notBefore: now - 60, notAfter: now + 86_400 });
    const other = issue(createPublicKey(makeIdentity().privateKey));
    assert.equal(await codeOf(vault.merge('merged-app', [other])), 'key-does-not-match');
    const der = issue(publicKeyOf(outcome.csrPem));
    const merged = await vault.merge('merged-app', [der, sandbox.ca.certificateDer]);
    assert.deepEqual(Buffer.from(merged.certificateDer ?? ''), der);
    assert.equal(await codeOf(vault.merge('merged-app', [der])), 'no-pending-creation');
  });

  it('does not merge what its own issuer answers', async () => {
    const azure = azureOf(sandbox);
    const enough = AbortSignal.abort();
    const vault = azure.vault('contoso-dev');
    await vault.create({ name: 'self-app', policy: { subject: 'CN=self' } }, { stopWaiting: enough });
    const der = (await vault.get({ name: 'local-app' })).certificateDer ?? new Uint8Array();
    assert.equal(await codeOf(vault.merge('self-app', [der])), 'merge-not-possible');
    assert.equal(await codeOf(vault.create({ name: 'self-app', policy: { subject: 'CN=self' } })), 'creation-pending');
    await vault.cancelCreation('self-app');
    assert.equal(await vault.creation('self-app'), undefined);
  });

  it('explains names that cannot be used', async () => {
    const vault = azureOf(sandbox).vault('contoso-web');
    const create = (name: string) => codeOf(vault.create({ name, policy: { subject: 'CN=x' } }));
    assert.equal(await create('deleted-app'), 'name-soft-deleted');
    assert.equal(await create('../secrets/x'), 'certificate-name-invalid');
    assert.equal(await create('a b'), 'certificate-name-invalid');
    assert.equal(await create('pending-order'), 'creation-pending');
    sandbox.vault('contoso-web').otherSecrets.push('a-secret');
    assert.equal(await create('a-secret'), 'name-taken');
    const refused = await failureOf(vault.create({ name: 'bad', policy: { subject: 'no name' } }));
    assert.equal(refused.code, 'vault-refused-request');
    assert.match(refused.message, /subject/);
  });

  it('orders from a CA of the vault', async () => {
    const policy = { subject: 'CN=ordered', issuer: 'ContosoCA' };
    const outcome = await azureOf(sandbox).vault('contoso-web').create({ name: 'ordered-app', policy });
    assert.equal(outcome.status, 'completed');
    assert.equal(outcome.certificate.policy?.issuer, 'ContosoCA');
  });
});
