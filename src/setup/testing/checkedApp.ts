/** A small app on disk with a good certificate, checked as the editor and the command line check it. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as appConfigs from '../../appConfig/index.ts';
import { applyEdits } from '../../base/edits.ts';
import * as certificates from '../../certificates/index.ts';
import type { Finding } from '../../diagnosis/types.ts';
import { nodeFiles } from '../../ui/nodeFiles.ts';
import { nodeProcesses } from '../../ui/nodeProcesses.ts';
import { checkConfig } from '../checking.ts';
import { createGit } from '../git.ts';

/** What stands in the config beside the credential. */
export const authority = `authority: 'https://login.microsoftonline.com/7c9e6679-7425-40de-944b-e07fc1f90ae8',`;

/** The file `auth.js` with this credential. */
export const app = (auth: string, before = '', more = authority): string => `require('dotenv').config();
const { ConfidentialClientApplication } = require('@azure/msal-node');
const { createPrivateKey } = require('node:crypto');
const { readFileSync } = require('node:fs');
${before}
module.exports.client = new ConfidentialClientApplication({
  auth: {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    ${more}
    ${auth}
  },
});
`;

/** The key as the rewrite reads it. */
export const fromFile = `createPrivateKey({ key: readFileSync(process.env.KEY_PATH), passphrase: process.env.PASS }).export({ type: 'pkcs8', format: 'pem' }).toString()`;

export const block = (thumbprint: string, key = fromFile, property = 'thumbprintSha256', more = ''): string =>
  `clientCertificate: { ${property}: ${thumbprint}, privateKey: ${key},${more} },`;
export const good = () => block('process.env.THUMBPRINT');

export const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

/** Makes the app anew before each test of the suite that calls this, and removes it after. */
export function useCheckedApp() {
  let root: string;
  let made: Awaited<ReturnType<typeof certificates.selfSigned>>;
  let other: typeof made;
  let pem: string;
  let encrypted: string;
  let sha256: string;
  let sha1: string;
  let env: string;

  before(async () => {
    made = await certificates.selfSigned({ subject: 'CN=checked' });
    other = await certificates.selfSigned({ subject: 'CN=other' });
    pem = await certificates.privateKeyPem(made.privateKeyPkcs8);
    encrypted = createPrivateKey(pem)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open me' })
      .toString();
    ({ thumbprintSha256: sha256 = '', thumbprintSha1: sha1 = '' } = made.description);
    env = `THUMBPRINT=${sha256}\nKEY_PATH=certs/app.key\nPASS="open me"\n`;
  });

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'ccg-check-')));
    write('package.json', '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
    write('.env', env);
    write('certs/app.key', encrypted, 0o600);
    write('certs/app.crt', certificates.certificatePem(made.certificateDer));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function write(file: string, text: string | Uint8Array, mode = file === '.env' ? 0o600 : 0o644): void {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    chmodSync(full, mode);
  }

  async function check(code: string, git = false): Promise<readonly Finding[]> {
    write('auth.js', code);
    const file = path.join(root, 'auth.js');
    const [config] = await appConfigs.readAppConfigs(file, nodeFiles, [root]);
    assert.ok(config !== undefined, 'no config');
    const said: string[] = [];
    const { findings } = await checkConfig(
      config,
      {
        certificates,
        appConfigs,
        files: nodeFiles,
        environment: {},
        announce: (secret) => said.push(secret),
        roots: [root],
      },
      [],
      git ? { git: createGit(nodeProcesses, nodeFiles) } : {},
    );
    const text = JSON.stringify(findings);
    for (const secret of said) assert.ok(!text.includes(secret), 'a secret in a finding');
    return findings;
  }

  /** The characters that are underlined. */
  function underlined(finding: Finding | undefined): string {
    assert.ok(finding?.range !== undefined, 'no range');
    const text = readFileSync(path.join(root, 'auth.js'), 'utf8');
    const { offset, length, line, column, endLine, endColumn } = finding.range;
    assert.equal(finding.line, line);
    const lines = text.split('\n');
    if (line === endLine)
      assert.equal(lines[line - 1]?.slice(column - 1, endColumn - 1), text.slice(offset, offset + length));
    return text.slice(offset, offset + length);
  }

  /** Exactly one finding, which underlines this. Returns it. */
  async function one(code: string, finding: string, where: string): Promise<Finding> {
    const findings = await check(code);
    assert.deepEqual(codes(findings), [finding]);
    assert.equal(underlined(findings[0]), where);
    const [first] = findings;
    assert.ok(first !== undefined);
    return first;
  }

  /** Applies the fix; afterwards nothing is found any more, and the file still parses. */
  async function fixes(code: string, { fix }: Finding): Promise<void> {
    assert.ok(fix?.kind === 'edit' || fix?.kind === 'env', 'no edit');
    if (fix.kind === 'env') {
      const file = readFileSync(fix.file, 'utf8').split('\n');
      const line = file[fix.line - 1] ?? '';
      assert.equal(line.split(fix.from).length, 2);
      file[fix.line - 1] = line.replace(fix.from, fix.to);
      writeFileSync(fix.file, file.join('\n'));
    }
    assert.deepEqual(await check(applyEdits(code, fix.edits)), []);
  }

  return {
    write,
    check,
    underlined,
    one,
    fixes,
    get root() {
      return root;
    },
    get made() {
      return made;
    },
    get other() {
      return other;
    },
    get pem() {
      return pem;
    },
    get encrypted() {
      return encrypted;
    },
    get sha256() {
      return sha256;
    },
    get sha1() {
      return sha1;
    },
    get env() {
      return env;
    },
  };
}
