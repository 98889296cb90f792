import assert from 'node:assert/strict';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import type { VaultReference } from '../appConfig/types.ts';
import { applyEdits } from '../base/edits.ts';
import * as certificates from '../certificates/index.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { certificateInVault } from './certificateInVault.ts';
import { checkConfig } from './checking.ts';
import type { CheckedConfig } from './checking.ts';
import type { AppliedSetup } from './setupOf.ts';
import { app, useCheckedApp } from './testing/checkedApp.ts';

const day = 86_400_000;
const origin = 'https://contoso.vault.azure.net';
const pinned: VaultReference = { origin, certificate: 'app', version: '0123456789abcdef'.repeat(2) };

/** What the journal keeps of a setup with this certificate. */
const setupWith = (pem: string, vault: VaultReference): AppliedSetup =>
  ({ vault, certificate: { pem } }) as unknown as AppliedSetup;

describe('an app whose certificate is in a vault', function () {
  this.timeout(120_000);
  const t = useCheckedApp();

  async function checked(keyFrom: 'keyVault' | 'keyVaultSign', vault: VaultReference, setup: AppliedSetup | undefined) {
    const file = path.join(t.root, 'auth.js');
    // CommonJS cannot wait for a vault while it loads.
    t.write('auth.js', app('clientSecret: process.env.SECRET,').replace('client = new', 'client = async () => new'));
    t.write('.env', 'SECRET=abc~1\n');
    const thumbprints = { thumbprintSha256: t.sha256, thumbprintSha1: t.sha1 };
    const plan = await appConfigs.planRewrite({ file, keyFrom, vault, ...thumbprints, roots: [t.root] }, nodeFiles);
    assert.equal(plan.status, 'rewrite');
    for (const { path: at, before = '', edits } of plan.files)
      t.write(path.relative(t.root, at), applyEdits(before, edits));
    const [config] = await appConfigs.readAppConfigs(file, nodeFiles, [t.root]);
    assert.ok(config !== undefined);
    const tools = { certificates, appConfigs, files: nodeFiles, environment: {}, announce: () => undefined };
    const inVault = certificateInVault(config, setup);
    return checkConfig(config, tools, [], inVault === undefined ? {} : { inVault });
  }
  const codes = ({ findings }: CheckedConfig) => findings.map(({ code }) => code);
  async function pemOf(options: { validityDays: number; now?: number }): Promise<string> {
    const made = await certificates.selfSigned({ subject: 'CN=in vault', ...options });
    return certificates.certificatePem(made.certificateDer);
  }

  for (const keyFrom of ['keyVault', 'keyVaultSign'] as const) {
    it(`is told when its certificate ends, and nothing else: ${keyFrom}`, async () => {
      const good = await checked(keyFrom, pinned, setupWith(await pemOf({ validityDays: 300 }), pinned));
      assert.deepEqual(codes(good), []);
      assert.equal(good.certificate?.subject, 'CN=in vault');
      assert.notEqual(good.keyMatches, false);
      const soon = await checked(
        keyFrom,
        pinned,
        setupWith(await pemOf({ validityDays: 60, now: Date.now() - 50 * day }), pinned),
      );
      assert.deepEqual(codes(soon), ['expires-soon']);
      assert.deepEqual(soon.findings[0]?.fix, { kind: 'command', command: 'rotate' });
      const over = await pemOf({ validityDays: 10, now: Date.now() - 20 * day });
      assert.deepEqual(codes(await checked(keyFrom, pinned, setupWith(over, pinned))), ['expired']);
    });

    it(`is not told of a certificate that may be another one: ${keyFrom}`, async () => {
      const over = await pemOf({ validityDays: 10, now: Date.now() - 20 * day });
      const latest = { ...pinned, version: 'latest' };
      for (const [vault, known] of [
        [pinned, { ...pinned, version: 'f'.repeat(32) }],
        [pinned, { ...pinned, certificate: 'other' }],
        [pinned, { ...pinned, origin: 'https://fabrikam.vault.azure.net' }],
        [pinned, latest],
        [latest, latest],
      ] as const) {
        const result = await checked(keyFrom, vault, setupWith(over, known));
        assert.deepEqual([codes(result), result.certificate], [[], undefined]);
      }
      for (const setup of [undefined, setupWith('', pinned), setupWith('no certificate', pinned)])
        assert.deepEqual(codes(await checked(keyFrom, pinned, setup)), []);
    });
  }
});
