/** A small app in a real folder with a real git, a certificate made by the real openssl, and planning tools made by hand. */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { AppConfig, FileEdits, RewritePlan, RewriteRequest } from '../../appConfig/types.ts';
import type { FileReader } from '../../base/ports.ts';
import type { CredentialMaterial, PublicMaterial } from '../../certificates/types.ts';
import { createNodeFiles, type FileSystem } from '../../ui/nodeSetupPorts.ts';
import { nodeLockOwners, nodeProcesses } from '../../ui/nodeProcesses.ts';
import { createGit } from '../git.ts';
import type { ResumeTools, SetupPorts } from '../ports.ts';
import type { SetupChoices } from '../types.ts';

/** A literal in the code, in the shape of Entra's secrets, and one in `.env`. Made up. */
export const literalSecret = ['abc', '8Q~', 'made-up.literal_secret~0123456789'].join('');
export const otherSecret = 'made-up database password';

/** A vault that nobody asks. */
export const sampleVault = {
  origin: 'https://sample.vault.azure.net',
  certificate: 'sample-app',
  version: '0123456789abcdef0123456789abcdef',
};

export const clock = { now: () => Date.parse('2026-11-23T12:00:00Z'), delay: () => Promise.resolve() };

export interface SampleApp {
  /** Temporary folder of the whole. */
  readonly base: string;
  readonly root: string;
  readonly config: AppConfig;
  readonly globalStorage: string;
  remove(): void;
}

export interface SampleOptions {
  readonly git?: boolean;
  /** Text of `.gitignore` before; none when undefined. */
  readonly gitignore?: string;
  readonly base?: string;
  readonly env?: string;
}

export const envBefore = `# local settings\r\nDB_PASSWORD="${otherSecret}"\r\nPORT=3000`;
export const configBefore = `'use strict';
const msalConfig = {
  auth: {
    clientId: '11111111-2222-3333-4444-555555555555',
    clientSecret: '${literalSecret}', // from the portal
  },
};
module.exports = { msalConfig };
`;

/** An app whose secret is a literal, with an `.env` that has CRLF and no final newline. */
export function makeApp(options: SampleOptions = {}): SampleApp {
  const base = mkdtempSync(join(options.base ?? tmpdir(), 'ccg-setup-'));
  const root = join(base, 'app');
  mkdirSync(root);
  writeFileSync(join(root, 'authConfig.js'), configBefore, { mode: 0o640 });
  writeFileSync(join(root, '.env'), options.env ?? envBefore, { mode: 0o604 });
  writeFileSync(join(root, '.env.example'), 'PORT=\n');
  if (options.gitignore !== undefined) writeFileSync(join(root, '.gitignore'), options.gitignore);
  if (options.git !== false) execFileSync('git', ['init', '-q', root]);
  return appAt(base);
}

/** The app that {@link makeApp} made in this folder. */
export function appAt(base: string): SampleApp {
  const root = join(base, 'app');
  return {
    base,
    root,
    config: appConfigOf(join(root, 'authConfig.js')),
    globalStorage: join(base, 'storage'),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** RSA-2048 with a self-signed certificate, from the real openssl. */
export function makeMaterial(): CredentialMaterial {
  const folder = mkdtempSync(join(tmpdir(), 'ccg-cert-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-subj', '/CN=sample app/O=Contoso'];
    execFileSync('openssl', [...args, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    return materialOf(readFileSync(certificate), readFileSync(key));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Certificate and key from PEM; throws when they do not belong together or the password is wrong. */
export function materialOf(certificate: Uint8Array, key: Uint8Array, password?: string): CredentialMaterial {
  const x509 = new X509Certificate(certificate);
  const privateKey = createPrivateKey({ key: Buffer.from(key), passphrase: password });
  if (!x509.checkPrivateKey(privateKey)) throw new Error('key does not match');
  const made = publicMaterialOf(certificate);
  return {
    ...made,
    description: { ...made.description, hasPrivateKey: true },
    privateKeyPkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}

/** A certificate from PEM or DER, whose key is elsewhere. */
export function publicMaterialOf(certificate: Uint8Array): PublicMaterial {
  const x509 = new X509Certificate(certificate);
  const hash = (kind: string) => createHash(kind).update(x509.raw).digest('hex').toUpperCase();
  return {
    description: {
      kind: 'pem',
      subject: 'CN=sample app, O=Contoso',
      notAfter: new Date(x509.validTo).toISOString(),
      thumbprintSha256: hash('sha256'),
      thumbprintSha1: hash('sha1'),
      keyAlgorithm: 'RSA',
      keySize: 2048,
      hasPrivateKey: false,
      chain: [],
      problems: [],
    },
    certificateDer: x509.raw,
    chainDer: [],
  };
}

/** Planning with a rewrite made by hand: literal to `.env`, certificate block into the code, `.gitignore` extended. */
export function handMadeTools(files: FileReader): ResumeTools {
  return {
    clock,
    files,
    certificates: {
      privateKeyPem: (der, passphrase) => {
        const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
        const encrypted = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
        return Promise.resolve(key.export({ type: 'pkcs8', format: 'pem', ...encrypted }).toString());
      },
      openPrivateKey: (bytes, options) => {
        const key = createPrivateKey({ key: Buffer.from(bytes), passphrase: options?.password });
        return Promise.resolve(key.export({ type: 'pkcs8', format: 'der' }));
      },
      certificatePem: (der) => `${new X509Certificate(der).toString().trim()}\n`,
      fileNameFor: () => 'sample-app',
      validityWarning: () => undefined,
      generatePassphrase: () => 'GeneratedPassphrase12345',
      openPublic: (bytes) => Promise.resolve(publicMaterialOf(bytes)),
      openCredential: (bytes, _options, key) =>
        Promise.resolve(materialOf(bytes, key?.bytes ?? new Uint8Array(), key?.password)),
    },
    appConfigs: {
      planRewrite: (request) => handMadeRewrite(request, files),
      planRotation: () => Promise.reject(new Error('not used here')),
      readAppConfigs: async (file, reader) => {
        const text = Buffer.from((await reader.read(file)) ?? []).toString('utf8');
        const line = text.split('\n').findIndex((each) => each.includes('clientSecret')) + 1;
        return line === 0 ? [] : [{ ...appConfigOf(file), line }];
      },
    },
  };
}

function appConfigOf(file: string): AppConfig {
  const root = join(file, '..');
  return {
    file,
    line: 5,
    column: 5,
    credential: 'secret',
    secret: { kind: 'literal' },
    clientId: { value: '11111111-2222-3333-4444-555555555555', source: { kind: 'literal' } },
    tenantKind: 'workforce',
    moduleKind: 'commonjs',
    language: 'javascript',
    msal: { source: 'installed', version: '7.2.3' },
    appRoot: root,
    envFile: join(root, '.env'),
  };
}

async function handMadeRewrite(request: RewriteRequest, files: FileReader): Promise<RewritePlan> {
  const config = appConfigOf(request.file);
  const read = async (path: string) => {
    const bytes = await files.read(path);
    return bytes && Buffer.from(bytes).toString('utf8');
  };
  const text = (await read(request.file)) ?? '';
  const env = config.envFile ?? '';
  const envText = (await read(env)) ?? '';
  const start = text.indexOf(`clientSecret: '`);
  if (start < 0) return { status: 'nothing-to-do', config, reason: 'already', warnings: [] };
  const end = text.indexOf(`'`, start + 15) + 1;
  const value = text.slice(start + 15, end - 1);
  const secrets = [{ value, envFile: env, variable: 'CLIENT_SECRET' }];
  const eol = envText.includes('\r\n') ? '\r\n' : '\n';
  const lines = [
    '# old secret, still active',
    `CLIENT_SECRET="${value}"`,
    ...(request.vault === undefined
      ? [`CLIENT_CERTIFICATE_THUMBPRINT=${request.thumbprintSha256}`]
      : [`CLIENT_CERTIFICATE_VERSION=${request.vault.version}`]),
    ...(request.privateKeyPath === undefined
      ? []
      : [`CLIENT_CERTIFICATE_KEY_PATH=${relative(config.appRoot, request.privateKeyPath)}`]),
    ...(request.passphrase === undefined ? [] : [`CLIENT_CERTIFICATE_PASSPHRASE="${request.passphrase}"`]),
    ...(request.privateKeyPem === undefined
      ? []
      : [`CLIENT_CERTIFICATE_KEY=${Buffer.from(request.privateKeyPem).toString('base64')}`]),
  ];
  const edits: FileEdits[] = [
    {
      path: request.file,
      role: 'config',
      before: text,
      edits: [
        { offset: start, length: end - start, text: 'clientCertificate: certificateFromEnvironment()' },
        { offset: 0, length: 0, text: text.startsWith(`'use`) ? '' : `// reads .env\n` },
        { offset: text.indexOf('const msal'), length: 0, text: `const { readFileSync } = require('fs');\n` },
      ],
      secrets,
    },
    {
      path: env,
      role: 'env',
      before: envText === '' ? undefined : envText,
      edits: [{ offset: envText.length, length: 0, text: `${eol}${lines.join(eol)}${eol}` }],
      mode: 0o600,
      secrets,
    },
    {
      path: join(config.appRoot, '.env.example'),
      role: 'envExample',
      before: (await read(join(config.appRoot, '.env.example'))) ?? '',
      edits: [{ offset: 0, length: 0, text: 'CLIENT_CERTIFICATE_THUMBPRINT=\n' }],
      secrets: [],
    },
  ];
  if (request.vault !== undefined)
    edits.push({
      path: join(config.appRoot, 'keyVaultCertificate.js'),
      role: 'module',
      before: undefined,
      edits: [{ offset: 0, length: 0, text: 'exports.fetchClientCertificate = () => undefined;\n' }],
      secrets: [],
    });
  const gitignore = join(config.appRoot, '.gitignore');
  const ignored = await read(gitignore);
  const wanted = [env, request.temporaryOf?.(env), request.privateKeyPath, ...(request.protect ?? [])]
    .filter((path) => path !== undefined)
    .map((path) => `/${relative(config.appRoot, path)}`)
    .filter(
      (line) =>
        !(ignored ?? '').split('\n').some((each) => each !== '' && (line === each || line.startsWith(`${each}/`))),
    );
  if (wanted.length > 0)
    edits.push({
      path: gitignore,
      role: 'gitignore',
      before: ignored,
      edits: [{ offset: ignored?.length ?? 0, length: 0, text: `${wanted.join('\n')}\n` }],
      secrets: [],
    });
  return {
    status: 'rewrite',
    config,
    files: edits,
    warnings: [],
    variables: {
      thumbprint: 'CLIENT_CERTIFICATE_THUMBPRINT',
      secret: 'CLIENT_SECRET',
      ...(request.privateKeyPath === undefined ? {} : { keyPath: 'CLIENT_CERTIFICATE_KEY_PATH' }),
      ...(request.passphrase === undefined ? {} : { passphrase: 'CLIENT_CERTIFICATE_PASSPHRASE' }),
      ...(request.privateKeyPem === undefined ? {} : { privateKey: 'CLIENT_CERTIFICATE_KEY' }),
    },
  };
}

export function makePorts(app: SampleApp, fs?: FileSystem): SetupPorts {
  const files = createNodeFiles(nodeProcesses, fs === undefined ? {} : { fs });
  return {
    files,
    journalFolder: join(app.globalStorage, 'journals'),
    git: createGit(nodeProcesses, files),
    editor: { isDirty: () => false },
    clock,
    processes: nodeLockOwners,
  };
}

export function choicesFor(
  app: SampleApp,
  material: SetupChoices['material'],
  more: Partial<SetupChoices> = {},
): SetupChoices {
  return { config: app.config, material, keyFrom: 'file', passphrase: 'generate', roots: [app.root], ...more };
}

/** Every file below a folder with its mode and content, `.git` left out: equal snapshots are equal byte for byte. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (name.split('/')[0] === '.git') continue;
    const mode = (statSync(path).mode & 0o7777).toString(8);
    found[name] = entry.isFile() ? `${mode} ${readFileSync(path, 'latin1')}` : `${mode} folder`;
  }
  return found;
}
