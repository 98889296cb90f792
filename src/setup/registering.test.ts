/** Upload and proof inside apply and resume. The registration and the directory are ports here; the real ones are in the suites of the host. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError, ExpectedError } from '../base/errors.ts';
import type { AppConfig } from '../appConfig/types.ts';
import { applySetup, planSetup, proofsOf, resumeSetup, rewrittenOf, undoSetup, unfinishedSetups } from './index.ts';
import type { RegistrationOutcome, SetupPlan, SetupPorts, SetupProof } from './index.ts';
import { createJournalStore } from './journalStore.ts';
import { choicesFor, configBefore, handMadeTools, makeApp, makeMaterial, makePorts } from './testing/sampleApp.ts';
import type { SampleApp } from './testing/sampleApp.ts';
import type { SetupChoices } from './types.ts';

const noRights: RegistrationOutcome = {
  status: 'unconfirmed',
  reason: { code: 'graph-permission-missing', message: 'no rights' },
};

describe('a setup that registers and proves', () => {
  const material = makeMaterial();
  const thumbprint = material.description.thumbprintSha256 ?? '';
  let app: SampleApp;
  /** What was done, in order. */
  let done: string[];
  beforeEach(() => {
    app = makeApp({ git: false });
    done = [];
  });
  afterEach(() => app.remove());

  const codeIsRewritten = () => readFileSync(app.config.file, 'utf8') !== configBefore;
  const proof = { at: '2026-11-23T12:00:00.000Z', thumbprintSha256: thumbprint, algorithm: 'PS256' };

  function portsWith(
    register: () => Promise<RegistrationOutcome> | RegistrationOutcome,
    prove: (signal?: AbortSignal) => Promise<SetupProof> = () => Promise.resolve({ status: 'proven', proof }),
  ): SetupPorts {
    return {
      ...makePorts(app),
      registrar: {
        register: (plan) => {
          const keyIsThere = existsSync(join(app.root, 'certs/sample-app.key'));
          done.push(`upload key=${String(keyIsThere)} code=${String(codeIsRewritten())}`);
          assert.deepEqual(Buffer.from(plan.certificateDer), Buffer.from(material.certificateDer));
          return Promise.resolve(register());
        },
      },
      prover: {
        prove: (_config, _roots, signal) => {
          done.push(`proof code=${String(codeIsRewritten())}`);
          return prove(signal);
        },
      },
    };
  }
  async function planOf(more: Partial<SetupChoices> = {}): Promise<SetupPlan> {
    const planned = await planSetup(choicesFor(app, material, more), handMadeTools(makePorts(app).files));
    assert.ok(planned.status === 'plan');
    return planned.plan;
  }
  const codes = (result: { warnings: readonly { code: string }[] }) => result.warnings.map(({ code }) => code);

  it('goes key files, upload, code, proof, and says so', async () => {
    const plan = await planOf();
    assert.deepEqual(codes(plan), []);
    const ports = portsWith(() => ({ status: 'confirmed' }));
    const result = await applySetup(plan, ports);
    assert.deepEqual(done, ['upload key=true code=false', 'proof code=true']);
    assert.deepEqual([result.registered, result.proven, result.stopped, codes(result)], [true, true, undefined, []]);
    const journal = await createJournalStore(ports.journalFolder, ports.files).load(app.config.file);
    assert.deepEqual(journal?.proofs, [proof]);
  });

  it('takes no proof of another certificate for one of its own', async () => {
    const other = { ...proof, thumbprintSha256: 'AB'.repeat(32) };
    const ports = portsWith(
      () => ({ status: 'confirmed' }),
      () => Promise.resolve({ status: 'proven', proof: other }),
    );
    const result = await applySetup(await planOf(), ports);
    assert.deepEqual([result.proven, codes(result)], [false, ['not-proven']]);
    assert.deepEqual(await proofsOf(app.config.file, ports), []);
  });

  it('finds the config that it has rewritten among those of a file', () => {
    const each = (line: number, clientId: string, credential = 'certificate') =>
      ({ line, clientId: { value: clientId }, credential }) as unknown as AppConfig;
    const found = [each(8, 'one'), each(30, 'two'), each(50, 'two'), each(52, 'two', 'secret')];
    assert.equal(rewrittenOf(found, 26, 'two'), found[1]);
    assert.equal(rewrittenOf(found, 51, 'two'), found[2]);
    assert.equal(rewrittenOf(found, 5, 'three'), undefined);
  });

  it('stops after the key files without an upload, and goes on when somebody has uploaded', async () => {
    const stopped = await applySetup(
      await planOf(),
      portsWith(() => noRights),
    );
    assert.deepEqual([stopped.registered, stopped.proven, stopped.stopped], [false, false, true]);
    assert.deepEqual(codes(stopped), ['graph-permission-missing', 'not-registered']);
    assert.match(stopped.warnings[1]?.message ?? '', /before the rewrite is resumed/);
    assert.equal(codeIsRewritten(), false);
    assert.ok(existsSync(join(app.root, 'certs/sample-app.key')));
    // The generated pass phrase waits in a file until the app's .env gets it.
    assert.deepEqual(
      Object.values(stopped.files).map((file) => file.slice(app.root.length + 1)),
      ['certs/sample-app.crt', 'certs/sample-app.key', 'certs/sample-app.passphrase'],
    );
    assert.ok(existsSync(join(app.root, 'certs/sample-app.passphrase')));
    assert.equal((await unfinishedSetups([], makePorts(app)))[0]?.state, 'stopped');

    const tools = handMadeTools(makePorts(app).files);
    const again = await resumeSetup(
      app.config.file,
      tools,
      portsWith(() => noRights),
    );
    assert.deepEqual([again.stopped, codeIsRewritten()], [true, false]);
    const resumed = await resumeSetup(
      app.config.file,
      tools,
      portsWith(() => ({ status: 'confirmed' })),
    );
    assert.deepEqual([resumed.registered, resumed.proven, resumed.stopped], [true, true, undefined]);
    assert.equal(codeIsRewritten(), true);
    await undoSetup(app.config.file, makePorts(app));
    assert.equal(codeIsRewritten(), false);
  });

  it('looks again for a certificate that an earlier run has uploaded, and is not held up where nobody can', async () => {
    const confirmed = () => ({ status: 'confirmed' }) as const;
    const tools = handMadeTools(makePorts(app).files);
    await applySetup(await planOf({ rewriteNow: false }), portsWith(confirmed));
    done.length = 0;
    const resumed = await resumeSetup(app.config.file, tools, portsWith(confirmed));
    assert.ok(
      done.some((each) => each.includes('upload')),
      done.join(),
    );
    assert.deepEqual([resumed.registered, codes(resumed)], [true, []]);
    await undoSetup(app.config.file, makePorts(app));
    await applySetup(await planOf({ rewriteNow: false }), portsWith(confirmed));
    const offline = await resumeSetup(
      app.config.file,
      tools,
      portsWith(() => noRights),
    );
    assert.deepEqual([offline.registered, codeIsRewritten()], [true, true]);
    assert.deepEqual(codes(offline), ['registration-not-checked']);
  });

  it('rewrites at once when it is told not to register, and proves nothing then', async () => {
    const plan = await planOf({ register: false });
    const result = await applySetup(
      plan,
      portsWith(() => noRights),
    );
    assert.deepEqual(done, []);
    assert.deepEqual([codes(result), result.proven, codeIsRewritten()], [['not-registered'], false, true]);
  });

  it('of a stopped one is rewritten at once when that is wanted', async () => {
    await applySetup(
      await planOf(),
      portsWith(() => noRights),
    );
    const tools = handMadeTools(makePorts(app).files);
    const result = await resumeSetup(
      app.config.file,
      tools,
      portsWith(() => noRights),
      { register: false },
    );
    assert.deepEqual([result.stopped, result.registered, codeIsRewritten()], [undefined, false, true]);
    assert.deepEqual(codes(result), ['not-registered']);
  });

  it('takes everything back when the directory will never take this certificate', async () => {
    const refuse = () => {
      throw new ExpectedError('policy-lifetime', 'too long');
    };
    await assert.rejects(applySetup(await planOf(), portsWith(refuse)), { code: 'policy-lifetime' });
    assert.equal(codeIsRewritten(), false);
    assert.equal(existsSync(join(app.root, 'certs')), false);
    assert.deepEqual(await unfinishedSetups([], makePorts(app)), []);
  });

  it('leaves nothing behind when it is cancelled in the upload', async () => {
    const cancel = () => {
      throw new CancelledError();
    };
    await assert.rejects(applySetup(await planOf(), portsWith(cancel)), CancelledError);
    assert.deepEqual([existsSync(join(app.root, 'certs')), codeIsRewritten()], [false, false]);
  });

  describe('whose upload is done when the rest fails', () => {
    /** Somebody works in the config while the upload runs, so that the rewrite is refused. */
    const disturbed = (takeBack: (wasCancelled: boolean) => string | undefined): SetupPorts => {
      const ports = portsWith(() => {
        writeFileSync(app.config.file, `${configBefore}\n// more\n`);
        return { status: 'confirmed' };
      });
      const registrar = {
        register: (plan: SetupPlan) => ports.registrar?.register(plan) ?? Promise.resolve(noRights),
        takeBack: (wasCancelled: boolean) => {
          done.push(`take back key=${String(existsSync(join(app.root, 'certs/sample-app.key')))}`);
          return Promise.resolve(takeBack(wasCancelled));
        },
      };
      return { ...ports, registrar };
    };

    it('takes the certificate back after the key', async () => {
      const ports = disturbed(() => undefined);
      const failure = await applySetup(await planOf(), ports).catch((error: unknown) => error);
      assert.deepEqual(done, ['upload key=true code=false', 'take back key=false']);
      assert.ok(failure instanceof ExpectedError);
      assert.deepEqual([failure.code, failure.message.includes('registered')], ['file-changed', false]);
    });

    it('says that it stays, and why', async () => {
      const ports = disturbed(() => 'Nobody is signed in.');
      const failure = await applySetup(await planOf(), ports).catch((error: unknown) => error);
      assert.ok(failure instanceof ExpectedError);
      assert.equal(failure.code, 'file-changed');
      assert.match(failure.message, /stays registered without its private key.*Nobody is signed in\./);
      assert.deepEqual(failure.details, { file: app.config.file });
    });

    it('takes it back after Cancel, telling that nobody reads an error', async () => {
      const controller = new AbortController();
      const told: boolean[] = [];
      const ports = portsWith(() => {
        controller.abort();
        return { status: 'confirmed' };
      });
      const takeBack = (wasCancelled: boolean) => {
        told.push(wasCancelled);
        return Promise.resolve('It stays.');
      };
      const register = (plan: SetupPlan) => ports.registrar?.register(plan) ?? Promise.resolve(noRights);
      const applying = applySetup(
        await planOf(),
        { ...ports, registrar: { register, takeBack } },
        { signal: controller.signal },
      );
      await assert.rejects(applying, CancelledError);
      assert.deepEqual([told, existsSync(join(app.root, 'certs')), codeIsRewritten()], [[true], false, false]);
    });

    it('keeps it while the key is kept: a resumed setup that fails can be resumed again', async () => {
      await applySetup(
        await planOf(),
        portsWith(() => noRights),
      );
      const resuming = resumeSetup(
        app.config.file,
        handMadeTools(makePorts(app).files),
        disturbed(() => undefined),
      );
      await assert.rejects(resuming, { code: 'file-changed' });
      assert.deepEqual(done.slice(1), ['upload key=true code=false']);
      assert.ok(existsSync(join(app.root, 'certs/sample-app.key')));
    });
  });

  it('keeps the key of a rewrite that was put off, also when a policy forbids the certificate today', async () => {
    const refuse = () => Promise.reject(new ExpectedError('policy-lifetime', 'too long'));
    const result = await applySetup(await planOf({ rewriteNow: false }), portsWith(refuse));
    assert.deepEqual(
      [result.stopped, result.registered, codes(result)],
      [true, false, ['policy-lifetime', 'not-registered']],
    );
    assert.ok(existsSync(join(app.root, 'certs/sample-app.key')));
  });

  it('stays when the proof fails, is left, or cannot be made', async () => {
    const reason = { code: 'AADSTS700027', message: 'not yet' };
    const left = new AbortController();
    const cases: [string, (signal?: AbortSignal) => Promise<SetupProof>][] = [
      ['AADSTS700027', () => Promise.resolve({ status: 'not-proven', reason })],
      ['not-proven', () => Promise.reject(new ExpectedError('home-tenant-needed', 'which tenant?'))],
      [
        'not-proven',
        () => {
          left.abort();
          return Promise.reject(new CancelledError());
        },
      ],
    ];
    for (const [code, prove] of cases) {
      const ports = portsWith(() => ({ status: 'confirmed' }), prove);
      const result = await applySetup(await planOf(), ports, { signal: left.signal });
      assert.deepEqual([result.registered, result.proven, codes(result)], [true, false, [code]]);
      assert.equal(codeIsRewritten(), true);
      assert.deepEqual(await proofsOf(app.config.file, ports), []);
      await undoSetup(app.config.file, ports);
    }
  });

  it('can be undone while its proof still waits for the directory', async () => {
    const ports = portsWith(
      () => ({ status: 'confirmed' }),
      async () => {
        await undoSetup(app.config.file, makePorts(app));
        return { status: 'proven', proof };
      },
    );
    await applySetup(await planOf(), ports);
    assert.equal(codeIsRewritten(), false);
    assert.deepEqual(await unfinishedSetups([], ports), []);
  });
});
