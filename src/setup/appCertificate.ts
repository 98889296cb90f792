/** The certificate that belongs to an app's key, looked for among those that lie near. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import type { CredentialTools } from './appCredential.ts';
import { readCertificateFile } from './certificateFile.ts';

/** A certificate in the key's own file, or beside it under the same name. */
export async function certificatesBeside(
  keyFile: string | undefined,
  bytes: Uint8Array | undefined,
  files: FileReader,
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = bytes === undefined ? [] : [bytes];
  if (keyFile === undefined) return found;
  const stem = join(dirname(keyFile), basename(keyFile, extname(keyFile)));
  for (const extension of ['.crt', '.cer', '.pem']) {
    if (`${stem}${extension}` === keyFile) continue;
    const beside = await readable(`${stem}${extension}`, files);
    if (beside !== undefined) found.push(beside);
  }
  return found;
}

/** What cannot be read (a folder or device of that name, a file of somebody else) is no certificate that is known here. */
async function readable(path: string, files: FileReader): Promise<Uint8Array | undefined> {
  try {
    return (await readCertificateFile(path, files))?.bytes;
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}

export interface FoundCertificate {
  readonly description: CertificateDescription;
  readonly der: Uint8Array;
  /** Whether it belongs to the key; absent where there was no key to compare. */
  readonly matches?: boolean;
}

/**
 * The candidate that belongs to the key, else the one that the code names, which then tells that the key is another's. Without a key, as in
 * CI, the thumbprint alone tells.
 */
export async function certificateOf(
  candidates: readonly Uint8Array[],
  pkcs8: Uint8Array | undefined,
  named: string | undefined,
  tools: CredentialTools,
): Promise<FoundCertificate | undefined> {
  let other: FoundCertificate | undefined;
  for (const candidate of candidates) {
    const found = await readCertificate(candidate, tools);
    if (found === undefined) continue;
    const matches = pkcs8 !== undefined && belongs(found.der, pkcs8);
    if (matches) return { ...found, matches };
    const { thumbprintSha256, thumbprintSha1 } = found.description;
    if ([thumbprintSha256, thumbprintSha1].includes(named?.toUpperCase()))
      other = pkcs8 === undefined ? found : { ...found, matches };
  }
  return other;
}

/** A certificate that somebody says is the app's; undefined where it cannot be read. */
export async function readCertificate(
  bytes: Uint8Array,
  tools: CredentialTools,
): Promise<FoundCertificate | undefined> {
  try {
    const { description, certificateDer: der } = await tools.certificates.openCertificate(bytes);
    return { description, der };
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}

function belongs(certificateDer: Uint8Array, pkcs8: Uint8Array): boolean {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return new X509Certificate(certificateDer).checkPrivateKey(key);
  } catch {
    return false;
  }
}
