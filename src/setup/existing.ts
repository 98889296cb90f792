/** Certificate and key files that lie in the app already: what can serve as it is is referred to, not copied. */
import { isAbsolute, relative } from 'node:path';
import type { PlanTools } from './ports.ts';
import type { PlannedFile, SetupChoices } from './types.ts';

export interface ExistingFiles {
  readonly privateKey?: PlannedFile;
  readonly certificate?: PlannedFile;
}

/**
 * Those of the files which the material was opened from that the app can use where they are. Keys outside the app's folder are
 * copied: a deployment takes along only what lies in it.
 * @param passphrase what the app will open its key with; undefined for an unencrypted one
 */
export async function findExisting(
  choices: Pick<SetupChoices, 'config' | 'material' | 'source' | 'keyFrom'>,
  passphrase: string | undefined,
  tools: Pick<PlanTools, 'certificates' | 'files'>,
): Promise<ExistingFiles> {
  const { source, config, keyFrom, material } = choices;
  if (source === undefined) return {};
  const read = async (path: string) => (isBelow(path, config.appRoot) ? tools.files.read(path) : undefined);
  const certificate = await read(source.certificate);
  const key = keyFrom === 'file' ? await read(source.privateKey) : undefined;
  const servesAsKey =
    key !== undefined &&
    material.privateKeyPkcs8 !== undefined &&
    (await isKeyAsWanted(key, material.privateKeyPkcs8, passphrase, tools));
  return {
    ...(servesAsKey
      ? { privateKey: { path: source.privateKey, role: 'privateKey', mode: 0o600, bytes: key, exists: true } }
      : {}),
    ...(certificate !== undefined && isCertificateAlone(certificate, material.certificateDer)
      ? {
          certificate: { path: source.certificate, role: 'certificate', mode: 0o644, bytes: certificate, exists: true },
        }
      : {}),
  };
}

/** The one key of a PEM file, encrypted under exactly this pass phrase and in a way that every OpenSSL 3 opens, or plain where there is none. */
async function isKeyAsWanted(
  bytes: Uint8Array,
  wanted: Uint8Array,
  passphrase: string | undefined,
  tools: Pick<PlanTools, 'certificates'>,
): Promise<boolean> {
  const keys = blocksOf(bytes).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [key] = keys;
  if (key === undefined || keys.length > 1) return false;
  const isPlain = (key.label === 'PRIVATE KEY' || key.label === 'RSA PRIVATE KEY') && !key.body.includes(':');
  const isSealed = key.label === 'ENCRYPTED PRIVATE KEY' && sealing.every((oid) => derOf(key).includes(oid));
  if (!(passphrase === undefined ? isPlain : isSealed)) return false;
  const password = passphrase === undefined ? {} : { password: passphrase };
  // Another pass phrase than the user wants, or damage: a file of its own is written then.
  const opened = await tools.certificates.openPrivateKey(bytes, password).catch(() => undefined);
  return opened !== undefined && Buffer.from(opened).equals(wanted);
}

/** This certificate in PEM and nothing else: the file is the one to upload, so it must hold no key. */
function isCertificateAlone(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [block, ...others] = blocksOf(bytes);
  return block?.label === 'CERTIFICATE' && others.length === 0 && derOf(block).equals(wanted);
}

interface Block {
  readonly label: string;
  readonly body: string;
}

/** PEM blocks as OpenSSL finds them: the dashes begin their line, which they do not behind a byte order mark. None where the text is no UTF-8. */
function blocksOf(bytes: Uint8Array): Block[] {
  const text = Buffer.from(bytes).toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return [];
  const found = text.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\s*$([\s\S]*?)^-----END \1-----\s*$/gm);
  return [...found].map(([, label = '', body = '']) => ({ label, body }));
}

function derOf({ body }: Block): Buffer {
  return Buffer.from(body, 'base64');
}

/** PBES2, PBKDF2 and AES as they stand in DER (RFC 8018 A.2 and A.4; NIST 2.16.840.1.101.3.4.1). */
const sealing = ['06092a864886f70d01050d', '06092a864886f70d01050c', '06096086480165030401'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
