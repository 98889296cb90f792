import assert from 'node:assert/strict';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import type { VaultReference } from '../appConfig/types.ts';
import { applyEdits } from '../base/edits.ts';
import * as certificates from '../certificates/index.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { checkInFull } from './checkInFull.ts';
import type { CertificateSources, FullyChecked } from './checkInFull.ts';
import { journalFormat, journalVersion } from './journal.ts';
import type { Journal } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import { app, block, useCheckedApp } from './testing/checkedApp.ts';

const day = 86_400_000;
const vault: VaultReference = {
  origin: 'https://contoso.vault.azure.net',
  certificate: 'app',
  version: '0123456789abcdef'.repeat(2),
};
const fromEnvironment = () => app(block('process.env.THUMBPRINT', `Buffer.from(process.env.KEY, 'base64').toString()`));

describe('an app without a certificate beside its key', function () {
  this.timeout(120_000);
  const t = useCheckedApp();
  const files = createNodeFiles(nodeProcesses);
  const journal = () => ({ files, journalFolder: path.join(t.root, 'journal') });
  const file = () => path.join(t.root, 'auth.js');

  async function checked(sources: CertificateSources, now = Date.now()): Promise<FullyChecked> {
    const [config] = await appConfigs.readAppConfigs(file(), nodeFiles, [t.root]);
    assert.ok(config !== undefined);
    const tools = { certificates, appConfigs, files: nodeFiles, environment: {}, announce: () => undefined };
    return checkInFull(config, tools, sources, { now });
  }
  const codes = async (sources: CertificateSources, now?: number) =>
    (await checked(sources, now)).findings.filter(({ severity }) => severity !== 'information').map(({ code }) => code);
  const end = () => Date.parse(t.made.description.notAfter ?? '');
  const pem = () => certificates.certificatePem(t.made.certificateDer);

  /** As a setup leaves it; what the check does not read is left out. */
  async function writeJournal(more: Partial<Journal> = {}): Promise<void> {
    const { thumbprintSha256 = '', thumbprintSha1 = '', notAfter = '', subject = '' } = t.made.description;
    await files.makeFolder(journal().journalFolder, 0o700);
    await createJournalStore(journal().journalFolder, files).save({
      format: journalFormat,
      version: journalVersion,
      id: 'one',
      state: 'applied',
      config: file(),
      line: 1,
      roots: [t.root],
      startedAt: new Date(0).toISOString(),
      keyFrom: 'environment',
      register: true,
      prove: true,
      registered: true,
      certificate: { subject, thumbprintSha256, thumbprintSha1, notAfter, pem: pem() },
      files: {},
      variables: {},
      steps: [],
      proofs: [],
      ...more,
    });
  }

  it('whose key is in its environment: the journal knows when it ends', async () => {
    t.write('.env', `THUMBPRINT=${t.sha256}\nKEY=${Buffer.from(t.pem).toString('base64')}\n`);
    t.write('auth.js', fromEnvironment());
    assert.deepEqual(await codes({}, end() - 5 * day), []);
    await writeJournal();
    const sources = { journal: journal() };
    assert.deepEqual(await codes(sources), []);
    assert.deepEqual(await codes(sources, end() - 5 * day), ['expires-soon']);
    assert.deepEqual(await codes(sources, end() + day), ['expired']);
    const { setup, keyMatches } = await checked(sources);
    assert.deepEqual([setup?.registered, keyMatches], [true, true]);
    // Somebody has given the app another certificate since.
    const other = await certificates.privateKeyPem(t.other.privateKeyPkcs8);
    t.write(
      '.env',
      `THUMBPRINT=${t.other.description.thumbprintSha256 ?? ''}\nKEY=${Buffer.from(other).toString('base64')}\n`,
    );
    assert.deepEqual(await codes(sources, end() + day), []);
  });

  it('whose key is not here either: its thumbprint tells', async () => {
    t.write('.env', `THUMBPRINT=${t.sha256}\n`);
    t.write('auth.js', fromEnvironment());
    await writeJournal();
    assert.ok((await codes({ journal: journal() }, end() + day)).includes('expired'));
    assert.ok(!(await codes({}, end() + day)).includes('expired'));
    const { keyMatches } = await checked({ journal: journal() });
    assert.equal(keyMatches, undefined);
  });

  for (const keyFrom of ['keyVault', 'keyVaultSign'] as const)
    it(`whose key is in a vault (${keyFrom}): the journal, else the file that is called as in the vault`, async () => {
      // CommonJS cannot wait for a vault while it loads.
      t.write('auth.js', app('clientSecret: process.env.SECRET,').replace('client = new', 'client = async () => new'));
      t.write('.env', 'SECRET=abc~1\n');
      const thumbprints = { thumbprintSha256: t.sha256, thumbprintSha1: t.sha1 };
      const request = { file: file(), keyFrom, vault, ...thumbprints, roots: [t.root] };
      const plan = await appConfigs.planRewrite(request, nodeFiles);
      assert.equal(plan.status, 'rewrite');
      for (const { path: at, before = '', edits } of plan.files)
        t.write(path.relative(t.root, at), applyEdits(before, edits));
      const given = (...names: string[]) => ({ given: names.map((name) => ({ name, bytes: Buffer.from(pem()) })) });
      assert.deepEqual(await codes({}, end() + day), []);
      assert.deepEqual(await codes(given('App'), end() - 5 * day), ['expires-soon']);
      assert.deepEqual(await codes(given('another'), end() + day), []);
      await writeJournal({ keyFrom, vault });
      assert.deepEqual(await codes({ journal: journal() }, end() + day), ['expired']);
      // Where the app runs, its variables are set otherwise: which certificate of the vault it is cannot be seen here.
      t.write('.env', 'OTHER=1\n');
      assert.ok((await codes(given('whatever'), end() + day)).includes('expired'));
      assert.ok(!(await codes(given('one', 'two'), end() + day)).includes('expired'));
    });
});
