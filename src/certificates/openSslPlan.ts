/** Making the certificate with the installed `openssl`. */
import { checkedRequest } from './externalRequests.ts';
import { filePath, isWindowsPath } from './fileNames.ts';
import { openSslSubject } from './subjectForms.ts';
import type { ExternalPlan, ExternalRequest } from './types.ts';

const extensions = [
  ['basicConstraints', 'critical,CA:FALSE'],
  ['keyUsage', 'critical,digitalSignature'],
  ['extendedKeyUsage', 'clientAuth'],
  ['subjectKeyIdentifier', 'hash'],
  ['authorityKeyIdentifier', 'keyid:always'],
] as const;

/**
 * Configuration that stands in for the machine's own where `-addext` is missing (LibreSSL below 3.1) or adds to the
 * extensions that the machine's configuration already names (LibreSSL, OpenSSL 1.1.1), which makes doubles. There is
 * no `prompt = no`: with it LibreSSL takes the name from the empty section and not from `-subj`.
 */
const configurationText = [
  '[ req ]',
  'distinguished_name = name',
  'x509_extensions = client',
  'string_mask = utf8only',
  '',
  '[ name ]',
  '',
  '[ client ]',
  ...extensions.map(([name, value]) => `${name} = ${value}`),
  '',
].join('\n');

/**
 * One `openssl req -x509` that makes key and certificate as PEM: key encrypted under the pass phrase that is the line
 * in `input`; extensions as in the certificates made here. Works with OpenSSL 3.x, and with `libreSsl` also with
 * LibreSSL and OpenSSL 1.1.1, which read the extensions from `configuration`. `display` lets openssl ask for the
 * pass phrase; it is for a POSIX shell, or for PowerShell where the folder is a Windows path.
 * LibreSSL writes the (encrypted) key readable for everybody where the umask allows: the folder should be private.
 * Rejects with `subject-invalid`, `name-invalid`, `folder-invalid`, `validity-invalid`, `key-size-invalid`, `passphrase-invalid`.
 */
export function openSslPlan(request: ExternalRequest): ExternalPlan {
  const { subject, validityDays, keySize, passphrase } = checkedRequest(request);
  const privateKey = filePath(request.folder, request.name, '.key');
  const certificate = filePath(request.folder, request.name, '.crt');
  const configuration = request.libreSsl === true ? filePath(request.folder, request.name, '.cnf') : undefined;
  const args = [
    ...['req', '-x509', '-newkey', `rsa:${keySize}`, '-sha256', '-days', String(validityDays)],
    ...['-utf8', '-subj', openSslSubject(subject)],
    ...(configuration === undefined
      ? extensions.flatMap(([name, value]) => ['-addext', `${name}=${value}`])
      : ['-config', configuration]),
    ...['-keyout', privateKey, '-out', certificate],
  ];
  const shell = isWindowsPath(request.folder) ? powerShellCommands : posixCommands;
  return {
    program: 'openssl',
    args: [...args, '-passout', 'stdin'],
    display: shell(['openssl', ...args], configuration),
    input: `${passphrase}\n`,
    passphrase,
    // Without it openssl.exe reads its arguments in the code page of the machine, and names lose their letters.
    env: { OPENSSL_WIN32_UTF8: '1' },
    ...(configuration === undefined ? {} : { configuration: { path: configuration, text: configurationText } }),
    files: { certificate, privateKey },
  };
}

function posixCommands(command: readonly string[], configuration: string | undefined): string {
  const line = command.map(posixQuoted).join(' ');
  if (configuration === undefined) return line;
  const file = posixQuoted(configuration);
  return `cat > ${file} <<'END'\n${configurationText}END\n${line}\nrm ${file}`;
}

function powerShellCommands(command: readonly string[], configuration: string | undefined): string {
  const line = ["$env:OPENSSL_WIN32_UTF8 = '1'", command.map(powerShellArgument).join(' ')].join('\n');
  if (configuration === undefined) return line;
  const file = powerShellQuoted(configuration);
  return `Set-Content -LiteralPath ${file} -Value @'\n${configurationText}'@\n${line}\nRemove-Item -LiteralPath ${file}`;
}

function posixQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Windows PowerShell hands double quotes on to programs only when a backslash stands before them. */
function powerShellArgument(text: string): string {
  return /^[\w=:.-]+$/.test(text) ? text : powerShellQuoted(text.replace(/(\\*)"/g, '$1$1\\"'));
}

/** A single-quoted string of PowerShell, which also takes the typographic single quotes for quotes. */
export function powerShellQuoted(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
