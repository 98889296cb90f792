import assert from 'node:assert/strict';
import * as certificates from '../../certificates/index.ts';
import type { Report } from '../views/report.ts';
import { largestFile, tooLargeReport, viewerReport } from './viewerReport.ts';
import type { ViewerTools } from './viewerReport.ts';

const now = Date.UTC(2026, 10, 23);
const day = 86_400_000;
const tools = {
  certificates,
  now,
  thresholds: { days: 30, percent: 90 },
  commands: { useInApp: 'use', extractPrivateKey: 'extract' },
};
const view = (bytes: Uint8Array, password?: string, more: Partial<ViewerTools> = {}) =>
  viewerReport({ name: 'app.pfx', path: '/app/app.pfx', size: bytes.length, bytes }, { ...tools, ...more }, password);
const text = (report: Report) => JSON.stringify(report);
const labels = (report: Report) =>
  report.sections.flatMap(({ notes = [] }) => notes.flatMap(({ actions = [] }) => actions.map(({ label }) => label)));

describe('certificate viewer', function () {
  this.timeout(120_000);
  let pfx: Uint8Array;
  let pem: string;
  let key: string;
  let thumbprint: string;
  before(async () => {
    const made = await certificates.selfSigned({ subject: 'CN=viewed, O=<b>Contoso</b>', validityDays: 20, now });
    thumbprint = made.description.thumbprintSha256 ?? '';
    pfx = await certificates.pkcs12(made, 'the password');
    pem = certificates.certificatePem(made.certificateDer);
    key = await certificates.privateKeyPem(made.privateKeyPkcs8);
  });

  it('asks for the password of a PFX, tells a wrong one, and shows all with the right one', async () => {
    const first = await view(pfx);
    assert.equal(first.sections.at(-1)?.question?.problem, undefined);
    assert.ok(first.sections.at(-1)?.question);
    const wrong = await view(pfx, 'another');
    assert.ok(wrong.sections.at(-1)?.question?.problem);
    const right = await view(pfx, 'the password');
    assert.match(right.title, /CN=viewed/);
    assert.equal(
      right.sections.find(({ question }) => question !== undefined),
      undefined,
    );
    assert.deepEqual(labels(right), ['Use in App…', 'Extract Private Key…', 'Copy Public Certificate']);
    assert.ok(!text(right).includes('the password') && !text(right).includes('PRIVATE KEY'));
  });

  it('shows the life with today in it and every form of the thumbprint', async () => {
    const report = await view(Buffer.from(pem));
    const section = report.sections.find(({ validity }) => validity !== undefined);
    assert.equal(section?.validity?.state, 'valid');
    assert.ok(section.validity.today > 0 && section.validity.today < 5);
    const row = section.rows?.find(({ value }) => value === thumbprint);
    const copied = (row?.actions ?? []).map(({ does }) => (does.kind === 'copy' ? does.text : ''));
    assert.deepEqual(copied, [
      thumbprint,
      thumbprint.match(/../g)?.join(':'),
      Buffer.from(thumbprint, 'hex').toString('base64url'),
    ]);
    assert.deepEqual(labels(report), ['Copy Public Certificate']);
  });

  it('says that it expires soon when the settings say so', async () => {
    const at = async (age: number, days: number) => {
      const more = { now: now + age * day, thresholds: { days, percent: 100 } };
      const report = await view(Buffer.from(pem), undefined, more);
      const state = report.sections.find(({ validity }) => validity !== undefined)?.validity?.state;
      return [state, text(report).includes('Prepare its successor now')];
    };
    // It lives 20 days: from the half of them on at the earliest.
    assert.deepEqual(await at(9, 30), ['valid', false]);
    assert.deepEqual(await at(11, 30), ['expiring', true]);
    assert.deepEqual(await at(11, 5), ['valid', false]);
    assert.deepEqual(await at(16, 5), ['expiring', true]);
  });

  it('copies the public certificate alone from a file that has the key too', async () => {
    const report = await view(Buffer.from(`${key}${pem}`));
    const copied = report.sections
      .flatMap(({ notes = [] }) => notes)
      .flatMap(({ actions = [] }) => actions)
      .find(({ label }) => label === 'Copy Public Certificate');
    assert.ok(copied?.does.kind === 'copy');
    assert.equal(copied.does.text, pem);
  });

  it('shows a key file without offering to use it', async () => {
    const report = await view(Buffer.from(key));
    assert.deepEqual(labels(report), ['Extract Private Key…']);
  });

  it('says what can be said about a damaged file', async () => {
    const truncated = await view(pfx.subarray(0, 200), 'the password');
    assert.ok(truncated.sections.some(({ notes = [] }) => notes.some(({ severity }) => severity === 'error')));
    assert.match(text(truncated), /binary \(DER\)/);
    assert.match(text(await view(Buffer.from(pem.slice(0, 300)))), /PEM text with a block/);
    assert.match(text(await view(Buffer.alloc(0))), /empty/);
    assert.match(text(await view(Buffer.from('Hello, this is a letter'))), /neither PEM text nor DER/);
  });

  it('refuses large files politely', () => {
    const report = tooLargeReport('disk.pem', 10 * largestFile);
    assert.match(text(report), /50 MB/);
  });
});
