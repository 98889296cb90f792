/** Certificates and keys out of PEM text. */
import { classifyDer } from './classify.ts';
import { ContentsBuilder, type FileContents, type Pairing } from './contents.ts';
import { attempt, damagedFile, orDamaged } from './errors.ts';
import { KdfBudget } from './encryption/kdfLimits.ts';
import type { Sealed } from './encryption/decrypting.ts';
import { openEncryptedPkcs8, openLegacyPem, orLocked, readEncryptedPkcs8 } from './keys/encryptedKey.ts';
import { toPkcs8 } from './keys/pkcs8.ts';
import { lookAlikeOfDer, lookAlikeOfLabels, notACertificateFile } from './notCertificates.ts';
import { pemBlocks, type PemBlock } from './pem.ts';
import { pkcs7Certificates } from './pkcs7.ts';
import { openPfx } from './pkcs12/open.ts';
import type { FileKind, OpenOptions } from './types.ts';

/**
 * Reads a text that has PEM blocks. A key that no given password opens is handed out locked.
 * Rejects with `damaged-file` when a block that should hold something does not, and with `not-a-certificate-file`.
 */
export async function readPemText(text: string, options: OpenOptions): Promise<FileContents> {
  const blocks = pemBlocks(text);
  const pfx = blocks.find((block) => block.der !== undefined && classifyDer(block.der) === 'pkcs12');
  if (pfx?.der !== undefined) return openPfx(pfx.der, options, 'pkcs12');
  const contents = new ContentsBuilder();
  const budget = new KdfBudget();
  const sealedKeys = blocks.map((block) => spendFor(block, budget));
  let fromPkcs7 = false;
  for (const [index, block] of blocks.entries()) {
    fromPkcs7 = (await addBlock(block, sealedKeys[index], contents, budget, options)) || fromPkcs7;
  }
  if (contents.isEmpty) throw nothingIn(blocks);
  const { certificates, keys } = contents.build('pem');
  return contents.build(kindOf(certificates.length, keys.length, fromPkcs7));
}

/** A single certificate and bare keys have kinds of their own, whatever their encoding. */
function kindOf(certificates: number, keys: number, fromPkcs7: boolean): FileKind {
  if (certificates === 0) return 'privateKey';
  if (keys > 0) return 'pem';
  if (fromPkcs7) return 'pkcs7';
  return certificates === 1 ? 'certificate' : 'pem';
}

/** Every derivation of the file is counted before the first one starts. */
function spendFor(block: PemBlock, budget: KdfBudget): Sealed | undefined {
  const { der } = block;
  if (der === undefined || block.dekInfo !== undefined || classifyDer(der) !== 'encryptedPkcs8') return undefined;
  const sealed = attempt(() => unlessUnsupported(() => readEncryptedPkcs8(der, 'key')));
  if (sealed !== undefined) budget.spend(sealed.scheme.kdf);
  return sealed;
}

/** Adds what a block holds; true when it was PKCS#7. */
async function addBlock(
  block: PemBlock,
  sealed: Sealed | undefined,
  contents: ContentsBuilder,
  budget: KdfBudget,
  options: OpenOptions,
): Promise<boolean> {
  const { der, label } = block;
  const pairing: Pairing = {
    ...(block.friendlyName === undefined ? {} : { friendlyName: block.friendlyName }),
    ...(block.localKeyId === undefined ? {} : { localKeyId: block.localKeyId }),
  };
  const passwords = [options.password, options.keyPassword].filter((password) => password !== undefined);
  if (block.dekInfo !== undefined) {
    contents.addKey(await openLegacyPem(block, passwords, options.signal), pairing);
    return false;
  }
  if (label === 'OPENSSH PRIVATE KEY') {
    contents.addKey({ locked: notACertificateFile('sshPrivateKey') }, pairing);
    return false;
  }
  const kind = der === undefined ? undefined : classifyDer(der);
  if (der === undefined || kind === undefined) {
    if (isExpected(label)) throw damagedFile();
    return false;
  }
  if (kind === 'certificate') contents.addCertificate(der, pairing);
  if (kind === 'pkcs7') {
    for (const certificate of await orDamaged(() => pkcs7Certificates(der)))
      contents.addCertificate(certificate, pairing);
  }
  if (kind === 'encryptedPkcs8') {
    const open = async () =>
      openEncryptedPkcs8(sealed ?? readEncryptedPkcs8(der, 'key'), passwords, budget, 'key', options.signal);
    contents.addKey(await orLocked(open), pairing);
  }
  const pkcs8 = await orDamaged(() => toPkcs8(der, kind));
  if (pkcs8 !== undefined) contents.addKey({ pkcs8 }, pairing);
  return kind === 'pkcs7';
}

/** Whether a block with this label should have held a certificate or a key that this room reads. */
function isExpected(label: string): boolean {
  return !label.startsWith('PGP ') && /CERTIFICATE$|PRIVATE KEY$|PKCS ?#?7|PKCS ?#?12|^CMS$/.test(label);
}

function nothingIn(blocks: readonly PemBlock[]): Error {
  const fromLabels = lookAlikeOfLabels(blocks.map((block) => block.label));
  if (fromLabels !== undefined) return notACertificateFile(fromLabels);
  const kinds = blocks.map((block) => (block.der === undefined ? undefined : classifyDer(block.der)));
  return notACertificateFile(lookAlikeOfDer(kinds.find((kind) => kind !== undefined)));
}

function unlessUnsupported<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'unsupported-encryption') return undefined;
    throw error;
  }
}
