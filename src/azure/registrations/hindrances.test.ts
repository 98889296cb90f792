/** An upload that Graph refuses for good, or that does not get through. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { Fault } from '../../../test/sandbox/http/faults.ts';
import { makeCertificate } from '../../../test/sandbox/pki/certificates.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, codeOf, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';

describe('an upload that does not get through', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  const { der } = makeIdentity();
  const add = () =>
    azure.registrations.upload({
      appId: 'cccccccc-0000-4000-8000-000000000002',
      tenant: home,
      certificateDer: der,
    });

  beforeEach(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    azure = azureOf(sandbox);
  });
  afterEach(() => sandbox.close());

  it('tells what stands in its way for good, and not that others keep changing the list', async () => {
    const reply = (status: number, code: string, headers: Record<string, string> = {}) =>
      ({
        surface: 'graph',
        method: 'PATCH',
        kind: 'reply',
        status,
        headers,
        json: { error: { code, message: 'x' } },
      }) as const;
    const cases: [Fault, string, number][] = [
      [reply(503, 'ServiceUnavailable'), 'graph-unavailable', 65_000],
      [{ surface: 'graph', method: 'PATCH', kind: 'reset' }, 'graph-unreachable', 65_000],
      [reply(400, 'KeyCredentialsInvalidValue'), 'certificate-refused', 20_000],
      [reply(429, 'TooManyRequests', { 'retry-after': '3600' }), 'graph-throttled', 0],
    ];
    for (const [fault, code, longest] of cases) {
      sandbox.faults.clear();
      sandbox.faults.add(fault);
      azure.clock.waits.length = 0;
      assert.equal(await codeOf(add()), code);
      const waited = azure.clock.waits.reduce((sum, one) => sum + one, 0);
      assert.ok(waited <= longest, `${code} after ${waited} ms`);
    }
    sandbox.faults.clear();
    assert.equal((await add()).alreadyThere, false);
  });

  it('is not hindered by a certificate that names nobody', async () => {
    const now = Math.floor(Date.now() / 1000);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const request = { subject: '', publicKey, notBefore: now - 60, notAfter: now + 86_400 };
    const certificateDer = makeCertificate(request, { key: privateKey });
    const { registrations } = azure;
    const name = { appId: 'cccccccc-0000-4000-8000-000000000002', tenant: home, certificateDer };
    const calls = registrations.administratorCalls(name, 'app.pem');
    assert.doesNotMatch(`${calls.az.join()}${calls.graph[1]?.body ?? ''}`, /display-?name/i);
    assert.equal((await registrations.upload(name)).alreadyThere, false);
    assert.equal((await registrations.upload(name)).alreadyThere, true);
  });
});
