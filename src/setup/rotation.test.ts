/** Rotation with the real rooms, on real files: planned, applied, undone, resumed. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import type { KeyFrom } from '../appConfig/types.ts';
import * as certificates from '../certificates/index.ts';
import {
  applySetup,
  finishedRotations,
  noteOldRemoved,
  noteRotation,
  replacedCertificates,
  noteProof,
  planSetup,
  readAppCredential,
  resumeSetup,
  setupOf,
  undoSetup,
} from './index.ts';
import type { ReplacedCertificate, SetupPorts, SetUpResult } from './index.ts';
import type { Journal } from './journal.ts';
import { realPorts, writeRealApp } from './testing/realApp.ts';
import { clock, snapshot } from './testing/sampleApp.ts';

describe('a rotation', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  let config: string;
  let ports: SetupPorts;
  const tools = () => ({ certificates, appConfigs, files: ports.files, clock: { ...clock, now: () => Date.now() } });

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ccg-rotation-'));
    root = join(base, 'app');
    config = writeRealApp(root);
    ports = realPorts(base);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  async function set(
    keyFrom: KeyFrom,
    passphrase: string,
    rotates?: ReplacedCertificate,
    register = false,
  ): Promise<SetUpResult> {
    const material = await certificates.selfSigned({ subject: 'CN=rotated' });
    const [found] = await appConfigs.readAppConfigs(config, ports.files, [root]);
    assert.ok(found);
    const planned = await planSetup(
      {
        config: found,
        material,
        keyFrom,
        passphrase,
        roots: [root],
        register,
        name: 'app',
        ...(rotates === undefined ? {} : { folder: join(root, 'certs'), rotates }),
      },
      tools(),
    );
    assert.ok(planned.status === 'plan', JSON.stringify(planned));
    return applySetup(planned.plan, ports);
  }
  /** What the app would sign in with. */
  async function credential() {
    const [found] = await appConfigs.readAppConfigs(config, ports.files, [root]);
    assert.ok(found);
    const read = await readAppCredential(found, { ...tools(), environment: {}, announce: () => undefined });
    assert.ok(read.status === 'ok', JSON.stringify(read));
    return read.credential;
  }

  for (const [keyFrom, passphrase] of [
    ['file', 'one phrase'],
    ['file', 'none'],
    ['environment', 'none'],
  ] as const)
    it(`gives the app the new certificate and undo the old one back (${keyFrom}, pass phrase ${passphrase})`, async () => {
      const first = await set(keyFrom, passphrase);
      const before = snapshot(root);
      assert.equal((await credential()).configured, first.thumbprintSha256);
      const { thumbprintSha256, thumbprintSha1 } = first;
      const second = await set(keyFrom, passphrase, { thumbprintSha256, thumbprintSha1 });
      const now = await credential();
      assert.deepEqual([now.configured, second.proven], [second.thumbprintSha256, false]);
      if (keyFrom === 'file') {
        assert.equal(now.certificate?.thumbprintSha256, second.thumbprintSha256, 'certificate and key belong together');
        assert.ok(second.files.privateKey?.endsWith('app-2.key'));
      }
      assert.deepEqual((await setupOf(config, ports))?.rotates, { thumbprintSha256, thumbprintSha1 });
      await undoSetup(config, ports);
      assert.deepEqual(snapshot(root), before);
      await undoSetup(config, ports);
      assert.match(readFileSync(config, 'utf8'), /clientSecret/);
    });

  it('stops before it changes anything the app reads when nobody could upload, and goes on afterwards', async () => {
    await set('file', 'a phrase');
    const old = await credential();
    const unconfirmed = { status: 'unconfirmed', reason: { code: 'not-signed-in', message: 'nobody' } } as const;
    ports = { ...ports, registrar: { register: () => Promise.resolve(unconfirmed) } };
    const stopped = await set('file', 'a phrase', { thumbprintSha256: old.configured }, true);
    assert.equal(stopped.stopped, true);
    assert.equal((await credential()).configured, old.configured);
    ports = { ...ports, registrar: { register: () => Promise.resolve({ status: 'confirmed' }) } };
    const resumed = await resumeSetup(config, tools(), ports);
    assert.equal(resumed.registered, true);
    assert.equal((await credential()).configured, stopped.thumbprintSha256);
  });

  it('counts the days of grace from the first proof of the new certificate, however often it is proven again', async () => {
    const { thumbprintSha256: old } = await set('file', 'none');
    const { thumbprintSha256 } = await set('file', 'none', { thumbprintSha256: old });
    assert.deepEqual(await finishedRotations([root], ports), []);
    const first = Date.now() - 8 * 86_400_000;
    for (const at of [first, first + 86_400_000, Date.now()])
      await noteProof(config, { at: new Date(at).toISOString(), thumbprintSha256, algorithm: 'PS256' }, ports);
    assert.deepEqual(await finishedRotations([root], ports), [{ config, provenAt: first, thumbprintSha256 }]);
  });

  it('leaves no certificate behind of which nobody is told, however often the app is rotated', async () => {
    const names = ['', '', ''];
    for (const [index] of names.entries()) {
      const old = index === 0 ? undefined : { thumbprintSha256: names[index - 1] ?? '' };
      names[index] = (await set('file', 'none', old)).thumbprintSha256;
      const proof = { at: new Date(index * 1000).toISOString(), thumbprintSha256: names[index], algorithm: 'PS256' };
      await noteProof(config, proof, ports);
    }
    const [first = '', second = '', third = ''] = names;
    const left = async () => {
      const setup = await setupOf(config, ports);
      return setup && replacedCertificates(setup).map(({ old, by, provenAt }) => [old.thumbprintSha256, by, provenAt]);
    };
    assert.deepEqual(await left(), [
      [first, second, 1000],
      [second, third, 2000],
    ]);
    assert.deepEqual(
      (await finishedRotations([root], ports)).map(({ thumbprintSha256 }) => thumbprintSha256),
      [second, third],
    );
    await noteOldRemoved(config, { thumbprintSha256: first }, ports);
    assert.deepEqual(await left(), [[second, third, 2000]]);
    // Two more in the vault, which change no file.
    const certificate = { ...(await setupOf(config, ports))?.certificate } as Journal['certificate'];
    for (const [from, to] of [
      [third, '4'.repeat(64)],
      ['4'.repeat(64), '5'.repeat(64)],
    ] as const)
      await noteRotation(
        config,
        { ...certificate, thumbprintSha256: to },
        { thumbprintSha256: from },
        undefined,
        ports,
      );
    assert.deepEqual(
      (await left())?.map(([old]) => old),
      [second, third, '4'.repeat(64)],
    );
  });
});
