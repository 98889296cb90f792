import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { keptSecretComment, parseEnv } from './dotenv.ts';
import { oldSecrets, planRewrite, readAppConfigs } from './index.ts';
import { withFolder } from './testing/folder.ts';
import type { RewritePlan } from './types.ts';

// No real secret, and none that a scanner takes for one.
const real = ['Zq', '8Q~', 'made-up-literal'].join('');
const other = ['Yy', '8Q~', 'another-literal'].join('');

const app = (secret: string, before = '') => `${before}require('dotenv').config();
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication({
  auth: {
    clientId: 'x',
    clientSecret: ${secret},
  },
});
`;

interface Planned {
  readonly root: string;
  readonly plan: Extract<RewritePlan, { status: 'rewrite' }>;
  readonly env: string;
}

async function planned(text: string, env: string, check: (planned: Planned) => Promise<void> | void): Promise<void> {
  const files = { 'package.json': '{"dependencies":{"@azure/msal-node":"2.16.3"}}', '.env': env, 'a.js': text };
  await withFolder(files, async (root) => {
    const plan = await planRewrite(
      {
        file: join(root, 'a.js'),
        keyFrom: 'file',
        thumbprintSha256: 'AB'.repeat(32),
        thumbprintSha1: 'CD'.repeat(20),
        privateKeyPath: join(root, 'certs', 'app.key'),
        roots: [root],
      },
      nodeFiles,
    );
    assert.equal(plan.status, 'rewrite');
    for (const { path, before, edits } of plan.files) writeFileSync(path, applyEdits(before ?? '', edits));
    const after = plan.files.find(({ role }) => role === 'env');
    await check({ root, plan, env: after === undefined ? env : applyEdits(after.before ?? '', after.edits) });
  });
}

async function codeOf(text: string, env: string): Promise<string> {
  try {
    await planned(text, env, () => undefined);
  } catch (error) {
    if (isExpectedError(error)) return error.code;
    throw error;
  }
  return 'rewritten';
}

const helper = 'const env = (name, otherwise) => process.env[name] || otherwise;\n';
const settings = 'const config = { get: (name, otherwise) => process.env[name] ?? otherwise };\n';

describe('a secret in the code', () => {
  for (const [name, text] of Object.entries({
    'in the other branch of a test of the variable': app(
      `process.env.CLIENT_SECRET ? process.env.CLIENT_SECRET : '${real}'`,
    ),
    'in the other branch of a choice': app(`isProduction ? process.env.CLIENT_SECRET : '${real}'`),
    'in the first branch': app(`isLocal ? '${real}' : process.env.CLIENT_SECRET`),
    'beside sample text': app(`isLocal ? '${real}' : 'Enter_the_Client_Secret_Here'`),
    "as a helper's second argument": app(`env('CLIENT_SECRET', '${real}')`, helper),
    'as the default of a settings object': app(`config.get('CLIENT_SECRET', '${real}')`, settings),
    'behind two variables': app(`process.env.CLIENT_SECRET || (process.env.AZURE_SECRET || '${real}')`),
    'behind an empty text': app(`'' || '${real}'`),
  }))
    it(`is kept in the .env: ${name}`, () =>
      planned(text, 'PORT=1\n', ({ plan, env }) => {
        assert.equal(parseEnv(env).find((entry) => entry.name === 'CLIENT_SECRET')?.value, real);
        const config = plan.files.find(({ role }) => role === 'config');
        assert.deepEqual(
          config?.secrets.map(({ value, variable }) => [value, variable]),
          [[real, 'CLIENT_SECRET']],
        );
        assert.ok(plan.warnings.some(({ code }) => code === 'secret-was-literal'));
      }));

  for (const [name, secret] of Object.entries({
    'two of them': `isProduction ? '${real}' : '${other}'`,
    'two halves': `'${real.slice(0, 8)}' + '${real.slice(8)}'`,
    'a half and a variable': `\`${real.slice(0, 8)}\${process.env.TAIL}\``,
    'one behind another': `process.env.CLIENT_SECRET || '${real}' || '${other}'`,
    'in an array': `['${real.slice(0, 8)}', '${real.slice(8)}'].join('')`,
    'in an object': `({ a: '${real}', b: '${other}' }).a || process.env.CLIENT_SECRET`,
    'as a third argument': `env('CLIENT_SECRET', '', '${real}')`,
  }))
    it(`declines what could not be kept: ${name}`, async () => {
      assert.equal(await codeOf(app(secret, helper), 'PORT=1\n'), 'secret-is-computed');
    });

  it('takes names, tests and messages for no secret', async () => {
    for (const secret of [
      "process.env.NODE_ENV === 'production' ? process.env.CLIENT_SECRET : undefined",
      "process.env['CLIENT_SECRET'] ?? fail('CLIENT_SECRET is not set')",
      "process.env.CLIENT_SECRET ?? (() => { throw new Error('missing'); })()",
      "fs.readFileSync('/run/secrets/client', 'utf8').trim()",
      "require('./settings').azure['client-secret']",
    ])
      assert.equal(await codeOf(app(secret), 'PORT=1\n'), 'rewritten', secret);
  });
});

describe('a secret from one of several variables', () => {
  for (const [name, secret] of Object.entries({
    'a choice': 'isProduction ? process.env.PROD_SECRET : process.env.CLIENT_SECRET',
    'a fall-back': 'process.env.PROD_SECRET || process.env.CLIENT_SECRET',
  }))
    it(`is the one that the .env sets: ${name}`, () =>
      planned(app(secret), 'A=1\nCLIENT_SECRET=abc\nB=2\n', async ({ root, plan, env }) => {
        assert.equal(plan.variables.secret, 'CLIENT_SECRET');
        assert.match(env, new RegExp(`^A=1\n${keptSecretComment}\nCLIENT_SECRET=abc\nCLIENT_CERTIFICATE_THUMBPRINT=`));
        const [warning] = plan.warnings.filter(({ code }) => code === 'secret-conditional');
        assert.match(warning?.message ?? '', /PROD_SECRET, CLIENT_SECRET/);
        const [config] = await readAppConfigs(join(root, 'a.js'), nodeFiles, [root]);
        assert.ok(config);
        const found = await oldSecrets({ config, roots: [root] }, nodeFiles);
        assert.deepEqual(
          found.map(({ variable }) => variable),
          ['CLIENT_SECRET'],
        );
      }));

  it('marks every one that is set, whatever their order', () =>
    planned(
      app('isProduction ? process.env.PROD_SECRET : process.env.CLIENT_SECRET'),
      'CLIENT_SECRET=abc\nPROD_SECRET=def\n',
      async ({ root, env }) => {
        assert.equal(env.split(keptSecretComment).length, 3);
        const [config] = await readAppConfigs(join(root, 'a.js'), nodeFiles, [root]);
        assert.ok(config);
        const found = await oldSecrets({ config, roots: [root] }, nodeFiles);
        assert.deepEqual(
          found.map(({ variable }) => variable),
          ['CLIENT_SECRET', 'PROD_SECRET'],
        );
      },
    ));
});
