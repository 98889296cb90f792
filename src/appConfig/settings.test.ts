import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyEdits } from '../base/edits.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { keptSecretComment } from './dotenv.ts';
import { findAppConfigs, oldSecrets, planRewrite, readAppConfigs } from './index.ts';
import { withFolder } from './testing/folder.ts';
import type { AppConfig, RewritePlan } from './types.ts';

const id = '11111111-2222-3333-4444-555555555555';
const env = `CLIENT_ID=${id}\nCLIENT_SECRET=abc\nAUTHORITY=https://login.microsoftonline.com/contoso\nPORT=1\n`;

const js = (config: string, head: string) => `${head}
const { ConfidentialClientApplication } = require('@azure/msal-node');
module.exports = new ConfidentialClientApplication({ auth: ${config} });
`;
const ts = (config: string, head: string) => `${head}
import { ConfidentialClientApplication } from '@azure/msal-node';
export const client = new ConfidentialClientApplication({ auth: ${config} });
`;
const all = (from: string) =>
  `{ clientId: ${from}.clientId, authority: ${from}.authority, clientSecret: ${from}.clientSecret }`;
const upper = (from: string) =>
  `{ clientId: ${from}.CLIENT_ID, authority: ${from}.AUTHORITY, clientSecret: ${from}.CLIENT_SECRET }`;
const values =
  '{ clientId: process.env.CLIENT_ID, authority: process.env.AUTHORITY, clientSecret: process.env.CLIENT_SECRET }';

/** Name, the config's file, the other files. */
const apps: readonly [string, string, Record<string, string>][] = [
  [
    'CommonJS',
    'a.js',
    {
      'a.js': js(all('settings'), "const settings = require('./settings');"),
      'settings.js': `module.exports = ${values};`,
    },
  ],
  [
    'a part of it, required in place',
    'src/a.js',
    {
      'src/a.js': js(all("require('../config').azure"), ''),
      'config/index.js': `const azure = ${values};\nmodule.exports = { azure };`,
    },
  ],
  [
    'destructured',
    'a.js',
    {
      'a.js': js(
        '{ clientId, authority, clientSecret }',
        "const { azure: { clientId, authority, clientSecret } } = require('./settings');",
      ),
      'settings.js': `exports.azure = ${values};`,
    },
  ],
  [
    'ES modules, named as the compiled file',
    'src/a.ts',
    {
      'src/a.ts': ts(all('settings'), "import { settings } from './settings.js';"),
      'src/settings.ts': `export const settings = { ...defaults, ...${values} };\nconst defaults = {};`,
    },
  ],
  [
    'an alias and a file that only hands on',
    'src/auth/a.ts',
    {
      'src/auth/a.ts': ts(all('settings'), "import { settings } from '@/config';"),
      'src/config/index.ts': "export * from './azure';",
      'src/config/azure.ts': `const settings = ${values};\nexport { settings };`,
    },
  ],
  [
    'a class with static fields',
    'a.ts',
    {
      'a.ts': ts(all('Settings'), "import { Settings } from './settings';"),
      'settings.ts': `export class Settings {
  static readonly clientId = process.env.CLIENT_ID!;
  static readonly authority = process.env.AUTHORITY!;
  static readonly clientSecret = process.env.CLIENT_SECRET!;
}`,
    },
  ],
  [
    'a schema',
    'a.ts',
    {
      'a.ts': ts(upper('env'), "import { env } from './env';"),
      'env.ts':
        "import { z } from 'zod';\nexport const env = z.object({ CLIENT_SECRET: z.string() }).parse(process.env);",
    },
  ],
];

interface Rewritten {
  readonly root: string;
  readonly before: AppConfig;
  readonly plan: Extract<RewritePlan, { status: 'rewrite' }>;
}

async function rewritten(files: Record<string, string>, file: string, check: (app: Rewritten) => Promise<void> | void) {
  const loads = { 'index.js': "require('dotenv').config();", 'package.json': '{}', '.env': env };
  await withFolder({ ...loads, ...files }, async (root) => {
    const path = join(root, file);
    const [before] = await readAppConfigs(path, nodeFiles, [root]);
    assert.ok(before);
    const plan = await planRewrite(
      {
        file: path,
        keyFrom: 'file',
        thumbprintSha256: 'AB'.repeat(32),
        thumbprintSha1: 'CD'.repeat(20),
        privateKeyPath: join(root, 'certs', 'app.key'),
        roots: [root],
      },
      nodeFiles,
    );
    assert.equal(plan.status, 'rewrite');
    for (const { path: target, before: text, edits } of plan.files) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, applyEdits(text ?? '', edits));
    }
    await check({ root, before, plan });
  });
}

describe('a config with values of a settings module', () => {
  for (const [name, file, files] of apps)
    it(`is followed there: ${name}`, () =>
      rewritten(files, file, async ({ root, before, plan }) => {
        assert.deepEqual(
          [before.clientId?.value, before.authority?.value, before.secret?.kind],
          [id, 'https://login.microsoftonline.com/contoso', 'environment'],
        );
        assert.equal(before.secretSet, true);
        assert.equal(plan.variables.secret, 'CLIENT_SECRET');
        const found = plan.files.find(({ role }) => role === 'env');
        const text = found === undefined ? '' : applyEdits(found.before ?? '', found.edits);
        assert.match(text, new RegExp(`${keptSecretComment}\nCLIENT_SECRET=abc\nCLIENT_CERTIFICATE_THUMBPRINT=`));
        const [config] = await readAppConfigs(join(root, file), nodeFiles, [root]);
        assert.ok(config);
        const old = await oldSecrets({ config, roots: [root] }, nodeFiles);
        assert.deepEqual(
          old.map(({ variable, line }) => [variable, line]),
          [['CLIENT_SECRET', 3]],
        );
      }));

  it('says what checks the secret there and what only names it', () =>
    rewritten(
      {
        'a.js': js(all('settings'), "const settings = require('./settings');"),
        'settings.js': `if (!process.env.CLIENT_SECRET) throw new Error('missing');\nmodule.exports = ${values};\n`,
      },
      'a.js',
      ({ plan }) => {
        const there = plan.warnings.filter(({ file }) => file?.endsWith('settings.js'));
        assert.deepEqual(there.map(({ code, line }) => [code, line]), [['secret-guard', 1], ['secret-name', 2]]); // prettier-ignore
        assert.ok(plan.warnings.some(({ code }) => code === 'settings-module'));
      },
    ));

  it('has no variable where none is named, and is not led in a circle', () =>
    withFolder(
      {
        'package.json': '{}',
        '.env': 'OTHER=1\n',
        'a.js': js(upper('env'), "const { env } = require('./b');"),
        'b.js': "const { env } = require('./c');\nmodule.exports = { env };",
        'c.js': "module.exports = { env: require('./b').env };",
        'd.js': js(all('settings'), "const settings = require('./gone');"),
      },
      async (root) => {
        const found = await findAppConfigs([root], nodeFiles);
        assert.deepEqual(found.map(({ secret }) => secret?.kind), ['settings', 'settings']); // prettier-ignore
        assert.deepEqual(found.map(({ clientId }) => clientId?.value), [undefined, undefined]); // prettier-ignore
      },
    ));
});

describe('a config that another file hands to its client', () => {
  const azure = `export const azure = { auth: { clientId: 'x', clientSecret: process.env.CLIENT_SECRET! } };\n`;
  for (const [name, specifier, more] of [
    ['an alias', '@/config/azure', {}],
    ['a file that only hands on', './config/index.js', { 'src/config/index.ts': "export * from './azure.js';\n" }],
    ['one that renames', './config', { 'src/config/index.ts': "export { azure as azure } from './azure.js';\n" }],
  ] as const)
    it(`is found through ${name}`, () =>
      withFolder(
        {
          'package.json': '{}',
          'src/config/azure.ts': azure,
          'src/client.ts': `import { azure } from '${specifier}';
import { ConfidentialClientApplication } from '@azure/msal-node';
export const c = new ConfidentialClientApplication(azure);
`,
          ...more,
        },
        async (root) => {
          const found = await findAppConfigs([root], nodeFiles);
          assert.deepEqual(found.map(({ file }) => file), [join(root, 'src/config/azure.ts')]); // prettier-ignore
          const [alone] = await readAppConfigs(join(root, 'src/config/azure.ts'), nodeFiles, [root]);
          assert.equal(alone?.credential, 'secret');
        },
      ));
});
