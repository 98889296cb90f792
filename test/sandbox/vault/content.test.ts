import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, createHash, createPrivateKey, createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { ImportCertificatePolicy } from '@azure/keyvault-certificates';
import { CryptographyClient } from '@azure/keyvault-keys';
import { makeCertificate, makeRequest, pem } from '../pki/certificates.ts';
import { readPkcs12, writePkcs12 } from '../pki/pkcs12.ts';
import { startSandbox } from '../sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { makeIdentity } from '../testing.ts';
import type { TestIdentity } from '../testing.ts';
import { clientsOf, credentialOf, errorOf } from './testing.ts';
import type { VaultClients } from './testing.ts';

const pkcs12 = 'application/x-pkcs12';
const pemType = 'application/x-pem-file';

describe('vault contents', () => {
  let sandbox: Sandbox;
  let clients: VaultClients;
  let identity: TestIdentity;
  let keyDer: Buffer;

  before(async () => {
    sandbox = await startSandbox();
    clients = clientsOf(sandbox, 'contoso-web');
    identity = makeIdentity();
    keyDer = identity.privateKey.export({ type: 'pkcs8', format: 'der' });
  });
  after(() => sandbox.close());

  const pfx = (password: string): Buffer => writePkcs12([identity.der], keyDer, password);
  const openssl = (args: string[], input: string | Buffer): string =>
    execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] }).toString();

  describe('PKCS#12', () => {
    it('is written so that OpenSSL opens it, with and without a password', () => {
      for (const password of ['', 'geheim é']) {
        const text = openssl(['pkcs12', '-passin', `pass:${password}`, '-nodes'], pfx(password));
        assert.ok(text.includes('-----BEGIN PRIVATE KEY-----'));
        assert.ok(new X509Certificate(/-----BEGIN CERT[^]*/.exec(text)?.[0] ?? '').raw.equals(identity.der));
      }
      assert.throws(() => openssl(['pkcs12', '-passin', 'pass:wrong', '-nodes'], pfx('right')));
    });

    it('is read as OpenSSL writes it', () => {
      const both = identity.privateKeyPem + identity.certificatePem;
      const args = ['pkcs12', '-export', '-passout', 'pass:secret'];
      const bytes = execFileSync('openssl', args, { input: both });
      const { certificates, keys } = readPkcs12(bytes, 'secret');
      assert.ok(certificates[0]?.equals(identity.der));
      assert.ok(createPrivateKey({ key: keys[0] ?? '', format: 'der', type: 'pkcs8' }).equals(identity.privateKey));
    });
  });

  describe('import [rec]', () => {
    it('takes a PFX and derives the policy from the certificate', async () => {
      const made = await clients.certificates.importCertificate('pfx-app', pfx('pw'), {
        password: 'pw',
        tags: { a: 'b' },
      });
      assert.ok(Buffer.from(made.cer ?? []).equals(identity.der));
      assert.deepEqual(made.properties.tags, { a: 'b' });
      const { body } = await clients.ask('/certificates/pfx-app/policy');
      assert.deepEqual(body.key_props, { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false });
      assert.deepEqual(body.secret_props, { contentType: pkcs12 });
      const { ekus, key_usage, validity_months, basic_constraints } = body.x509_props as Record<string, unknown>;
      assert.deepEqual([ekus, key_usage], [['1.3.6.1.5.5.7.3.2'], ['digitalSignature']]);
      assert.deepEqual([validity_months, basic_constraints], [12, { ca: false }]);
    });

    it('gives the PFX back with an empty password', async () => {
      const secret = await clients.secrets.getSecret('pfx-app');
      const { certificates, keys } = readPkcs12(Buffer.from(secret.value ?? '', 'base64'), '');
      assert.ok(certificates[0]?.equals(identity.der));
      assert.ok(keys[0]?.equals(keyDer));
      assert.ok(
        openssl(['pkcs12', '-passin', 'pass:', '-nodes'], Buffer.from(secret.value ?? '', 'base64')).includes(
          'PRIVATE KEY',
        ),
      );
    });

    it('takes PEM only when the policy says PEM, encrypted too', async () => {
      const text = identity.privateKeyPem + identity.certificatePem;
      const bytes = Buffer.from(text);
      const refused = await clients.ask('/certificates/pem-in/import', { json: { value: text } });
      assert.deepEqual([refused.status, (refused.body.error as { code: string }).code], [400, 'BadParameter']);
      const policy: ImportCertificatePolicy & { secretProperties: object } = {
        contentType: pemType,
        secretProperties: { contentType: pemType },
      };
      const named = { policy, certificatePolicy: policy };
      await clients.certificates.importCertificate('pem-in', bytes, named);
      const secret = await clients.secrets.getSecret('pem-in');
      assert.equal(secret.properties.contentType, pemType);
      assert.ok(secret.value?.startsWith('-----BEGIN PRIVATE KEY-----\n'));
      assert.ok(secret.value?.endsWith(identity.certificatePem));
      const passphrase = 'pass phrase';
      const encrypted = identity.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
      const answer = await clients.ask('/certificates/pem-encrypted/import', {
        json: {
          value: `${encrypted.toString()}${identity.certificatePem}`,
          pwd: passphrase,
          policy: { secret_props: { contentType: pemType } },
        },
      });
      assert.equal(answer.status, 200);
    });

    it('refuses wrong passwords, keys of another certificate, expired ones and damaged files', async () => {
      const other = makeIdentity({ from: -7200, until: -3600, key: identity.privateKey });
      const mixed = identity.privateKeyPem + pem('CERTIFICATE', sandbox.ca.certificateDer);
      const cases: Record<string, unknown>[] = [
        { value: pfx('pw').toString('base64'), pwd: 'wrong' },
        { value: writePkcs12([other.der], keyDer).toString('base64') },
        { value: pfx('').subarray(0, 500).toString('base64') },
        { value: writePkcs12([identity.der], undefined).toString('base64') },
        { value: mixed, policy: { secret_props: { contentType: pemType } } },
        { value: '' },
      ];
      for (const json of cases)
        assert.equal((await clients.ask('/certificates/bad-import/import', { json })).status, 400);
      assert.equal((await clients.ask('/certificates/bad-import/')).status, 404);
    });

    it('keeps exportable:false when it arrives; the SDK loses it unless it is named as the serializer wants', async () => {
      const policy = { exportable: false, contentType: pkcs12 } as const;
      await clients.certificates.importCertificate('lost', pfx(''), { policy });
      assert.ok(
        readPkcs12(Buffer.from((await clients.secrets.getSecret('lost')).value ?? '', 'base64'), '').keys.length > 0,
      );
      const named = {
        policy,
        certificatePolicy: { keyProperties: { exportable: false }, secretProperties: { contentType: pkcs12 } },
      };
      await clients.certificates.importCertificate('kept', pfx(''), named);
      const secret = await clients.secrets.getSecret('kept');
      const { certificates, keys } = readPkcs12(Buffer.from(secret.value ?? '', 'base64'), '');
      assert.deepEqual([certificates.length, keys.length], [1, 0]);
    });
  });

  describe('merge', () => {
    it('joins what a CA signed to the key of the request, with 201 [rec]', async () => {
      const policy = { issuerName: 'Unknown', subject: 'CN=merge-app' };
      await clients.certificates.beginCreateCertificate('merge-app', policy, { intervalInMs: 2 });
      const poller = await clients.certificates.getCertificateOperation('merge-app');
      const operation = poller.getOperationState().certificateOperation;
      assert.equal(
        operation?.statusDetails,
        'Pending certificate created. Please Perform Merge to complete the request.',
      );
      const csr = pem('CERTIFICATE REQUEST', operation.csr ?? new Uint8Array());
      assert.match(openssl(['req', '-noout', '-verify', '-subject'], csr), /CN ?= ?merge-app/);
      const publicPem = openssl(['req', '-noout', '-pubkey'], csr);
      const now = Math.floor(Date.now() / 1000);
      const leaf = sandbox.ca.issue({
        subject: 'CN=merge-app',
        publicKey: createPublicKey(publicPem),
        notBefore: now - 60,
        notAfter: now + 86_400,
      });
      const wrong = await clients.ask('/certificates/merge-app/pending/merge', {
        json: { x5c: [identity.der.toString('base64')] },
      });
      assert.equal(wrong.status, 400);
      assert.match(
        (wrong.body.error as { message: string }).message,
        /^The public key of the end-entity certificate in the specified X\.509/,
      );
      const answer = await clients.ask('/certificates/merge-app/pending/merge', {
        json: { x5c: [leaf.toString('base64'), sandbox.ca.certificateDer.toString('base64')] },
      });
      assert.equal(answer.status, 201);
      assert.equal(answer.body.cer, leaf.toString('base64'));
      const secret = await clients.secrets.getSecret('merge-app');
      assert.equal(readPkcs12(Buffer.from(secret.value ?? '', 'base64'), '').certificates.length, 2);
      const again = await clients.ask('/certificates/merge-app/pending/merge', {
        json: { x5c: [leaf.toString('base64')] },
      });
      assert.equal(again.status, 404);
    });

    it('works through the SDK, and is forbidden for orders of a CA', async () => {
      await clients.certificates.beginCreateCertificate(
        'ca-order',
        { issuerName: 'ContosoCA', subject: 'CN=x' },
        { intervalInMs: 2 },
      );
      const error = await errorOf(clients.certificates.mergeCertificate('ca-order', [identity.der]));
      assert.deepEqual([error.statusCode, error.code], [403, 'Forbidden']);
      assert.match(
        error.message,
        /^Merge is forbidden on pending object created with issuer : ContosoCA while it is in progess\.$/,
      );
      const operation = await clients.certificates.getCertificateOperation('pending-order');
      const csr = operation.getOperationState().certificateOperation?.csr ?? new Uint8Array();
      const publicKey = createPublicKey(openssl(['req', '-noout', '-pubkey'], pem('CERTIFICATE REQUEST', csr)));
      const now = Math.floor(Date.now() / 1000);
      const leaf = sandbox.ca.issue({ subject: 'CN=pending-order', publicKey, notBefore: now, notAfter: now + 3600 });
      const merged = await clients.certificates.mergeCertificate('pending-order', [leaf]);
      assert.ok(Buffer.from(merged.cer ?? []).equals(leaf));
    });
  });

  describe('secrets and keys', () => {
    it('has the recorded shape, managed and with the key id [rec]', async () => {
      const { body } = await clients.ask('/secrets/ciam-client-app/');
      assert.deepEqual(Object.keys(body), ['value', 'contentType', 'id', 'managed', 'attributes', 'tags', 'kid']);
      assert.equal(body.managed, true);
      assert.equal(String(body.kid), String(body.id).replace('/secrets/', '/keys/'));
      const secret = await clients.secrets.getSecret('ciam-client-app');
      assert.equal(secret.properties.certificateKeyId?.toString(), body.kid);
      const bundle = await clients.ask('/certificates/ciam-client-app/');
      assert.equal(bundle.body.sid, body.id);
    });

    it('gives PEM with the key first, and converts PKCS#12 on demand', async () => {
      const plain = await clients.secrets.getSecret('pem-app');
      assert.match(
        plain.value ?? '',
        /^-----BEGIN PRIVATE KEY-----\n[^]*-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n/,
      );
      const converted = await clients.secrets.getSecret('ciam-client-app', { outContentType: pemType });
      assert.ok(converted.value?.startsWith('-----BEGIN PRIVATE KEY-----'));
      assert.equal((await clients.ask('/secrets/pem-app/?outContentType=application/x-pkcs12')).status, 400);
    });

    it('gives EC keys in PKCS#12 that OpenSSL opens', async () => {
      const { value } = await clients.secrets.getSecret('ec-app');
      const text = openssl(['pkcs12', '-passin', 'pass:', '-nodes'], Buffer.from(value ?? '', 'base64'));
      assert.equal(createPrivateKey(text).asymmetricKeyType, 'ec');
    });

    it('has no key where it must not be exported, and the CA in the chain', async () => {
      const locked = await clients.secrets.getSecret('locked-app');
      assert.equal(readPkcs12(Buffer.from(locked.value ?? '', 'base64'), '').keys.length, 0);
      const issued = await clients.secrets.getSecret('issued-app');
      assert.equal(readPkcs12(Buffer.from(issued.value ?? '', 'base64'), '').certificates.length, 2);
    });

    it('refuses disabled secrets, but reads their certificate and expired ones', async () => {
      const error = await errorOf(clients.secrets.getSecret('disabled-app'));
      assert.deepEqual([error.statusCode, error.code, error.inner], [403, 'Forbidden', 'SecretDisabled']);
      assert.equal(error.message, 'Operation get is not allowed on a disabled secret.');
      assert.equal((await clients.certificates.getCertificate('disabled-app')).properties.enabled, false);
      assert.ok((await clients.certificates.getCertificate('expired-app')).cer);
      assert.equal((await errorOf(clients.secrets.getSecret('nowhere'))).code, 'SecretNotFound');
    });

    it('signs PS256 and RS256 in the vault, through the real key client', async () => {
      const { keyId, cer } = await clients.certificates.getCertificate('locked-app');
      const client = new CryptographyClient(keyId ?? '', credentialOf(sandbox), {
        disableChallengeResourceVerification: true,
        tlsOptions: { ca: sandbox.ca.certificatePem },
      });
      const data = Buffer.from('to be signed');
      const key = new X509Certificate(cer ?? new Uint8Array()).publicKey;
      for (const [algorithm, padding] of [
        ['PS256', constants.RSA_PKCS1_PSS_PADDING],
        ['RS256', constants.RSA_PKCS1_PADDING],
      ] as const) {
        const { result } = await client.sign(algorithm, createHash('sha256').update(data).digest());
        const options =
          padding === constants.RSA_PKCS1_PSS_PADDING ? { key, padding, saltLength: 32 } : { key, padding };
        assert.ok(verify('sha256', data, options, result), algorithm);
      }
      const short = await clients.ask(`${new URL(keyId ?? '').pathname}/sign`, {
        json: { alg: 'PS256', value: 'AAAA' },
      });
      assert.equal(short.status, 400);
    });

    it('makes requests and certificates that OpenSSL verifies, with every kind of name', () => {
      const { publicKey } = new X509Certificate(identity.der);
      const alternativeNames = {
        dnsNames: ['a.example'],
        emails: ['a@b.example'],
        uris: ['https://c.example/'],
        upns: ['u@d.example'],
        ipAddresses: ['10.0.0.1', 'fe80::1'],
      };
      const request = {
        subject: 'CN="Comma, Inc", O=Contoso\\, Ltd, C=DE',
        publicKey,
        notBefore: 1_700_000_000,
        notAfter: 2_600_000_000,
        alternativeNames,
      };
      const csr = pem('CERTIFICATE REQUEST', makeRequest(request, identity.privateKey));
      assert.match(openssl(['req', '-noout', '-text', '-verify'], csr), /DNS:a\.example/);
      const der = makeCertificate(request, { key: identity.privateKey });
      const text = openssl(['x509', '-noout', '-text'], pem('CERTIFICATE', der));
      assert.match(
        text,
        /email:a@b\.example, DNS:a\.example, URI:https:\/\/c\.example\/, IP Address:10\.0\.0\.1, IP Address:FE80:0:0:0:0:0:0:1, othername: UPN:/,
      );
      assert.match(text, /Not After : May 22 .* 2052/);
      assert.match(new X509Certificate(der).subject, /O=Contoso\\, Ltd\nCN=Comma\\, Inc/);
    });
  });
});
