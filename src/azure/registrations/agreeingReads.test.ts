/** Graph answers from replicas that need not show the same: nothing is written that only one read shows. */
import assert from 'node:assert/strict';
import { keyCredentialOf } from '../../../test/sandbox/entra/directory.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, home } from '../testing/azure.ts';

const tool = 'cccccccc-0000-4000-8000-000000000002';

describe('an upload that reads from replicas', () => {
  for (const turn of [0, 1])
    it(`takes nothing away that a replica does not know yet (${turn === 0 ? 'even' : 'odd'} reads are behind)`, async () => {
      const sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
      try {
        const stored = sandbox.state.directory.applications.find(({ appId }) => appId === tool);
        const [kept] = structuredClone(stored?.keyCredentials ?? []);
        assert.ok(stored && kept);
        let reads = 0;
        sandbox.graph.onAccess = (moment, application) => {
          if (application.appId !== tool) return;
          if (moment === 'beforeRead') reads++;
          const isBehind = moment === 'beforeRead' && reads <= 6 && reads % 2 === turn;
          application.keyCredentials = application.keyCredentials.filter(({ keyId }) => keyId !== kept.keyId);
          if (!isBehind) application.keyCredentials.unshift(structuredClone(kept));
        };
        const sent: (readonly string[])[] = [];
        const noted = sandbox.graph.onAccess;
        sandbox.graph.onAccess = (moment, application, shown) => {
          if (moment === 'afterWrite') sent.push(application.keyCredentials.map(({ keyId }) => keyId));
          else noted(moment, application, shown);
        };
        const { der } = makeIdentity();
        await azureOf(sandbox).registrations.upload({ appId: tool, tenant: home, certificateDer: der });
        assert.equal(sent.length, 1);
        assert.ok(sent[0]?.includes(kept.keyId), 'the certificate of somebody else is gone');
      } finally {
        await sandbox.close();
      }
    });

  describe('of which two in a row are behind', () => {
    let sandbox: Sandbox;
    beforeEach(async () => {
      sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
      Object.assign(sandbox.graph, { readDelaySeconds: 20, replicas: ['current', 'behind', 'behind'] });
    });
    afterEach(() => sandbox.close());
    const stored = () => {
      const found = sandbox.state.directory.applications.find(({ appId }) => appId === tool);
      assert.ok(found);
      return found;
    };

    it('keeps what only the read before them has shown', async () => {
      const theirs = keyCredentialOf(makeIdentity().der);
      sandbox.writeElsewhere(stored(), () => stored().keyCredentials.push(theirs));
      const { der } = makeIdentity();
      const outcome = await azureOf(sandbox).registrations.upload({ appId: tool, tenant: home, certificateDer: der });
      assert.ok(
        stored().keyCredentials.some(({ keyId }) => keyId === theirs.keyId),
        'the certificate of somebody else is gone',
      );
      assert.deepEqual(outcome.removedMeanwhile, []);
      assert.equal(stored().keyCredentials.length, 3);
    });

    it('believes after a while that somebody has removed what was seen, and says so', async () => {
      sandbox.graph.readDelaySeconds = 0;
      const [theirs] = stored().keyCredentials;
      let reads = 0;
      sandbox.graph.onAccess = (moment) => {
        if (moment === 'afterRead' && reads++ === 0) stored().keyCredentials = [];
      };
      const azure = azureOf(sandbox);
      const { der } = makeIdentity();
      const outcome = await azure.registrations.upload({ appId: tool, tenant: home, certificateDer: der });
      assert.deepEqual(outcome.removedMeanwhile, [theirs?.keyId]);
      assert.equal(stored().keyCredentials.length, 1);
      const waited = azure.clock.waits.reduce((sum, one) => sum + one, 0);
      assert.ok(waited >= 60_000 && waited < 65_000, String(waited));
    });
  });
});
