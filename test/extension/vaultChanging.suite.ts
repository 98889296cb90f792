/** Vault certificates changed and deleted by the commands, and every way in which a vault can refuse. Against the sandbox. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Fault } from '../sandbox/http/faults.ts';
import { call, done, refused } from './calling.ts';
import { suite } from './runner.ts';
import { vaultWork } from './vaultWork.ts';

export const run = suite(() => {
  const work = vaultWork();
  const create = (name: string) => done('createInVault', { vault: work.dev, name });

  describe('properties', () => {
    it('sets and removes tags, and leaves everything else', async () => {
      await create('tagged-app');
      const result = await done('editProperties', {
        vault: work.dev,
        name: 'tagged-app',
        tags: { app: 'portal', team: 'web' },
      });
      assert.deepEqual(result.tags, { app: 'portal', team: 'web' });
      assert.deepEqual(work.newest('tagged-app').tags, { app: 'portal', team: 'web' });
      assert.equal(work.newest('tagged-app').enabled, true);
      await done('editProperties', { vault: work.dev, name: 'tagged-app', tags: {} });
      assert.deepEqual(work.newest('tagged-app').tags ?? {}, {});
    });

    it('refuses tags that the vault does not take', async () => {
      const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, '']));
      await refused('editProperties', { vault: work.dev, name: 'x', tags: many }, 'invalid-options');
      await refused('editProperties', { vault: work.dev, name: 'x', tags: { a: 'x'.repeat(257) } }, 'invalid-options');
      await refused('editProperties', { vault: work.dev, name: 'x', tags: { a: 1 } as never }, 'invalid-options');
    });

    it('disables and enables one version alone', async () => {
      const [first, second] = work.stored('renewed-app', 'contoso-web').versions;
      assert.ok(first !== undefined && second !== undefined);
      const version = { vault: work.web, name: 'renewed-app', version: first.id };
      const result = await done('disableInVault', { ...version, confirm: false });
      assert.deepEqual([result.version, result.enabled], [first.id, false]);
      assert.deepEqual([first.enabled, second.enabled], [false, true]);
      assert.equal((await done('enableInVault', version)).enabled, true);
      assert.equal(first.enabled, true);
    });

    it('changes what is given of a policy', async () => {
      await create('policy-app');
      const before = structuredClone(work.stored('policy-app').policy);
      const result = await done('editPolicy', {
        vault: work.dev,
        name: 'policy-app',
        validityMonths: 24,
        exportable: false,
        lifetimeAction: { action: 'email', daysBeforeExpiry: 60 },
      });
      const { policy } = work.stored('policy-app');
      assert.deepEqual(
        [policy.x509_props.validity_months, policy.key_props.exportable, policy.lifetime_actions],
        [24, false, [{ trigger: { days_before_expiry: 60 }, action: { action_type: 'EmailContacts' } }]],
      );
      assert.deepEqual(policy.x509_props.subject, before.x509_props.subject);
      assert.deepEqual(policy.x509_props.ekus, before.x509_props.ekus);
      assert.deepEqual(result.lifetimeAction, { action: 'email', daysBeforeExpiry: 60 });
      assert.deepEqual([result.validityMonths, result.issuer, result.keySize], [24, 'Self', 2048]);
    });
  });

  describe('deleting', () => {
    it('deletes, recovers, deletes and purges', async () => {
      await create('short-app');
      const { thumbprintSha256 } = await done('editProperties', { vault: work.dev, name: 'short-app', enabled: true });
      const deleted = await done('deleteInVault', { vault: work.dev, name: 'short-app', confirm: false });
      assert.ok(Date.parse(deleted.scheduledPurge ?? '') > Date.now());
      await refused('deleteInVault', { vault: work.dev, name: 'short-app', confirm: false }, 'certificate-not-found');
      const recovered = await done('recoverInVault', { vault: work.dev, name: 'short-app', confirm: false });
      assert.equal(recovered.thumbprintSha256, thumbprintSha256);
      await refused(
        'purgeInVault',
        { vault: work.dev, name: 'short-app', confirm: false },
        'deleted-certificate-not-found',
      );
      await done('deleteInVault', { vault: work.dev, name: 'short-app', confirm: false });
      await done('purgeInVault', { vault: work.dev, name: 'short-app', confirm: false });
      assert.equal(work.sandbox.vault('contoso-dev').deleted['short-app'], undefined);
      await refused(
        'recoverInVault',
        { vault: work.dev, name: 'short-app', confirm: false },
        'deleted-certificate-not-found',
      );
    });

    it('asks before it deletes and purges, names vault and certificate, and does nothing when left', async () => {
      await create('asked-app');
      const asked = await withAnswer(undefined, () => call('deleteInVault', { vault: work.dev, name: 'asked-app' }));
      assert.match(asked.message, /Delete asked-app in /);
      assert.match(asked.detail, /Apps that fetch .* fail from now on[^]*recovered for 7 days/);
      assert.ok(asked.modal);
      assert.equal(asked.result, undefined);
      work.stored('asked-app');
      const answered = await withAnswer('Delete', () => call('deleteInVault', { vault: work.dev, name: 'asked-app' }));
      assert.ok(answered.result);
      const purge = await withAnswer(undefined, () => call('purgeInVault', { vault: work.dev, name: 'asked-app' }));
      assert.match(purge.message, /Purge asked-app in .* for ever\?/);
      assert.ok(work.sandbox.vault('contoso-dev').deleted['asked-app'], 'still there');
    });

    it('explains a vault that is protected against purging', async () => {
      const legacy = { vault: work.sandbox.vaultOrigin('contoso-legacy'), name: 'legacy-app', confirm: false };
      await done('deleteInVault', legacy);
      await refused('purgeInVault', legacy, 'purge-protected');
      await done('recoverInVault', legacy);
    });
  });

  describe('a vault that refuses', () => {
    const changes = [
      ['createInVault', {}],
      ['renewInVault', { confirm: false }],
      ['editProperties', { tags: {} }],
      ['editPolicy', { validityMonths: 3 }],
      ['deleteInVault', { confirm: false }],
      ['recoverInVault', { confirm: false }],
      ['purgeInVault', { confirm: false }],
      ['downloadCertificate', { format: 'cer' }],
      ['downloadWithKey', { format: 'pem', passphrase: 'none' }],
    ] as const;
    const everything = async (vault: string, code: string) => {
      for (const [name, rest] of changes) {
        const options = { vault: work.sandbox.vaultOrigin(vault), name: 'hidden-app', ...rest };
        const target =
          name.startsWith('download') && name.endsWith('Key') ? { ...options, folder: work.folder } : options;
        await refused(name, target, code);
      }
      assert.deepEqual(await readdir(work.folder), []);
    };

    it('for lack of a role: each command names the role', async () => {
      await everything('contoso-no-access', 'vault-forbidden');
      const error = await refused(
        'createInVault',
        { vault: work.sandbox.vaultOrigin('contoso-no-access'), name: 'x' },
        'vault-forbidden',
      );
      assert.match(error.message, /Key Vault Certificates Officer/);
      assert.equal(
        (error as Error & { details?: { data?: { role?: string } } }).details?.data?.role,
        'Key Vault Certificates Officer',
      );
    });

    it('by its firewall, with the address to allow', async () => {
      await everything('contoso-firewall', 'vault-firewall');
    });

    it('because it has a private endpoint only', async () => {
      await everything('contoso-private', 'vault-private');
    });

    const faulty = { name: 'faulty-app' };
    const faults: readonly (readonly [string, Fault, string])[] = [
      [
        'throttles for longer than anybody waits',
        { kind: 'reply', status: 429, headers: { 'retry-after': '300' }, json: { error: { code: 'Throttled' } } },
        'vault-throttled',
      ],
      [
        'is out of order',
        { kind: 'reply', status: 500, json: { error: { code: 'InternalError', message: 'x' } } },
        'vault-unavailable',
      ],
      ['answers with broken JSON', { kind: 'brokenJson' }, 'answer-unreadable'],
      [
        'answers with a page of a proxy',
        { kind: 'reply', status: 200, text: '<html>Please sign in</html>' },
        'answer-unreadable',
      ],
      ['breaks the connection', { kind: 'reset' }, 'vault-unreachable'],
    ];
    for (const [what, fault, code] of faults) {
      it(`because it ${what}, without leaving anything behind`, async () => {
        work.sandbox.faults.add({ ...fault, surface: 'vault', vault: 'contoso-dev', method: 'POST' });
        const spoilt = work.sandbox.faults.add({ ...fault, surface: 'vault', vault: 'contoso-dev' });
        await refused('editProperties', { vault: work.dev, name: 'local-app', tags: { lost: 'no' } }, code);
        spoilt();
        if (fault.kind !== 'brokenJson') await refused('createInVault', { vault: work.dev, ...faulty }, code);
        assert.equal(work.sandbox.vault('contoso-dev').certificates['faulty-app'], undefined);
        assert.deepEqual(await readdir(work.folder), []);
      });
    }

    it('to answer, though it did what it was told: the command goes on', async () => {
      // The first request of a window has no token yet and would lose its answer in vain.
      await create('answered-app');
      work.sandbox.vault('contoso-dev').behaviour.creationSeconds = 3;
      work.sandbox.faults.add({ kind: 'lostAnswer', surface: 'vault', method: 'POST', path: '/create$', times: 1 });
      assert.equal((await done('createInVault', { vault: work.dev, name: 'lost-app' })).status, 'completed');
    });

    it('for a moment only, and the command goes on', async () => {
      work.sandbox.faults.add({
        kind: 'reply',
        surface: 'vault',
        method: 'POST',
        status: 429,
        headers: { 'retry-after': '0' },
        json: {},
        times: 2,
      });
      assert.equal((await done('createInVault', { vault: work.dev, name: 'patient-app' })).status, 'completed');
    });
  });
});

interface Asked<T> {
  readonly message: string;
  readonly detail: string;
  readonly modal: boolean;
  readonly result: T;
}

/** Answers the next modal question, as somebody who reads it would. */
async function withAnswer<T>(answer: string | undefined, work: () => Thenable<T>): Promise<Asked<T>> {
  const { showWarningMessage } = vscode.window;
  const asked: Omit<Asked<T>, 'result'>[] = [];
  const listening = (message: string, options: vscode.MessageOptions) => {
    asked.push({ message, detail: options.detail ?? '', modal: options.modal === true });
    return Promise.resolve(answer);
  };
  vscode.window.showWarningMessage = listening;
  try {
    const result = await work();
    const [first] = asked;
    assert.ok(first, 'nothing was asked');
    return { ...first, result };
  } finally {
    vscode.window.showWarningMessage = showWarningMessage;
  }
}
