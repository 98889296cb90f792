/** Graph answers from replicas that need not show the same: nothing is written that only one read shows. */
import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
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
});
