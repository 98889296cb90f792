import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import { forgiving } from '../ui/forgivingFiles.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { readArguments } from './arguments.ts';
import { check, exitCodeOf } from './check.ts';
import type { CheckReport, CheckTask } from './check.ts';
import { asJson, asSarif, asText } from './output.ts';

const now = Date.UTC(2026, 10, 23);

describe('the command line', () => {
  it('is read', () => {
    assert.deepEqual(readArguments(['check', 'a', '--fail-within', '30d', '--json', '--ignore', 'x']), {
      kind: 'check',
      folders: ['a'],
      failWithin: 30,
      format: 'json',
      ignored: ['x'],
      certificates: [],
      certificateFolders: [],
      thresholds: { days: 30, percent: 90 },
    });
    const request = readArguments(['check', '--warn-within', '14', '--warn-after', '95%', '--certificates', 'public']);
    assert.ok(request.kind === 'check');
    assert.deepEqual(request.thresholds, { days: 14, percent: 95 });
    assert.deepEqual(request.certificateFolders, ['public']);
    assert.equal(readArguments([]).kind, 'help');
    assert.equal(readArguments(['--version']).kind, 'version');
  });

  for (const wrong of [
    ['look'],
    ['check', '--fail-within', 'soon'],
    ['check', '--fail-within=-3'],
    ['check', '--warn-within', 'soon'],
    ['check', '--warn-after', '101%'],
    ['check', '--json', '--sarif'],
    ['check', '--verbose'],
  ]) {
    it(`refuses ${wrong.join(' ')}`, () => {
      assert.equal(readArguments(wrong).kind, 'wrong');
    });
  }
});

describe('the check of a folder', () => {
  let folder: string;
  let reader: (failWithin?: number, ignored?: string[], more?: Partial<CheckTask>) => Promise<CheckReport>;
  const thresholds = { days: 30, percent: 90 };
  const config = (property: string) => `const { createPrivateKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { ConfidentialClientApplication } = require('@azure/msal-node');
require('dotenv').config();
module.exports.client = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',
    ${property}
  },
});
`;
  const certificateBlock = (thumbprint: string) => `clientCertificate: {
      thumbprintSha256: '${thumbprint}',
      privateKey: createPrivateKey({ key: readFileSync(process.env.KEY_PATH) }).export({ type: 'pkcs8', format: 'pem' }).toString(),
    },`;
  let thumbprint = '';

  before(async function () {
    this.timeout(120_000);
    folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
    const made = await certificates.selfSigned({ subject: 'CN=checked', validityDays: 20, now });
    thumbprint = made.description.thumbprintSha256 ?? '';
    await mkdir(path.join(folder, 'certs'));
    await writeFile(path.join(folder, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
    await writeFile(path.join(folder, '.env'), 'KEY_PATH=certs/app.key\n');
    const key = await certificates.privateKeyPem(made.privateKeyPkcs8);
    await writeFile(path.join(folder, 'certs', 'app.key'), key, { mode: 0o600 });
    await writeFile(path.join(folder, 'certs', 'app.crt'), certificates.certificatePem(made.certificateDer));
    await writeFile(path.join(folder, 'client.js'), config(certificateBlock(thumbprint)));
    reader = (failWithin, ignored = [], more = {}) =>
      check(
        {
          folders: [folder],
          certificates: [],
          certificateFolders: [],
          thresholds,
          ignored,
          ...(failWithin === undefined ? {} : { failWithin }),
          ...more,
        },
        {
          appConfigs,
          certificates,
          files: forgiving(nodeFiles, () => undefined),
          keyFiles: nodeFiles,
          clock: { now: () => now, delay: () => Promise.resolve() },
          environment: {},
        },
      );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds the certificate and how long it lives', async () => {
    const report = await reader();
    const [app] = report.apps;
    assert.equal(app?.certificate?.thumbprintSha256, thumbprint);
    assert.equal(app.certificate.daysLeft, 19);
    assert.deepEqual(report.problems, []);
  });

  it('fails within the limit that was given, and not before', async () => {
    const codes = (report: CheckReport) => report.apps[0]?.findings.map(({ code }) => code) ?? [];
    assert.ok(codes(await reader(30)).includes('expires-within-limit'));
    assert.equal(exitCodeOf(await reader(30)), 1);
    assert.equal(exitCodeOf(await reader(10)), 0);
    assert.ok(!codes(await reader(10)).includes('expires-within-limit'));
    assert.ok(!codes(await reader(30, ['expires-within-limit'])).includes('expires-within-limit'));
  });

  it('warns when the certificate expires soon by the thresholds that were given', async () => {
    const codes = async (days: number, percent: number) =>
      (await reader(undefined, [], { thresholds: { days, percent } })).apps[0]?.findings.map(({ code }) => code);
    // It lives 20 days, all of them before it: at most half of its lifetime counts, whatever the days.
    assert.deepEqual(await codes(3650, 100), []);
    assert.deepEqual(await codes(30, 90), []);
    assert.deepEqual(await codes(30, 0), ['expires-soon']);
  });

  describe('in CI, where the key is not', () => {
    let ci: string;
    let given: string;
    const environment = (source: string) => `clientCertificate: {
      thumbprintSha256: ${source},
      privateKey: Buffer.from(process.env.CLIENT_KEY, 'base64').toString(),
    },`;
    beforeEach(async () => {
      ci = await mkdtemp(path.join(os.tmpdir(), 'ccg-ci-'));
      given = path.join(ci, 'public');
      await mkdir(given);
      await writeFile(path.join(ci, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
    });
    afterEach(() => rm(ci, { recursive: true, force: true }));
    const look = async (more: Partial<CheckTask>, variables: Readonly<Record<string, string>> = {}) => {
      const request = { folders: [ci], certificates: [], certificateFolders: [given], ignored: [], thresholds };
      const clock = { now: () => now, delay: () => Promise.resolve() };
      const tools = { appConfigs, certificates, files: nodeFiles, clock, environment: variables };
      const report = await check({ ...request, failWithin: 30, ...more }, tools);
      return {
        codes: report.apps[0]?.findings.filter(({ severity }) => severity !== 'information').map(({ code }) => code),
        thumbprint: report.apps[0]?.certificate?.thumbprintSha256,
        problems: report.problems.map(({ code }) => code),
      };
    };

    it('knows the certificate by its thumbprint, in the code or in the environment', async () => {
      await cp(path.join(folder, 'certs', 'app.crt'), path.join(given, 'a.CRT'));
      await writeFile(path.join(given, 'README.md'), 'public parts');
      const other = await certificates.selfSigned({ subject: 'CN=other', now });
      await writeFile(path.join(given, 'b.cer'), other.certificateDer);
      await writeFile(path.join(ci, 'client.js'), config(environment(`'${thumbprint.toLowerCase()}'`)));
      assert.deepEqual(await look({}), { codes: ['expires-within-limit'], thumbprint, problems: [] });
      await writeFile(path.join(ci, 'client.js'), config(environment('process.env.THUMB')));
      assert.deepEqual((await look({}, { THUMB: thumbprint })).codes, ['expires-within-limit']);
      // Of two that may be meant, none is: a false alarm would be ignored, and then the true one too.
      assert.deepEqual(await look({}), { codes: [], thumbprint: undefined, problems: [] });
      await rm(path.join(given, 'b.cer'));
      assert.deepEqual((await look({})).codes, ['expires-within-limit']);
      // A thumbprint that can be read is another certificate's.
      assert.deepEqual((await look({}, { THUMB: 'A'.repeat(64) })).codes, []);
    });

    it('says which folder and file is not there', async () => {
      await writeFile(path.join(ci, 'client.js'), config(environment('process.env.THUMB')));
      const missing = { certificateFolders: [path.join(ci, 'nowhere')], certificates: [path.join(ci, 'no.cer')] };
      assert.deepEqual((await look(missing)).problems, ['folder-not-found', 'file-not-found']);
    });
  });

  it('fails on what keeps the app from signing in', async () => {
    await writeFile(path.join(folder, 'client.js'), config(certificateBlock('A'.repeat(64))));
    const report = await reader();
    assert.ok(report.apps[0]?.findings.some(({ code }) => code === 'thumbprint-of-other-certificate'));
    assert.equal(exitCodeOf(report), 1);
    await writeFile(path.join(folder, 'client.js'), config(certificateBlock(thumbprint)));
  });

  it('says why a key cannot be read', async function () {
    if (process.platform === 'win32') this.skip();
    const key = path.join(folder, 'certs', 'app.key');
    const text = await readFile(key);
    await rm(key);
    await symlink('app.key', key);
    assert.deepEqual(
      (await reader()).apps[0]?.findings.map(({ code }) => code),
      ['broken-link'],
    );
    await rm(key);
    await writeFile(key, text, { mode: 0o600 });
  });

  it('says that a folder does not exist, and that there is no app', async () => {
    const tools = { appConfigs, certificates, files: nodeFiles, environment: {} };
    const clock = { now: () => now, delay: () => Promise.resolve() };
    const request = { certificates: [], certificateFolders: [], thresholds, ignored: [] };
    const nowhere = await check({ ...request, folders: [path.join(folder, 'nowhere')] }, { ...tools, clock });
    assert.equal(nowhere.problems[0]?.code, 'folder-not-found');
    assert.equal(exitCodeOf(nowhere), 3);
    const empty = await check({ ...request, folders: [path.join(folder, 'certs')] }, { ...tools, clock });
    assert.equal(empty.problems[0]?.code, 'no-app-config');
  });

  it('tells it as text, JSON and SARIF', async () => {
    const report = await reader(30);
    const text = asText(report, folder);
    assert.match(text, /^client\.js:\d+: error: The certificate ends in 19 days, .*\[expires-within-limit\]$/m);
    const json = JSON.parse(asJson(report)) as CheckReport & { version: number };
    assert.equal(json.version, 1);
    assert.equal(json.apps.length, 1);
    const sarif = JSON.parse(asSarif(report, folder, '0.1.0')) as {
      version: string;
      runs: { results: { ruleId: string; level: string; locations: unknown[] }[] }[];
    };
    assert.equal(sarif.version, '2.1.0');
    const [result] = sarif.runs[0]?.results ?? [];
    assert.equal(result?.ruleId, 'expires-within-limit');
    assert.equal(result.level, 'error');
  });

  it('tells places that other programs understand, and nothing of what would mend them', () => {
    const range = { offset: 90, length: 4, line: 7, column: 5, endLine: 7, endColumn: 9 };
    const fix = { kind: 'env', what: 'own', file: '/w/.env', line: 1, from: 'AA:BB', to: 'AABB', edits: [] } as const;
    const kept = { code: 'x', severity: 'error', message: 'X.', line: 7, range } as const;
    const finding = { ...kept, fix };
    const apps = [{ file: '/w/a #1?/b c.js', line: 3, credential: 'certificate', findings: [finding] }] as const;
    const report: CheckReport = { apps, problems: [] };
    const { runs } = JSON.parse(asSarif(report, '/w', '0.1.0')) as {
      runs: { results: { locations: { physicalLocation: unknown }[] }[] }[];
    };
    assert.deepEqual(runs[0]?.results[0]?.locations[0]?.physicalLocation, {
      artifactLocation: { uri: 'a%20%231%3F/b%20c.js', uriBaseId: 'ROOT' },
      region: { startLine: 7, startColumn: 5, endLine: 7, endColumn: 9 },
    });
    const json = JSON.parse(asJson(report)) as { apps: { findings: unknown[] }[] };
    assert.deepEqual(json.apps[0]?.findings, [kept]);
  });
});
