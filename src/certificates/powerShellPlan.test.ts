import assert from 'node:assert/strict';
import { powerShellPlan } from './powerShellPlan.ts';
import type { ExternalRequest } from './types.ts';

const withoutPassphrase: ExternalRequest = {
  subject: 'CN=ciam-client-app, O=Contoso',
  validityDays: 365,
  keySize: 2048,
  folder: 'C:\\Users\\me\\app\\certs',
  name: 'ciam-client-app',
};
const request: ExternalRequest = { ...withoutPassphrase, passphrase: 'pässword' };

const common = String.raw`$notBefore = [DateTime]::Now.AddMinutes(-10)
$parameters = @{
    Type = 'Custom'
    Subject = 'CN=ciam-client-app, O=Contoso'
    CertStoreLocation = 'Cert:\CurrentUser\My'
    Provider = 'Microsoft Software Key Storage Provider'
    KeyAlgorithm = 'RSA'
    KeyLength = 2048
    KeyExportPolicy = 'Exportable'
    KeyUsage = 'DigitalSignature'
    HashAlgorithm = 'SHA256'
    TextExtension = @('2.5.29.37={text}1.3.6.1.5.5.7.3.2')
    NotBefore = $notBefore
    NotAfter = $notBefore.AddDays(365)
}
$certificate = New-SelfSignedCertificate @parameters
`;
const writing = String.raw`$null = Export-Certificate -Cert $certificate -Type CERT -NoClobber -FilePath 'C:\Users\me\app\certs\ciam-client-app.cer'
$export = @{
    Cert = $certificate
    FilePath = 'C:\Users\me\app\certs\ciam-client-app.pfx'
    Password = $password
    ChainOption = 'EndEntityCertOnly'
    NoClobber = $true
}
if ((Get-Command Export-PfxCertificate).Parameters.ContainsKey('CryptoAlgorithmOption')) {
    $export.CryptoAlgorithmOption = 'AES256_SHA256'
}
$null = Export-PfxCertificate @export`;
const start = String.raw`$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$env:PSModulePath = [Environment]::GetEnvironmentVariable('PSModulePath', 'Machine')
$line = @($input)[0]
$password = [Security.SecureString]::new()
[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)).ToCharArray() | ForEach-Object { $password.AppendChar($_) }
`;

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

/** The values of all single-quoted strings, read as PowerShell's tokenizer does: any of five characters is a quote, two are one. */
function strings(script: string): string[] {
  const quote = /['\u2018\u2019\u201a\u201b]/;
  const found: string[] = [];
  for (let i = 0; i < script.length; i++) {
    if (!quote.test(script.charAt(i))) continue;
    let value = '';
    for (i++; i < script.length; i++) {
      if (quote.test(script.charAt(i))) {
        if (!quote.test(script.charAt(i + 1))) break;
        i++;
      }
      value += script.charAt(i);
    }
    found.push(value);
  }
  return found;
}

describe('making a certificate with PowerShell', () => {
  it('runs this script, with the password on standard input', () => {
    const plan = powerShellPlan(request);
    assert.equal(plan.program, 'powershell.exe');
    assert.deepEqual(plan.args, ['-NoProfile', '-NonInteractive', '-Command', start + common + writing]);
    assert.equal(Buffer.from(plan.input?.trimEnd() ?? '', 'base64').toString('utf8'), 'pässword');
    assert.match(plan.input ?? '', /^[\x20-\x7e]+\n$/);
    assert.deepEqual(plan.files, {
      certificate: 'C:\\Users\\me\\app\\certs\\ciam-client-app.cer',
      pfx: 'C:\\Users\\me\\app\\certs\\ciam-client-app.pfx',
    });
  });

  it('shows a script that asks for the password and can be pasted as one block', () => {
    const ask = `$ErrorActionPreference = 'Stop'\n$password = Read-Host -AsSecureString -Prompt 'Password for the PFX file'\n`;
    assert.equal(powerShellPlan(request).display, `& {\n${indented(ask + common + writing)}\n}`);
  });

  it('takes certificate and key out of the store only when asked, even if writing fails', () => {
    assert.ok(!powerShellPlan(request).display.includes('Remove-Item'));
    const script = powerShellPlan({ ...request, removeFromStore: true }).args.at(-1);
    const removal = String.raw`    Remove-Item -LiteralPath ('Cert:\CurrentUser\My\' + $certificate.Thumbprint) -DeleteKey`;
    assert.equal(script, `${start}${common}try {\n${indented(writing)}\n} finally {\n${removal}\n}`);
  });

  it('makes a password where none is given, and shows none', () => {
    const plan = powerShellPlan(withoutPassphrase);
    assert.match(plan.passphrase, /^[A-Za-z0-9]{24}$/);
    assert.equal(Buffer.from(plan.input ?? '', 'base64').toString(), plan.passphrase);
    assert.ok(!(plan.args.join(' ') + plan.display).includes(plan.passphrase));
  });

  const hostile = [
    `CN="'; Remove-Item C:\\\\ #", O=x`,
    'CN="‘; calc; ’ ‚ ‛ \'\'", O=x',
    'CN="$(calc) `calc` ${env:PATH} \\"@; \\""',
    "CN=a\\'b".replace('\\', ''),
  ];
  for (const subject of hostile) {
    it(`keeps what is in the subject a text: ${subject}`, () => {
      const plain = powerShellPlan(request);
      const plan = powerShellPlan({ ...request, subject, name: "it's ’$(calc)" });
      for (const [script, reference] of [
        [plan.args.at(-1) ?? '', plain.args.at(-1) ?? ''],
        [plan.display, plain.display],
      ] as const) {
        const values = strings(script);
        assert.equal(values.length, strings(reference).length);
        assert.ok(values.some((value) => value.startsWith('CN=')));
        assert.ok(values.includes("C:\\Users\\me\\app\\certs\\it's ’$(calc).pfx"));
        // Outside its strings the script is the same, whatever the subject.
        const outside = (text: string) =>
          strings(text).reduce(
            (rest, value) => rest.replace(value.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&'), ''),
            text,
          );
        assert.equal(outside(script), outside(reference));
      }
    });
  }

  it('refuses what OpenSSL is refused for', () => {
    assert.throws(() => powerShellPlan({ ...request, subject: 'CN=a\r\ncalc' }), { code: 'subject-invalid' });
    assert.throws(() => powerShellPlan({ ...request, name: 'a"b' }), { code: 'name-invalid' });
    assert.throws(() => powerShellPlan({ ...request, folder: 'certs' }), { code: 'folder-invalid' });
    assert.throws(() => powerShellPlan({ ...request, passphrase: 'ab\ncd' }), { code: 'passphrase-invalid' });
  });
});
