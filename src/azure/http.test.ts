import assert from 'node:assert/strict';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { startSandbox } from '../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../test/sandbox/sandbox.ts';
import { createHttp } from './http.ts';
import { all, azureOf, codeOf, testClock } from './testing/azure.ts';

describe('how requests leave', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.faults.clear());
  after(() => sandbox.close());

  it('gives up on a server that does not answer, and says so', async () => {
    sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 60_000 });
    const http = createHttp({
      clock: testClock(sandbox),
      trustedCertificates: sandbox.ca.certificatePem,
      timeout: 50,
    });
    const url = `${sandbox.vaultOrigin('contoso-dev')}/certificates`;
    assert.equal(await codeOf(http.sendRequest(createPipelineRequest({ url }))), 'request-timed-out');
  });

  it('repeats what broke on the way, but no deletion: the second one would be told that there is nothing', async () => {
    const url = `${sandbox.vaultOrigin('contoso-dev')}/certificates/x`;
    for (const [method, waits] of [
      ['GET', [1_000]],
      ['PATCH', [1_000]],
      ['DELETE', []],
      ['POST', []],
    ] as const) {
      sandbox.faults.add({ surface: 'vault', kind: 'reset', times: 1 });
      const clock = testClock(sandbox);
      const http = createHttp({ clock, trustedCertificates: sandbox.ca.certificatePem });
      const work = http.sendRequest(createPipelineRequest({ url, method }));
      if (waits.length > 0) assert.equal((await work).status, 401);
      else await assert.rejects(work, /ECONNRESET|socket hang up|disconnected/);
      assert.deepEqual(clock.waits, waits, method);
    }
  });

  it('keeps its bodies when several creations are the first calls to a vault', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    const names = ['first-a', 'first-b', 'first-c'];
    // The answer to the first is overtaken by the others.
    sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 100, times: 1 });
    const outcomes = await Promise.all(names.map((name) => vault.create({ name, policy: { subject: `CN=${name}` } })));
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'completed' && outcome.certificate.policy?.subject),
      names.map((name) => `CN=${name}`),
    );
  });

  it('lets one caller leave the queue before a first challenge and serves the others', async () => {
    sandbox.faults.add({ surface: 'vault', kind: 'latency', milliseconds: 200, times: 1 });
    const vault = azureOf(sandbox).vault('contoso-dev');
    const stop = new AbortController();
    const first = all(vault.list());
    const leaving = vault.get({ name: 'local-app' }, { signal: stop.signal });
    const staying = vault.get({ name: 'local-app' });
    stop.abort();
    await assert.rejects(leaving, { name: 'CancelledError' });
    assert.equal((await staying).name, 'local-app');
    assert.ok((await first).length > 0);
  });

  it('recovers when the first call to a vault fails', async () => {
    const vault = azureOf(sandbox).vault('contoso-dev');
    sandbox.faults.add({
      surface: 'vault',
      kind: 'reply',
      status: 400,
      times: 1,
      json: { error: { code: 'X', message: 'no' } },
    });
    assert.equal(await codeOf(vault.get({ name: 'local-app' })), 'vault-refused-request');
    assert.equal((await vault.get({ name: 'local-app' })).name, 'local-app');
  });

  it('calls itself what it is told, not "undefined"', async () => {
    const before = sandbox.log.length;
    await all(azureOf(sandbox).vault('contoso-dev').list());
    assert.ok(sandbox.log.slice(before).every(({ userAgent }) => userAgent.startsWith('client-certificate-guide/')));
  });
});
