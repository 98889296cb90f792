/** Rotation of keys in `.env` files as people write them, on real files: the app signs in with the new key, undo brings every byte back. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dotenv from 'dotenv';
import fc from 'fast-check';
import * as appConfigs from '../appConfig/index.ts';
import { memoryReader } from '../appConfig/testing/memoryReader.ts';
import { applyEdits } from '../base/edits.ts';
import * as certificates from '../certificates/index.ts';
import { reviewTexts } from '../ui/reviewTexts.ts';
import { applySetup, planSetup, readAppCredential, undoSetup } from './index.ts';
import type { SetupMaterial } from './index.ts';
import { invert } from './inverse.ts';
import { restoreText } from './restore.ts';
import { realPorts } from './testing/realApp.ts';
import { snapshot } from './testing/sampleApp.ts';

const decoded = `Buffer.from(process.env.KEY, 'base64').toString()`;
const repaired = String.raw`process.env.KEY.replace(/\\n/g, '\n')`;
const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
const escaped = (pem: string): string => pem.replaceAll('\n', '\\n');

describe('a rotation of a key in .env', function () {
  this.timeout(60_000);
  let material: { readonly old: SetupMaterial; readonly next: SetupMaterial };
  let pem: { readonly old: string; readonly next: string };
  let base: string;

  before(async () => {
    material = {
      old: await certificates.selfSigned({ subject: 'CN=web' }),
      next: await certificates.selfSigned({ subject: 'CN=web' }),
    };
    const pemOf = ({ privateKeyPkcs8 }: SetupMaterial) =>
      certificates.privateKeyPem(privateKeyPkcs8 ?? assert.fail('no key'));
    pem = { old: await pemOf(material.old), next: await pemOf(material.next) };
  });
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'ccg-rotationEnv-'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function app(env: string, thumbprint: string, key: string) {
    const root = join(base, 'app');
    const config = join(root, 'authConfig.js');
    mkdirSync(root);
    writeFileSync(join(root, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3","dotenv":"17.0.0"}}');
    writeFileSync(join(root, '.gitignore'), '.env\n.env.*\ncerts\n');
    writeFileSync(join(root, '.env'), env);
    writeFileSync(
      config,
      `require('dotenv').config();
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication({
  auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/y', clientCertificate: { thumbprintSha256: ${thumbprint}, privateKey: ${key} } },
});
`,
    );
    const ports = realPorts(base);
    return { root, config, ports, tools: { certificates, appConfigs, files: ports.files, clock: ports.clock } };
  }

  /** Old value in `.env`, and the code that reads it. */
  const forms: [string, (pem: string) => string, string][] = [
    ['base64', (text) => `KEY=${base64(text)}\n`, decoded],
    ['base64 in quotes', (text) => `KEY="${base64(text)}"\n`, decoded],
    ['exported, with a comment', (text) => `  export KEY = ${base64(text)} # prod\n`, decoded],
    ['PEM in quotes', (text) => `KEY="${escaped(text)}"\n`, 'process.env.KEY'],
    ['PEM in quotes, repaired', (text) => `KEY="${escaped(text)}" # prod\n`, repaired],
    ['bare PEM, repaired', (text) => `KEY=${escaped(text)}\n`, repaired],
    ['PEM over several lines', (text) => `KEY="${text}"\n`, 'process.env.KEY'],
    ['PEM over several lines in single quotes', (text) => `KEY='${text}' # prod\n`, 'process.env.KEY'],
    ['twice', (text) => `KEY=x\nKEY='${base64(text)}'\n`, decoded],
    ['behind a BOM', (text) => `\uFEFFKEY="${escaped(text)}"\n`, 'process.env.KEY'],
  ];
  for (const [title, envOf, key] of forms)
    for (const inCode of [true, false])
      it(`works and can be undone: ${title}, thumbprint in ${inCode ? 'the code' : '.env'}`, async () => {
        const { thumbprintSha256: old = '' } = material.old.description;
        const env = `${envOf(pem.old)}${inCode ? '' : `THUMB='${old}' # ask Anna\n`}PORT=3000\n`;
        const { root, config, ports, tools } = app(env, inCode ? `'${old}'` : 'process.env.THUMB', key);
        const before = snapshot(root);
        const read = async () => {
          const [found] = await appConfigs.readAppConfigs(config, ports.files, [root]);
          assert.ok(found);
          const result = await readAppCredential(found, { ...tools, environment: {}, announce: () => undefined });
          assert.ok(result.status === 'ok', JSON.stringify(result));
          const { configured, privateKeyPkcs8 } = result.credential;
          return { found, configured, key: Buffer.from(privateKeyPkcs8) };
        };
        const { found } = await read();
        const planned = await planSetup(
          {
            ...{ config: found, material: material.next, keyFrom: 'environment', passphrase: 'none', roots: [root] },
            ...{ register: false, folder: join(root, 'certs'), name: 'web', rotates: { thumbprintSha256: old } },
          },
          tools,
        );
        assert.ok(planned.status === 'plan', JSON.stringify(planned));
        holdsNoKey(JSON.stringify(reviewTexts(planned.plan)));
        await applySetup(planned.plan, ports);
        const now = await read();
        assert.equal(now.configured, material.next.description.thumbprintSha256);
        assert.deepEqual(now.key, Buffer.from(material.next.privateKeyPkcs8 ?? []));
        const written = readFileSync(join(root, '.env'), 'utf8');
        if (!inCode) assert.ok(written.includes(' # ask Anna\n'));
        for (const file of Object.values(snapshot(ports.journalFolder))) holdsNoKey(file);
        await undoSetup(config, ports);
        assert.deepEqual(snapshot(root), before);
      });

  /** Neither key, in no form. The first third of a key is the public modulus, which the certificate has too. */
  function holdsNoKey(text: string): void {
    for (const key of [pem.old, pem.next])
      for (const line of [...key.split('\n').slice(8, -2), base64(key).slice(900)])
        for (let at = 0; at + 24 <= line.length; at += 24) assert.ok(!text.includes(line.slice(at, at + 24)), text);
  }

  it('gives an app new variables where another app registration reads the old ones, and undo takes only those back', async () => {
    const { thumbprintSha256: old = '' } = material.old.description;
    const { root, config, ports, tools } = app(
      `THUMB=${old}\nKEY="${escaped(pem.old)}"\n`,
      'process.env.THUMB',
      'process.env.KEY',
    );
    const other = join(root, 'other.js');
    writeFileSync(other, readFileSync(config, 'utf8').replace(`'x'`, `'another'`));
    const before = snapshot(root);
    const configured = async (file: string) => {
      const [found] = await appConfigs.readAppConfigs(file, ports.files, [root]);
      assert.ok(found);
      const result = await readAppCredential(found, { ...tools, environment: {}, announce: () => undefined });
      assert.ok(result.status === 'ok', JSON.stringify(result));
      return result.credential.configured;
    };
    const [found] = await appConfigs.readAppConfigs(config, ports.files, [root]);
    assert.ok(found);
    const planned = await planSetup(
      {
        ...{ config: found, material: material.next, keyFrom: 'environment', passphrase: 'none', roots: [root] },
        ...{ register: false, folder: join(root, 'certs'), name: 'web', rotates: { thumbprintSha256: old } },
      },
      tools,
    );
    assert.ok(planned.status === 'plan');
    const warning = planned.plan.warnings.find(({ code }) => code === 'variables-shared');
    assert.deepEqual([warning?.file, warning?.line], [other, 4]);
    await applySetup(planned.plan, ports);
    assert.deepEqual(
      [await configured(config), await configured(other)],
      [material.next.description.thumbprintSha256, old],
    );
    await undoSetup(config, ports);
    assert.deepEqual(snapshot(root), before);
  });

  it('keeps every other byte and value, whatever the file looks like, and can be turned round also when the file grew', async () => {
    const secret = fc.record({
      form: fc.constantFrom('base64', 'escaped', 'lines'),
      quote: fc.constantFrom('', '"', "'", '`'),
      head: fc.constantFrom('', 'export ', '  ', '\t export  '),
      sign: fc.constantFrom('=', ' = ', ': '),
      tail: fc.constantFrom('', ' # c', '#c', '  '),
    });
    const others = fc.array(
      fc.constantFrom(
        '',
        '# KEY=1',
        'PORT=3000',
        "A='x#y'",
        'M="a\nb"',
        'E=',
        'KEY_2=taken',
        'KEY_PREVIOUS=q',
        'KEY=first',
      ),
      { maxLength: 5 },
    );
    const shape = fc.record({
      secret,
      above: others,
      below: others,
      eol: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      inCode: fc.boolean(),
    });
    let rotated = 0;
    await fc.assert(
      fc.asyncProperty(shape, async ({ secret: { form, quote, head, sign, tail }, above, below, eol, bom, inCode }) => {
        const value = form === 'base64' ? base64(pem.old) : form === 'escaped' ? escaped(pem.old) : pem.old;
        const line = `${head}KEY${sign}${quote}${value}${quote}${tail}`;
        const unset = below.filter((each) => each !== 'KEY=first');
        const env =
          (bom ? '\uFEFF' : '') +
          ['THUMB=' + 'A'.repeat(64), ...above, line, ...unset].join('\n').replaceAll('\n', eol);
        const old = dotenv.parse(env);
        const code = form === 'base64' ? decoded : 'process.env.KEY';
        const files = {
          '/w/a.js': `require('dotenv').config();
const msal = require('@azure/msal-node');
exports.app = new msal.ConfidentialClientApplication({
  auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/y', clientCertificate: { thumbprintSha256: ${inCode ? `'${'A'.repeat(64)}'` : 'process.env.THUMB'}, privateKey: ${code} } },
});
`,
          '/w/package.json': '{}',
          '/w/.gitignore': '.env\n',
          '/w/.env': env,
        };
        // What dotenv does not read as this key (a bare one over several lines) no app signs in with.
        if (old.KEY !== value && old.KEY !== pem.old) return;
        const request = { file: '/w/a.js', keyFrom: 'environment', privateKeyPem: pem.next, thumbprintSha256: 'B'.repeat(64), thumbprintSha1: 'C'.repeat(40), roots: ['/w'] } as const; // prettier-ignore
        const plan = await appConfigs.planRotation(request, memoryReader(files));
        assert.ok(plan.status === 'rewrite');
        const edits = plan.files.find(({ path }) => path === '/w/.env');
        assert.ok(edits);
        const after = applyEdits(env, edits.edits);
        const now = dotenv.parse(after);
        const name = inCode ? Object.keys(now).find((each) => !(each in old) && each.startsWith('KEY')) : 'KEY';
        const given = now[name ?? ''] ?? '';
        const key =
          form === 'base64'
            ? Buffer.from(given, 'base64').toString()
            : old.KEY.includes('\n')
              ? given
              : given.replaceAll('\\n', '\n');
        assert.ok(createPrivateKey(key).equals(createPrivateKey(pem.next)));
        for (const [each, was] of Object.entries(old))
          if (inCode || !/^(KEY|THUMB)$/.test(each)) assert.equal(now[each], was);
        assert.ok(Object.values(now).includes(old.KEY));
        const inverse = invert(edits, after, [pem.next, base64(pem.next)]);
        holdsNoKey(JSON.stringify(inverse));
        assert.equal(await restoreText(after, inverse, true, after.length, () => undefined), env);
        const grown = `# more\n${after}\nMORE=1\n`;
        const restored = await restoreText(grown, inverse, false, after.length, () => undefined);
        if (restored !== undefined) assert.equal(restored, `# more\n${env}\nMORE=1\n`);
        rotated++;
      }),
      { numRuns: 300 },
    );
    assert.ok(rotated > 100, String(rotated));
  });
});
