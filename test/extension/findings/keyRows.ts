/** Findings about private keys: their variable, their pass phrase, where their file is (facts/failure-modes.md F11 to F18, F31). */
import { createPrivateKey } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { certificate, config, fromFile, passphrase, plainFile } from './app.ts';
import type { FindingApp } from './app.ts';
import { isWindows, rotate } from './row.ts';
import type { Fix, Row } from './row.ts';

const good = () => config(certificate());
const plain = () => config(certificate({ key: plainFile }));
const inVariable = (key = 'process.env.KEY') => config(certificate({ key }));

/** The key's variable, with what it holds. */
function variable(code: string, title: string, value: (app: FindingApp) => string, more: Partial<Row> = {}): Row {
  return {
    code,
    title,
    make: async (app) => {
      await app.setEnv({ KEY: value(app) });
      return inVariable();
    },
    where: 'process.env.KEY',
    severity: 'error',
    env: 4,
    ...more,
  };
}

const flat = ({ material }: FindingApp) => material.own.key.trim().replaceAll('\n', '\\n');
const quoted: Fix = {
  title: 'Put the private key in double quotes, so that its line ends are read',
};

const values: Row[] = [
  variable('key-newlines-broken', 'F16 \\n that nobody turns into line ends', flat, { fix: quoted }),
  variable('key-newlines-broken', 'F16 \\n in single quotes', (app) => `'${flat(app)}'`, { fix: quoted }),
  variable(
    'key-newlines-broken',
    'F16 blanks for line ends',
    (app) => `"${app.material.own.key.trim().replaceAll('\n', ' ')}"`,
  ),
  variable('key-variable-wrong', 'F18 base64', (app) => Buffer.from(app.material.own.key).toString('base64')),
  variable('key-variable-wrong', 'F18 a path', () => 'certs/app.key'),
  variable('key-variable-wrong', 'F18 a certificate', (app) => `"${app.material.own.certificate}"`),
  variable('key-variable-wrong', 'F18 something else', () => 'hello world'),
  {
    code: 'key-variable-wrong',
    title: 'PEM where the code decodes base64',
    make: async (app) => {
      await app.setEnv({ KEY: `"${app.material.own.key}"` });
      return inVariable(`Buffer.from(process.env.KEY, 'base64').toString()`);
    },
    where: `Buffer.from(process.env.KEY, 'base64').toString()`,
    severity: 'error',
    env: 4,
  },
  {
    code: 'private-key-in-code',
    title: 'a literal',
    make: async (app) => {
      app.git('init');
      await app.write('.gitignore', '*.key\n');
      return config(certificate({ key: JSON.stringify(app.material.own.key) }));
    },
    where: (app) => JSON.stringify(app.material.own.key),
    severity: 'warning',
    fix: {
      title: 'Move the private key to the .env file',
      check: async (app) => {
        const key = Buffer.from(app.material.own.key).toString('base64');
        if (!(await app.read('.env')).includes(key)) throw new Error('The key is gone.');
        app.git('check-ignore', '--quiet', '.env');
      },
    },
  },
  {
    code: 'private-key-missing',
    title: 'no key',
    make: (app) => config(`clientCertificate: { thumbprintSha256: '${app.material.own.sha256}' },`),
    where: 'clientCertificate',
    severity: 'error',
  },
  {
    code: 'variable-not-set',
    title: 'F31 the key’s variable',
    make: () => inVariable(),
    where: 'process.env.KEY',
    severity: 'error',
  },
  {
    code: 'variable-not-set',
    title: 'F31 the variable of the key’s path',
    make: async (app) => {
      await app.setEnv({ KEY_PATH: undefined });
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'error',
  },
  {
    code: 'variable-not-set',
    title: 'no .env here: only told',
    make: async (app) => {
      await app.remove('.env');
      return inVariable().replace('process.env.THUMBPRINT', `'${app.material.own.sha256}'`);
    },
    where: 'process.env.KEY',
    severity: 'information',
  },
];

const passphrases: Row[] = [
  {
    code: 'key-encrypted',
    title: 'F11 no pass phrase in the code',
    make: plain,
    where: plainFile,
    severity: 'error',
  },
  {
    code: 'key-encrypted',
    title: 'F13 no pass phrase in .env',
    make: async (app) => {
      await app.setEnv({ PASS: '' });
      return good();
    },
    where: 'process.env.PASS',
    severity: 'error',
  },
  {
    code: 'wrong-password',
    title: 'F12 another pass phrase',
    make: async (app) => {
      await app.setEnv({ PASS: 'not the one' });
      return good();
    },
    where: fromFile,
    severity: 'error',
  },
  {
    code: 'passphrase-in-code',
    title: 'L9 a literal',
    make: async (app) => {
      app.git('init');
      await app.write('.gitignore', '*.key\n');
      await app.setEnv({ PASS: undefined });
      return config(certificate({ key: fromFile.replace('process.env.PASS', `'${passphrase}'`) }));
    },
    where: `'${passphrase}'`,
    severity: 'warning',
    fix: {
      title: 'Move the pass phrase to the .env file',
      check: async (app) => {
        const env = await app.read('.env');
        if (!env.includes(passphrase)) throw new Error('The pass phrase is gone.');
        app.git('check-ignore', '--quiet', '.env');
      },
    },
  },
  {
    code: 'passphrase-in-code',
    title: 'L9 a fall-back',
    make: () =>
      config(certificate({ key: fromFile.replace('process.env.PASS', `process.env.PASS ?? '${passphrase}'`) })),
    where: `process.env.PASS ?? '${passphrase}'`,
    severity: 'warning',
  },
];

/** A file with the right key in a form that Node does not take. */
function wrongFile(title: string, content: (app: FindingApp) => string | Buffer): Row {
  return {
    code: 'key-file-wrong',
    title,
    make: async (app) => {
      await app.write('certs/app.key', content(app), 0o600);
      return plain();
    },
    where: 'process.env.KEY_PATH',
    severity: 'error',
    env: 2,
  };
}

const places: Row[] = [
  wrongFile('F18 binary', ({ material }) =>
    createPrivateKey(material.own.key).export({ type: 'pkcs8', format: 'der' }),
  ),
  wrongFile('F16 \\n that nobody turns into line ends', flat),
  wrongFile('F16 quotes around it', ({ material }) => `"${material.own.key.trim()}"`),
  {
    code: 'key-file-missing',
    title: 'nothing there',
    make: async (app) => {
      await app.remove('certs/app.key');
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'error',
    env: 2,
  },
  {
    code: 'key-file-missing',
    title: 'a folder',
    make: () => config(certificate({ key: `readFileSync('certs', 'utf8')` })),
    where: `'certs'`,
    severity: 'error',
  },
  {
    code: 'key-file-outside',
    title: 'elsewhere on this machine',
    make: async (app) => {
      const outside = await app.outside();
      await writeFile(path.join(outside, 'app.key'), app.material.encrypted, { mode: 0o600 });
      await writeFile(path.join(outside, 'app.crt'), app.material.own.certificate);
      await app.setEnv({ KEY_PATH: path.join(outside, 'app.key') });
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'information',
    env: 2,
  },
  {
    code: 'key-file-readable',
    title: 'for everybody',
    make: async (app) => {
      await chmod(app.path('certs/app.key'), 0o644);
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'warning',
    env: 2,
    fix: { title: 'Allow the key file to its owner only' },
    skip: isWindows,
  },
  {
    code: 'key-file-not-ignored',
    title: 'git would take it',
    make: (app) => {
      app.git('init');
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'warning',
    env: 2,
    fix: {
      title: 'Add the key file to .gitignore',
      check: async (app) => {
        app.git('check-ignore', '--quiet', 'certs/app.key');
        await app.read('.gitignore');
      },
    },
  },
  {
    code: 'key-file-tracked',
    title: 'git has it',
    make: (app) => {
      app.git('init');
      app.git('add', 'certs/app.key');
      return good();
    },
    where: 'process.env.KEY_PATH',
    severity: 'warning',
    env: 2,
    fix: rotate,
  },
];

export const keyRows: readonly Row[] = [...values, ...passphrases, ...places];
