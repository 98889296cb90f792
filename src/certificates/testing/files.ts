/** Certificate files for the tests, made by the machine's own `openssl` and `keytool`; keys are made once per run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrivateKey, X509Certificate } from 'node:crypto';

const folder = mkdtempSync(join(tmpdir(), 'ccg-certificates-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Absolute path of a file in the tests' own folder. */
export function path(name: string): string {
  return join(folder, name);
}

export function read(name: string): Buffer {
  return readFileSync(path(name));
}

/** Writes a file and returns its bytes. */
export function write(name: string, content: string | Uint8Array): Buffer {
  writeFileSync(path(name), content);
  return read(name);
}

/** Runs openssl in the tests' folder; its output. Throws with what openssl said. */
export function openssl(...args: string[]): Buffer {
  return execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs openssl and returns the file that it wrote. */
export function made(file: string, ...args: string[]): Buffer {
  openssl(...args, '-out', file);
  return read(file);
}

export function keytool(...args: string[]): void {
  execFileSync('keytool', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Undefined when the program is there, else why the tests that need it are left out. */
export function missing(program: string): string | undefined {
  const result = spawnSync(program, ['-help'], { stdio: 'ignore' });
  return result.error === undefined ? undefined : `${program} is not installed`;
}

const done = new Map<string, unknown>();
function once<T>(name: string, make: () => T): T {
  if (!done.has(name)) done.set(name, make());
  return done.get(name) as T;
}

/** A key and a certificate for it, as files `NAME.key`, `NAME.pem` and `NAME.der`. */
export interface Pair {
  readonly name: string;
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** DER of the certificate. */
  readonly der: Buffer;
  /** The key as PKCS#8 DER, as Node reads it. */
  readonly pkcs8: Buffer;
  readonly sha256: string;
}

/** A pair of {@link Pair}, made at first use and then shared. `algorithm` as `openssl genpkey` takes it. */
export function pair(name: string, options: PairOptions = {}): Pair {
  return once(name, () => {
    const { algorithm = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], subject = `/CN=${name}` } = options;
    if (options.keyOf === undefined) openssl('genpkey', ...algorithm, '-out', `${name}.key`);
    else write(`${name}.key`, read(`${options.keyOf}.key`));
    const request = ['-new', '-key', `${name}.key`, '-subj', subject, '-utf8', '-multivalue-rdn'];
    if (options.issuer === undefined) {
      openssl('req', '-x509', ...request, '-days', '365', ...(options.extra ?? []), '-out', `${name}.pem`);
    } else {
      openssl('req', ...request, '-out', `${name}.csr`);
      write(`${name}.ext`, options.ca === true ? 'basicConstraints=critical,CA:TRUE\n' : 'basicConstraints=CA:FALSE\n');
      const { issuer } = options;
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'],
        ...['-days', '365', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
      );
    }
    const certificate = new X509Certificate(read(`${name}.pem`));
    write(`${name}.der`, certificate.raw);
    return {
      name,
      certificate: read(`${name}.pem`),
      key: read(`${name}.key`),
      der: certificate.raw,
      pkcs8: Buffer.from(
        read(`${name}.key`)
          .toString()
          .replace(/-----[^-]+-----|\s/g, ''),
        'base64',
      ),
      sha256: certificate.fingerprint256.replaceAll(':', ''),
    };
  });
}

export interface PairOptions {
  readonly algorithm?: string[];
  readonly subject?: string;
  /** Arguments for `openssl req -x509`. */
  readonly extra?: string[];
  /** Name of the pair that signs; self-signed without. */
  readonly issuer?: string;
  readonly ca?: boolean;
  /** Name of the pair whose key is used again. */
  readonly keyOf?: string;
}

/** `app`, issued by `Issuing CA`, issued by `Root CA`. */
export function family(): { app: Pair; issuing: Pair; root: Pair } {
  const root = pair('root', { subject: '/CN=Root CA/O=Contoso' });
  const issuing = pair('issuing', { subject: '/CN=Issuing CA/O=Contoso', issuer: 'root', ca: true });
  const app = pair('app', { subject: '/C=DE/O=Contoso/CN=app', issuer: 'issuing' });
  return { app, issuing, root };
}

/** The same key in PKCS#8 DER, whatever its form. */
export function asPkcs8(pem: Buffer | string, passphrase?: string): Buffer {
  return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) }).export({
    format: 'der',
    type: 'pkcs8',
  });
}

/** Asserts the code of what a promise rejects with; the message is returned for a look at its words. */
export async function rejection(promise: Promise<unknown>): Promise<{ code: string; message: string; data: unknown }> {
  try {
    await promise;
  } catch (error) {
    const expected = error as { isExpectedError?: boolean; code: string; message: string; details: { data?: unknown } };
    if (expected.isExpectedError !== true) throw error;
    return { code: expected.code, message: expected.message, data: expected.details.data };
  }
  throw new Error('It did not reject.');
}
