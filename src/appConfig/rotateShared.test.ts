/** Rotation where other apps of the workspace take their certificate from the same values. */
import assert from 'node:assert/strict';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import { planRotation } from './index.ts';
import { memoryReader } from './testing/memoryReader.ts';
import type { RewritePlan, RewriteRequest } from './types.ts';

const [oldThumbprint, newThumbprint] = ['A'.repeat(64), 'B'.repeat(64)];
const env = `THUMB=${oldThumbprint}\nKEYPATH=certs/app.key\n`;
const manifest = '{"dependencies":{"@azure/msal-node":"7.2.3"}}';
const direct = `{ thumbprintSha256: process.env.THUMB, privateKey: fs.readFileSync(process.env.KEYPATH, 'utf8') }`;

function app(clientId: string, certificate = direct, head = ''): string {
  return `require('dotenv').config();
const fs = require('fs');
const msal = require('@azure/msal-node');
${head}
exports.client = new msal.ConfidentialClientApplication({
  auth: { clientId: ${clientId}, authority: 'https://login.microsoftonline.com/y', clientCertificate: ${certificate} },
});
`;
}

async function plan(files: Readonly<Record<string, string>>, more: Partial<RewriteRequest> = {}): Promise<RewritePlan> {
  const all = { '/w/package.json': manifest, '/w/.gitignore': '.env\ncerts\n', '/w/.env': env, ...files };
  return planRotation(
    {
      file: '/w/a.js',
      keyFrom: 'file',
      thumbprintSha256: newThumbprint,
      thumbprintSha1: 'C'.repeat(40),
      privateKeyPath: '/w/certs/app-2.key',
      roots: ['/w'],
      ...more,
    },
    memoryReader(all),
  );
}

async function rotated(files: Readonly<Record<string, string>>) {
  const planned = await plan(files);
  assert.ok(planned.status === 'rewrite');
  const after = new Map(planned.files.map((each) => [each.path, applyEdits(each.before ?? '', each.edits)]));
  const warnings = planned.warnings.map(({ code, file, line }) => ({ code, file, line }));
  return { env: after.get('/w/.env') ?? '', code: after.get('/w/a.js') ?? '', warnings, variables: planned.variables };
}

async function refusal(files: Readonly<Record<string, string>>) {
  try {
    await plan(files);
  } catch (error) {
    if (isExpectedError(error)) return error;
    throw error;
  }
  return assert.fail('was planned');
}

describe('a rotation beside other apps', () => {
  const asNew = `THUMB=${oldThumbprint}\nTHUMB_2=${newThumbprint}\nKEYPATH=certs/app.key\nKEYPATH_2=certs/app-2.key\n`;
  const inPlace = `THUMB=${newThumbprint}\nKEYPATH=certs/app-2.key\n`;

  it('gives its app variables of its own where another app registration reads the old ones, and says so', async () => {
    const { env: after, code, warnings, variables } = await rotated({ '/w/a.js': app(`'a'`), '/w/b.js': app(`'b'`) });
    assert.equal(after, asNew);
    assert.equal(code, app(`'a'`).replace('env.THUMB', 'env.THUMB_2').replace('env.KEYPATH', 'env.KEYPATH_2'));
    assert.deepEqual(warnings, [{ code: 'variables-shared', file: '/w/b.js', line: 6 }]);
    assert.deepEqual(variables, { thumbprint: 'THUMB_2', keyPath: 'KEYPATH_2' });
  });

  it('tells which variables, and whose', async () => {
    const planned = await plan({ '/w/a.js': app(`'a'`), '/w/b.js': app(`'b'`) });
    assert.match(
      planned.warnings[0]?.message ?? '',
      /b\.js line 6 \(client ID b\).*THUMB, KEYPATH.*THUMB_2, KEYPATH_2/,
    );
  });

  it('also where the other app’s client ID cannot be told', async () => {
    assert.equal((await rotated({ '/w/a.js': app(`'a'`), '/w/b.js': app('idOf()') })).env, asNew);
    assert.equal((await rotated({ '/w/a.js': app('process.env.A'), '/w/b.js': app('process.env.B') })).env, asNew);
  });

  it('also where the other app reads them through its settings', async () => {
    const certificate = `{ thumbprintSha256: settings.thumb, privateKey: settings.key }`;
    const b = app(`'b'`, certificate, `const settings = require('./settings');`);
    const settings = `exports.thumb = process.env.THUMB;\nexports.key = fs.readFileSync(process.env.KEYPATH);\n`;
    assert.equal((await rotated({ '/w/a.js': app(`'a'`), '/w/b.js': b, '/w/settings.js': settings })).env, asNew);
    const others = settings.replaceAll('process.env.', 'process.env.B_');
    assert.equal((await rotated({ '/w/a.js': app(`'a'`), '/w/b.js': b, '/w/settings.js': others })).env, inPlace);
  });

  it('changes them in place for several configs of one app registration, and beside apps with values of their own', async () => {
    const same: Readonly<Record<string, string>>[] = [
      { '/w/a.js': app(`'a'`), '/w/b.js': app(`'A'`) },
      { '/w/a.js': app('process.env.ID'), '/w/b.js': app('process.env.ID') },
      { '/w/a.js': app(`'a'`), '/w/b.js': app(`'b'`, direct.replace('THUMB', 'B_THUMB').replace('KEYPATH', 'B_PATH')) },
      // Another .env file, so other values.
      { '/w/a.js': app(`'a'`), '/w/sub/b.js': app(`'b'`), '/w/sub/.env': env, '/w/sub/package.json': manifest },
    ];
    for (const files of same) {
      const read = await rotated(files);
      assert.deepEqual([read.env, read.code, read.warnings], [inPlace, '', []]);
    }
  });

  it('counts on from a number, past names that another .env file sets', async () => {
    const a = app(`'a'`, direct.replace('THUMB', 'THUMB_2'));
    const files = {
      '/w/a.js': a,
      '/w/b.js': app(`'b'`),
      '/w/.env': `THUMB=x\nTHUMB_2=${oldThumbprint}\nTHUMB_3=y\nKEYPATH=certs/app.key\n`,
      '/w/.env.local': 'THUMB_4=z\n',
    };
    const { env: after } = await rotated(files);
    assert.ok(after.includes(`THUMB_2=${oldThumbprint}\nTHUMB_5=${newThumbprint}\n`), after);
  });

  it('writes nothing twice when it is planned again after a write that was the last', async () => {
    const { env: after, code } = await rotated({ '/w/a.js': app(`'a'`), '/w/b.js': app(`'b'`), '/w/.env': asNew });
    assert.equal(after, '');
    assert.match(code, /THUMB_2.*KEYPATH_2/);
  });

  it('renames what destructuring and imports name, not the constant', async () => {
    const certificate = `{ thumbprintSha256: thumb, privateKey: fs.readFileSync(KEYPATH, 'utf8') }`;
    const head = `const { THUMB: thumb, KEYPATH = '' } = process.env;`;
    const { code } = await rotated({ '/w/a.js': app(`'a'`, certificate, head), '/w/b.js': app(`'b'`) });
    const after = `const { THUMB_2: thumb, KEYPATH_2: KEYPATH = '' } = process.env;`;
    assert.equal(code, app(`'a'`, certificate, after));
  });

  it('renames a variable wherever the value is made from it', async () => {
    const twice = direct.replace('process.env.THUMB', `process.env.THUMB ? process.env.THUMB.trim() : ''`);
    const { code } = await rotated({ '/w/a.js': app(`'a'`, twice), '/w/b.js': app(`'b'`) });
    assert.equal(
      code,
      app(`'a'`, twice).replaceAll('env.THUMB', 'env.THUMB_2').replace('env.KEYPATH', 'env.KEYPATH_2'),
    );
  });

  describe('in one file', () => {
    const two = (head: string, certificate: string, [one, other]: readonly [string, string]): string =>
      app(one, certificate, head) +
      `exports.other = new msal.ConfidentialClientApplication({
  auth: { clientId: ${other}, authority: 'https://login.microsoftonline.com/y', clientCertificate: ${certificate} },
});
`;
    const literal = `{ thumbprintSha256: THUMB, privateKey: fs.readFileSync('certs/app.key', 'utf8') }`;

    it('refuses where one edit would change both apps, and names the other', async () => {
      for (const code of [
        two(`const THUMB = '${oldThumbprint}';`, literal, [`'a'`, `'b'`]),
        two(`const certificate = ${direct};`, 'certificate', [`'a'`, `'b'`]),
        two('const { THUMB, KEYPATH } = process.env;', direct.replaceAll('process.env.', ''), [`'a'`, `'b'`]),
      ]) {
        const error = await refusal({ '/w/a.js': code });
        assert.deepEqual([error.code, error.details.line], ['certificate-shared', 9], error.message);
        assert.match(error.message, /client ID b /);
      }
    });

    it('goes on where both are one app registration, or read the variables each on its own', async () => {
      const same = two(`const THUMB = '${oldThumbprint}';`, literal, [`'a'`, `'a'`]);
      assert.ok((await rotated({ '/w/a.js': same })).code.includes(newThumbprint));
      const { code, env: after } = await rotated({ '/w/a.js': two('', direct, [`'a'`, `'b'`]) });
      assert.equal(after, asNew);
      assert.equal(code, two('', direct, [`'a'`, `'b'`]).replace('THUMB', 'THUMB_2').replace('KEYPATH', 'KEYPATH_2'));
    });
  });
});
