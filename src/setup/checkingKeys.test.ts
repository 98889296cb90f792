import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { readAppCredential } from './appCredential.ts';
import { app, block, codes, fromFile, good, useCheckedApp } from './testing/checkedApp.ts';

describe('what is found about an app’s private key (facts/failure-modes.md)', function () {
  this.timeout(120_000);
  const t = useCheckedApp();
  const { write, check, underlined, one } = t;

  it('F11, F15 encrypted without a pass phrase', async () => {
    await one(
      app(block('process.env.THUMBPRINT', `readFileSync('certs/app.key', 'utf8')`)),
      'key-encrypted',
      `readFileSync('certs/app.key', 'utf8')`,
    );
  });
  it('F12 a wrong pass phrase', async () => {
    write('.env', t.env.replace('open me', 'sesame'));
    assert.deepEqual(codes(await check(app(good()))), ['wrong-password']);
  });
  it('F13 an unset pass phrase', async () => {
    write('.env', t.env.replace('"open me"', ''));
    await one(app(good()), 'key-encrypted', 'process.env.PASS');
  });
  it('a pass phrase that stands in for an unset one, but not an empty one', async () => {
    write('.env', t.env.replace('"open me"', ''));
    const orElse = (text: string) =>
      app(block('process.env.THUMBPRINT', fromFile.replace('process.env.PASS', `process.env.PASS ?? ${text}`)));
    await one(orElse(`'open me'`), 'passphrase-in-code', `process.env.PASS ?? 'open me'`);
    await one(orElse(`''`), 'key-encrypted', `process.env.PASS ?? ''`);
  });
  it('a literal pass phrase (L9), not its sample text', async () => {
    const literal = (text: string) =>
      app(block('process.env.THUMBPRINT', fromFile.replace('process.env.PASS', `'${text}'`)));
    await one(literal('open me'), 'passphrase-in-code', `'open me'`);
    assert.ok(!codes(await check(literal('Add_Passphrase_Here'))).includes('passphrase-in-code'));
  });
  it('F16 broken line ends in a variable, and their repair in the code', async () => {
    write('.env', `${t.env}KEY=${t.pem.trim().replaceAll('\n', '\\n')}\n`);
    await one(app(block('process.env.THUMBPRINT', 'process.env.KEY')), 'key-newlines-broken', 'process.env.KEY');
    assert.deepEqual(await check(app(block('process.env.THUMBPRINT', `process.env.KEY.replace(/\\\\n/g, '\\n')`))), []);
    write('.env', `${t.env}KEY="${t.pem.trim().replaceAll('\n', '\\n')}"\n`);
    assert.deepEqual(await check(app(block('process.env.THUMBPRINT', 'process.env.KEY'))), []);
  });
  it('F18 base64, a path or a certificate in place of the key', async () => {
    const values = [
      Buffer.from(t.pem).toString('base64'),
      'certs/app.key',
      `"${certificates.certificatePem(t.made.certificateDer)}"`,
    ];
    for (const value of values) {
      write('.env', `${t.env}KEY=${value}\n`);
      await one(app(block('process.env.THUMBPRINT', 'process.env.KEY')), 'key-variable-wrong', 'process.env.KEY');
    }
    write('.env', `${t.env}KEY=${values[0] ?? ''}\n`);
    assert.deepEqual(
      await check(app(block('process.env.THUMBPRINT', `Buffer.from(process.env.KEY, 'base64').toString()`))),
      [],
    );
  });
  describe('F16, F18 what Node does not take for a key, though it holds the right one', () => {
    const plain = () => app(block('process.env.THUMBPRINT', `readFileSync('certs/app.key', 'utf8')`));
    const parsed = (format = '') =>
      app(
        block(
          'process.env.THUMBPRINT',
          `createPrivateKey({ key: readFileSync('certs/app.key')${format} }).export({ type: 'pkcs8', format: 'pem' })`,
        ),
      );
    const inVariable = () =>
      app(block('process.env.THUMBPRINT', `Buffer.from(process.env.KEY, 'base64').toString('utf8')`));
    const der = () => Buffer.from(t.made.privateKeyPkcs8);
    const pfx = () => certificates.pkcs12(t.made, '');
    const files: [string, () => string | Uint8Array | Promise<Uint8Array>][] = [
      ['a PFX file', pfx],
      ['DER', der],
      ['base64 without a BEGIN line', () => der().toString('base64')],
      ['\\n for line ends', () => t.pem.replaceAll('\n', '\\n')],
      ['blanks for line ends', () => t.pem.replaceAll('\n', ' ')],
      ['no line ends', () => t.pem.replaceAll('\n', '')],
      ['quotes', () => `"${t.pem.trim()}"`],
      ['indented lines', () => t.pem.replace(/^/gm, '  ')],
      ['quotes around an encrypted one', () => `"${t.encrypted.trim()}"`],
    ];
    for (const [title, make] of files) {
      it(`a file with ${title}`, async () => {
        write('certs/app.key', await make(), 0o600);
        await one(plain(), 'key-file-wrong', `'certs/app.key'`);
        await one(parsed(), 'key-file-wrong', `'certs/app.key'`);
      });
    }
    it('binary in a variable', async () => {
      for (const value of [der(), Buffer.from(await pfx())]) {
        write('.env', `${t.env}KEY=${value.toString('base64')}\n`);
        await one(inVariable(), 'key-variable-wrong', `Buffer.from(process.env.KEY, 'base64').toString('utf8')`);
      }
    });
    it('but what it takes is fine', async () => {
      write('certs/app.key', der(), 0o600);
      assert.deepEqual(await check(parsed(`, format: 'der', type: 'pkcs8'`)), []);
      for (const text of [`\uFEFF${t.pem}`, t.pem.replaceAll('\n', '\r\n'), `Bag Attributes\n  x: y\n${t.pem}`]) {
        write('certs/app.key', text, 0o600);
        assert.deepEqual(await check(plain()), []);
      }
      write('certs/app.key', t.pem.replaceAll('\n', '\\n'), 0o600);
      const repaired = `readFileSync('certs/app.key', 'utf8').replace(/\\\\n/g, '\\n')`;
      assert.deepEqual(await check(app(block('process.env.THUMBPRINT', repaired))), []);
    });
    it('and it keeps the app from being proven', async () => {
      write('certs/app.key', await pfx(), 0o600);
      write('auth.js', plain());
      const [config] = await appConfigs.readAppConfigs(path.join(t.root, 'auth.js'), nodeFiles, [t.root]);
      assert.ok(config !== undefined);
      const tools = { certificates, appConfigs, files: nodeFiles, environment: {}, announce: () => undefined };
      const read = await readAppCredential(config, tools);
      assert.equal(read.status, 'broken');
      assert.deepEqual(codes(read.findings), ['key-file-wrong']);
    });
  });
  it('nothing about a key that a function of the app opens', async () => {
    write('certs/app.pfx', await certificates.pkcs12(t.made, 'open me'), 0o600);
    write('.env', `${t.env}KEY=c2VjcmV0IG5hbWU\n`);
    for (const key of [
      `require('./keys').keyOf(readFileSync('certs/app.pfx'), process.env.PASS)`,
      `createPrivateKey(require('./keys').secret(process.env.KEY)).export({ type: 'pkcs8', format: 'pem' })`,
      `createPrivateKey(require('./keys')[process.env.KEY]).export({ type: 'pkcs8', format: 'pem' })`,
      `createPrivateKey(execFileSync('sops', ['-d', process.env.KEY_PATH])).export({ type: 'pkcs8', format: 'pem' })`,
    ])
      assert.deepEqual(await check(app(block('process.env.THUMBPRINT', key))), [], key);
  });
  it('the key behind other names for Node’s functions', async () => {
    const key = fromFile.replace('readFileSync(', 'read(').replace('createPrivateKey(', 'toKey(');
    const names = `const { readFileSync: read } = require('node:fs');\nconst toKey = require('node:crypto').createPrivateKey;`;
    assert.deepEqual(await check(app(block('process.env.THUMBPRINT', key), names)), []);
    rmSync(path.join(t.root, 'certs/app.key'));
    await one(app(block('process.env.THUMBPRINT', key), names), 'key-file-missing', 'process.env.KEY_PATH');
  });
  it('F10, F16, F18, F31 texts in the code that are no key', async () => {
    const literal = (text: string) => app(block('process.env.THUMBPRINT', text));
    await one(literal(`'./certs/app.key'`), 'key-variable-wrong', `'./certs/app.key'`);
    const flat = await check(literal(JSON.stringify(t.pem.replaceAll('\n', ''))));
    assert.deepEqual(codes(flat), ['key-newlines-broken', 'private-key-in-code']);
    const base64 = await check(literal(JSON.stringify(Buffer.from(t.pem).toString('base64'))));
    assert.deepEqual(codes(base64), ['key-variable-wrong', 'private-key-in-code']);
    assert.deepEqual(
      [...flat, ...base64].map(({ fix }) => fix),
      [undefined, undefined, undefined, undefined],
    );
    for (const empty of [`''`, 'undefined']) {
      await one(literal(empty), 'private-key-missing', 'clientCertificate');
      await one(app(block(empty)), 'thumbprint-missing', 'clientCertificate');
    }
  });
  it('F19, F20 elliptic curves and short keys', async () => {
    const ec = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    write('certs/app.key', ec.privateKey, 0o600);
    const findings = await check(app(good()));
    assert.deepEqual(codes(findings), ['key-is-ec', 'key-does-not-match']);
    assert.equal(underlined(findings[0]), fromFile);
    const short = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    write('certs/app.key', short.privateKey, 0o600);
    assert.ok(codes(await check(app(good()))).includes('key-too-short'));
  });
  it('F21 a key for PSS only', async () => {
    const pss = generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    write('certs/app.key', pss.privateKey, 0o600);
    assert.equal(codes(await check(app(good())))[0], 'key-is-not-rsa');
  });
  it('F22 a key of another certificate', async () => {
    write('certs/app.key', await certificates.privateKeyPem(t.other.privateKeyPkcs8), 0o600);
    const findings = await check(app(good()));
    assert.deepEqual(codes(findings), ['key-does-not-match']);
    assert.equal(underlined(findings[0]), fromFile);
  });
  it('a missing file, an unset path, none at all (F31)', async () => {
    rmSync(path.join(t.root, 'certs/app.key'));
    await one(app(good()), 'key-file-missing', 'process.env.KEY_PATH');
    write('.env', t.env.replace(/^KEY_PATH.*$/m, ''));
    await one(app(good()), 'variable-not-set', 'process.env.KEY_PATH');
    await one(
      app(`clientCertificate: { thumbprintSha256: '${t.sha256}' },`),
      'private-key-missing',
      'clientCertificate',
    );
  });
  it('an unset path with an empty fall-back, and a folder', async () => {
    const key = (path: string) => app(block('process.env.THUMBPRINT', `readFileSync(${path})`));
    await one(key(`process.env.NONE ?? ''`), 'variable-not-set', `process.env.NONE ?? ''`);
    await one(key(`'certs'`), 'key-file-missing', `'certs'`);
  });
  it('a key in the code', async () => {
    const findings = await check(
      app(block('process.env.THUMBPRINT', `'-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----'`)),
    );
    assert.deepEqual(codes(findings), ['private-key-in-code']);
    assert.match(underlined(findings[0]), /^'-----BEGIN/);
  });
  it('a file outside, readable by others', async function () {
    const outside = mkdtempSync(path.join(tmpdir(), 'ccg-outside-'));
    try {
      writeFileSync(path.join(outside, 'app.key'), t.encrypted, { mode: 0o600 });
      writeFileSync(path.join(outside, 'app.crt'), certificates.certificatePem(t.made.certificateDer));
      write('.env', t.env.replace('certs/app.key', path.join(outside, 'app.key')));
      await one(app(good()), 'key-file-outside', 'process.env.KEY_PATH');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
    if (process.platform === 'win32') this.skip();
    write('.env', t.env);
    write('certs/app.key', t.encrypted, 0o644);
    const finding = await one(app(good()), 'key-file-readable', 'process.env.KEY_PATH');
    assert.deepEqual(finding.fix, { kind: 'protect', file: path.join(t.root, 'certs/app.key') });
  });
  it('a .env file with the key in it that others can read', async function () {
    if (process.platform === 'win32') this.skip();
    const code = app(block('process.env.THUMBPRINT', 'process.env.KEY'));
    write('.env', `${t.env}KEY="${t.pem}"\n`, 0o640);
    const finding = await one(code, 'key-file-readable', 'process.env.KEY');
    assert.deepEqual(finding.fix, { kind: 'protect', file: path.join(t.root, '.env') });
    assert.match(finding.message, /\.env, which holds/);
    write('.env', `${t.env}KEY="${t.pem}"\n`);
    assert.deepEqual(await check(code), []);
  });
  it('a file that git tracks or would take', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', t.root, ...args], { stdio: 'ignore' });
    git('init');
    assert.deepEqual(codes(await check(app(good()), true)), ['key-file-not-ignored']);
    git('add', 'certs/app.key');
    assert.deepEqual(codes(await check(app(good()), true)), ['key-file-tracked']);
    git('rm', '--cached', 'certs/app.key');
    write('.gitignore', 'certs/*.key\n');
    assert.deepEqual(await check(app(good()), true), []);
  });
  it('a key file that cannot be read, and a certificate beside it that cannot', async function () {
    if (process.platform === 'win32') this.skip();
    rmSync(path.join(t.root, 'certs/app.crt'));
    mkdirSync(path.join(t.root, 'certs/app.crt'));
    assert.deepEqual(await check(app(good())), []);
    rmSync(path.join(t.root, 'certs/app.key'));
    symlinkSync('app.key', path.join(t.root, 'certs/app.key'));
    await one(app(good()), 'broken-link', fromFile);
  });
  it('a key file, or a certificate beside it, that is a device or a pipe or too large: it is not read', async function () {
    if (process.platform === 'win32') this.skip();
    // A pipe that nobody writes to would keep its reader waiting for ever, and this device never ends.
    rmSync(path.join(t.root, 'certs/app.crt'));
    execFileSync('mkfifo', [path.join(t.root, 'certs/app.crt')]);
    assert.deepEqual(await check(app(good())), []);
    rmSync(path.join(t.root, 'certs/app.key'));
    symlinkSync('/dev/zero', path.join(t.root, 'certs/app.key'));
    await one(app(good()), 'not-a-file', fromFile);
    rmSync(path.join(t.root, 'certs/app.key'));
    write('certs/app.key', Buffer.alloc(6 * 1024 * 1024, 'A'), 0o600);
    await one(app(good()), 'file-too-large', fromFile);
  });
  it('L1 a key file with attributes and no key', async () => {
    write('certs/app.key', 'Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n', 0o600);
    const findings = await check(app(good()));
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.severity, 'error');
  });
});
