import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseEnv as nodeParseEnv } from 'node:util';
import dotenv from 'dotenv';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import { planRotation, readAppConfigs } from './index.ts';
import type { FileReader } from '../base/ports.ts';
import type { RewriteRequest } from './types.ts';

const oldSha256 = 'A'.repeat(64);
const newSha256 = 'B'.repeat(64);
const oldSha1 = 'C'.repeat(40);
const newSha1 = 'D'.repeat(40);
const root = '/work/app';
const file = join(root, 'authConfig.js');

const base = `require('dotenv').config();
const { createPrivateKey } = require('crypto');
const { readFileSync } = require('fs');
const msal = require('@azure/msal-node');
const config = {
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
    clientCertificate: BLOCK,
  },
};
module.exports = new msal.ConfidentialClientApplication(config);
`;

/** Files by absolute path. */
function memoryReader(files: Readonly<Record<string, string>>): FileReader {
  const inFolder = (folder: string) => Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
  return {
    read: (path) => Promise.resolve(files[path] === undefined ? undefined : Buffer.from(files[path])),
    stat: (path) =>
      Promise.resolve(
        files[path] !== undefined
          ? { size: files[path].length, mode: 0o600, kind: 'file' as const }
          : inFolder(path).length > 0
            ? { size: 0, mode: 0o700, kind: 'folder' as const }
            : undefined,
      ),
    list: (folder) =>
      Promise.resolve(
        inFolder(folder)
          .filter((path) => dirname(path) === folder)
          .map((path) => ({ name: path.slice(folder.length + 1), kind: 'file' as const })),
      ),
  };
}

interface App {
  readonly block: string;
  readonly env?: string;
  readonly head?: string;
}

/** The files after the rotation, by their names; only those that changed. */
async function rotated(app: App, more: Partial<RewriteRequest> = {}): Promise<Record<string, string>> {
  const code = (app.head ?? '') + base.replace('BLOCK', app.block);
  const reader = memoryReader({
    [file]: code,
    [join(root, '.gitignore')]: '.env\n/certs\n',
    [join(root, 'package.json')]: '{"dependencies":{"@azure/msal-node":"7.2.3"}}',
    ...(app.env === undefined ? {} : { [join(root, '.env')]: app.env }),
  });
  const plan = await planRotation(
    {
      file,
      keyFrom: 'file',
      thumbprintSha256: newSha256,
      thumbprintSha1: newSha1,
      privateKeyPath: join(root, 'certs', 'app-2.key'),
      roots: [root],
      ...more,
    },
    reader,
  );
  if (plan.status !== 'rewrite') return {};
  return Object.fromEntries(
    plan.files.map((each) => [each.path.slice(root.length + 1), applyEdits(each.before ?? '', each.edits)]),
  );
}

const codeOf = async (app: App, more: Partial<RewriteRequest> = {}) => rejection(rotated(app, more));
async function rejection(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isExpectedError(error)) return error.code;
    throw error;
  }
  return 'none';
}

const readKey = (path: string) =>
  `createPrivateKey({ key: readFileSync(${path}), passphrase: process.env.PASS }).export({ type: 'pkcs8', format: 'pem' }).toString()`;

describe('planning a rotation', () => {
  it('changes .env alone where everything stands there, in place, and keeps quotes, comments and the pass phrase', async () => {
    const env = `# settings\r\nTHUMB="${oldSha256}" # of the app\r\nexport KEYPATH=certs/app.key # ask Anna\r\nPASS='secret #1'\r\nPORT=3000`;
    const files = await rotated({
      block: `{ thumbprintSha256: process.env.THUMB, privateKey: ${readKey('process.env.KEYPATH')} }`,
      env,
    });
    assert.deepEqual(Object.keys(files), ['.env']);
    assert.equal(
      files['.env'],
      `# settings\r\nTHUMB="${newSha256}" # of the app\r\nexport KEYPATH=certs/app-2.key # ask Anna\r\nPASS='secret #1'\r\nPORT=3000`,
    );
  });

  it('changes the code alone where everything stands there', async () => {
    const block = (thumb: string, key: string) =>
      `{ thumbprint: '${thumb}', privateKey: readFileSync(require('path').join(__dirname, 'certs', '${key}'), 'utf8') }`;
    const files = await rotated({ block: block(oldSha1, 'app.key') });
    assert.deepEqual(files, { 'authConfig.js': base.replace('BLOCK', block(newSha1, 'app-2.key')) });
  });

  it('switches with one write of the code where a literal and variables belong together', async () => {
    const block = (thumb: string, path: string) => `{ thumbprintSha256: "${thumb}", privateKey: ${readKey(path)} }`;
    const env = 'KEYPATH=certs/app.key\nPASS=p\n';
    const files = await rotated({ block: block(oldSha256, "process.env['KEYPATH']"), env });
    assert.equal(files['.env'], 'KEYPATH=certs/app.key\nKEYPATH_2=certs/app-2.key\nPASS=p\n');
    assert.equal(files['authConfig.js'], base.replace('BLOCK', block(newSha256, "process.env['KEYPATH_2']")));
    assert.deepEqual(Object.keys(files), ['.env', 'authConfig.js'], 'the code comes last');
  });

  it('changes the key in the environment and keeps the old one under a name of its own', async () => {
    const old = Buffer.from('old key').toString('base64');
    const pem = '-----BEGIN PRIVATE KEY-----\nnew\n-----END PRIVATE KEY-----\n';
    const files = await rotated(
      {
        block: `{ thumbprintSha256: process.env.THUMB, privateKey: Buffer.from(process.env.KEY, 'base64').toString('utf8') }`,
        env: `THUMB=${oldSha256}\nKEY=${old}\n`,
      },
      { keyFrom: 'environment', privateKeyPem: pem },
    );
    const encoded = Buffer.from(pem).toString('base64');
    assert.deepEqual(files, { '.env': `THUMB=${newSha256}\nKEY=${encoded}\nKEY_PREVIOUS=${old}\n` });
  });

  describe('of a key in the environment', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const oneLine = pem.replaceAll('\n', '\\n');
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const raw = 'process.env.KEY';
    const decoded = `Buffer.from(process.env.KEY, 'base64').toString()`;
    const repaired = String.raw`process.env.KEY.replace(/\\n/g, '\n')`;
    const der = (type: 'pkcs1' | 'pkcs8') =>
      `createPrivateKey({ key: Buffer.from(process.env.KEY, 'base64'), format: 'der', type: '${type}' }).export({ type: 'pkcs8', format: 'pem' })`;
    const derOf = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'der' }).toString('base64');
    const previous = '-----BEGIN PRIVATE KEY-----\nold\n-----END PRIVATE KEY-----\n';
    const previousLine = previous.replaceAll('\n', '\\n');
    /** Old text in `.env`, the code, the new text in `.env`. */
    const forms: [string, string, string, string][] = [
      ['base64', base64(previous), decoded, base64(pem)],
      ['base64 in quotes', `"${base64(previous)}"`, decoded, `"${base64(pem)}"`],
      ['base64 in single quotes', `'${base64(previous)}'`, decoded, `'${base64(pem)}'`],
      ['PEM in quotes with \\n', `"${previousLine}"`, raw, `"${oneLine}"`],
      ['PEM in quotes with \\n for code that repairs it', `"${previousLine}"`, repaired, `"${oneLine}"`],
      ['PEM over several lines', `"${previous}"`, raw, `"${oneLine}"`],
      ['PEM over several lines in single quotes', `'${previous}'`, raw, `"${oneLine}"`],
      ['PEM over several lines in backticks', `\`${previous}\``, raw, `"${oneLine}"`],
      ['bare PEM with \\n', previousLine, repaired, oneLine],
      ['PEM with \\n in single quotes', `'${previousLine}'`, repaired, `'${oneLine}'`],
      ['DER', derOf('pkcs8'), der('pkcs8'), derOf('pkcs8')],
      ['DER, PKCS#1', derOf('pkcs1'), der('pkcs1'), derOf('pkcs1')],
    ];
    const more = { keyFrom: 'environment', privateKeyPem: pem } as const;
    /** What the app hands to MSAL, by the real dotenv and by Node's own reader. */
    function read(env: string, code: string): [string, string] {
      const given = (variables: Readonly<Record<string, string | undefined>>) =>
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the app's own expression
        String(new Function('process', 'createPrivateKey', `return ${code}`)({ env: variables }, createPrivateKey));
      return [given(dotenv.parse(env)), given(nodeParseEnv(env))];
    }

    for (const [title, old, code, expected] of forms) {
      // In place the old key stays as it was; DER cannot be told from the new one here, so it is another key there.
      const isDer = title.startsWith('DER');
      it(`writes it as the app reads it: ${title}`, async () => {
        const block = `{ thumbprintSha256: '${oldSha256}', privateKey: ${code} }`;
        const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
        const type = title.endsWith('1') ? 'pkcs1' : 'pkcs8';
        const oldText = isDer ? other.export({ type, format: 'der' }).toString('base64') : old;
        for (const eol of ['\n', '\r\n']) {
          const lines = (text: string) => text.replaceAll('\n', eol);
          const env = lines(`# app\nexport KEY=${oldText} # prod\nPORT=1\n`);
          const asNew = (await rotated({ block, env }, more))['.env'] ?? '';
          assert.equal(asNew, lines(`# app\nexport KEY=${oldText} # prod\nexport KEY_2=${expected}\nPORT=1\n`));
          const inPlace = await rotated(
            { block: block.replace(`'${oldSha256}'`, 'process.env.THUMB'), env: `${env}THUMB=${oldSha256}${eol}` },
            more,
          );
          assert.deepEqual(inPlace, {
            '.env': lines(
              `# app\nexport KEY=${expected} # prod\nexport KEY_PREVIOUS=${oldText} # prod\nPORT=1\nTHUMB=${newSha256}\n`,
            ),
          });
          const found = [...read(asNew, code.replace('env.KEY', 'env.KEY_2')), ...read(inPlace['.env'], code)];
          for (const key of found) assert.ok(createPrivateKey(key).equals(privateKey));
        }
      });
    }

    it('changes neither a pass phrase nor what stands beside the variable for the compiler', async () => {
      const code = `createPrivateKey({ key: process.env.KEY ?? '', passphrase: process.env.PASS ?? '' }).export({ type: 'pkcs8', format: 'pem' })`;
      const files = await rotated(
        {
          block: `{ thumbprintSha256: process.env.THUMB ?? '', privateKey: ${code} }`,
          env: `THUMB=${oldSha256}\nKEY="${previousLine}"\nPASS=secret\n`,
        },
        more,
      );
      const env = `THUMB=${newSha256}\nKEY="${oneLine}"\nKEY_PREVIOUS="${previousLine}"\nPASS=secret\n`;
      assert.deepEqual(files, { '.env': env });
      const plain = await rotated(
        {
          block: `{ thumbprintSha256: process.env.THUMB || '', privateKey: process.env.KEY || '' }`,
          env: `THUMB=${oldSha256}\nKEY="${previousLine}"\n`,
        },
        more,
      );
      assert.deepEqual(plain, { '.env': env.replace('PASS=secret\n', '') });
    });

    it('never goes into code', async () => {
      const block = `{ thumbprintSha256: process.env.THUMB, privateKey: process.env.KEY || '${base64(previous)}' }`;
      const env = `THUMB=${oldSha256}\nKEY="${previousLine}"\n`;
      assert.equal(await codeOf({ block, env }, more), 'value-not-changeable');
    });

    it('is not written twice when it is planned again', async () => {
      const block = `{ thumbprintSha256: process.env.THUMB, privateKey: process.env.KEY }`;
      const env = `THUMB=${newSha256}\nKEY="${oneLine}"\nKEY_PREVIOUS=x\n`;
      assert.deepEqual(await rotated({ block, env }, more), {});
    });
  });

  it('changes both thumbprints, and what constants hold', async () => {
    const files = await rotated({
      head: `const THUMB = '${oldSha256}';\n`,
      block: `{ thumbprintSha256: THUMB, thumbprint: '${oldSha1}', privateKey: readFileSync('certs/app.key', 'utf8') }`,
    });
    const code = files['authConfig.js'] ?? '';
    assert.ok(code.startsWith(`const THUMB = '${newSha256}';`));
    assert.ok(code.includes(`thumbprint: '${newSha1}', privateKey: readFileSync('certs/app-2.key', 'utf8')`));
  });

  it('leaves a thumbprint alone that the code computes', async () => {
    const files = await rotated({
      head: `const { X509Certificate } = require('crypto');\n`,
      block: `{ thumbprintSha256: new X509Certificate(readFileSync(process.env.KEYPATH)).fingerprint256.replaceAll(':', ''), privateKey: ${readKey('process.env.KEYPATH')} }`,
      env: 'KEYPATH=certs/app.key\nPASS=x\n',
    });
    assert.deepEqual(files, { '.env': 'KEYPATH=certs/app-2.key\nPASS=x\n' });
  });

  it('is read back as the new certificate', async () => {
    const block = `{ thumbprintSha256: process.env.THUMB, privateKey: ${readKey('process.env.KEYPATH')} }`;
    const files = await rotated({ block, env: `THUMB=${oldSha256}\nKEYPATH=certs/app.key\nPASS=p\n` });
    const reader = memoryReader({ [file]: base.replace('BLOCK', block), [join(root, '.env')]: files['.env'] ?? '' });
    const [config] = await readAppConfigs(file, reader, [root]);
    assert.equal(config?.certificate?.thumbprint?.value, newSha256);
    assert.equal(config.certificate.keyFile, join(root, 'certs', 'app-2.key'));
  });

  it('declines what it cannot change, and says why', async () => {
    const key = readKey('process.env.KEYPATH');
    assert.equal(
      await codeOf({ block: `{ thumbprintSha256: process.env.THUMB, privateKey: ${key} }` }),
      'variable-not-in-env-file',
    );
    assert.equal(
      await codeOf({
        block: `{ thumbprintSha256: '${oldSha256}', privateKey: ${key}, x5c: 'x' }`,
        env: 'KEYPATH=certs/app.key\n',
      }),
      'x5c-in-config',
    );
    assert.equal(
      await codeOf({ block: `{ thumbprintSha256: '${oldSha256}', privateKey: readFileSync(pathOfKey(), 'utf8') }` }),
      'value-not-changeable',
    );
    const secretApp = memoryReader({ [file]: base.replace('clientCertificate: BLOCK', "clientSecret: 'x'") });
    const request = {
      file,
      keyFrom: 'file',
      thumbprintSha256: newSha256,
      thumbprintSha1: newSha1,
      roots: [root],
    } as const;
    assert.equal(await rejection(planRotation(request, secretApp)), 'nothing-to-rotate');
  });

  describe('to a new version of a vault’s certificate', () => {
    const [from, to] = ['0'.repeat(32), '1'.repeat(32)];
    const vault = { origin: 'https://contoso.vault.azure.net', certificate: 'app', version: to };
    const block = `await certificateFromKeyVault()`;

    it('changes the version in .env or in the code, where one is named', async () => {
      const files = await rotated(
        { block, env: `# VERSION of it\nCERTIFICATE_VERSION=${from}\n` },
        { keyFrom: 'keyVault', vault, replacedVersion: from },
      );
      assert.deepEqual(files, { '.env': `# VERSION of it\nCERTIFICATE_VERSION=${to}\n` });
    });
  });
});
