/** A rotation that is killed at every single change of the disk, on real rooms: the app has the old certificate or the new one, whole. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import type { KeyFrom } from '../appConfig/types.ts';
import * as certificates from '../certificates/index.ts';
import { type FileSystem } from '../ui/nodeSetupPorts.ts';
import { applySetup, planSetup, readAppCredential, resumeSetup } from './index.ts';
import { undoSetup, unfinishedSetups } from './index.ts';
import type { SetupPorts, SetUpResult } from './index.ts';
import { copyTree } from './testing/copyTree.ts';
import { dyingFileSystem } from './testing/dyingFileSystem.ts';
import { realPorts, writeRealApp } from './testing/realApp.ts';
import { snapshot } from './testing/sampleApp.ts';

describe('a rotation that is killed', function () {
  this.timeout(600_000);
  let outer: string;
  let base: string;
  let root: string;
  let config: string;

  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), 'ccg-faults-'));
    base = join(outer, 'work');
    root = join(base, 'app');
    mkdirSync(base);
    config = writeRealApp(root);
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  const portsWith = (fs?: FileSystem): SetupPorts => ({
    ...realPorts(base, fs),
    registrar: { register: () => Promise.resolve({ status: 'confirmed' }) },
  });
  const toolsFor = (ports: SetupPorts) => ({ certificates, appConfigs, files: ports.files, clock: ports.clock });

  async function found(ports: SetupPorts) {
    const [only, ...others] = await appConfigs.readAppConfigs(config, ports.files, [root]);
    assert.ok(only !== undefined && others.length === 0);
    return only;
  }

  async function set(keyFrom: KeyFrom, ports: SetupPorts, old?: SetUpResult): Promise<SetUpResult> {
    const rotation =
      old === undefined
        ? {}
        : {
            folder: join(root, 'certs'),
            rotates: { thumbprintSha256: old.thumbprintSha256, thumbprintSha1: old.thumbprintSha1 },
          };
    const planned = await planSetup(
      {
        config: await found(ports),
        material: await certificates.selfSigned({ subject: 'CN=rotated' }),
        keyFrom,
        passphrase: keyFrom === 'file' ? 'a phrase of seven words' : 'none',
        roots: [root],
        register: true,
        name: 'app',
        ...rotation,
      },
      toolsFor(ports),
    );
    assert.ok(planned.status === 'plan');
    return applySetup(planned.plan, ports);
  }

  /** Thumbprint that the app names; its key must open with what the app has, and be that certificate's. */
  async function signsInWith(ports: SetupPorts, state: string): Promise<string> {
    const config = await found(ports);
    const read = await readAppCredential(config, { ...toolsFor(ports), environment: {}, announce: () => undefined });
    assert.ok(read.status === 'ok', `${state}: ${JSON.stringify(read)}`);
    const { configured, certificate } = read.credential;
    if (certificate !== undefined) assert.equal(certificate.thumbprintSha256, configured, state);
    return configured;
  }

  /** Puts everything into the state that a killed process left: locks are nobody's. */
  function reset(from: string): void {
    rmSync(base, { recursive: true, force: true });
    copyTree(from, base);
    for (const name of readdirSync(join(base, 'journal')))
      if (name.includes('.lock.')) rmSync(join(base, 'journal', name));
  }

  for (const keyFrom of ['file', 'environment'] as const)
    it(`leaves the old certificate or the new one, to be undone or finished (${keyFrom})`, async () => {
      const ports = portsWith();
      const first = await set(keyFrom, ports);
      const before = snapshot(root);
      const copies = join(outer, 'copies');
      mkdirSync(copies);
      const recording = dyingFileSystem((change) => {
        copyTree(base, join(copies, String(change)));
      });
      const second = await set(keyFrom, portsWith(recording), first);
      assert.equal(await signsInWith(ports, 'rotated'), second.thumbprintSha256);
      assert.ok(recording.count() > 25, `${recording.count()} changes`);
      const seen = new Set<string>();
      for (let change = 1; change <= recording.count(); change++) {
        const state = `killed at change ${change}`;
        const left = join(copies, String(change));
        reset(left);
        const now = await signsInWith(ports, state);
        seen.add(now);
        assert.ok([first.thumbprintSha256, second.thumbprintSha256].includes(now), state);
        const [unfinished, ...others] = await unfinishedSetups([root], ports);
        assert.deepEqual([others, unfinished?.problem], [[], undefined], state);
        if (unfinished === undefined) continue;
        await undoSetup(config, ports);
        assert.deepEqual(snapshot(root), before, `undone, ${state}`);
        // Each opening of the key takes half a second: the number of the change decides, which has nothing to do with what the change is.
        if (!unfinished.resumable || change % 4 !== 0) continue;
        reset(left);
        await resumeSetup(config, toolsFor(ports), ports);
        assert.equal(await signsInWith(ports, state), second.thumbprintSha256, `resumed, ${state}`);
        await undoSetup(config, ports);
        assert.deepEqual(snapshot(root), before, `resumed and undone, ${state}`);
      }
      assert.equal(seen.size, 2);
    });
});
