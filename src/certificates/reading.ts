/** Reads any certificate or key file: finds out what it is, by content and never by its name. */
import * as l10n from '@vscode/l10n';
import { ExpectedError, throwIfCancelled } from '../base/errors.ts';
import { maxCertificateFile } from '../base/limits.ts';
import { classifyDer, looksLikeDer } from './classify.ts';
import { ContentsBuilder, type FileContents } from './contents.ts';
import { KdfBudget } from './encryption/kdfLimits.ts';
import { damagedFile, orDamaged } from './errors.ts';
import { openEncryptedPkcs8, orLocked, readEncryptedPkcs8 } from './keys/encryptedKey.ts';
import { toPkcs8 } from './keys/pkcs8.ts';
import { lookAlikeOf, lookAlikeOfDer, notACertificateFile } from './notCertificates.ts';
import { readPemText } from './pemContents.ts';
import { pkcs7Certificates } from './pkcs7.ts';
import { openPfx } from './pkcs12/open.ts';
import { decodeBase64, decodeText } from './text.ts';
import type { OpenOptions } from './types.ts';

/**
 * What is in the file. Keys that cannot be decrypted are handed out locked, with the reason.
 * Rejects with an expected error, never with another one, whatever the bytes are.
 */
export async function readContents(bytes: Uint8Array, options: OpenOptions = {}): Promise<FileContents> {
  throwIfCancelled(options.signal);
  if (bytes.length === 0) throw emptyFile();
  if (bytes.length > maxCertificateFile) throw fileTooLarge();
  return orDamaged(
    async () => (bytes[0] === 0x30 ? await readDerFile(bytes, options) : undefined) ?? readText(bytes, options),
  );
}

/** Undefined when the bytes are no DER, though they start like it. */
async function readDerFile(bytes: Uint8Array, options: OpenOptions): Promise<FileContents | undefined> {
  const kind = classifyDer(bytes);
  if (kind === undefined) {
    if (looksLikeDer(bytes)) throw damagedFile();
    return undefined;
  }
  const contents = new ContentsBuilder();
  switch (kind) {
    case 'pkcs12':
      return openPfx(bytes, options, 'pkcs12');
    case 'certificate':
      contents.addCertificate(bytes);
      return contents.build('certificate');
    case 'pkcs7':
      for (const certificate of pkcs7Certificates(bytes)) contents.addCertificate(certificate);
      if (contents.isEmpty) throw noCertificateInPkcs7();
      return contents.build('pkcs7');
    case 'encryptedPkcs8': {
      const passwords = [options.password, options.keyPassword].filter((password) => password !== undefined);
      const budget = new KdfBudget();
      const open = async () => {
        const sealed = readEncryptedPkcs8(bytes, 'key');
        budget.spend(sealed.scheme.kdf);
        return openEncryptedPkcs8(sealed, passwords, budget, 'key', options.signal);
      };
      contents.addKey(await orLocked(open));
      return contents.build('privateKey');
    }
    default: {
      const pkcs8 = toPkcs8(bytes, kind);
      if (pkcs8 === undefined) throw notACertificateFile(lookAlikeOfDer(kind));
      contents.addKey({ pkcs8 });
      return contents.build('privateKey');
    }
  }
}

async function readText(bytes: Uint8Array, options: OpenOptions): Promise<FileContents> {
  const text = decodeText(bytes);
  if (text.trim() === '') throw emptyFile();
  if (text.includes('-----BEGIN ')) return readPemText(text, options);
  const decoded = decodeBase64(secretOfJson(text) ?? text);
  if (decoded !== undefined) {
    const inner = decodeText(decoded);
    if (inner.includes('-----BEGIN ')) return readPemText(inner, options);
    const kind = classifyDer(decoded);
    // Key Vault hands out a PFX as base64; so does everybody who puts one into a variable.
    if (kind === 'pkcs12') return openPfx(decoded, options, 'keyVaultSecret');
    if (kind !== undefined || (looksLikeDer(decoded) && decoded.length > 200)) {
      return (await readDerFile(decoded, options)) ?? Promise.reject(notACertificateFile('unknown'));
    }
  }
  throw notACertificateFile(lookAlikeOf(bytes, text));
}

/** The value of a Key Vault secret that was saved as `az keyvault secret show` prints it. */
function secretOfJson(text: string): string | undefined {
  // A secret has at most 25 KB.
  if (text.length > 200_000 || !text.trimStart().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const value = typeof parsed === 'object' && parsed !== null && 'value' in parsed ? parsed.value : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function emptyFile(): ExpectedError {
  return new ExpectedError(
    'empty-file',
    l10n.t(
      'The file is empty. The export or download was probably broken off. Export or download the certificate again.',
    ),
  );
}

function fileTooLarge(): ExpectedError {
  return new ExpectedError(
    'file-too-large',
    l10n.t(
      'The file is larger than {0} MB, which no certificate or key file is. Choose the PFX, PEM, CER or key file itself.',
      maxCertificateFile / 1024 / 1024,
    ),
  );
}

function noCertificateInPkcs7(): ExpectedError {
  return new ExpectedError(
    'no-certificate',
    l10n.t(
      'The PKCS#7 file holds no certificate; it may be a signature or a revocation list. Choose the certificate file.',
    ),
  );
}
