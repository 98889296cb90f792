import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import * as certificates from '../certificates/index.ts';
import { app, authority, block, codes, fromFile, good, useCheckedApp } from './testing/checkedApp.ts';

describe('what is found in an app (facts/failure-modes.md)', function () {
  this.timeout(120_000);
  const t = useCheckedApp();
  const { write, check, one, fixes } = t;

  it('nothing in a good app, whatever the key file looks like as long as it works (F14, F17)', async () => {
    assert.deepEqual(await check(app(good())), []);
    const forms = {
      'Bag Attributes': `Bag Attributes\n    friendlyName: x\n    localKeyID: 01\nKey Attributes: <No Attributes>\n${t.pem}`,
      CRLF: t.pem.replaceAll('\n', '\r\n'),
      BOM: `\uFEFF${t.pem}`,
      'PKCS#1': createPrivateKey(t.pem).export({ type: 'pkcs1', format: 'pem' }).toString(),
      'key and certificate': t.pem + certificates.certificatePem(t.made.certificateDer),
      'certificate and key': certificates.certificatePem(t.made.certificateDer) + t.pem,
    };
    for (const [name, text] of Object.entries(forms)) {
      write('certs/app.key', text, 0o600);
      assert.deepEqual(
        await check(app(block('process.env.THUMBPRINT', `readFileSync('certs/app.key', 'utf8')`))),
        [],
        name,
      );
    }
  });

  it('nothing in near misses and in samples that nobody has filled in', async () => {
    const sample = `clientCertificate: { thumbprint: 'YOUR_CERT_THUMBPRINT', privateKey: fs.readFileSync('PATH_TO_YOUR_PRIVATE_KEY_FILE') },`;
    assert.deepEqual(
      codes(await check(app(sample))).filter((code) => code !== 'key-file-missing'),
      [],
    );
    assert.deepEqual(await check(app(block('process.env.THUMBPRINT', 'await keyOf()'), '', authority)), []);
    assert.deepEqual(await check(app(`clientAssertion: () => sign(),`)), []);
    // No .env here: where the app runs, its variables are set otherwise, that of the pass phrase too.
    rmSync(path.join(t.root, '.env'));
    const key = `createPrivateKey({ key: readFileSync('certs/app.key'), passphrase: process.env.PASS }).export({ type: 'pkcs8', format: 'pem' })`;
    const findings = await check(app(block(`'${t.sha256}'`, key)));
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [['key-encrypted', 'information']],
    );
    assert.ok((await check(app(good()))).every(({ severity }) => severity === 'information'));
  });

  describe('of thumbprints', () => {
    const pairs = () => (t.sha256.match(/../g) ?? []).join(':');
    const cases: [string, () => string, string][] = [
      ['F1 colons', pairs, 'thumbprint-not-hex'],
      ['F2 spaces', () => pairs().replaceAll(':', ' '), 'thumbprint-not-hex'],
      ['F3 an invisible character', () => `\u200e${t.sha256}`, 'thumbprint-invisible-character'],
      ['F4 base64', () => Buffer.from(t.sha256, 'hex').toString('base64'), 'thumbprint-not-hex'],
      ['F4 a prefix', () => `sha256 Fingerprint=${pairs()}`, 'thumbprint-not-hex'],
      ['F5 SHA-1 as SHA-256', () => t.sha1, 'thumbprint-sha1-as-sha256'],
      [
        'F8 the one of another certificate',
        () => t.other.description.thumbprintSha256 ?? '',
        'thumbprint-of-other-certificate',
      ],
    ];
    for (const [title, text, code] of cases) {
      it(`${title}, in the code`, async () => {
        const source = app(block(`'${text()}'`));
        await fixes(source, await one(source, code, `'${text()}'`));
      });
      it(`${title}, in a constant`, async () => {
        const source = app(block('THUMB'), `const THUMB = "${text()}";`);
        await fixes(source, await one(source, code, `"${text()}"`));
      });
      it(`${title}, in .env`, async () => {
        write('.env', `# comment\n${t.env.replace(t.sha256, `"${text()}"`)}`);
        const source = app(good());
        const finding = await one(source, code, 'process.env.THUMBPRINT');
        assert.deepEqual(finding.envPlace, { file: path.join(t.root, '.env'), line: 2 });
        await fixes(source, finding);
      });
    }
    it('F6 SHA-256 as SHA-1', async () => {
      write('package.json', '{"dependencies":{"@azure/msal-node":"2.10.0"}}');
      const old = app(block(`'${t.sha256}'`, fromFile, 'thumbprint'));
      await fixes(old, await one(old, 'thumbprint-sha256-as-sha1', `'${t.sha256}'`));
      write('package.json', '{"dependencies":{"@azure/msal-node":"7.2.3"}}');
      const source = app(block(`'${t.sha256}'`, fromFile, 'thumbprint'));
      await fixes(source, await one(source, 'thumbprint-sha256-as-sha1', `'${t.sha256}'`));
    });
    it('F7 case does not matter', async () => {
      assert.deepEqual(await check(app(block(`'${t.sha256.toLowerCase()}'`))), []);
    });
    it('SHA-1 where SHA-256 is possible', async () => {
      const source = app(block(`'${t.sha1}'`, fromFile, '"thumbprint"'));
      await fixes(source, await one(source, 'thumbprint-sha1', '"thumbprint"'));
    });
    it('what no thumbprint can be read from, with the certificate beside the key', async () => {
      for (const [text, code] of [
        [t.sha256.slice(1), 'thumbprint-wrong-length'],
        ['hello world', 'thumbprint-not-hex'],
      ] as const) {
        const source = app(block(`'${text}'`));
        await fixes(source, await one(source, code, `'${text}'`));
      }
      rmSync(path.join(t.root, 'certs/app.crt'));
      assert.equal((await one(app(block(`'AB'`)), 'thumbprint-wrong-length', `'AB'`)).fix, undefined);
    });
    it('what may be a secret in place of a thumbprint is no part of the finding', async () => {
      const secret = ['abc8Q', '~made.up-value_of_this_suite~0123'].join('');
      write('.env', t.env.replace(t.sha256, secret));
      const finding = await one(app(good()), 'thumbprint-not-hex', 'process.env.THUMBPRINT');
      assert.ok(!JSON.stringify(finding).includes(secret));
    });
    it('F10 none at all', async () => {
      await one(app(`clientCertificate: { privateKey: ${fromFile} },`), 'thumbprint-missing', 'clientCertificate');
    });
    it('F31 an unset variable', async () => {
      write('.env', t.env.replace(/^THUMBPRINT.*$/m, ''));
      await one(app(good()), 'variable-not-set', 'process.env.THUMBPRINT');
    });
  });

  describe('of certificates', () => {
    const day = 86_400_000;
    const year = 365 * day;
    const cases: [string, string, number, number][] = [
      ['expired', 'expired', 30, -year],
      ['F38 not yet valid', 'not-yet-valid', 30, year],
      ['expiring (L2)', 'expires-soon', 60, -40 * day],
    ];
    for (const [title, code, validityDays, shift] of cases) {
      it(title, async () => {
        const dated = await certificates.selfSigned({ subject: 'CN=dated', validityDays, now: Date.now() + shift });
        write('certs/app.key', await certificates.privateKeyPem(dated.privateKeyPkcs8), 0o600);
        write('certs/app.crt', certificates.certificatePem(dated.certificateDer));
        await one(app(block(`'${dated.description.thumbprintSha256 ?? ''}'`)), code, 'clientCertificate');
      });
    }
  });

  it('nothing of a certificate that lives for weeks only, until half of them are over', async () => {
    const use = async (age: number) => {
      const now = Date.now() - age * 86_400_000;
      const dated = await certificates.selfSigned({ subject: 'CN=dated', validityDays: 30, now });
      write('certs/app.key', await certificates.privateKeyPem(dated.privateKeyPkcs8), 0o600);
      write('certs/app.crt', certificates.certificatePem(dated.certificateDer));
      return codes(await check(app(block(`'${dated.description.thumbprintSha256 ?? ''}'`))));
    };
    assert.deepEqual(await use(1), []);
    assert.deepEqual(await use(16), ['expires-soon']);
  });

  describe('of the config', () => {
    it('a secret in the code, in use, as fall-back, not as sample', async () => {
      await one(app(`clientSecret: 'abc~1',`), 'secret-in-code', `'abc~1'`);
      await one(app(`clientSecret: process.env.S || 'abc~1',`), 'secret-in-code', `'abc~1'`);
      await one(app(`clientSecret: S,`, `const S = 'abc~1';`), 'secret-in-code', `'abc~1'`);
      await one(app(`clientSecret: process.env.S,`), 'secret-in-use', 'clientSecret');
      await one(app(`clientSecret: 'Enter_the_Client_Secret_Here',`), 'secret-in-use', 'clientSecret');
    });
    it('F30 secret and certificate both, and a choice of the two', async () => {
      write('.env', `${t.env}S=abc\nEMPTY=\n`);
      const [both] = await check(app(`clientSecret: process.env.S, ${good()}`));
      assert.deepEqual([both?.code, both?.severity], ['secret-and-certificate', 'error']);
      const [empty] = await check(app(`clientSecret: process.env.EMPTY, ${good()}`));
      assert.equal(empty?.severity, 'warning');
      const choice = app(`...(process.env.X ? { ${good()} } : { clientSecret: process.env.S }),`);
      assert.deepEqual(codes(await check(choice)), ['secret-as-alternative']);
      assert.deepEqual(await check(app(`clientSecret: '', ${good()}`)), []);
      assert.deepEqual(await check(app(`clientSecret: undefined, ${good()}`)), []);
    });
    it('F32, F33 msal-node 2.8.0 and too old', async () => {
      write('package.json', '{"dependencies":{"@azure/msal-node":"2.8.0"}}');
      await one(app(good()), 'msal-node-2-8-0', 'clientCertificate');
      write('package.json', '{"dependencies":{"@azure/msal-node":"2.10.0"}}');
      await fixes(app(good()), await one(app(good()), 'msal-node-too-old', 'thumbprintSha256'));
      write('.env', t.env);
      write('package.json', '{"dependencies":{"@azure/msal-node":"^2.10.0"}}');
      assert.equal((await one(app(good()), 'msal-node-too-old', 'thumbprintSha256')).fix, undefined);
    });
    it('F33 both thumbprints, of which the installed msal-node reads one', async () => {
      const both = (sha1: string, sha256: string) =>
        app(`clientCertificate: { thumbprint: '${sha1}', thumbprintSha256: '${sha256}', privateKey: ${fromFile} },`);
      const other = t.other.description;
      for (const version of ['2.10.0', '^2.10.0', '2.11.0', '7.2.3']) {
        write('package.json', `{"dependencies":{"@azure/msal-node":"${version}"}}`);
        assert.deepEqual(await check(both(t.sha1, t.sha256)), [], version);
      }
      const wrong = both(other.thumbprintSha1 ?? '', t.sha256);
      assert.deepEqual(await check(wrong), []);
      write('package.json', '{"dependencies":{"@azure/msal-node":"2.10.0"}}');
      await fixes(wrong, await one(wrong, 'thumbprint-of-other-certificate', `'${other.thumbprintSha1 ?? ''}'`));
    });
    it('F35 a chain without line ends', async () => {
      const chain = certificates.certificatePem(t.made.certificateDer).trim();
      const flat = chain.replaceAll('\n', ' ');
      await one(
        app(block('process.env.THUMBPRINT', fromFile, 'thumbprintSha256', ` x5c: '${flat}'`)),
        'x5c-without-newlines',
        `'${flat}'`,
      );
      const lines = JSON.stringify(chain);
      assert.deepEqual(
        await check(app(block('process.env.THUMBPRINT', fromFile, 'thumbprintSha256', ` x5c: ${lines}`))),
        [],
      );
    });
    it('F37 an assertion that is a text', async () => {
      await one(app(`clientAssertion: process.env.ASSERTION,`), 'assertion-expires', 'process.env.ASSERTION');
    });
    it('F39, F41 what is no secret', async () => {
      write(
        '.env',
        `${t.env}S=7c9e6679-7425-40de-944b-e07fc1f90ae7\nP="${certificates.certificatePem(t.made.certificateDer)}"\n`,
      );
      assert.deepEqual(codes(await check(app(`clientSecret: process.env.S,`))), ['secret-in-use', 'secret-is-id']);
      assert.deepEqual(codes(await check(app(`clientSecret: process.env.P,`))), [
        'secret-is-certificate',
        'secret-in-use',
      ]);
    });
    it('misspelt properties, and no others', async () => {
      const wrong = good().replace('clientCertificate', 'ClientCertificate');
      await fixes(app(wrong), await one(app(wrong), 'certificate-misspelt', 'ClientCertificate'));
      const typo = good().replace('clientCertificate', '"clientCertifcate"');
      await fixes(app(typo), await one(app(typo), 'certificate-misspelt', '"clientCertifcate"'));
      const inner = good().replace('thumbprintSha256', 'thumbprintSHA256');
      await fixes(app(inner), await one(app(inner), 'certificate-misspelt', 'thumbprintSHA256'));
      const key = good().replace('privateKey', 'privatekey');
      await fixes(app(key), await one(app(key), 'certificate-misspelt', 'privatekey'));
      assert.deepEqual(await check(app(`clientCapabilities: ['CP1'], ${good()}`)), []);
    });
    it('an authority that the installed MSAL rejects', async () => {
      const named = `authority: 'https://contoso.ciamlogin.com/',`;
      await one(app(good(), '', named), 'authority-rejected', `'https://contoso.ciamlogin.com/'`);
    });
  });
});
