/** Making the certificate with Windows' own cmdlets. */
import { checkedRequest, type CheckedRequest } from './externalRequests.ts';
import { filePath } from './fileNames.ts';
import { powerShellQuoted } from './openSslPlan.ts';
import { windowsSubject } from './subjectForms.ts';
import type { ExternalPlan, ExternalRequest } from './types.ts';

/**
 * A script for Windows PowerShell 5.1 that makes a certificate in the user's store and exports it as DER (`.cer`) and,
 * with its key, as PFX. The script is an argument and holds no secret; the PFX password comes as one line of base64
 * (UTF-8) on standard input, because the console's code page would change it, and because Windows logs scripts but
 * not their input. `display` asks for the password instead and also runs in PowerShell 7 on Windows.
 * Rejects with `subject-invalid`, `name-invalid`, `folder-invalid`, `validity-invalid`, `key-size-invalid`, `passphrase-invalid`.
 */
export function powerShellPlan(request: ExternalRequest): ExternalPlan {
  const checked = checkedRequest(request);
  const certificate = filePath(request.folder, request.name, '.cer');
  const pfx = filePath(request.folder, request.name, '.pfx');
  const writing = exports(certificate, pfx);
  const body = [
    ...creation(checked),
    ...(request.removeFromStore === true
      ? [
          'try {',
          ...writing.map((line) => `    ${line}`),
          '} finally {',
          "    Remove-Item -LiteralPath ('Cert:\\CurrentUser\\My\\' + $certificate.Thumbprint) -DeleteKey",
          '}',
        ]
      : writing),
  ];
  const script = [
    "$ErrorActionPreference = 'Stop'",
    "$ProgressPreference = 'SilentlyContinue'",
    // Started from PowerShell 7, this process inherits a path to modules that Windows PowerShell cannot load.
    "$env:PSModulePath = [Environment]::GetEnvironmentVariable('PSModulePath', 'Machine')",
    '$line = @($input)[0]',
    '$password = [Security.SecureString]::new()',
    '[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)).ToCharArray() | ForEach-Object { $password.AppendChar($_) }',
    ...body,
  ];
  const shown = [
    "$ErrorActionPreference = 'Stop'",
    "$password = Read-Host -AsSecureString -Prompt 'Password for the PFX file'",
    ...body,
  ];
  return {
    program: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-Command', script.join('\n')],
    // One block, so that a pasted script runs as a whole or not at all and leaves no variables behind.
    display: ['& {', ...shown.map((line) => `    ${line}`), '}'].join('\n'),
    input: `${Buffer.from(checked.passphrase, 'utf8').toString('base64')}\n`,
    passphrase: checked.passphrase,
    files: { certificate, pfx },
  };
}

/**
 * The software key storage provider makes keys that can be exported and sign with SHA-256; the older providers behind
 * `-KeySpec` cannot all. No text extension for basic constraints: without it the certificate is no CA either.
 */
function creation({ subject, validityDays, keySize }: CheckedRequest): string[] {
  return [
    '$notBefore = [DateTime]::Now.AddMinutes(-10)',
    '$parameters = @{',
    "    Type = 'Custom'",
    `    Subject = ${powerShellQuoted(windowsSubject(subject))}`,
    "    CertStoreLocation = 'Cert:\\CurrentUser\\My'",
    "    Provider = 'Microsoft Software Key Storage Provider'",
    "    KeyAlgorithm = 'RSA'",
    `    KeyLength = ${keySize}`,
    "    KeyExportPolicy = 'Exportable'",
    "    KeyUsage = 'DigitalSignature'",
    "    HashAlgorithm = 'SHA256'",
    "    TextExtension = @('2.5.29.37={text}1.3.6.1.5.5.7.3.2')",
    '    NotBefore = $notBefore',
    `    NotAfter = $notBefore.AddDays(${validityDays})`,
    '}',
    '$certificate = New-SelfSignedCertificate @parameters',
  ];
}

/** `CryptoAlgorithmOption` came with Windows 10 1709; before, PFX files are written with 3DES, which opens here too. */
function exports(certificate: string, pfx: string): string[] {
  return [
    `$null = Export-Certificate -Cert $certificate -Type CERT -NoClobber -FilePath ${powerShellQuoted(certificate)}`,
    '$export = @{',
    '    Cert = $certificate',
    `    FilePath = ${powerShellQuoted(pfx)}`,
    '    Password = $password',
    "    ChainOption = 'EndEntityCertOnly'",
    '    NoClobber = $true',
    '}',
    "if ((Get-Command Export-PfxCertificate).Parameters.ContainsKey('CryptoAlgorithmOption')) {",
    "    $export.CryptoAlgorithmOption = 'AES256_SHA256'",
    '}',
    '$null = Export-PfxCertificate @export',
  ];
}
