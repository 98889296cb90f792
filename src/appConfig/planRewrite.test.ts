import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import dotenv from 'dotenv';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { planRewrite, readAppConfigs } from './index.ts';
import { keptSecretComment } from './dotenv.ts';
import { withFolder } from './testing/folder.ts';
import type { RewritePlan, RewriteRequest } from './types.ts';

const sha256 = 'AB'.repeat(32);
const sha1 = 'CD'.repeat(20);
const installed = (version: string) => ({
  'node_modules/@azure/msal-node/package.json': JSON.stringify({ name: '@azure/msal-node', version }),
});
const config = (
  secret: string,
  before = '',
) => `${before}const { ConfidentialClientApplication } = require('@azure/msal-node');

const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.AUTHORITY,
    clientSecret: ${secret},
  },
};

module.exports = { msalConfig, client: new ConfidentialClientApplication(msalConfig) };
`;
const base = { 'package.json': '{"dependencies":{"@azure/msal-node":"^2.16.0"}}', ...installed('2.16.3') };
const fromEnv = config('process.env.CLIENT_SECRET', "require('dotenv').config();\n");

function request(root: string, file: string, more: Partial<RewriteRequest> = {}): RewriteRequest {
  const key = { privateKeyPath: join(root, 'certs', 'app.key') };
  return {
    file: join(root, file),
    keyFrom: 'file',
    thumbprintSha256: sha256,
    thumbprintSha1: sha1,
    roots: [root],
    ...key,
    ...more,
  };
}

async function plan(
  root: string,
  file: string,
  more: Partial<RewriteRequest> = {},
): Promise<Extract<RewritePlan, { status: 'rewrite' }>> {
  const result = await planRewrite(request(root, file, more), nodeFiles);
  assert.equal(result.status, 'rewrite');
  return result;
}

function apply(result: Extract<RewritePlan, { status: 'rewrite' }>): void {
  for (const file of result.files) {
    mkdirSync(dirname(file.path), { recursive: true });
    writeFileSync(file.path, applyEdits(file.before ?? '', file.edits));
    if (file.mode !== undefined) chmodSync(file.path, file.mode);
  }
}

const paths = (root: string, result: Extract<RewritePlan, { status: 'rewrite' }>) =>
  result.files.map((file) => `${file.role} ${relative(root, file.path).split(sep).join('/')}`);
const codes = (result: Extract<RewritePlan, { status: 'rewrite' }>) => result.warnings.map((warning) => warning.code);

describe('rewrite plan', () => {
  it('keeps an app in its .env, with examples, and hides all of it from git', () =>
    withFolder(
      {
        ...base,
        'src/authConfig.js': fromEnv,
        '.env': 'CLIENT_ID=1\r\nCLIENT_SECRET=abc~1\r\nDB_PASSWORD=hidden\r\n',
        '.env.example': 'CLIENT_ID=\nCLIENT_SECRET=Enter_the_Client_Secret_Here\n',
      },
      async (root) => {
        const result = await plan(root, 'src/authConfig.js', { passphrase: 'pass phrase #1' });
        assert.deepEqual(paths(root, result), [
          'gitignore .gitignore',
          'env .env',
          'envExample .env.example',
          'config src/authConfig.js',
        ]);
        assert.deepEqual(result.variables, {
          thumbprint: 'CLIENT_CERTIFICATE_THUMBPRINT',
          keyPath: 'CLIENT_CERTIFICATE_KEY_PATH',
          passphrase: 'CLIENT_CERTIFICATE_PASSPHRASE',
          secret: 'CLIENT_SECRET',
        });
        apply(result);
        assert.equal(
          readFileSync(join(root, '.env'), 'utf8'),
          `CLIENT_ID=1\r\n${keptSecretComment}\r\nCLIENT_SECRET=abc~1\r\nCLIENT_CERTIFICATE_THUMBPRINT=${sha256}\r\n` +
            `CLIENT_CERTIFICATE_KEY_PATH=certs/app.key\r\nCLIENT_CERTIFICATE_PASSPHRASE='pass phrase #1'\r\nDB_PASSWORD=hidden\r\n`,
        );
        assert.match(
          readFileSync(join(root, '.env.example'), 'utf8'),
          /^CLIENT_ID=\nCLIENT_SECRET=.*\nCLIENT_CERTIFICATE_THUMBPRINT=Enter_the_Client_Certificate_Thumbprint_Here\n/,
        );
        const code = readFileSync(join(root, 'src/authConfig.js'), 'utf8');
        assert.ok(!code.includes('clientSecret'));
        assert.match(code, /thumbprintSha256: process\.env\.CLIENT_CERTIFICATE_THUMBPRINT/);
        const hidden = result.files.flatMap((file) => file.secrets.map((secret) => secret.value));
        assert.deepEqual([...new Set(hidden)].sort(), ['abc~1', 'hidden', 'pass phrase #1']);
        // The second run has nothing to do.
        const again = await planRewrite(request(root, 'src/authConfig.js'), nodeFiles);
        assert.equal(again.status, 'nothing-to-do');
        assert.equal(again.config.credential, 'certificate');
      },
    ));

  it('takes other names where they are taken, and uses SHA-1 for an old msal-node', () =>
    withFolder(
      {
        ...base,
        ...installed('2.6.6'),
        'a.js': fromEnv,
        '.env': 'CLIENT_SECRET=x\nCLIENT_CERTIFICATE_THUMBPRINT=other\n',
      },
      async (root) => {
        const result = await plan(root, 'a.js');
        assert.equal(result.variables.thumbprint, 'CLIENT_CERTIFICATE_THUMBPRINT_2');
        apply(result);
        assert.match(
          readFileSync(join(root, 'a.js'), 'utf8'),
          /thumbprint: process\.env\.CLIENT_CERTIFICATE_THUMBPRINT_2/,
        );
        assert.equal(dotenv.parse(readFileSync(join(root, '.env'))).CLIENT_CERTIFICATE_THUMBPRINT_2, sha1);
      },
    ));

  it('keeps a literal secret in a new ignored .env of mode 0600 before it leaves the code', () =>
    withFolder(
      {
        ...base,
        'src/a.js': config("'abc~literal'")
          .replace('process.env.CLIENT_ID', "'1'")
          .replace('process.env.AUTHORITY', "'https://login.microsoftonline.com/t'"),
      },
      async (root) => {
        execFileSync('git', ['init', '-q', root]);
        const result = await plan(root, 'src/a.js');
        const env = result.files.find((file) => file.role === 'env')!;
        assert.equal(env.mode, 0o600);
        assert.equal(applyEdits('', env.edits), `${keptSecretComment}\nCLIENT_SECRET=abc~literal\n`);
        const code = result.files.find((file) => file.role === 'config')!;
        assert.deepEqual(code.secrets, [
          { value: 'abc~literal', envFile: join(root, '.env'), variable: 'CLIENT_SECRET' },
        ]);
        assert.ok(codes(result).includes('secret-was-literal'));
        assert.ok(!codes(result).includes('env-not-loaded'));
        apply(result);
        const text = readFileSync(join(root, 'src/a.js'), 'utf8');
        assert.ok(!text.includes('abc~literal'));
        assert.ok(text.includes(`'${sha256}'`));
        assert.ok(text.includes("'certs/app.key'"));
        for (const path of ['.env', 'certs/app.key']) {
          execFileSync('git', ['check-ignore', '-q', path], { cwd: root });
        }
      },
    ));

  it('keeps a fall-back literal under the variable it backs', () =>
    withFolder(
      { ...base, 'a.js': config("process.env.MY_SECRET || 'abc~literal'", "require('dotenv').config();\n") },
      async (root) => {
        const result = await plan(root, 'a.js');
        assert.equal(result.variables.secret, 'MY_SECRET');
        apply(result);
        assert.equal(dotenv.parse(readFileSync(join(root, '.env'))).MY_SECRET, 'abc~literal');
      },
    ));

  it('keeps a fall-back literal apart from the secret in use', () =>
    withFolder(
      {
        ...base,
        'a.js': config("process.env.MY_SECRET || 'abc~literal'", "require('dotenv').config();\n"),
        '.env': 'MY_SECRET=live\n',
      },
      async (root) => {
        const result = await plan(root, 'a.js');
        assert.equal(result.variables.secret, 'MY_SECRET');
        apply(result);
        const values = dotenv.parse(readFileSync(join(root, '.env')));
        assert.deepEqual([values.MY_SECRET, values.MY_SECRET_2], ['live', 'abc~literal']);
        assert.deepEqual(result.files.at(-1)!.secrets[0]!.variable, 'MY_SECRET_2');
      },
    ));

  it('writes no sample text to .env', () =>
    withFolder({ ...base, 'a.js': config("'Enter_the_Client_Secret_Here'") }, async (root) => {
      const result = await plan(root, 'a.js');
      assert.ok(!result.files.some((file) => JSON.stringify(file.edits).includes('Enter_the_Client_Secret_Here')));
    }));

  it('puts literals into an app whose environment comes from elsewhere', () =>
    withFolder({ ...base, 'a.js': config('process.env.CLIENT_SECRET') }, async (root) => {
      const result = await plan(root, 'a.js');
      assert.deepEqual(paths(root, result), ['gitignore .gitignore', 'config a.js']);
      assert.deepEqual(codes(result), []);
    }));

  it('says how to load the .env that a pass phrase needs', () =>
    withFolder({ ...base, 'a.js': config('process.env.CLIENT_SECRET') }, async (root) => {
      const result = await plan(root, 'a.js', { passphrase: 'x' });
      const warning = result.warnings.find((each) => each.code === 'env-not-loaded')!;
      assert.match(warning.message, /node --env-file=\.env/);
      assert.match(warning.message, /require\('dotenv'\)\.config\(\);/);
      assert.ok(!existsSync(join(root, '.env')));
    }));

  for (const [name, more] of [
    ['a pass phrase', { passphrase: 'x' }],
    ['a key in a variable', { keyFrom: 'environment', privateKeyPem: 'x' }],
  ] as const)
    it(`declines ${name} for an app that has no variables and would not start with it`, () =>
      withFolder({ ...base, 'a.js': config("'abc~1'").replaceAll(/process\.env\.\w+/g, "'x'") }, async (root) => {
        await assert.rejects(plan(root, 'a.js', more), (error) => {
          assert.ok(isExpectedError(error) && error.code === 'nothing-loads-env');
          assert.match(error.message, /node --env-file=\.env/);
          return true;
        });
        assert.deepEqual(codes(await plan(root, 'a.js')), ['secret-was-literal']);
        writeFileSync(join(root, 'index.js'), "require('dotenv').config();\nrequire('./a');\n");
        assert.deepEqual(codes(await plan(root, 'a.js', more)), ['secret-was-literal']);
      }));

  it('puts key and thumbprint into the environment for containers', () =>
    withFolder({ ...base, 'a.js': fromEnv, '.env': 'CLIENT_SECRET=x' }, async (root) => {
      const pem = 'made at test time, no key';
      const result = await plan(root, 'a.js', { keyFrom: 'environment', privateKeyPem: pem });
      apply(result);
      const values = dotenv.parse(readFileSync(join(root, '.env')));
      assert.equal(Buffer.from(values.CLIENT_CERTIFICATE_PRIVATE_KEY ?? '', 'base64').toString(), pem);
      assert.equal(values.CLIENT_CERTIFICATE_THUMBPRINT, sha256);
      assert.deepEqual(Object.keys(result.variables).sort(), ['privateKey', 'secret', 'thumbprint']);
    }));

  it('warns of what stays behind in other files, with file and line', () =>
    withFolder(
      {
        ...base,
        'authConfig.js': fromEnv,
        'start.js': "if (!process.env.CLIENT_SECRET) throw new Error('no secret');\n",
        'lib/session.js': "const { msalConfig } = require('../authConfig');\n\nuse(msalConfig.auth.clientSecret);\n",
        'other/package.json': '{}',
        '.env': 'CLIENT_SECRET=x\n',
      },
      async (root) => {
        const result = await plan(root, 'authConfig.js');
        const found = result.warnings.map(({ code, file, line }) => [code, relative(root, file ?? ''), line]);
        assert.deepEqual(found, [
          ['secret-reader', join('lib', 'session.js'), 3],
          ['secret-guard', 'start.js', 1],
        ]);
      },
    ));

  it('does not warn of another app of the monorepo', () =>
    withFolder(
      {
        'apps/a/package.json': '{}',
        'apps/a/auth.js': fromEnv,
        'apps/a/.env': 'CLIENT_SECRET=x',
        'apps/b/package.json': '{}',
        'apps/b/b.js': 'use(process.env.CLIENT_SECRET)',
        ...installed('3.8.10'),
      },
      async (root) => {
        const result = await plan(root, 'apps/a/auth.js', { privateKeyPath: join(root, 'apps/a/certs/app.key') });
        assert.deepEqual(codes(result), []);
        assert.deepEqual(paths(root, result), [
          'gitignore apps/a/.gitignore',
          'env apps/a/.env',
          'config apps/a/auth.js',
        ]);
      },
    ));

  const declines: [string, Record<string, string | Uint8Array>, string, string, RegExp][] = [
    ['a missing file', base, 'none.js', 'file-not-found', /none\.js/],
    [
      'a file without a config',
      { ...base, 'a.js': 'const a = 1;' },
      'a.js',
      'no-app-config',
      /ConfidentialClientApplication/,
    ],
    [
      'a file that imports its config',
      {
        ...base,
        'a.js': `const { msalConfig } = require('./authConfig');\nconst { ConfidentialClientApplication } = require('@azure/msal-node');\nnew ConfidentialClientApplication(msalConfig);`,
      },
      'a.js',
      'no-app-config',
      /line 3 uses one from "\.\/authConfig"/,
    ],
    [
      'code that does not parse',
      { ...base, 'a.js': 'const clientSecret = (' },
      'a.js',
      'config-does-not-parse',
      /line 1/,
    ],
    ['what is not UTF-8', { ...base, 'a.js': Buffer.from('// \xe9', 'latin1') }, 'a.js', 'not-utf-8', /UTF-8/],
    [
      'a .env that is not UTF-8',
      { ...base, 'a.js': fromEnv, '.env': Buffer.from('X=\xe9', 'latin1') },
      'a.js',
      'not-utf-8',
      /\.env/,
    ],
    ['msal-node 2.8.0', { ...base, ...installed('2.8.0'), 'a.js': fromEnv }, 'a.js', 'msal-node-2-8-0', /2\.8\.0/],
    [
      'JSON, naming the file that loads it',
      {
        ...base,
        'appSettings.json': JSON.stringify({
          authOptions: { clientId: 'a', authority: 'https://login.microsoftonline.com/x', clientSecret: 'b' },
        }),
        'load.js': "const settings = require('./appSettings.json');",
      },
      'appSettings.json',
      'config-is-json',
      /load\.js/,
    ],
    [
      'an escaped literal',
      { ...base, 'a.js': config(String.raw`'a\u0062c~1'`) },
      'a.js',
      'secret-literal-escaped',
      /line 7/,
    ],
  ];
  for (const [title, files, file, code, message] of declines) {
    it(`declines ${title}`, () =>
      withFolder(files, (root) => assert.rejects(planRewrite(request(root, file), nodeFiles), { code, message })));
  }

  it('never hands out the secret with the config', () =>
    withFolder(
      { ...base, 'a.js': config("'abc~literal'"), 'b.js': fromEnv, '.env': 'CLIENT_SECRET=abc~env' },
      async (root) => {
        for (const file of ['a.js', 'b.js']) {
          const configs = await readAppConfigs(join(root, file), nodeFiles, [root]);
          assert.equal(configs.length, 1);
          assert.ok(!JSON.stringify(configs).includes('abc~'));
        }
      },
    ));
});
