import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySetup, describePlan, planSetup, resumeSetup, undoSetup } from './index.ts';
import type { Installer, ResumeTools, SetupPorts } from './ports.ts';
import {
  choicesFor,
  configBefore,
  makeApp,
  makeMaterial,
  makePorts,
  sampleVault,
  snapshot,
} from './testing/sampleApp.ts';
import type { SampleApp } from './testing/sampleApp.ts';

import { installingTools, packagesInstalled } from './testing/installingTools.ts';

describe('a setup that needs packages', () => {
  const { privateKeyPkcs8, ...material } = makeMaterial();
  let app: SampleApp;
  let calls: string[];
  let whileInstalling: () => void;
  let ports: SetupPorts;
  let tools: ResumeTools;

  beforeEach(() => {
    assert.ok(privateKeyPkcs8.length > 0);
    app = makeApp();
    calls = [];
    whileInstalling = () => undefined;
    const installer: Installer = {
      install: ({ args }, roots) => {
        calls.push(`${args.join(' ')} below ${roots.join()}`);
        whileInstalling();
        return Promise.resolve({
          takeBack: () => {
            calls.push('taken back');
            return Promise.resolve();
          },
        });
      },
    };
    ports = { ...makePorts(app), installer };
    tools = installingTools(app);
  });
  afterEach(() => {
    app.remove();
  });

  async function planOf(rewriteNow = true) {
    const choices = choicesFor(app, material, { keyFrom: 'keyVault', vault: sampleVault, rewriteNow });
    const planned = await planSetup(choices, tools);
    assert.equal(planned.status, 'plan');
    return planned.plan;
  }
  const installed = packagesInstalled;

  it('says so in the plan, installs before anything else, and undo names what stays', async () => {
    const before = snapshot(app.root);
    const plan = await planOf();
    assert.deepEqual(describePlan(plan).installs, installed);
    assert.match(describePlan(plan).text, /yarn add @azure\/identity@\^4\.13\.0/);
    whileInstalling = () => {
      assert.deepEqual(snapshot(app.root), before);
    };
    const result = await applySetup(plan, ports);
    assert.deepEqual(calls, [`add @azure/identity@^4.13.0 below ${app.root}`]);
    assert.deepEqual(result.installed, installed);
    const undone = await undoSetup(app.config.file, ports);
    assert.deepEqual(undone.installed, installed);
    assert.deepEqual(snapshot(app.root), before);
  });

  it('takes the installation back when a file changed meanwhile', async () => {
    whileInstalling = () => {
      writeFileSync(app.config.file, `${configBefore}// mine\n`);
    };
    await assert.rejects(applySetup(await planOf(), ports), { code: 'file-changed' });
    assert.equal(calls.at(-1), 'taken back');
    assert.equal(readFileSync(app.config.file, 'utf8'), `${configBefore}// mine\n`);
    assert.ok(!Object.keys(snapshot(app.root)).some((name) => name.includes('certs') || name.includes('ccg-tmp')));
    await assert.rejects(undoSetup(app.config.file, ports), { code: 'nothing-to-undo' });
  });

  it('installs nothing for Rewrite Later, but when it goes on', async () => {
    await applySetup(await planOf(false), ports);
    assert.deepEqual(calls, []);
    const result = await resumeSetup(app.config.file, tools, ports);
    assert.equal(calls.length, 1);
    assert.deepEqual(result.installed, installed);
    assert.deepEqual(result.vault, sampleVault);
  });

  it('takes the packages back when nobody could upload, and installs them when it goes on', async () => {
    const noRights = {
      status: 'unconfirmed',
      reason: { code: 'registration-forbidden', message: 'no rights' },
    } as const;
    const closed: SetupPorts = { ...ports, registrar: { register: () => Promise.resolve(noRights) } };
    const stopped = await applySetup(await planOf(), closed);
    assert.deepEqual([stopped.stopped, stopped.installed ?? []], [true, []]);
    assert.equal(calls.at(-1), 'taken back');
    const result = await resumeSetup(app.config.file, tools, ports);
    assert.deepEqual(result.installed, installed);
    assert.deepEqual(
      calls.map((each) => each.split(' ')[0]),
      ['add', 'taken', 'add'],
    );
  });

  it('is refused where nobody can install', async () => {
    const before = snapshot(app.root);
    const failure = applySetup(await planOf(), makePorts(app));
    await assert.rejects(failure, { code: 'packages-missing' });
    assert.deepEqual(snapshot(app.root), before);
  });

  it('has nothing for .gitignore but what holds a secret', async () => {
    await applySetup(await planOf(), ports);
    assert.doesNotMatch(readFileSync(join(app.root, '.gitignore'), 'utf8'), /certs/);
  });
});
