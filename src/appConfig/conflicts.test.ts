import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { findAppConfigs, planRewrite } from './index.ts';
import { withFolder } from './testing/folder.ts';

const configWith = (secret: string) => `module.exports = {
  auth: {
    clientId: 'x',
    authority: 'https://login.microsoftonline.com/contoso',
    clientSecret: ${secret},
  },
};
`;
const user = (code: string) => `require('dotenv').config();
const config = require('./authConfig');
const { ConfidentialClientApplication } = require('@azure/msal-node');
${code}
`;
const assigns = user(`config.auth.clientSecret = process.env.CLIENT_SECRET;
module.exports = new ConfidentialClientApplication(config);`);
const spreads = user(`module.exports = new ConfidentialClientApplication({
  auth: { ...config.auth, clientSecret: process.env.CLIENT_SECRET },
});`);
const copies = user(`Object.assign(config.auth, { clientSecret: process.env.CLIENT_SECRET });
module.exports = new ConfidentialClientApplication(config);`);

async function outcomeOf(files: Record<string, string>, chosen: string): Promise<string> {
  const all = { 'package.json': '{}', '.env': 'CLIENT_SECRET=abc\n', ...files };
  let outcome = '';
  await withFolder(all, async (root) => {
    try {
      const plan = await planRewrite(
        {
          file: join(root, chosen),
          keyFrom: 'file',
          thumbprintSha256: 'AB'.repeat(32),
          thumbprintSha1: 'CD'.repeat(20),
          privateKeyPath: join(root, 'certs', 'app.key'),
          roots: [root],
        },
        nodeFiles,
      );
      outcome = plan.status;
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      outcome = `${error.code}: ${error.message.replaceAll(root, '')}`;
    }
  });
  return outcome;
}

describe('a secret that two files set', () => {
  for (const [name, text, line] of [
    ['an assignment', assigns, 4],
    ['a spread', spreads, 5],
    ['Object.assign', copies, 4],
  ] as const) {
    it(`is declined with both places, whichever is chosen: ${name}`, async () => {
      const files = { 'authConfig.js': configWith('process.env.CLIENT_SECRET'), 'b.js': text };
      const both = new RegExp(`^secret-reassigned: /authConfig.js line 5 and /b.js line ${line} both`);
      assert.match(await outcomeOf(files, 'authConfig.js'), both);
    });
  }

  for (const [name, text, line] of [
    ['an assignment', assigns, 4],
    ['a spread', spreads, 5],
  ] as const)
    it(`is declined from the file that completes the configuration: ${name}`, async () => {
      const files = { 'authConfig.js': configWith("'abc~literal'"), 'b.js': text };
      assert.match(
        await outcomeOf(files, 'b.js'),
        new RegExp(`^secret-reassigned: /b.js line ${line} and /authConfig.js line 5`),
      );
    });

  it('is set by one alone where the other holds empty text', async () => {
    const files = { 'authConfig.js': configWith("''"), 'b.js': assigns };
    assert.equal(await outcomeOf(files, 'b.js'), 'rewrite');
    assert.match(await outcomeOf(files, 'authConfig.js'), /^no-secret-in-config/);
    await withFolder({ 'package.json': '{}', ...files }, async (root) => {
      const found = await findAppConfigs([root], nodeFiles);
      assert.deepEqual(
        found.filter(({ credential }) => credential === 'secret').map(({ file }) => file.slice(root.length + 1)),
        ['b.js'],
      );
    });
  });

  it('is no matter of another module of that name, nor of what is only read or left empty', async () => {
    const files = {
      'authConfig.js': configWith('process.env.CLIENT_SECRET'),
      'other/authConfig.js': 'module.exports = { auth: {} };',
      'other/b.js': assigns,
      'c.js': user('if (!config.auth.clientSecret) throw new Error("x");\nconfig.auth.clientSecret = undefined;'),
      'd.js': `const { unrelated } = require('./authConfig');\nunrelated.clientSecret = 'x';`,
    };
    assert.equal(await outcomeOf(files, 'authConfig.js'), 'rewrite');
  });
});
