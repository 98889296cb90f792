import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import { forgiving } from '../ui/forgivingFiles.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { readArguments } from './arguments.ts';
import { check, hasErrors } from './check.ts';
import type { CheckReport } from './check.ts';
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
    });
    assert.equal(readArguments([]).kind, 'help');
    assert.equal(readArguments(['--version']).kind, 'version');
  });

  for (const wrong of [
    ['look'],
    ['check', '--fail-within', 'soon'],
    ['check', '--fail-within=-3'],
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
  let reader: (failWithin?: number, ignored?: string[]) => Promise<CheckReport>;
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
    reader = (failWithin, ignored = []) =>
      check(
        { folders: [folder], certificates: [], ignored, ...(failWithin === undefined ? {} : { failWithin }) },
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
    assert.ok(hasErrors(await reader(30)));
    assert.ok(!codes(await reader(10)).includes('expires-within-limit'));
    assert.ok(!codes(await reader(30, ['expires-within-limit'])).includes('expires-within-limit'));
  });

  it('fails on what keeps the app from signing in', async () => {
    await writeFile(path.join(folder, 'client.js'), config(certificateBlock('A'.repeat(64))));
    const report = await reader();
    assert.ok(report.apps[0]?.findings.some(({ code }) => code === 'thumbprint-of-other-certificate'));
    assert.ok(hasErrors(report));
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
    const request = { certificates: [], ignored: [] };
    const nowhere = await check({ ...request, folders: [path.join(folder, 'nowhere')] }, { ...tools, clock });
    assert.equal(nowhere.problems[0]?.code, 'folder-not-found');
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
});
