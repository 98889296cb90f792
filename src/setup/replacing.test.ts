import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as appConfigs from '../appConfig/index.ts';
import * as certificates from '../certificates/index.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { readReplaceable } from './index.ts';
import { app, block, fromFile, good, useCheckedApp } from './testing/checkedApp.ts';

describe('what a rotation replaces', function () {
  this.timeout(120_000);
  const t = useCheckedApp();
  const files = createNodeFiles(nodeProcesses);
  const file = () => path.join(t.root, 'auth.js');

  async function read(code = app(good()), known: readonly Uint8Array[] = []) {
    t.write('auth.js', code);
    const [config] = await appConfigs.readAppConfigs(file(), files, [t.root]);
    assert.ok(config);
    const tools = { certificates, appConfigs, files, environment: {}, announce: () => undefined, roots: [t.root] };
    const { repairs, ...rest } = await readReplaceable(config, tools, known);
    return { ...rest, repairs: repairs.map(({ code: found }) => found) };
  }
  /** Key and certificate of a pair that OpenSSL makes, in place of the app's. */
  function useOpenSsl(...args: readonly string[]): string {
    const [key, crt] = [path.join(t.root, 'certs/app.key'), path.join(t.root, 'certs/app.crt')];
    execFileSync('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=made', '-keyout', key, '-out', crt, ...args], {
      stdio: 'ignore',
    });
    const fingerprint = execFileSync('openssl', ['x509', '-in', crt, '-noout', '-sha256', '-fingerprint']).toString();
    return fingerprint.replace(/.*=/, '').replaceAll(':', '').trim();
  }
  const named = (thumbprint: string) => t.write('.env', t.env.replace(t.sha256, thumbprint));
  const own = () => ({ thumbprintSha256: t.sha256, thumbprintSha1: t.sha1 });

  it('is the certificate of an app that can sign in', async () => {
    const { certificate, ...rest } = await read();
    assert.deepEqual(rest, { keyFrom: 'file', passphrase: 'open me', replaced: own(), repairs: [] });
    assert.equal(certificate?.subject, 'CN=checked');
  });

  it('is an expired one, with all that a new one is made from', async () => {
    const now = Date.now() - 300 * 86_400_000;
    const old = await certificates.selfSigned({ subject: 'CN=over', validityDays: 30, now });
    t.write('certs/app.key', await certificates.privateKeyPem(old.privateKeyPkcs8), 0o600);
    t.write('certs/app.crt', certificates.certificatePem(old.certificateDer));
    named(old.description.thumbprintSha256 ?? '');
    const { certificate, replaced, repairs } = await read();
    assert.deepEqual(repairs, ['expired']);
    assert.equal(replaced.thumbprintSha1, old.description.thumbprintSha1);
    assert.deepEqual([certificate?.subject, certificate?.selfSigned], ['CN=over', true]);
  });

  for (const [what, code, ...args] of [
    ['of an elliptic curve', 'key-is-ec', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['too short', 'key-too-short', '-newkey', 'rsa:1024', '-sha256'],
    ['signed with SHA-1', 'sha1-signature', '-newkey', 'rsa:2048', '-sha1'],
  ] as const)
    it(`is one that is ${what}`, async () => {
      const sha256 = useOpenSsl(...args);
      named(sha256);
      const { certificate, replaced, repairs } = await read();
      assert.ok(repairs.includes(code), repairs.join(', '));
      assert.deepEqual([certificate?.subject, replaced.thumbprintSha256], ['CN=made', sha256]);
    });

  it('is what the app names where its key is another’s, and never a mixture of two', async () => {
    t.write('certs/app.key', await certificates.privateKeyPem(t.other.privateKeyPkcs8), 0o600);
    const mismatched = await read(app(block('process.env.THUMBPRINT', `readFileSync('certs/app.key', 'utf8')`)));
    assert.deepEqual([mismatched.repairs, mismatched.replaced], [['key-does-not-match'], own()]);
    t.write('certs/app.crt', certificates.certificatePem(t.other.certificateDer));
    const { replaced, repairs, certificate } = await read(
      app(block('process.env.THUMBPRINT', `readFileSync('certs/app.key', 'utf8')`)),
    );
    assert.deepEqual([repairs, replaced], [['thumbprint-of-other-certificate'], { thumbprintSha256: t.sha256 }]);
    assert.equal(certificate?.subject, 'CN=other');
  });

  it('is found by its name where its key is gone or cannot be opened, and by the journal', async () => {
    t.write('.env', t.env.replace('open me', 'sesame'));
    const wrong = await read();
    assert.deepEqual([wrong.repairs, wrong.replaced, wrong.passphrase], [['wrong-password'], own(), 'sesame']);
    rmSync(path.join(t.root, 'certs/app.key'));
    assert.deepEqual((await read()).repairs, ['key-file-missing']);
    const pem = readFileSync(path.join(t.root, 'certs/app.crt'));
    rmSync(path.join(t.root, 'certs/app.crt'));
    assert.deepEqual((await read()).replaced, { thumbprintSha256: t.sha256 });
    assert.deepEqual((await read(app(good()), [pem])).replaced, own());
  });

  it('is told by its key where its thumbprint says nothing', async () => {
    named(t.sha256.replace(/(..)(?=.)/g, '$1:'));
    const { replaced, repairs } = await read();
    assert.deepEqual([repairs, replaced], [['thumbprint-not-hex'], own()]);
  });

  it('is left where its key stands in the code, with the way out', async () => {
    await assert.rejects(read(app(block('process.env.THUMBPRINT', JSON.stringify(t.pem)))), {
      code: 'private-key-in-code',
    });
  });

  it('is not touched where something else keeps the app from signing in', async () => {
    t.write('.env', t.env.replace(/THUMBPRINT=.*/, ''));
    await assert.rejects(read(), { code: 'variable-not-set' });
    t.write('.env', t.env);
    const both = good().replace('clientCertificate', 'ClientCertificate');
    await assert.rejects(read(app(`${both} ${good().replace('thumbprintSha256: process.env.THUMBPRINT,', '')}`)), {
      name: 'ExpectedError',
    });
    await assert.rejects(read(app(`clientSecret: process.env.THUMBPRINT,`)), { code: 'app-has-no-certificate' });
    assert.equal((await read(app(block('process.env.THUMBPRINT', fromFile)))).repairs.length, 0);
  });
});
