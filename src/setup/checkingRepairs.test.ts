import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { envValues, planKeyFix } from '../appConfig/index.ts';
import { applyEdits } from '../base/edits.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { app, block, codes, fromFile, useCheckedApp } from './testing/checkedApp.ts';

describe('repairs of what is found (facts/failure-modes.md)', function () {
  this.timeout(120_000);
  const t = useCheckedApp();
  const { write, check } = t;
  const read = (file: string) => readFileSync(path.join(t.root, file), 'utf8');

  /** Writes the config, which has this one finding, and makes its repair. Returns the files that changed. */
  async function repaired(text: string, code: string): Promise<string[]> {
    const [finding, ...others] = await check(text);
    assert.deepEqual([finding?.code, others], [code, []]);
    const { fix } = finding ?? {};
    if (fix === undefined) return [];
    assert.ok(fix.kind === 'repair');
    const files = await planKeyFix({ ...fix, file: path.join(t.root, 'auth.js'), roots: [t.root] }, nodeFiles);
    for (const { path: file, before = '', edits } of files) {
      const name = path.relative(t.root, file);
      write(name, applyEdits(before, edits), name === '.env' ? 0o600 : 0o644);
    }
    return files.map(({ path: file }) => path.relative(t.root, file));
  }

  describe('a pass phrase in the code', () => {
    const literal = (text: string) => block('process.env.THUMBPRINT', fromFile.replace('process.env.PASS', text));
    beforeEach(() => {
      write('.env', t.env.replace(/^PASS.*\n/m, ''));
    });

    it('moves to the .env file', async () => {
      const changed = await repaired(app(literal(`'open me'`)), 'passphrase-in-code');
      assert.deepEqual(changed, ['.env', 'auth.js']);
      assert.equal(
        (await envValues(path.join(t.root, '.env'), nodeFiles)).get('CLIENT_CERTIFICATE_PASSPHRASE'),
        'open me',
      );
      assert.ok(!read('auth.js').includes('open me'));
      assert.deepEqual(await check(read('auth.js')), []);
    });

    it('moves from a constant, and next to a variable of that name', async () => {
      write('.env', `${read('.env')}CLIENT_CERTIFICATE_PASSPHRASE=other\n`);
      const changed = await repaired(app(literal('PHRASE'), `const PHRASE = "open\\u0020me";`), 'passphrase-in-code');
      assert.deepEqual(changed, ['.env', 'auth.js']);
      assert.match(read('auth.js'), /const PHRASE = process\.env\.CLIENT_CERTIFICATE_PASSPHRASE_2;/);
      assert.deepEqual(await check(read('auth.js')), []);
    });

    it('stays where it cannot be moved without a doubt', async () => {
      // Beside a variable; without a .env file that the app loads; in a value that .env files cannot hold.
      assert.deepEqual(await repaired(app(literal(`process.env.NONE ?? 'open me'`)), 'passphrase-in-code'), []);
      const thumbprint = block(`'${t.sha256}'`, fromFile.replace('process.env.PASS', `'open me'`));
      const plain = app(thumbprint.replace('process.env.KEY_PATH', `'certs/app.key'`));
      const notLoaded = plain.replace(`require('dotenv').config();`, '');
      assert.deepEqual(await repaired(notLoaded, 'passphrase-in-code'), []);
      rmSync(path.join(t.root, '.env'));
      assert.deepEqual(await repaired(plain, 'passphrase-in-code'), []);
      assert.deepEqual(codes(await check(plain)), ['passphrase-in-code']);
    });
  });

  describe('a private key in the code', () => {
    const inCode = (key: string, before = '') => app(block('process.env.THUMBPRINT', key), before);
    const literals = (): readonly (readonly [string, string, string?])[] => [
      ['a text with escapes', JSON.stringify(t.pem)],
      ['lines between backticks', `\`${t.pem}\``],
      ['a constant', 'KEY', `const KEY = '${t.pem.replaceAll('\n', '\\n')}';`],
    ];

    it('moves to the .env file, from where the rotation takes the next one', async () => {
      for (const [title, key, before] of literals()) {
        write('.env', t.env);
        assert.deepEqual(await repaired(inCode(key, before), 'private-key-in-code'), ['.env', 'auth.js'], title);
        const code = read('auth.js');
        assert.ok(!code.includes('PRIVATE KEY-----'), title);
        assert.match(
          code,
          /Buffer\.from\(process\.env\.CLIENT_CERTIFICATE_PRIVATE_KEY, 'base64'\)\.toString\('utf8'\)/,
        );
        const value = (await envValues(path.join(t.root, '.env'), nodeFiles)).get('CLIENT_CERTIFICATE_PRIVATE_KEY');
        assert.equal(Buffer.from(value ?? '', 'base64').toString(), t.pem, title);
        assert.deepEqual(await check(code), [], title);
      }
    });

    it('stays where it cannot be moved without a doubt', async () => {
      const literal = JSON.stringify(t.pem);
      const late = inCode('KEY').replace(
        `require('dotenv').config();`,
        `const KEY = ${literal};\nrequire('dotenv').config();`,
      );
      assert.deepEqual(await repaired(late, 'private-key-in-code'), []);
      const notLoaded = app(block(`'${t.sha256}'`, literal)).replace(`require('dotenv').config();`, '');
      assert.deepEqual(await repaired(notLoaded, 'private-key-in-code'), []);
      rmSync(path.join(t.root, '.env'));
      assert.deepEqual(await repaired(app(block(`'${t.sha256}'`, literal)), 'private-key-in-code'), []);
    });
  });

  describe('a key whose line ends are not read', () => {
    const inVariable = () => app(block('process.env.THUMBPRINT', 'process.env.KEY'));
    const flat = (end = '\\n') => t.pem.trim().replaceAll('\n', end);

    for (const [title, written] of [
      ['bare', (value: string) => value],
      ['in single quotes', (value: string) => `'${value}'`],
      ['in backticks', (value: string) => `\`${value}\``],
      ['with carriage returns', (value: string) => value.replaceAll('\\n', '\\r\\n')],
    ] as const) {
      it(`is put in double quotes: ${title}`, async () => {
        write('.env', `# before\n${t.env}KEY=${written(flat())} # comment\nAFTER='a\\nb'\n`);
        assert.deepEqual(await repaired(inVariable(), 'key-newlines-broken'), ['.env']);
        assert.match(read('.env'), /^KEY="-----BEGIN .*-----" # comment$/m);
        assert.equal((await envValues(path.join(t.root, '.env'), nodeFiles)).get('AFTER'), 'a\\nb');
        assert.deepEqual(await check(read('auth.js')), []);
      });
    }

    it('stays where quotes would not help', async () => {
      for (const value of [flat(' '), flat(''), `"${flat(' ')}"`, `${flat()}$x`]) {
        write('.env', `${t.env}KEY=${value}\n`);
        assert.deepEqual(await repaired(inVariable(), 'key-newlines-broken'), [], value.slice(0, 40));
      }
    });
  });
});
