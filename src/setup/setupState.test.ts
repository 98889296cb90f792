import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ExpectedError } from '../base/errors.ts';
import { applySetup, countsOnCertificate, planSetup } from './index.ts';
import { choicesFor, configBefore, handMadeTools, makeApp, makeMaterial, makePorts } from './testing/sampleApp.ts';
import type { SampleApp } from './testing/sampleApp.ts';

describe('a certificate that was made for a setup', () => {
  const material = makeMaterial();
  const thumbprint = material.description.thumbprintSha256;
  let app: SampleApp;
  beforeEach(() => {
    app = makeApp({ git: false });
  });
  afterEach(() => app.remove());

  const isNeeded = () => countsOnCertificate(app.config.file, thumbprint, makePorts(app));
  const isRewritten = () => readFileSync(app.config.file, 'utf8') !== configBefore;

  /** @param fails on a journal with this text no more can be written */
  async function apply(fails: (journal: string) => boolean): Promise<void> {
    const ports = makePorts(app);
    let isFull = false;
    const writeAtomically: typeof ports.files.writeAtomically = (file, bytes, ...rest) => {
      isFull ||= file.endsWith('.json') && fails(Buffer.from(bytes).toString());
      if (isFull) return Promise.reject(new ExpectedError('disk-full', 'The disk is full.'));
      return ports.files.writeAtomically(file, bytes, ...rest);
    };
    const planned = await planSetup(choicesFor(app, material), handMadeTools(ports.files));
    assert.ok(planned.status === 'plan');
    await applySetup(planned.plan, { ...ports, files: { ...ports.files, writeAtomically } });
  }

  it('is not needed before anything is applied, nor after a failure that took everything back', async () => {
    assert.equal(await isNeeded(), false);
    await assert.rejects(
      apply(() => true),
      { code: 'disk-full' },
    );
    assert.deepEqual([isRewritten(), await isNeeded()], [false, false]);
  });

  it('is needed once the app is set up, and not another one', async () => {
    await apply(() => false);
    assert.equal(await isNeeded(), true);
    assert.equal(await countsOnCertificate(app.config.file, 'AB'.repeat(32), makePorts(app)), false);
  });

  it('is needed where only the end of the journal could not be written', async () => {
    await assert.rejects(
      apply((journal) => journal.includes('"state": "applied"')),
      { code: 'disk-full' },
    );
    assert.deepEqual([isRewritten(), await isNeeded()], [true, true]);
  });
});
