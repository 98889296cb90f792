/** Two apps with one `.env`, whose setups write the same variables: whatever happens to one of them, the lines of the other stay. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as certificates from '../certificates/index.ts';
import type { CredentialMaterial } from '../certificates/types.ts';
import { applySetup, resumeSetup, undoSetup, unfinishedSetups } from './index.ts';
import type { SetupPorts } from './ports.ts';
import { clientOf, head, idOf, makeTwoApps, sharedEnv, type TwoApps } from './testing/twoApps.ts';

describe('a .env file of two apps', function () {
  this.timeout(120_000);
  let [one, two]: CredentialMaterial[] = [];
  let apps: TwoApps;
  const [a, b] = [() => apps.at('a.js'), () => apps.at('b.js')];
  before(async () => {
    [one, two] = await Promise.all(['CN=a', 'CN=b'].map((subject) => certificates.selfSigned({ subject })));
  });
  beforeEach(() => {
    apps = makeTwoApps({ 'a.js': head + clientOf('a'), 'b.js': head + clientOf('b') });
  });
  afterEach(() => apps.remove());
  const plans = async () => {
    assert.ok(one !== undefined && two !== undefined);
    return [await apps.plan('a.js', one, 'a'), await apps.plan('b.js', two, 'b')] as const;
  };
  const thumbprintOf = (material: CredentialMaterial | undefined) => material?.description.thumbprintSha256 ?? '-';
  /** Every variable that the code reads is set, and the thumbprint is the one of its own certificate. */
  const assertSignsIn = async (name: string, material: CredentialMaterial | undefined) => {
    const [config] = await apps.configsIn(name);
    assert.equal(config?.certificate?.thumbprint?.value, thumbprintOf(material));
    assert.match(apps.text('.env'), /^CLIENT_CERTIFICATE_PASSPHRASE=./m);
  };
  const rejectedOf = (results: readonly PromiseSettledResult<unknown>[]) =>
    results.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code?: string }).code] : []));

  it('is written by one of two setups that begin at once, and the other is refused', async () => {
    const [forA, forB] = await plans();
    const results = await Promise.allSettled([applySetup(forA, apps.ports), applySetup(forB, apps.ports)]);
    const refusals = rejectedOf(results);
    assert.ok(refusals.length === 1 && ['file-changed', 'setup-in-progress'].includes(refusals[0] ?? ''));
    if (results[0].status === 'fulfilled') await assertSignsIn('a.js', one);
    else await assertSignsIn('b.js', two);
    assert.ok(sharedEnv.split('\n').every((line) => apps.text('.env').includes(line)));
    assert.deepEqual(await unfinishedSetups([], apps.ports), []);
  });

  it('keeps the lines of another installation, which has locks and journals of its own', async () => {
    const [, forB] = await plans();
    assert.ok(one !== undefined);
    const forA = await apps.plan('a.js', one, 'a', { register: true, prove: false });
    const elsewhere = { ...apps.ports, journalFolder: join(apps.base, 'other journals') };
    const registrar: SetupPorts['registrar'] = {
      register: async () => {
        await applySetup(forB, elsewhere);
        return { status: 'confirmed' };
      },
    };
    await assert.rejects(applySetup(forA, { ...apps.ports, registrar }), { code: 'file-changed' });
    await assertSignsIn('b.js', two);
    assert.equal(apps.text('a.js'), head + clientOf('a'));
    await undoSetup(b(), elsewhere);
    assert.equal(apps.text('.env'), sharedEnv);
  });

  for (const wayOut of ['undo', 'resume'] as const)
    it(`keeps the lines of the other when a setup is killed before its own are written (${wayOut})`, async () => {
      const [forA, forB] = await plans();
      let killed = (): void => undefined;
      const atEnv = new Promise<void>((resolve) => (killed = resolve));
      const files = {
        ...apps.ports.files,
        writeAtomically: (...args: Parameters<SetupPorts['files']['writeAtomically']>) => {
          if (!args[0].endsWith('.env')) return apps.ports.files.writeAtomically(...args);
          killed();
          return new Promise<never>(() => undefined);
        },
      };
      void applySetup(forA, { ...apps.ports, files });
      await atEnv;
      const gone = { ...apps.ports, processes: { ...apps.ports.processes, isRunning: () => Promise.resolve(false) } };
      await applySetup(forB, gone);
      if (wayOut === 'undo') {
        await undoSetup(a(), gone);
        assert.equal(apps.text('a.js'), head + clientOf('a'));
      } else {
        await resumeSetup(a(), apps.tools, gone);
        await assertSignsIn('a.js', one);
      }
      await assertSignsIn('b.js', two);
    });

  it('is not taken back for a resume while the other reads what was written', async () => {
    const [forA] = await plans();
    const files = {
      ...apps.ports.files,
      writeAtomically: (...args: Parameters<SetupPorts['files']['writeAtomically']>) => {
        if (!args[0].endsWith('a.js')) return apps.ports.files.writeAtomically(...args);
        killed();
        return new Promise<never>(() => undefined);
      },
    };
    let killed = (): void => undefined;
    const atCode = new Promise<void>((resolve) => (killed = resolve));
    void applySetup(forA, { ...apps.ports, files });
    await atCode;
    const gone = { ...apps.ports, processes: { ...apps.ports.processes, isRunning: () => Promise.resolve(false) } };
    const certificate = `{ thumbprintSha256: process.env.CLIENT_CERTIFICATE_THUMBPRINT, privateKey: '' }`;
    const rest = clientOf('b').replace(/clientSecret: .*,/, `clientCertificate: ${certificate},`);
    writeFileSync(b(), head + rest);
    const configs = [...(await apps.configsIn('a.js')), ...(await apps.configsIn('b.js'))];
    await assert.rejects(resumeSetup(a(), apps.tools, gone, { configs }), {
      code: 'used-by-another-app',
      message: /was not continued.*CLIENT_CERTIFICATE_THUMBPRINT/s,
    });
    writeFileSync(b(), head + clientOf('b'));
    await resumeSetup(a(), apps.tools, gone);
    await assertSignsIn('a.js', one);
  });
});

describe('a file with two configs', function () {
  this.timeout(120_000);
  let material: CredentialMaterial;
  let apps: TwoApps;
  const both = (before = '') => before + head + clientOf('a') + clientOf('b');
  before(async () => {
    material = await certificates.selfSigned({ subject: 'CN=b' });
  });
  beforeEach(() => {
    apps = makeTwoApps({ 'a.js': both() });
  });
  afterEach(() => apps.remove());
  const credentials = async () =>
    (await apps.configsIn('a.js')).map(({ clientId, credential }) => `${clientId?.value?.[0]} ${credential}`);

  it('is continued for the application that it was begun for, wherever its lines are', async () => {
    await applySetup(await apps.plan('a.js', material, 'b', { rewriteNow: false }), apps.ports);
    const lines = (await apps.configsIn('a.js')).map(({ line }) => line);
    writeFileSync(apps.at('a.js'), both('// moved\n'.repeat((lines[1] ?? 0) - (lines[0] ?? 0))));
    await resumeSetup(apps.at('a.js'), apps.tools, apps.ports);
    assert.deepEqual(await credentials(), ['1 secret', '2 certificate']);
  });

  it('is not continued for another application', async () => {
    await applySetup(await apps.plan('a.js', material, 'b', { rewriteNow: false }), apps.ports);
    writeFileSync(apps.at('a.js'), head + clientOf('a'));
    await assert.rejects(resumeSetup(apps.at('a.js'), apps.tools, apps.ports), {
      code: 'nothing-to-resume',
      message: new RegExp(idOf.b),
    });
    assert.deepEqual(await credentials(), ['1 secret']);
  });
});
