import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateFacts } from './facts.ts';
import { openSslPlan } from './openSslPlan.ts';
import { inFolder, run } from './testing/programs.ts';
import type { ExternalPlan, ExternalRequest } from './types.ts';

const request = (folder: string, more: Partial<ExternalRequest> = {}): ExternalRequest => ({
  subject: 'CN=ciam-client-app, O=Contoso',
  validityDays: 90,
  keySize: 2048,
  folder,
  name: 'app',
  ...more,
});

/** Runs the plan as the extension would and gives what it made. */
async function carryOut(plan: ExternalPlan) {
  if (plan.configuration !== undefined) writeFileSync(plan.configuration.path, plan.configuration.text);
  const ended = await run(plan.program, plan.args, {
    input: plan.input ?? '',
    ...(plan.env === undefined ? {} : { env: plan.env }),
  });
  assert.equal(ended.exitCode, 0, ended.stderr);
  return opened(plan, plan.passphrase);
}

function opened(plan: ExternalPlan, passphrase: string) {
  const certificate = new X509Certificate(readFileSync(plan.files.certificate ?? ''));
  const key = createPrivateKey({ key: readFileSync(plan.files.privateKey ?? ''), passphrase });
  assert.ok(certificate.checkPrivateKey(key));
  return certificateFacts(certificate.raw);
}

describe('making a certificate with openssl', function () {
  this.timeout(120_000);

  for (const libreSsl of [false, true]) {
    describe(libreSsl ? 'with a configuration of its own, as for LibreSSL' : 'with options only', () => {
      it('gives a client certificate and its encrypted key', () =>
        inFolder(async (folder) => {
          const plan = openSslPlan(request(folder, { libreSsl }));
          const facts = await carryOut(plan);
          assert.equal(facts.subject, 'CN=ciam-client-app, O=Contoso');
          assert.equal(Date.parse(facts.notAfter) - Date.parse(facts.notBefore), 90 * 24 * 60 * 60 * 1000);
          assert.deepEqual([facts.keyAlgorithm, facts.keySize, facts.signatureHash], ['RSA', 2048, 'SHA-256']);
          assert.deepEqual(
            [facts.keyUsage, facts.extendedKeyUsage, facts.isCa],
            [['digitalSignature'], ['clientAuth'], false],
          );
          assert.equal(facts.selfSigned, true);
          const key = plan.files.privateKey ?? '';
          assert.match(readFileSync(key, 'utf8'), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
          assert.equal(statSync(key).mode & 0o777, 0o600);
          assert.throws(() => createPrivateKey({ key: readFileSync(key), passphrase: 'wrong' }));
          // Nothing twice: each extension is there once, and the machine's own configuration adds none.
          const { stdout } = await run('openssl', ['x509', '-in', plan.files.certificate ?? '', '-noout', '-text']);
          assert.equal(stdout.match(/X509v3 [A-Z]/g)?.length, 5);
        }));

      const subjects: [subject: string, shown: string][] = [
        ['CN="a/b, c+d = e", O=Contoso', 'CN=a/b\\, c\\+d = e, O=Contoso'],
        ['CN=é 漢字 😀, L=Zürich', 'CN=é 漢字 😀, L=Zürich'],
        [
          `CN="'\\"$(touch pwned)\`touch pwned\`;& | %PATH% \\\\"`,
          `CN='\\"$(touch pwned)\`touch pwned\`\\;& | %PATH% \\\\`,
        ],
        ['-config', 'CN=-config'],
        ['CN=/O=Evil', 'CN=/O=Evil'],
        [
          'CN=a, STREET=b, ST=c, L=d, serialNumber=e, title=f, GN=g, SN=h, DC=i, UID=j, E=k@l.example, C=de',
          'CN=a, STREET=b, ST=c, L=d, serialNumber=e, title=f, GN=g, SN=h, DC=i, UID=j, emailAddress=k@l.example, C=DE',
        ],
      ];
      for (const [subject, shown] of subjects) {
        it(`writes the subject as it was meant: ${subject}`, () =>
          inFolder(async (folder) => {
            assert.equal((await carryOut(openSslPlan(request(folder, { subject, libreSsl })))).subject, shown);
          }));
      }

      it('as shown, pasted into a shell, asks for the pass phrase and does the same', () =>
        inFolder(async (folder) => {
          const name = "it's $(touch pwned) `x`";
          const plan = openSslPlan(request(folder, { subject: `CN="$(touch pwned) 'x' / é"`, name, libreSsl }));
          assert.ok(!plan.display.includes(plan.passphrase));
          // Without a terminal (a session of its own) openssl asks on standard input.
          const ended = await run('sh', ['-c', plan.display], { input: 'typed\ntyped\n', cwd: folder, detached: true });
          assert.equal(ended.exitCode, 0, ended.stderr);
          assert.equal(opened(plan, 'typed').subject, `CN=$(touch pwned) 'x' / é`);
          assert.deepEqual(readdirSync(folder).sort(), [`${name}.crt`, `${name}.key`]);
          assert.ok(!existsSync(join(folder, 'pwned')));
        }));
    });
  }

  it('takes a pass phrase of the user, whatever its characters, and never as an argument', () =>
    inFolder(async (folder) => {
      const passphrase = ' é漢字😀 "$(x)\' ';
      const plan = openSslPlan(request(folder, { passphrase }));
      await carryOut(plan);
      assert.equal(plan.passphrase, passphrase);
      assert.ok(!JSON.stringify([plan.args, plan.display, plan.env]).includes('漢字😀'));
    }));

  it('gives LibreSSL this configuration, which must not say prompt = no', () => {
    const plan = openSslPlan(request('/keys', { libreSsl: true }));
    assert.deepEqual(plan.configuration, {
      path: '/keys/app.cnf',
      text: `[ req ]
distinguished_name = name
x509_extensions = client
string_mask = utf8only

[ name ]

[ client ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
`,
    });
    assert.ok(!plan.args.includes('-addext'));
    assert.equal(plan.args[plan.args.indexOf('-config') + 1], '/keys/app.cnf');
  });

  it('works where the machine has an empty configuration', () =>
    inFolder(async (folder) => {
      const plan = openSslPlan(request(folder));
      writeFileSync(join(folder, 'empty.cnf'), '');
      const facts = await carryOut({ ...plan, env: { ...plan.env, OPENSSL_CONF: join(folder, 'empty.cnf') } });
      assert.deepEqual([facts.keyUsage, facts.isCa], [['digitalSignature'], false]);
    }));

  it('is shown for PowerShell where the folder is one of Windows', () => {
    const plan = openSslPlan(request('C:\\My Keys', { subject: 'CN="it\'s ‘x’, \\"y\\""', name: 'app' }));
    const [first = '', second = ''] = plan.display.split('\n');
    assert.equal(first, "$env:OPENSSL_WIN32_UTF8 = '1'");
    assert.ok(second.includes(`-subj '/CN=it''s ‘‘x’’, \\"y\\"'`), second);
    assert.ok(second.includes(`-keyout 'C:\\My Keys\\app.key' -out 'C:\\My Keys\\app.crt'`), second);
    assert.ok(second.includes(`-addext 'basicConstraints=critical,CA:FALSE'`), second);
  });

  const refused: [name: string, code: string, more: Partial<ExternalRequest>][] = [
    ['a line feed in the subject', 'subject-invalid', { subject: 'CN=a\n[ req ]\n' }],
    ['several values in one part', 'subject-invalid', { subject: 'CN=a+CN=b' }],
    ['a path in the name', 'name-invalid', { name: '../../x' }],
    ['a dash before the name', 'name-invalid', { name: '-out' }],
    ['a relative folder', 'folder-invalid', { folder: '-keyout' }],
    ['a line feed in the folder', 'folder-invalid', { folder: '/tmp/a\nb' }],
    ['no validity', 'validity-invalid', { validityDays: 0 }],
    ['a small key', 'key-size-invalid', { keySize: 1024 as 2048 }],
    ['a pass phrase of two lines', 'passphrase-invalid', { passphrase: 'secret\nx' }],
    ['a short pass phrase', 'passphrase-invalid', { passphrase: 'abc' }],
  ];
  for (const [name, code, more] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => openSslPlan(request('/tmp', more)), { code });
    });
  }
});
