/** Removing credentials while the user cancels, Graph shows old lists, or answers get lost: what is gone is never told as not done. */
import assert from 'node:assert/strict';
import { isCancelled } from '../../base/errors.ts';
import { keyCredentialOf } from '../../../test/sandbox/entra/directory.ts';
import type { Application } from '../../../test/sandbox/entra/directory.ts';
import type { AccessMoment } from '../../../test/sandbox/graph/settings.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, codeOf, home } from '../testing/azure.ts';
import type { TestAzure } from '../testing/azure.ts';

const tool = 'cccccccc-0000-4000-8000-000000000002';
const name = { appId: tool, tenant: home };

describe('removing credentials', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  let controller: AbortController;
  const stored = (): Application => sandbox.state.directory.applications.find((one) => one.appId === tool)!;
  const secrets = () => stored().passwordCredentials.map(({ keyId }) => keyId);
  const certificates = () => stored().keyCredentials.map(({ keyId }) => keyId);
  const options = () => ({ signal: controller.signal });
  /** Presses Cancel the so many-th time that this happens. */
  const cancelAt = (wanted: AccessMoment, times = 1) => {
    let left = times;
    sandbox.graph.onAccess = (moment) => {
      if (moment === wanted && --left === 0) controller.abort();
    };
  };
  /** Presses Cancel when the sandbox takes a secret away, before its answer is sent. */
  const cancelAtRemoval = () => {
    const application = stored();
    let entries = application.passwordCredentials;
    Object.defineProperty(application, 'passwordCredentials', {
      enumerable: true,
      get: () => entries,
      set: (left: typeof entries) => {
        entries = left;
        controller.abort();
      },
    });
  };
  const isCancelledBy = async (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => false,
      (error: unknown) => isCancelled(error),
    );

  beforeEach(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    azure = azureOf(sandbox);
    controller = new AbortController();
    stored().keyCredentials = [keyCredentialOf(makeIdentity().der), keyCredentialOf(makeIdentity().der)];
  });
  afterEach(() => sandbox.close());

  describe('secrets', () => {
    it('are told as gone when it is cancelled while the first is removed, the others as kept', async () => {
      const [first = '', second = ''] = secrets();
      cancelAtRemoval();
      const outcome = await azure.registrations.removeSecrets(name, [first, second], options());
      assert.deepEqual(outcome, {
        removed: [first],
        alreadyGone: [],
        unconfirmed: [first],
        kept: { keyIds: [second] },
      });
      assert.deepEqual(secrets(), [second]);
    });

    it('are told as gone when it is cancelled while old lists are shown', async () => {
      sandbox.graph.readDelaySeconds = 600;
      const [first = ''] = secrets();
      azure.clock.onWait = () => {
        if (azure.clock.waits.length === 2) controller.abort();
      };
      const outcome = await azure.registrations.removeSecrets(name, [first], options());
      assert.deepEqual(outcome, { removed: [first], alreadyGone: [], unconfirmed: [first] });
      assert.equal(azure.clock.waits.length, 2);
    });

    it('are told as gone, and as shown nevertheless, when reading fails or never shows it', async () => {
      const [first = '', second = ''] = secrets();
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 403, method: 'GET', skip: 1 });
      const outcome = await azure.registrations.removeSecrets(name, [first], options());
      assert.deepEqual(outcome, { removed: [first], alreadyGone: [], unconfirmed: [first] });
      sandbox.faults.clear();
      sandbox.graph.readDelaySeconds = 600;
      const late = await azure.registrations.removeSecrets(name, [second], options());
      assert.deepEqual([late.removed, late.unconfirmed], [[second], [second]]);
      assert.deepEqual(secrets(), []);
    });

    it('that Graph refuses after the first are told with the reason', async () => {
      const [first = '', second = ''] = secrets();
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 403, path: 'removePassword', skip: 1 });
      const outcome = await azure.registrations.removeSecrets(name, [first, second], options());
      assert.deepEqual([outcome.removed, outcome.kept?.keyIds], [[first], [second]]);
      assert.match(outcome.kept?.reason ?? '', /Application Administrator/);
      sandbox.faults.clear();
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 403, path: 'removePassword' });
      assert.equal(await codeOf(azure.registrations.removeSecrets(name, [second])), 'registration-forbidden');
    });

    it('stay when it is cancelled before the first, also while Graph wants us to wait', async () => {
      const [first = ''] = secrets();
      cancelAt('afterRead');
      assert.ok(await isCancelledBy(azure.registrations.removeSecrets(name, [first], options())));
      sandbox.graph.onAccess = undefined;
      controller = new AbortController();
      const headers = { 'retry-after': '20' };
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 429, path: 'removePassword', headers, times: 1 });
      azure.clock.onWait = () => controller.abort();
      assert.ok(await isCancelledBy(azure.registrations.removeSecrets(name, [first], options())));
      assert.deepEqual([azure.clock.waits, secrets().length], [[20_000], 2]);
      azure.clock.onWait = undefined;
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 429, path: 'removePassword', headers, times: 2 });
      assert.deepEqual((await azure.registrations.removeSecrets(name, [first])).removed, [first]);
      assert.deepEqual(azure.clock.waits.slice(1, 3), [20_000, 20_000]);
    });

    it('are looked after when the answer is lost and it is cancelled meanwhile', async () => {
      const [first = ''] = secrets();
      sandbox.faults.add({ surface: 'graph', kind: 'lostAnswer', path: 'removePassword', times: 1 });
      cancelAtRemoval();
      const outcome = await azure.registrations.removeSecrets(name, [first], options());
      assert.deepEqual([outcome.removed, secrets().includes(first)], [[first], false]);
    });
  });

  describe('a certificate', () => {
    it('is told as gone when it is cancelled during the write or after it', async () => {
      for (const moment of ['beforeWrite', 'afterWrite'] as const) {
        controller = new AbortController();
        const [first = ''] = certificates();
        if (certificates().length === 1) stored().keyCredentials.push(keyCredentialOf(makeIdentity().der));
        cancelAt(moment);
        const outcome = await azure.registrations.removeCertificate(name, first, options());
        assert.deepEqual(outcome, { removed: [first], alreadyGone: [], unconfirmed: [first] });
        assert.ok(!certificates().includes(first));
      }
    });

    it('is told as gone when reading it back fails', async () => {
      const [first = ''] = certificates();
      sandbox.faults.add({ surface: 'graph', kind: 'reply', status: 403, method: 'GET', skip: 2 });
      const outcome = await azure.registrations.removeCertificate(name, first, options());
      assert.deepEqual(outcome.unconfirmed, [first]);
      assert.ok(!certificates().includes(first));
    });

    it('is looked after when the answer is lost and it is cancelled meanwhile', async () => {
      const [first = ''] = certificates();
      sandbox.faults.add({ surface: 'graph', kind: 'lostAnswer', method: 'PATCH', times: 1 });
      cancelAt('afterWrite');
      const outcome = await azure.registrations.removeCertificate(name, first, options());
      assert.deepEqual(outcome.removed, [first]);
    });

    it('stays when it is cancelled before', async () => {
      const [first = ''] = certificates();
      cancelAt('afterRead', 2);
      assert.ok(await isCancelledBy(azure.registrations.removeCertificate(name, first, options())));
      assert.ok(certificates().includes(first));
    });
  });
});
