/**
 * What is on the disk before every single change that a process makes to it, and half-way through every write, is what a kill
 * there leaves. One process keeps them all, since starting one for each takes minutes; at every few changes one is
 * really killed (SIGKILL), and must leave the same.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { KeyFrom } from '../../appConfig/types.ts';
import { isExpectedError } from '../../base/errors.ts';
import { resumeSetup, undoSetup, unfinishedSetups } from '../index.ts';
import { copyTree } from './copyTree.ts';
import type { Errand } from './dyingChild.ts';
import {
  appAt,
  configBefore,
  envBefore,
  handMadeTools,
  literalSecret,
  makeApp,
  makeMaterial,
  makePorts,
  otherSecret,
  snapshot,
} from './sampleApp.ts';

/** Memory where there is such a thing: the same system calls, and the disk's own slowness proves nothing here. */
const fast = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Shares no factor with the changes that one file takes. */
const killedEvery = 17;

/** Keys, also in base64, and the pass phrase of these tests. */
const secrets = /PRIVATE KEY|GeneratedPassphrase|LS0tLS1CRUdJTi/;
/** What stood in `.env` before, and what comes to it from the code: in a half-written `.env` all of it would be new to git. */
const secretsOfEnv = new RegExp(`${secrets.source}|${otherSecret}|${literalSecret}`);

/** Tests of one way to the key; each way has a file of its own, so that they run side by side. */
export function killedProcess(keyFrom: 'file' | 'environment' | 'keyVault'): void {
  const base = join(fast, `ccg-faults-${randomUUID()}`);
  const child = join(base, 'child.cjs');
  const material = join(base, 'material');

  before(() => {
    mkdirSync(base);
    buildSync({
      entryPoints: [new URL('dyingChild.ts', import.meta.url).pathname],
      outfile: child,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    const { certificateDer, privateKeyPkcs8 } = makeMaterial();
    const tools = handMadeTools(makePorts(appAt(base)).files);
    mkdirSync(material);
    writeFileSync(join(material, 'cert.pem'), tools.certificates.certificatePem(certificateDer));
    const key = createPrivateKey({ key: Buffer.from(privateKeyPkcs8), format: 'der', type: 'pkcs8' });
    writeFileSync(join(material, 'key.pem'), key.export({ type: 'pkcs8', format: 'pem' }));
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  /** Runs the errand; the number of changes it made when it came to its end, undefined when it was killed. */
  function run(errand: Errand): number | undefined {
    const result = spawnSync(process.execPath, [child, JSON.stringify(errand)], { encoding: 'utf8' });
    if (result.signal === 'SIGKILL') return undefined;
    assert.equal(result.status, 0, result.stderr);
    return Number(result.stdout);
  }

  /** Puts the work folder into a state kept aside, byte for byte and at the same path. */
  function reset(work: string, from: string): void {
    rmSync(work, { recursive: true, force: true });
    copyTree(from, work);
  }

  /** The old config works with nothing else; the new one needs `.env` and key. Never anything between. */
  function assertWorks(work: string, keyFrom: KeyFrom, state: string): void {
    const { root } = appAt(work);
    const config = readFileSync(join(root, 'authConfig.js'), 'utf8');
    const env = readFileSync(join(root, '.env'), 'utf8');
    if (config === configBefore) {
      assert.ok(env.startsWith(envBefore), state);
      return;
    }
    assert.match(config, /clientCertificate/, state);
    // Never the code before the directory knows the certificate.
    const uploaded = existsSync(join(work, 'registration')) ? readFileSync(join(work, 'registration'), 'utf8') : '';
    assert.match(uploaded, /^[0-9A-F]{64}$/m, state);
    if (keyFrom === 'keyVault') {
      assert.match(env, /CLIENT_CERTIFICATE_VERSION=[0-9a-f]{32}/, state);
      assert.match(readFileSync(join(root, 'keyVaultCertificate.js'), 'utf8'), /fetchClientCertificate/, state);
      return;
    }
    const thumbprint = /CLIENT_CERTIFICATE_THUMBPRINT=([0-9A-F]{64})/.exec(env)?.[1];
    assert.ok(thumbprint !== undefined && uploaded.includes(thumbprint), state);
    if (keyFrom === 'environment') {
      const encoded = /CLIENT_CERTIFICATE_KEY=(\S+)/.exec(env)?.[1] ?? '';
      createPrivateKey(Buffer.from(encoded, 'base64'));
      return;
    }
    const passphrase = /CLIENT_CERTIFICATE_PASSPHRASE="(.*)"/.exec(env)?.[1];
    createPrivateKey({ key: readFileSync(join(root, 'certs/sample-app.key')), passphrase });
  }

  /** No private key in a file that others can read, and none that git would take along. */
  function assertProtected(work: string, state: string): void {
    const { root } = appAt(work);
    const files = Object.entries(snapshot(root));
    for (const [name, content] of files)
      if (holdsKey(content)) assert.ok(content.startsWith('600 '), `${name} ${state}`);
    if (!files.some(([, content]) => secretsOfEnv.test(content))) return;
    const open = execFileSync('git', ['-C', root, 'status', '--porcelain', '-z', '-uall'], { encoding: 'utf8' });
    for (const line of open.split('\0').filter((each) => each !== '')) {
      const text = readFileSync(join(root, line.slice(3)), 'utf8');
      assert.doesNotMatch(text, line.endsWith('.env.ccg-tmp') ? secretsOfEnv : secrets, `${line} ${state}`);
    }
  }

  function holdsKey(content: string): boolean {
    const encoded = /_KEY=(\S+)/.exec(content)?.[1] ?? '';
    return [content, Buffer.from(encoded, 'base64').toString('latin1')].some((text) => text.includes('PRIVATE KEY'));
  }

  /** A setup that was killed can be undone to the last byte, and where a key exists also finished. */
  async function assertRecovers(
    work: string,
    aside: string,
    original: Record<string, string>,
    finished: Record<string, string>,
    state: string,
  ): Promise<void> {
    const app = appAt(work);
    const ports = makePorts(app);
    const [unfinished, ...others] = await unfinishedSetups([app.root], ports);
    assert.deepEqual(others, [], state);
    assert.equal(unfinished?.problem, undefined, state);
    assert.equal(unfinished?.heldBy, undefined, state);
    const { file } = app.config;
    if (unfinished === undefined) {
      // Killed before the first or after the last word: all old or all new.
      const now = JSON.stringify(essence(work));
      assert.ok([JSON.stringify(original), JSON.stringify(finished)].includes(now), state);
      if (now === JSON.stringify(original)) return;
    }
    reset(aside, work);
    await undoSetup(file, ports);
    assert.deepEqual(essence(work), original, `undone, ${state}`);
    assert.deepEqual(leftovers(work), [], state);
    if (unfinished?.resumable !== true) return;
    reset(work, aside);
    await resumeSetup(file, handMadeTools(ports.files), ports);
    assert.deepEqual(essence(work), finished, `resumed, ${state}`);
    assert.deepEqual(leftovers(work), [], state);
    assertProtected(work, `resumed, ${state}`);
    await undoSetup(file, ports);
    assert.deepEqual(essence(work), original, `resumed and undone, ${state}`);
  }

  /** The app's files; of an encrypted key, whose bytes are random, only that it is there. */
  function essence(work: string): Record<string, string> {
    const found = snapshot(appAt(work).root);
    for (const [name, text] of Object.entries(found))
      if (text.includes('ENCRYPTED PRIVATE KEY')) found[name] = 'an encrypted key';
    return found;
  }

  function leftovers(work: string): string[] {
    const names = [...Object.keys(snapshot(work))];
    return names.filter((name) => name.includes('ccg-tmp'));
  }

  /** Looks at what a kill leaves at each change of the action, begun from the state in `start`; the number of changes. */
  async function killEverywhere(
    errand: Omit<Errand, 'dieAt' | 'record'>,
    start: string,
    look: (state: string) => Promise<void>,
  ): Promise<number> {
    const record = `${errand.base}-record`;
    rmSync(record, { recursive: true, force: true });
    mkdirSync(record);
    reset(errand.base, start);
    const count = run({ ...errand, record });
    assert.ok(count !== undefined);
    const end = `${errand.base}-end`;
    reset(end, errand.base);
    for (let change = 1; change <= count; change++) {
      const state = `${errand.action} ${errand.keyFrom}, killed at change ${change}`;
      const left = join(record, String(change));
      if (change % killedEvery === 1) {
        reset(errand.base, start);
        assert.equal(run({ ...errand, dieAt: change }), undefined, state);
        assert.deepEqual(outline(errand.base), outline(left), state);
      }
      reset(errand.base, left);
      assertWorks(errand.base, errand.keyFrom, state);
      assertProtected(errand.base, state);
      await look(state);
    }
    reset(errand.base, end);
    assertWorks(errand.base, errand.keyFrom, errand.action);
    assertProtected(errand.base, errand.action);
    return count;
  }

  /** Names, modes and sizes: keys, salts and times differ from run to run, and in the journal's folder numbers of processes. */
  function outline(work: string): string[] {
    return Object.entries(snapshot(work)).map(([name, text]) => {
      const mode = text.split(' ', 1)[0] ?? '';
      // A lock that is being written has its process in its name.
      return name.startsWith('storage')
        ? `${name.replace(/\.\d+-[0-9a-f]{8}(?=\.ccg-tmp$)/, '')} ${mode}`
        : `${name} ${mode} ${text.length}`;
    });
  }

  const work = join(base, `work-${keyFrom}`);
  const [old, stopped, done, aside] = ['old', 'stopped', 'done', 'aside'].map((name) =>
    join(base, `${name}-${keyFrom}`),
  ) as [string, string, string, string];
  let original: Record<string, string>;
  let finished: Record<string, string>;
  const errand = (action: Errand['action']) => ({ action, base: work, keyFrom, material });

  before(() => {
    const app = makeApp({ base });
    reset(old, app.base);
    app.remove();
    reset(work, old);
    original = essence(work);
    run(errand('applyLater'));
    reset(stopped, work);
    reset(work, old);
    run(errand('apply'));
    finished = essence(work);
    reset(done, work);
  });

  it(`in apply leaves the old app or the new one, to be undone or finished (${keyFrom})`, async () => {
    const changes = await killEverywhere(errand('apply'), old, (state) =>
      assertRecovers(work, aside, original, finished, state),
    );
    assert.ok(changes > 40, `${changes} changes`);
    assert.deepEqual(essence(work), finished);
  });

  it(`in undo can be undone further (${keyFrom})`, async () => {
    const changes = await killEverywhere(errand('undo'), done, async (state) => {
      const ports = makePorts(appAt(work));
      try {
        await undoSetup(appAt(work).config.file, ports);
      } catch (error) {
        // Killed when only the lock was left to give back.
        assert.ok(isExpectedError(error) && error.code === 'nothing-to-undo', `${state}: ${String(error)}`);
      }
      assert.deepEqual(essence(work), original, state);
      assert.deepEqual(leftovers(work), [], state);
      assert.deepEqual(await unfinishedSetups([], ports), []);
    });
    assert.ok(changes > 30, `${changes} changes`);
    assert.equal(statSync(join(appAt(work).root, '.env')).mode & 0o777, 0o604);
  });

  // Stopping and resuming go through the same steps for every kind.
  if (keyFrom === 'environment') return;

  it(`in "Rewrite Later" leaves the old app, to be undone or finished (${keyFrom})`, async () => {
    await killEverywhere(errand('applyLater'), old, (state) => assertRecovers(work, aside, original, finished, state));
    assert.equal(readFileSync(appAt(work).config.file, 'utf8'), configBefore);
    await assertRecovers(work, aside, original, finished, 'stopped');
  });

  it(`in resume can be resumed again, or undone (${keyFrom})`, async () => {
    const changes = await killEverywhere(errand('resume'), stopped, (state) =>
      assertRecovers(work, aside, original, finished, state),
    );
    assert.ok(changes > 20, `${changes} changes`);
    assert.deepEqual(essence(work), finished);
  });
}
