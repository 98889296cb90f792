/** An app of its own on disk, good as it stands; a row of the tables of findings breaks one thing of it. Knows no editor. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { certificatePem, privateKeyPem, selfSigned } from '../../../src/certificates/index.ts';

/** A certificate with its key, as PEM. */
export interface Pair {
  readonly key: string;
  readonly certificate: string;
  readonly sha256: string;
  readonly sha1: string;
}

/** What is made once for all rows. Its key has the pass phrase {@link passphrase} on disk. */
export interface Material {
  readonly own: Pair;
  readonly other: Pair;
  /** The own key, encrypted. */
  readonly encrypted: string;
}

export const passphrase = 'open me, please 1';

export async function makeMaterial(): Promise<Material> {
  const own = await made({ subject: 'CN=own' });
  const other = await made({ subject: 'CN=other' });
  const encrypted = createPrivateKey(own.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString();
  return { own, other, encrypted };
}

/** @param options `now`: when it is made, ms since the epoch */
export async function made(options: Parameters<typeof selfSigned>[0]): Promise<Pair> {
  const { certificateDer, privateKeyPkcs8, description } = await selfSigned(options);
  return {
    key: await privateKeyPem(privateKeyPkcs8),
    certificate: certificatePem(certificateDer),
    sha256: description.thumbprintSha256 ?? '',
    sha1: description.thumbprintSha1 ?? '',
  };
}

export class FindingApp {
  private constructor(
    readonly folder: string,
    readonly material: Material,
  ) {}

  static async make(workspace: string, material: Material): Promise<FindingApp> {
    const app = new FindingApp(await mkdtemp(path.join(workspace, 'finding-')), material);
    await app.write('package.json', '{"dependencies":{"@azure/msal-node":"7.2.3","dotenv":"17.0.0"}}\n');
    await app.write('.env', app.env());
    await app.write('certs/app.key', material.encrypted, 0o600);
    await app.write('certs/app.crt', material.own.certificate);
    const packages = path.join(process.env.CCG_PROJECT ?? '', 'node_modules');
    await mkdir(app.path('node_modules/@azure'), { recursive: true });
    // The real ones, so that the app can be started.
    for (const name of ['@azure/msal-node', 'dotenv'])
      await symlink(path.join(packages, name), app.path('node_modules', name), 'junction');
    return app;
  }

  path(...parts: readonly string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** `.env` as a setup leaves it: in some rows it holds the key itself. */
  async write(file: string, text: string | Uint8Array, mode = file === '.env' ? 0o600 : 0o644): Promise<void> {
    const full = this.path(file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, text);
    await chmod(full, mode);
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  remove(file: string): Promise<void> {
    return rm(this.path(file), { recursive: true, force: true });
  }

  /** The app's `.env` with other values; undefined takes a variable out. */
  env(changes: Readonly<Record<string, string | undefined>> = {}): string {
    const values = { THUMBPRINT: this.material.own.sha256, KEY_PATH: 'certs/app.key', PASS: `"${passphrase}"` };
    const all: Readonly<Record<string, string | undefined>> = { ...values, ...changes };
    return Object.entries(all)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}\n`]))
      .join('');
  }

  async setEnv(changes: Readonly<Record<string, string | undefined>>): Promise<void> {
    await this.write('.env', this.env(changes));
  }

  /** As if this version were installed; the app cannot be started then. */
  async useMsal(version: string): Promise<void> {
    await this.remove('node_modules/@azure/msal-node');
    await this.write('node_modules/@azure/msal-node/package.json', JSON.stringify({ version }));
    await this.write('package.json', JSON.stringify({ dependencies: { '@azure/msal-node': version } }));
  }

  /** Another certificate, whose key is not encrypted, in the place of the own one. */
  async usePair(pair: Pick<Pair, 'key' | 'certificate'>): Promise<void> {
    await this.write('certs/app.key', pair.key, 0o600);
    await this.write('certs/app.crt', pair.certificate);
  }

  /** A certificate that `openssl req -x509` makes with these options, in the place of the own one; `.env` has its thumbprint. */
  async useOpenSsl(...options: readonly string[]): Promise<void> {
    const files = ['-keyout', this.path('certs/app.key'), '-out', this.path('certs/app.crt')];
    this.openssl('req', '-x509', '-noenc', '-subj', '/CN=made', '-days', '300', ...options, ...files);
    await chmod(this.path('certs/app.key'), 0o600);
    const [, sha256 = ''] = this.openssl('x509', '-in', 'certs/app.crt', '-noout', '-fingerprint', '-sha256').split(
      '=',
    );
    await this.setEnv({ THUMBPRINT: sha256.trim().replaceAll(':', '') });
  }

  openssl(...args: readonly string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }

  git(...args: readonly string[]): void {
    execFileSync('git', ['-C', this.folder, ...args], { stdio: 'ignore' });
  }

  /** A folder that is neither in the app nor in the workspace; removed with the app. */
  async outside(): Promise<string> {
    this.outsideFolder ??= await mkdtemp(path.join(os.tmpdir(), 'ccg-outside-'));
    return this.outsideFolder;
  }
  private outsideFolder: string | undefined;

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    if (this.outsideFolder !== undefined) await rm(this.outsideFolder, { recursive: true, force: true });
  }
}

/** What stands beside the credential. */
const authority = `authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',`;

/**
 * The app's config file.
 * @param credential properties of `auth`
 * @param more statements before, and what stands in the place of the authority
 */
export function config(
  credential: string,
  more: { readonly before?: string; readonly authority?: string } = {},
): string {
  return `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
const { createPrivateKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
${more.before ?? ''}
module.exports.client = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    ${more.authority ?? authority}
    ${credential}
  },
});
`;
}

/** The key as a setup has it read: from a file, with its pass phrase from the environment. */
export const fromFile = `createPrivateKey({ key: readFileSync(process.env.KEY_PATH), passphrase: process.env.PASS }).export({ type: 'pkcs8', format: 'pem' }).toString()`;
/** The key of a file that is not encrypted. */
export const plainFile = `readFileSync(process.env.KEY_PATH, 'utf8')`;

/** The credential: nothing is wrong with it unless something else is said. */
export function certificate(
  parts: { thumbprint?: string; property?: string; key?: string; name?: string; more?: string } = {},
): string {
  const {
    thumbprint = 'process.env.THUMBPRINT',
    property = 'thumbprintSha256',
    key = fromFile,
    name = 'clientCertificate',
    more = '',
  } = parts;
  return `${name}: { ${property}: ${thumbprint}, privateKey: ${key},${more} },`;
}
