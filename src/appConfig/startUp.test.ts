import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyEdits } from '../base/edits.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { planRewrite } from './index.ts';
import { withFolder } from './testing/folder.ts';
import type { RewriteRequest } from './types.ts';

/** The packages of this repository, for apps in a temporary folder. */
const NODE_PATH = join(import.meta.dirname, '..', '..', 'node_modules');

const auth = (secret: string) =>
  `const msalConfig = { auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/t', clientSecret: ${secret} } };\nmodule.exports = { msalConfig };\n`;
const dotenvHere = `require('dotenv').config({ quiet: true });\n`;
const env = 'process.env.CLIENT_SECRET';

describe('a rewritten app', () => {
  let pkcs8: string;
  let encrypted: string;
  before(() => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    encrypted = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: "p a$s#'1" })
      .toString();
  });

  const apps: [string, Record<string, string>, string, string, Partial<RewriteRequest>, string[]][] = [
    [
      'takes the key from where its .env lies, started there',
      { 'package.json': '{}', 'src/auth.js': dotenvHere + auth(env), '.env': 'CLIENT_SECRET=x' },
      'src/auth.js',
      '.',
      {},
      [],
    ],
    [
      'takes the key from where its .env lies, started elsewhere',
      {
        'package.json': '{}',
        'src/auth.js': `require('dotenv').config({ quiet: true, path: require('path').join(__dirname, '../config/.env') });\n${auth(env)}`,
        'config/.env': 'CLIENT_SECRET=x',
      },
      'src/auth.js',
      '/',
      {},
      [],
    ],
    [
      'takes the key from a literal path, started elsewhere',
      { 'package.json': '{}', 'src/auth.js': auth("'abc~literal'") },
      'src/auth.js',
      '/',
      {},
      [],
    ],
    [
      'in a monorepo takes the key from the .env above it',
      {
        'apps/web/package.json': '{"scripts":{"start":"node --env-file=../../.env src/auth.js"}}',
        'apps/web/src/auth.js': auth(env),
        '.env': 'CLIENT_SECRET=x',
      },
      'apps/web/src/auth.js',
      'apps/web',
      {},
      ['--env-file=../../.env'],
    ],
    [
      'takes the key from the environment',
      { 'package.json': '{}', 'auth.js': dotenvHere + auth(env), '.env': 'CLIENT_SECRET=x' },
      'auth.js',
      '.',
      { keyFrom: 'environment' },
      [],
    ],
  ];
  for (const [title, files, file, start, more, flags] of apps) {
    // An app without any variables can be given no pass phrase.
    const takesNone = more.keyFrom === 'environment' || flags.length > 0 || files[file]?.includes('~literal') === true;
    for (const passphrase of takesNone ? [undefined] : [undefined, "p a$s#'1"]) {
      it(`${title}${passphrase === undefined ? '' : ', decrypted'}`, () =>
        withFolder(files, async (root) => {
          const key = join(root, 'certs', 'app.key');
          const usesFile = more.keyFrom !== 'environment';
          const plan = await planRewrite(
            {
              file: join(root, file),
              keyFrom: 'file',
              thumbprintSha256: 'AB'.repeat(32),
              thumbprintSha1: 'CD'.repeat(20),
              roots: [root],
              ...(usesFile ? { privateKeyPath: key } : { privateKeyPem: pkcs8 }),
              ...(passphrase === undefined ? {} : { passphrase }),
              ...more,
            },
            nodeFiles,
          );
          assert.ok(plan.status === 'rewrite');
          for (const { path, before: text, edits } of plan.files) {
            mkdirSync(dirname(path), { recursive: true });
            writeFileSync(path, applyEdits(text ?? '', edits));
          }
          mkdirSync(dirname(key));
          writeFileSync(key, passphrase === undefined ? pkcs8 : encrypted);
          assert.ok(!plan.warnings.some(({ code }) => code === 'env-not-loaded'));
          const print = `console.log(JSON.stringify(require(${JSON.stringify(join(root, file))}).msalConfig.auth))`;
          const output = execFileSync(process.execPath, [...flags, '-e', print], {
            cwd: start === '/' ? '/' : join(root, start),
            env: { PATH: process.env.PATH, NODE_PATH },
            encoding: 'utf8',
          });
          const result = JSON.parse(output) as { clientSecret?: string; clientCertificate: Record<string, string> };
          assert.equal(result.clientSecret, undefined);
          const { thumbprint, thumbprintSha256, privateKey } = result.clientCertificate;
          assert.ok(thumbprint === 'CD'.repeat(20) || thumbprintSha256 === 'AB'.repeat(32));
          assert.equal(privateKey, pkcs8);
        })).timeout(120_000);
    }
  }
});
