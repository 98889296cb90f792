import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { readAppConfigs } from './index.ts';
import { withFolder } from './testing/folder.ts';
import type { AppConfig } from './types.ts';

const client = `const { ConfidentialClientApplication } = require('@azure/msal-node');\nconst fs = require('fs'), crypto = require('crypto'), path = require('path');\n`;

async function read(root: string, file: string): Promise<AppConfig> {
  const [config] = await readAppConfigs(join(root, file), nodeFiles, [root]);
  assert.ok(config !== undefined);
  return config;
}

describe('details of a config', () => {
  const keys: [string, string, string | undefined, string | undefined][] = [
    [
      'the guide',
      `crypto.createPrivateKey({ key: fs.readFileSync('certs/a.key'), passphrase: 'Add_Passphrase_Here' }).export({})`,
      'certs/a.key',
      'literal',
    ],
    [
      'a path from the environment',
      `crypto.createPrivateKey({ key: fs.readFileSync(process.env.KEY_PATH), passphrase: process.env.PASS })`,
      'keys/b.key',
      'environment',
    ],
    [
      'a path from the file',
      `fs.readFileSync(path.join(__dirname, '../certs/a.key'), 'utf8')`,
      'certs/a.key',
      undefined,
    ],
    [
      'a path resolved against the environment',
      `fs.readFileSync(path.resolve(__dirname, '..', process.env.KEY_PATH))`,
      'keys/b.key',
      undefined,
    ],
    ['a key in the environment', 'process.env.PRIVATE_KEY', undefined, undefined],
    ['a path that is computed', 'fs.readFileSync(findKey())', undefined, undefined],
  ];
  for (const [title, code, file, passphrase] of keys) {
    it(`follows the key to ${title}`, () =>
      withFolder(
        {
          'package.json': '{}',
          'src/a.js': `require('dotenv').config();\n${client}const privateKey = ${code};\nnew ConfidentialClientApplication({ auth: { clientId: 'x', clientCertificate: { thumbprint: process.env.THUMB, privateKey } } });`,
          '.env': 'KEY_PATH=keys/b.key\nTHUMB=ab\n',
        },
        async (root) => {
          const { certificate } = await read(root, 'src/a.js');
          assert.equal(certificate?.keyFile, file === undefined ? undefined : join(root, file));
          assert.equal(certificate?.passphrase?.kind, passphrase);
          assert.equal(certificate?.thumbprint?.value, 'ab');
        },
      ));
  }

  it('through several constants, as the guide writes it', () =>
    withFolder(
      {
        'package.json': '{}',
        'a.js': `${client}const privateKeySource = fs.readFileSync('a.key');\nconst privateKeyObject = crypto.createPrivateKey({ key: privateKeySource, passphrase: 'x', format: 'pem' });\nconst privateKey = privateKeyObject.export({ format: 'pem', type: 'pkcs8' });\nnew ConfidentialClientApplication({ auth: { clientId: 'x', clientCertificate: { thumbprint: 'AB', privateKey: privateKey } } });`,
      },
      async (root) => {
        const { certificate } = await read(root, 'a.js');
        assert.deepEqual([certificate?.keyFile, certificate?.passphrase?.kind], [join(root, 'a.key'), 'literal']);
      },
    ));

  it('sees secrets in code, but not sample text', () =>
    withFolder(
      Object.fromEntries(
        ["'abc~1'", "process.env.S || 'abc~1'", "process.env.S || 'Enter_the_Client_Secret_Here'", 'process.env.S'].map(
          (secret, index) => [
            `${index}.js`,
            `${client}new ConfidentialClientApplication({ auth: { clientId: 'x', clientSecret: ${secret} } });`,
          ],
        ),
      ),
      async (root) => {
        const found = await Promise.all(['0.js', '1.js', '2.js', '3.js'].map((file) => read(root, file)));
        assert.deepEqual(
          found.map((config) => config.secretInCode === true),
          [true, true, false, false],
        );
      },
    ));

  it('sees a misspelt property and known authorities', () =>
    withFolder(
      {
        'a.js': `${client}new ConfidentialClientApplication({\n  auth: {\n    clientId: 'x',\n    knownAuthorities: ['login.contoso.com'],\n    ClientCertificate: { thumbprint: 'a', privateKey: 'b' },\n  },\n});`,
        'b.js': `${client}new ConfidentialClientApplication({ auth: { clientId: 'x', clientSecret: 'y', knownAuthorities: hosts() } });`,
      },
      async (root) => {
        const a = await read(root, 'a.js');
        assert.deepEqual(a.misspelt, { name: 'ClientCertificate', line: 7, meant: 'clientCertificate' });
        assert.deepEqual(a.knownAuthorities, ['login.contoso.com']);
        assert.equal((await read(root, 'b.js')).knownAuthorities, 'unknown');
      },
    ));
});
