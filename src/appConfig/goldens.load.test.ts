import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseSource } from './code.ts';
import { goldenCases, runCase, sampleThumbprint } from './testing/goldenCases.ts';

/** Loads every rewritten JavaScript golden in Node, with a stand-in for MSAL that records what it is given. */
const stubs: Record<string, string> = {
  'node_modules/@azure/msal-node/index.js': `
    globalThis.configurations ??= [];
    class ConfidentialClientApplication {
      constructor(configuration) { globalThis.configurations.push(configuration); }
      acquireTokenByClientCredential() {}
    }
    class PublicClientApplication {}
    module.exports = { ConfidentialClientApplication, PublicClientApplication };`,
  'node_modules/dotenv/index.js': 'exports.config = () => ({});',
  'node_modules/dotenv/config.js': '',
  'node_modules/dotenv/package.json': '{"exports":{".":"./index.js","./config":"./config.js"}}',
  'node_modules/express/index.js': 'module.exports = () => ({ locals: {}, use() {} });',
  'node_modules/express-session/index.js': 'module.exports = () => {};',
  'node_modules/config/index.js': 'exports.get = (key) => key;',
  'node_modules/msal-node-wrapper/index.js':
    'globalThis.configurations ??= []; exports.WebAppAuthProvider = { initialize: async (c) => globalThis.configurations.push(c) };',
};

const runner = `
  import { pathToFileURL } from 'node:url';
  const results = {};
  for (const [name, file] of JSON.parse(process.argv[1])) {
    globalThis.configurations = [];
    try {
      const loaded = await import(pathToFileURL(file));
      const exported = { ...loaded, ...(loaded.default ?? {}) };
      for (const value of [loaded.default, ...Object.values(exported)]) {
        if (typeof value !== 'function') continue;
        try { /^class/.test(String(value)) ? new value() : await value({ use() {} }); } catch (error) { globalThis.last = error; }
        try { new value().getClient(); } catch {}
      }
      const auths = [];
      const search = (value, depth) => {
        if (!value || typeof value !== 'object' || depth > 4) return;
        for (const key of ['auth', 'appCredentials']) if (value[key]?.clientCertificate || value[key]?.clientSecret) auths.push(value[key]);
        for (const inner of Object.values(value)) search(inner, depth + 1);
      };
      for (const configuration of globalThis.configurations) search(configuration, 0);
      search(exported, 0);
      results[name] = { auths, error: auths.length ? undefined : String(globalThis.last) };
    } catch (error) { results[name] = { auths: [], error: String(error && error.stack) }; }
  }
  process.stdout.write(JSON.stringify(results));`;

describe('rewritten JavaScript', function () {
  this.timeout(120_000);
  const root = mkdtempSync(join(tmpdir(), 'ccg-goldens-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  it('loads in Node and hands MSAL the decrypted key and no secret', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const encrypted = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'for the test' })
      .toString();
    const write = (path: string, text: string): string => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      return join(root, path);
    };
    for (const [path, text] of Object.entries(stubs)) write(path, text);
    const files: [string, string][] = [];
    for (const golden of goldenCases()) {
      if (/\.(ts|json)$/.test(golden.fileName)) continue;
      for (const keyFrom of ['file', 'environment'] as const) {
        // A literal path and the folders above are this test's own.
        const options = { ...golden.options, keyFrom, encrypted: golden.options.encrypted ?? true };
        const { output } = runCase({ ...golden, options });
        if (output === undefined) continue;
        const folder = `${golden.name}-${keyFrom}/app`;
        const esm = parseSource(output, golden.fileName).syntax === 'esm';
        write(`${folder}/package.json`, JSON.stringify({ type: esm ? 'module' : 'commonjs' }));
        write(`${folder}/settings.json`, '{}');
        write(`${folder}/base.js`, 'export const baseAuth = {};');
        for (const place of [folder, dirname(folder)])
          write(`${place}/app.key`, golden.options.encrypted === false ? plain : encrypted);
        files.push([`${golden.name} ${keyFrom}`, write(`${folder}/${golden.fileName}`, output)]);
      }
    }
    write('package.json', '{}');
    write('plain.key', plain);
    write('app.key', encrypted);
    write('certs/app.key', encrypted);
    const run = (list: [string, string][], keyPath: string): Record<string, Loaded> =>
      JSON.parse(
        execFileSync(
          process.execPath,
          ['--input-type=module', '-e', runner, '--', JSON.stringify(list)].filter((part) => part !== '--'),
          {
            cwd: root,
            encoding: 'utf8',
            env: {
              PATH: process.env.PATH,
              CLIENT_SECRET: 'old',
              CLIENT_ID: 'id',
              PBI_CLIENT_SECRET: 'old',
              CLIENT_CERTIFICATE_THUMBPRINT: sampleThumbprint,
              CLIENT_CERTIFICATE_KEY_PATH: keyPath,
              CLIENT_CERTIFICATE_PASSPHRASE: 'for the test',
              CLIENT_CERTIFICATE_KEY: Buffer.from(plain).toString('base64'),
            },
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        ).replace(/^[^{]*/, ''),
      ) as Record<string, Loaded>;
    const unencrypted = (name: string): boolean => /^(unencrypted-key|key-base-esm) file/.test(name);
    const results = {
      ...run(
        files.filter(([name]) => !unencrypted(name)),
        'app.key',
      ),
      ...run(
        files.filter(([name]) => unencrypted(name) && name.startsWith('unencrypted')),
        'plain.key',
      ),
      ...run(
        files.filter(([name]) => unencrypted(name) && !name.startsWith('unencrypted')),
        'app.key',
      ),
    };
    assert.ok(Object.keys(results).length >= 80, `${Object.keys(results).length} loaded`);
    for (const [name, { auths, error }] of Object.entries(results)) {
      assert.ok(auths.length > 0, `${name}: ${error ?? ''}`);
      for (const auth of auths) {
        assert.ok(!auth.clientSecret, `${name} has no secret`);
        assert.equal(auth.clientCertificate?.thumbprintSha256, sampleThumbprint, name);
        assert.equal(auth.clientCertificate.privateKey, plain, name);
      }
    }
  });
});

interface Loaded {
  readonly auths: { clientSecret?: string; clientCertificate?: { thumbprintSha256?: string; privateKey?: string } }[];
  readonly error?: string;
}
