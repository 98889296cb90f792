/** Certificate and key files of 30 kinds, as people have them, by real openssl; and damaged ones. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface CertificateKind {
  readonly file: string;
  /** What the page must say of it. */
  readonly shows: 'certificate' | 'key' | 'password' | 'problem';
}

/** Writes the files into the folder and says what each must show. */
export function writeKinds(folder: string): CertificateKind[] {
  const kinds: CertificateKind[] = [];
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const at = (name: string) => path.join(folder, name);
  const read = (name: string) => readFileSync(at(name));
  const add = (file: string, shows: CertificateKind['shows'], content?: string | Uint8Array) => {
    if (content !== undefined) writeFileSync(at(file), content);
    kinds.push({ file, shows });
  };
  const request = (key: string[], name: string, ...rest: string[]) =>
    openssl(
      'req',
      '-x509',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      ...key,
      '-keyout',
      `${name}.raw`,
      '-out',
      `${name}.made`,
      ...rest,
    );

  request(['-newkey', 'rsa:2048'], 'rsa', '-days', '200', '-addext', 'extendedKeyUsage=clientAuth');
  const pem = read('rsa.made').toString();
  const key = read('rsa.raw').toString();
  add('pem.cer', 'certificate', pem);
  openssl('x509', '-in', 'rsa.made', '-outform', 'DER', '-out', 'binary.cer');
  add('binary.cer', 'certificate');
  add('binary.der', 'certificate', read('binary.cer'));
  add('crlf.cer', 'certificate', pem.replaceAll('\n', '\r\n'));
  add('bom.cer', 'certificate', `\uFEFF${pem}`);
  add('text-before.cer', 'certificate', `Bag Attributes\n    friendlyName: x\nsubject=CN = rsa\n${pem}`);
  add('with-key.cer', 'certificate', `${key}${pem}`);
  add('key-last.cer', 'certificate', `${pem}${key}`);
  add('base64.cer', 'certificate', read('binary.cer').toString('base64'));
  add('key.der', 'key', execFileSync('openssl', ['pkey', '-in', 'rsa.raw', '-outform', 'DER'], { cwd: folder }));
  add('key.cer', 'key', key);
  openssl('pkcs8', '-topk8', '-in', 'rsa.raw', '-passout', 'pass:secret words', '-out', 'encrypted.cer');
  add('encrypted.cer', 'password');
  for (const [name, ...args] of [
    ['modern.pfx'],
    ['legacy.pfx', '-legacy'],
    ['legacy.p12', '-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40'],
    ['sha512.pfx', '-macalg', 'sha512'],
    ['certificates-only.p12', '-nokeys'],
  ] as const) {
    openssl(
      'pkcs12',
      '-export',
      '-in',
      'rsa.made',
      '-inkey',
      'rsa.raw',
      '-out',
      name,
      '-passout',
      'pass:secret words',
      ...args,
    );
    add(name, 'password');
  }
  openssl(
    'pkcs12',
    '-export',
    '-in',
    'rsa.made',
    '-inkey',
    'rsa.raw',
    '-out',
    'empty-password.pfx',
    '-passout',
    'pass:',
  );
  add('empty-password.pfx', 'certificate');
  openssl(
    ...['pkcs12', '-export', '-in', 'rsa.made', '-inkey', 'rsa.raw', '-out', 'open.pfx', '-passout', 'pass:'],
    ...['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac'],
  );
  add('open.pfx', 'certificate');
  // Without a MAC openssl encrypts the key alone.
  openssl(
    ...[
      'pkcs12',
      '-export',
      '-in',
      'rsa.made',
      '-inkey',
      'rsa.raw',
      '-out',
      'no-mac.pfx',
      '-passout',
      'pass:secret words',
    ],
    '-nomac',
  );
  add('no-mac.pfx', 'certificate');
  openssl('crl2pkcs7', '-nocrl', '-certfile', 'rsa.made', '-out', 'pem.p7b');
  add('pem.p7b', 'certificate');
  openssl('crl2pkcs7', '-nocrl', '-certfile', 'rsa.made', '-outform', 'DER', '-out', 'binary.p7b');
  add('binary.p7b', 'certificate');
  request(['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ec');
  add('ec.cer', 'certificate', read('ec.made'));
  request(['-newkey', 'ed25519'], 'ed25519');
  add('ed25519.cer', 'certificate', read('ed25519.made'));
  request(['-newkey', 'rsa:1024'], 'short');
  add('short.cer', 'certificate', read('short.made'));
  request(['-newkey', 'rsa:2048', '-sha1'], 'sha1');
  add('sha1.cer', 'certificate', read('sha1.made'));
  add('chain.cer', 'certificate', `${pem}${read('ec.made').toString()}`);
  add('truncated.pfx', 'problem', read('modern.pfx').subarray(0, 300));
  add('truncated.cer', 'problem', pem.slice(0, 400));
  add('empty.cer', 'problem', '');
  add('letter.cer', 'problem', 'Dear colleague, attached is the certificate.\n');
  add('zeros.der', 'problem', Buffer.alloc(4096));
  add('picture.p12', 'problem', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  return kinds;
}
