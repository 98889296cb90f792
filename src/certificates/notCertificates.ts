/** Files that are taken for certificate files: what each is, and what to do instead. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { DerKind } from './classify.ts';

/** What a file that holds no certificate and no readable key looks like. */
export type LookAlike =
  | 'html'
  | 'xml'
  | 'json'
  | 'request'
  | 'publicKey'
  | 'revocationList'
  | 'sshPublicKey'
  | 'sshPrivateKey'
  | 'putty'
  | 'pgp'
  | 'onlyBagAttributes'
  | 'javaKeyStore'
  | 'zip'
  | 'gitLfs'
  | 'path'
  | 'unknown';

/** The expected error `not-a-certificate-file`; `details.data.looksLike` has the {@link LookAlike}. */
export function notACertificateFile(looksLike: LookAlike): ExpectedError {
  return new ExpectedError('not-a-certificate-file', explanation(looksLike), { data: { looksLike } });
}

/** What DER without a certificate or key is. */
export function lookAlikeOfDer(kind: DerKind | undefined): LookAlike {
  if (kind === 'request') return 'request';
  if (kind === 'publicKey') return 'publicKey';
  return kind === 'crl' ? 'revocationList' : 'unknown';
}

/** What bytes that are neither DER nor PEM look like. `text` is what they decode to. */
export function lookAlikeOf(bytes: Uint8Array, text: string): LookAlike {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic === 'feedfeed' || magic === 'cececece') return 'javaKeyStore';
  if (magic === '504b0304') return 'zip';
  const start = text.slice(0, 4096).trimStart();
  const lower = start.toLowerCase();
  if (lower.startsWith('<!doctype html') || lower.startsWith('<html') || lower.startsWith('<head')) return 'html';
  if (start.startsWith('<')) return 'xml';
  if (/^(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)\S+ AAAA/.test(start) || start.startsWith('---- BEGIN SSH2'))
    return 'sshPublicKey';
  if (start.startsWith('PuTTY-User-Key-File')) return 'putty';
  if (start.startsWith('version https://git-lfs')) return 'gitLfs';
  if (/^(?:Bag|Key) Attributes|^\s*localKeyID:/m.test(start)) return 'onlyBagAttributes';
  if (/^[{[]/.test(start)) return 'json';
  if (/^[^\r\n]{1,400}\.(?:pem|key|crt|cer|pfx|p12|p7b|der)\s*$/i.test(start)) return 'path';
  return 'unknown';
}

/** What PEM blocks that hold neither certificates nor readable keys are; undefined when none of them is known. */
export function lookAlikeOfLabels(labels: readonly string[]): LookAlike | undefined {
  const has = (pattern: RegExp): boolean => labels.some((label) => pattern.test(label));
  if (has(/CERTIFICATE REQUEST$/)) return 'request';
  if (has(/^PGP /)) return 'pgp';
  if (has(/PUBLIC KEY$/)) return 'publicKey';
  return has(/^X509 CRL$/) ? 'revocationList' : undefined;
}

function explanation(looksLike: LookAlike): string {
  switch (looksLike) {
    case 'html':
      return l10n.t(
        'This is a web page, not a certificate file. The download was probably answered with a sign-in or error page. Download the certificate again while signed in.',
      );
    case 'xml':
      return l10n.t('This is an XML file, not a certificate file. Choose the PFX, PEM, CER or key file itself.');
    case 'json':
      return l10n.t(
        'This is a JSON file without a certificate in it. Choose the PFX, PEM, CER or key file itself; from Key Vault, save the secret of the certificate, not its description.',
      );
    case 'request':
      return l10n.t(
        'This is a certificate signing request, not a certificate. Send it to your certificate authority, and choose the signed certificate that it answers with.',
      );
    case 'publicKey':
      return l10n.t(
        'This is a bare public key without a certificate around it. Choose the certificate file (PFX, PEM or CER).',
      );
    case 'revocationList':
      return l10n.t(
        'This is a certificate revocation list, not a certificate. Choose the certificate file (PFX, PEM or CER).',
      );
    case 'sshPublicKey':
      return l10n.t(
        'This is an SSH public key, not a certificate. Microsoft Entra needs an X.509 certificate: make a self-signed one, or choose a PFX, PEM or CER file.',
      );
    case 'sshPrivateKey':
      return l10n.t(
        'This is a private key in OpenSSH format, which OpenSSL and Node.js do not read. Convert a copy of it, then choose that: {0}',
        'ssh-keygen -p -m PKCS8 -f copy-of-key',
      );
    case 'putty':
      return l10n.t(
        'This is a PuTTY private key, which OpenSSL and Node.js do not read. Export it with PuTTYgen (Conversions, Export OpenSSH key), then convert that copy: {0}',
        'ssh-keygen -p -m PKCS8 -f copy-of-key',
      );
    case 'pgp':
      return l10n.t(
        'This is an OpenPGP key or message, not a certificate. Choose the certificate file (PFX, PEM or CER).',
      );
    case 'onlyBagAttributes':
      return l10n.t(
        'This file holds only attributes (“Bag Attributes”) and no key. OpenSSL leaves such a file behind when the export was broken off, for instance because Enter was pressed instead of typing a pass phrase of at least 4 characters. Choose the PFX file that the key was to be taken from.',
      );
    case 'javaKeyStore':
      return l10n.t(
        'This is a Java key store (JKS or JCEKS), which only Java reads. Convert it, then choose the new file: {0}',
        'keytool -importkeystore -srckeystore store.jks -destkeystore store.p12 -deststoretype PKCS12',
      );
    case 'zip':
      return l10n.t('This is a ZIP archive. Unpack it and choose the certificate file in it.');
    case 'gitLfs':
      return l10n.t(
        'This is only a pointer of Git LFS to the file, not the file itself. Fetch it with {0}, then try again.',
        'git lfs pull',
      );
    case 'path':
      return l10n.t('This text is the path of a certificate file, not its content. Choose the file that it names.');
    case 'unknown':
      return l10n.t(
        'This is not a certificate or key file of a kind that is known here. Choose a PFX (PKCS#12), PEM, CER, CRT, DER, P7B or key file.',
      );
  }
}
