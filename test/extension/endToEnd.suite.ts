/**
 * The main job on real input: `setUp` on a copy of each sample app with each msal-node, then the rewritten app itself, which
 * must obtain a token from a token endpoint that knows the new certificate and nothing else.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { run as runProgram } from '../host/run.ts';
import type { RunResult } from '../host/run.ts';
import { copySample, msalVersions, sampleApps } from '../host/samples.ts';
import type { MsalVersion, SampleApp } from '../host/samples.ts';
import type { SetUpResult } from '../../src/setup/types.ts';
import { createTestCa } from '../sandbox/ca.ts';
import { startTokenEndpoint } from '../sandbox/tokenEndpoint.ts';
import type { TokenEndpoint } from '../sandbox/tokenEndpoint.ts';
import { suite } from './runner.ts';

/** What test/workspaces has in its env.sample files. */
const secret = 'not-a-real-secret-sample-only';
const externalTenant = '3d813cbb-47fb-42ba-91df-831e1593ac29';
const workforceTenant = '1b671a64-40d5-491e-99b0-da01ff1f3341';

interface App {
  readonly clientId: string;
  readonly tenantId: string;
  readonly config: string;
  /** Program that asks for a token of the app itself. */
  readonly report: string;
  /** The variable of the app that names its cloud, set to the loopback endpoint. */
  authority(origin: string): Record<string, string>;
}

const apps: Record<SampleApp, App> = {
  'external-id-commonjs': {
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    tenantId: externalTenant,
    config: 'authConfig.js',
    report: 'report.js',
    authority: (origin) => ({ AUTHORITY: `${origin}/${externalTenant}` }),
  },
  'workforce-esm': {
    clientId: '9b2f8f0e-6c1d-4c61-8d3e-2f8b5f0d9a11',
    tenantId: workforceTenant,
    config: 'src/msalConfig.js',
    report: 'jobs/report.js',
    authority: (origin) => ({ CLOUD_INSTANCE: `${origin}/` }),
  },
  'workforce-typescript': {
    clientId: '5f0c3b6e-93a8-4b6c-bb0a-0d6a0a4a7d42',
    tenantId: workforceTenant,
    config: 'src/auth.ts',
    report: 'dist/report.js',
    authority: (origin) => ({ AZURE_AUTHORITY: `${origin}/${workforceTenant}` }),
  },
};

/** Facts of msal-node (facts/failure-modes.md 3.2): SHA-256 and PS256 from 2.11.1. */
const assertions: Record<MsalVersion, { algorithm: string; thumbprintHeader: string }> = {
  '1.18.4': { algorithm: 'RS256', thumbprintHeader: 'x5t' },
  '2.16.3': { algorithm: 'PS256', thumbprintHeader: 'x5t#S256' },
  '3.8.10': { algorithm: 'PS256', thumbprintHeader: 'x5t#S256' },
  '5.6.0': { algorithm: 'PS256', thumbprintHeader: 'x5t#S256' },
  '7.2.3': { algorithm: 'PS256', thumbprintHeader: 'x5t#S256' },
};

const ways = [
  { name: 'an encrypted key file', keyFrom: 'file', passphrase: 'generate' },
  { name: 'a key file without pass phrase', keyFrom: 'file', passphrase: 'none' },
  { name: 'the key in the environment', keyFrom: 'environment', passphrase: 'none' },
] as const;

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const project = process.env.CCG_PROJECT ?? '';
  const node = process.env.CCG_NODE ?? process.execPath;
  let endpoint: TokenEndpoint;
  let caFile: string;

  before(async () => {
    const ca = createTestCa();
    caFile = path.join(workspace, 'ca.pem');
    await writeFile(caFile, ca.certificatePem);
    endpoint = await startTokenEndpoint({
      ca,
      applications: Object.values(apps).map(({ clientId, tenantId }) => ({ clientId, tenantId, secrets: [secret] })),
      tenants: [{ id: externalTenant, kind: 'external', domain: 'sampleclub.onmicrosoft.com', displayName: 'Club' }],
    });
  });
  after(() => endpoint.close());

  /** What a developer does after the code changed: nothing, or a strict type check and compilation. */
  const compile = async (folder: string): Promise<void> => {
    if (!existsSync(path.join(folder, 'tsconfig.json'))) return;
    const tsc = path.join(project, 'node_modules', 'typescript', 'bin', 'tsc');
    const compiled = await runProgram(node, [tsc, '--strict', '-p', '.'], { cwd: folder });
    assert.equal(compiled.exitCode, 0, compiled.output);
  };

  /** Runs the app's report as its developer would, against the loopback endpoint. */
  const report = (folder: string, app: App): Promise<RunResult> =>
    runProgram(node, [app.report], {
      cwd: folder,
      env: {
        ...app.authority(endpoint.origin),
        KNOWN_AUTHORITY: `localhost:${endpoint.port}`,
        NODE_EXTRA_CA_CERTS: caFile,
        NODE_OPTIONS: undefined,
      },
      timeout: 120_000,
    });

  for (const name of sampleApps) {
    const app = apps[name];
    for (const version of msalVersions) {
      describe(`${name} with msal-node ${version}`, () => {
        for (const way of ways) {
          it(`authenticates with a certificate and ${way.name}`, async () => {
            const folder = path.join(workspace, 'apps', `${name}-${version}-${way.keyFrom}-${way.passphrase}`);
            await mkdir(path.dirname(folder), { recursive: true });
            await copySample(name, folder, version);
            endpoint.removeCertificates(app.clientId);

            const result = await vscode.commands.executeCommand<SetUpResult>('clientCertificate.setUp', {
              config: path.join(folder, app.config),
              certificate: { kind: 'selfSigned' },
              keyFrom: way.keyFrom,
              passphrase: way.passphrase,
              confirm: false,
              register: false,
              prove: false,
            });
            assert.equal(result.registered, false);
            assert.equal(result.proven, false);
            assert.ok(result.warnings.some(({ code }) => code === 'not-registered'));

            await compile(folder);
            // Not yet uploaded: the app asks with its certificate and is refused.
            const tooEarly = await report(folder, app);
            assert.equal(tooEarly.exitCode, 1, tooEarly.output);
            assert.match(tooEarly.output, /AADSTS700027/);

            const certificate = new X509Certificate(await readFile(result.files.certificate ?? ''));
            assert.equal(certificate.fingerprint256.replaceAll(':', ''), result.thumbprintSha256);
            endpoint.registerCertificate(app.clientId, certificate.raw);
            const count = endpoint.requests.length;
            const answer = await report(folder, app);
            assert.equal(answer.exitCode, 0, answer.output);
            assert.match(answer.stdout, /Token obtained, valid until \d{4}-/);
            const proofs = endpoint.requests.slice(count).map(({ proof }) => proof);
            assert.equal(proofs.length, 1);
            const [proof] = proofs;
            assert.ok(proof?.kind === 'assertion', `Asked with ${proof?.kind ?? 'nothing'}.`);
            assert.deepEqual(
              { algorithm: proof.algorithm, thumbprintHeader: proof.thumbprintHeader },
              assertions[version],
            );

            if (way.keyFrom === 'environment') return;
            const keyFile = result.files.privateKey ?? '';
            if (process.platform !== 'win32') assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
            const marker = way.passphrase === 'none' ? 'PRIVATE KEY' : 'ENCRYPTED PRIVATE KEY';
            assert.ok((await readFile(keyFile, 'utf8')).startsWith(`-----BEGIN ${marker}-----`));
            if (way.passphrase !== 'none') return;
            // Another key under the same thumbprint: the endpoint looks at the signature, not at the name alone.
            const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
            await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
            const forged = await report(folder, app);
            assert.equal(forged.exitCode, 1, forged.output);
            assert.match(forged.output, /AADSTS700027/);
          });
        }
      });
    }

    it(`${name} as it is, with its secret, is refused once the secret is gone from the registration`, async () => {
      const folder = path.join(workspace, name);
      await compile(folder);
      const count = endpoint.requests.length;
      const before = await report(folder, app);
      assert.equal(before.exitCode, 0, before.output);
      assert.equal(endpoint.requests[count]?.proof?.kind, 'secret');
      endpoint.removeSecrets(app.clientId);
      const afterwards = await report(folder, app);
      assert.equal(afterwards.exitCode, 1, afterwards.output);
      assert.match(afterwards.output, /AADSTS7000215/);
    });
  }
});
