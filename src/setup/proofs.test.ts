import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshProof, proofsOf, recordProof, unfinishedSetups } from './index.ts';
import { clock, makeApp, makePorts, type SampleApp } from './testing/sampleApp.ts';

const day = 86_400_000;

describe('proofs', () => {
  let app: SampleApp;
  beforeEach(() => {
    app = makeApp({ git: false });
  });
  afterEach(() => app.remove());
  const at = (before: number) => new Date(clock.now() - before).toISOString();
  const proof = (before: number, thumbprintSha256 = 'AA') => ({ at: at(before), thumbprintSha256, algorithm: 'PS256' });

  it('are kept without any setup, newest first, for this user only, and are no journal', async () => {
    const ports = makePorts(app);
    assert.deepEqual(await proofsOf(app.config.file, ports), []);
    await recordProof(app.config.file, proof(1000), ports);
    await recordProof(app.config.file, proof(0, 'BB'), ports);
    assert.deepEqual(await proofsOf(app.config.file, ports), [proof(0, 'BB'), proof(1000)]);
    assert.deepEqual(await proofsOf(join(app.root, 'other.js'), ports), []);
    assert.deepEqual(await unfinishedSetups([], ports), []);
    const [name = ''] = readdirSync(ports.journalFolder);
    assert.equal(statSync(join(ports.journalFolder, name)).mode & 0o777, 0o600);
  });

  it('count for their own certificate and for a day', async () => {
    const ports = makePorts(app);
    await recordProof(app.config.file, proof(day + 1), ports);
    assert.equal(await freshProof(app.config.file, 'AA', day, ports), undefined);
    await recordProof(app.config.file, proof(day - 1), ports);
    assert.deepEqual(await freshProof(app.config.file, 'aa', day, ports), proof(day - 1));
    assert.equal(await freshProof(app.config.file, 'BB', day, ports), undefined);
  });

  it('from the future count for nothing', async () => {
    const ports = makePorts(app);
    await recordProof(app.config.file, proof(-day), ports);
    assert.equal(await freshProof(app.config.file, 'AA', day, ports), undefined);
  });

  it('in a damaged file are as if there were none, and are recorded anew', async () => {
    const ports = makePorts(app);
    await recordProof(app.config.file, proof(0), ports);
    const file = join(ports.journalFolder, readdirSync(ports.journalFolder)[0] ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
    assert.deepEqual(await proofsOf(app.config.file, ports), []);
    await recordProof(app.config.file, proof(0), ports);
    assert.deepEqual(await proofsOf(app.config.file, ports), [proof(0)]);
  });
});
