import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyEdits } from '../base/edits.ts';
import { keptSecretComment } from './dotenv.ts';
import { findLeftovers, oldSecrets, planRetire, readAppConfigs } from './index.ts';
import { valueForms } from '../base/valueForms.ts';
import { nodeFiles as nodeReader } from '../ui/nodeFiles.ts';
import { writeFiles } from './testing/folder.ts';
import type { AppConfig } from './types.ts';

const secret = 'abc8Q~retired-secret-value-0123456789';
const other = 'xyz8Q~another-secret-value-0123456789';

const config = `require('dotenv').config();
module.exports = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
    clientCertificate: { thumbprintSha256: process.env.THUMBPRINT, privateKey: process.env.KEY },
  },
};
`;
const app = (more: Record<string, string> = {}): Record<string, string> => ({
  'package.json': '{"dependencies":{"@azure/msal-node":"7.2.3","dotenv":"16"}}',
  'authConfig.js': config,
  'server.js': `const msal = require('@azure/msal-node');\nnew msal.ConfidentialClientApplication(require('./authConfig'));\n`,
  '.env': `CLIENT_ID=1\n${keptSecretComment}\nCLIENT_SECRET=${secret}\nTHUMBPRINT=AA\n`,
  ...more,
});

describe('retiring in an app', () => {
  let root: string;
  const makeFolder = (files: Record<string, string | Uint8Array>): void => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'retire-')));
    writeFiles(root, files);
  };
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const read = async (): Promise<AppConfig> => {
    const [found] = await readAppConfigs(path.join(root, 'authConfig.js'), nodeReader, [root]);
    assert.ok(found);
    return found;
  };
  const plan = async (files: Record<string, string>, variable?: string) => {
    makeFolder(files);
    const request = { config: await read(), roots: [root], ...(variable === undefined ? {} : { variable }) };
    const old = await oldSecrets(request, nodeReader);
    const planned = await planRetire({ ...request, isRetired: (value) => value === secret }, nodeReader);
    const texts = new Map(
      planned.files.map(({ path: file, before, edits }) => [
        path.relative(root, file),
        applyEdits(before ?? '', edits),
      ]),
    );
    const left = planned.left.map(({ code, file = '', line }) => [code, path.relative(root, file), line]);
    return { old, texts, left };
  };

  it('takes the line and the comment above it out, and nothing else', async () => {
    const { old, texts, left } = await plan(app());
    assert.deepEqual(
      old.map(({ line, variable, value, example }) => [line, variable, value, example]),
      [[3, 'CLIENT_SECRET', secret, false]],
    );
    assert.deepEqual([...texts], [['.env', 'CLIENT_ID=1\nTHUMBPRINT=AA\n']]);
    assert.deepEqual(left, []);
  });

  it('cleans every .env file and the examples, with CRLF and without a final line end', async () => {
    const { texts } = await plan(
      app({
        '.env': `CLIENT_ID=1\r\nCLIENT_SECRET="${secret}"`,
        '.env.production': `CLIENT_SECRET=${secret} # portal\nA=1\n`,
        '.env.example': 'CLIENT_SECRET=Enter_the_Client_Secret_Here\nCLIENT_ID=\n',
      }),
      'CLIENT_SECRET',
    );
    assert.deepEqual(Object.fromEntries(texts), {
      '.env': 'CLIENT_ID=1\r\n',
      '.env.production': 'A=1\n',
      '.env.example': 'CLIENT_ID=\n',
    });
  });

  it('leaves a value that is not certainly the retired one', async () => {
    const { texts, left } = await plan(app({ '.env.staging': `CLIENT_SECRET=${other}\n` }));
    assert.deepEqual([...texts.keys()], ['.env']);
    assert.deepEqual(left, [['other-secret-value', '.env.staging', 1]]);
  });

  it('leaves the line where code does not start without it, and names that code', async () => {
    const { texts, left } = await plan(
      app({ 'check.js': `if (!process.env.CLIENT_SECRET) throw new Error('CLIENT_SECRET is missing');\n` }),
    );
    assert.deepEqual([...texts], []);
    assert.deepEqual(left, [
      ['secret-guard', 'check.js', 1],
      ['secret-line-needed', '.env', 3],
    ]);
  });

  it('removes constants that only held it, but none that is used or exported', async () => {
    const { texts, left } = await plan(
      app({
        'settings.js': `const A = 1;\nconst clientSecret = process.env.CLIENT_SECRET; // from the portal\nmodule.exports = { A };\n`,
        'names.js': `export const variables = ['CLIENT_ID', 'CLIENT_SECRET'];\n`,
      }),
    );
    assert.equal(texts.get('settings.js'), 'const A = 1;\nmodule.exports = { A };\n');
    assert.equal(texts.get('.env'), 'CLIENT_ID=1\nTHUMBPRINT=AA\n');
    assert.deepEqual(left, [['secret-name', 'names.js', 1]]);
    rmSync(root, { recursive: true });
    const used = await plan(app({ 'settings.js': 'exports.secret = process.env.CLIENT_SECRET;\n' }));
    assert.deepEqual([...used.texts], []);
  });

  it('leaves a file in which taking the line out would change another value', async () => {
    const { texts, left } = await plan(
      app({ '.env': `CLIENT_SECRET=${secret}\nCLIENT_SECRET=${other}\n` }),
      'CLIENT_SECRET',
    );
    assert.equal(texts.get('.env'), `CLIENT_SECRET=${other}\n`);
    assert.deepEqual(left, [['other-secret-value', '.env', 2]]);
  });

  it('finds values and variables elsewhere, hidden folders included, and says in what kind of file', async () => {
    const base64 = valueForms(secret).at(-1) ?? '';
    makeFolder(
      app({
        '.env': '',
        '.github/workflows/deploy.yml': 'env:\n  CLIENT_SECRET: ${{ secrets.CLIENT_SECRET }}\n',
        'docker-compose.yml': `environment:\n  - CLIENT_SECRET=${secret}\n`,
        '.vscode/launch.json': `{"env":{"CLIENT_SECRET":"${secret}"}}`,
        'README.md': 'Set CLIENT_SECRET.\nMY_CLIENT_SECRET_2 is another one.\n',
        'k8s/secret.yaml': `data:\n  client: ${base64}\n`,
        'node_modules/x/index.js': 'process.env.CLIENT_SECRET',
        '.git/config': secret,
      }),
    );
    writeFiles(root, { 'image.bin': Buffer.concat([Buffer.from([0, 1]), Buffer.from(secret)]) });
    const found = await findLeftovers(
      { roots: [root], values: [secret, 'short'], variables: ['CLIENT_SECRET'] },
      nodeReader,
    );
    assert.deepEqual(
      found.map(({ kind, place, file, line }) => [kind, place, path.relative(root, file), line]),
      [
        ['variable', 'ci', '.github/workflows/deploy.yml', 2],
        ['value', 'editor', '.vscode/launch.json', 1],
        ['variable', 'document', 'README.md', 1],
        ['value', 'container', 'docker-compose.yml', 2],
        ['value', 'container', 'k8s/secret.yaml', 2],
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /retired-secret/);
  });
});
