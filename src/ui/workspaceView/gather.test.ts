import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as appConfigs from '../../appConfig/index.ts';
import * as certificates from '../../certificates/index.ts';
import { app, block, fromFile, good, useCheckedApp } from '../../setup/testing/checkedApp.ts';
import { recordProof } from '../../setup/index.ts';
import { nodeProcesses } from '../nodeProcesses.ts';
import { createNodeFiles } from '../nodeSetupPorts.ts';
import type { AskTools } from './ask.ts';
import { certificateFact, gather } from './gather.ts';
import { judge } from './judge.ts';
import { createWorkspaceStore } from './store.ts';
import type { StoreTools } from './store.ts';

describe('what this machine knows of an app', function () {
  this.timeout(60_000);
  const t = useCheckedApp();
  const files = createNodeFiles(nodeProcesses);
  const ports = () => ({ files, journalFolder: path.join(t.root, 'journal') });
  const tools = () => ({
    ...ports(),
    credential: { certificates, appConfigs, files, environment: {}, announce: () => undefined },
    relative: (file: string) => path.relative(t.root, file),
  });
  const config = () => path.join(t.root, 'auth.js');
  const local = async (code: string) => {
    writeFileSync(config(), code);
    const [found] = await appConfigs.readAppConfigs(config(), files, [t.root]);
    assert.ok(found);
    return gather(found, tools());
  };

  it('names the certificate that the code names, with what its file tells', async () => {
    const facts = await local(app(good()));
    assert.equal(facts.path, 'auth.js');
    assert.equal(facts.tenant, '7c9e6679-7425-40de-944b-e07fc1f90ae8');
    assert.equal(facts.certificate?.thumbprintSha256, t.sha256);
    assert.ok((facts.certificate.expires ?? 0) > Date.now());
    assert.deepEqual(facts.findings, []);
  });

  it('believes the code where the certificate beside it is another one', async () => {
    const other = t.other.description.thumbprintSha256 ?? '';
    const facts = await local(app(block(`'${other}'`)));
    assert.deepEqual(facts.certificate, { thumbprintSha256: other });
    assert.ok(facts.held.some(({ thumbprintSha256 }) => thumbprintSha256 === t.sha256));
  });

  it('knows SHA-1 by its length, and nothing of what is no thumbprint', async () => {
    const facts = await local(app(block(`'${'b'.repeat(40)}'`, fromFile, 'thumbprint')));
    assert.deepEqual(facts.certificate, { thumbprintSha1: 'B'.repeat(40) });
    assert.equal((await local(app(block(`'no thumbprint'`)))).certificate, undefined);
  });

  it('knows that it was proven', async () => {
    const at = new Date().toISOString();
    await recordProof(config(), { at, thumbprintSha256: t.sha256, algorithm: 'PS256' }, ports());
    const facts = { ...(await local(app(good()))), failures: {}, registration: none, inVault: none };
    const [judged] = judge([facts], {
      listed: [],
      thresholds: { days: 30, urgentDays: 7, percent: 90 },
      now: Date.now(),
    });
    assert.deepEqual(
      judged?.steps.map(({ state }) => state),
      ['done', 'done', 'done', 'done', 'next'],
    );
  });
  const none = { status: 'notAsked' } as const;

  it('is no certificate where the bytes are none', () => {
    assert.equal(
      certificateFact(Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')),
      undefined,
    );
    assert.equal(certificateFact(new Uint8Array()), undefined);
  });

  describe('kept up to date', () => {
    function store(more: Partial<StoreTools & AskTools> = {}) {
      let changes = 0;
      const made = createWorkspaceStore({
        appConfigs: () => appConfigs,
        reader: files,
        gatherTools: tools,
        memory: { get: () => undefined, update: () => Promise.resolve() },
        roots: () => [t.root],
        isTrusted: () => true,
        report: (error) => {
          throw error;
        },
        changed: () => {
          changes += 1;
        },
        azure: () => assert.fail('nobody may be asked'),
        now: () => Date.now(),
        tenantOf: () => undefined,
        ...more,
      });
      return { made, changes: () => changes };
    }
    const credentials = ({ apps }: { apps: readonly { credential: string }[] }) =>
      apps.map(({ credential }) => credential);

    it('is searched once, and reread when a file changes, comes or goes', async () => {
      writeFileSync(config(), app('clientSecret: process.env.CLIENT_SECRET,'));
      const { made } = store();
      await Promise.all([made.load(), made.load()]);
      assert.deepEqual(credentials(made), ['secret']);
      writeFileSync(config(), app(good()));
      await made.reread();
      assert.deepEqual(credentials(made), ['certificate']);
      const second = path.join(t.root, 'second.js');
      writeFileSync(second, app('clientSecret: process.env.CLIENT_SECRET,'));
      await made.reread([second]);
      assert.deepEqual(credentials(made), ['certificate', 'secret']);
      rmSync(config());
      await made.reread([config()]);
      assert.deepEqual(credentials(made), ['secret']);
    });

    it('keeps what was known of code that does not parse while it is typed', async () => {
      writeFileSync(config(), app(good()));
      const { made } = store();
      await made.load();
      writeFileSync(config(), `${app(good())}\nconst x = {`);
      await made.reread();
      assert.deepEqual(credentials(made), ['certificate']);
    });

    it('asks nobody in Restricted Mode, and says so', async () => {
      writeFileSync(config(), app(good()));
      const { made } = store({ isTrusted: () => false });
      await made.load();
      await made.ask(new AbortController().signal);
      assert.equal(made.apps[0]?.failures.registration?.code, 'workspace-not-trusted');
    });

    it('says why it could not ask where the tenant is not known', async () => {
      writeFileSync(config(), app(good(), '', `authority: 'https://login.microsoftonline.com/common',`));
      const { made } = store();
      await made.load();
      await made.ask(new AbortController().signal);
      assert.equal(made.apps[0]?.failures.registration?.code, 'app-tenant-needed');
    });

    it('is nothing without a folder, and a search that is cancelled can be made again', async () => {
      const empty = store({ roots: () => [] });
      await empty.made.load();
      assert.equal(empty.made.status, 'noFolder');
      writeFileSync(config(), app(good()));
      const { made } = store();
      await assert.rejects(made.search(AbortSignal.abort()));
      assert.equal(made.status, 'unread');
      await made.load();
      assert.deepEqual(credentials(made), ['certificate']);
    });

    it('does not search by itself again after a failure, which is reported once', async () => {
      const reported: unknown[] = [];
      const { made, changes } = store({
        roots: () => {
          throw new Error('broken');
        },
        report: (error) => reported.push(error),
      });
      await made.load();
      assert.equal(reported.length, 1);
      assert.equal(changes(), 0);
      const broken = store({
        appConfigs: () => ({
          ...appConfigs,
          findAppConfigs: () => Promise.reject(new Error('broken')),
        }),
        report: (error) => reported.push(error),
      });
      await broken.made.load();
      assert.equal(broken.made.status, 'failed');
      assert.equal(broken.changes(), 0);
    });
  });
});
