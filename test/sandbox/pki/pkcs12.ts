/** PKCS#12 files: written as Key Vault writes them (3DES, SHA-1 MAC), read with node-forge. */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { element, explicit, integer, nullValue, octetString, oid, sequence, setOf } from './der.ts';

const iterations = 2000;

/** RFC 7292 appendix B.2 with SHA-1; `id` 1 makes keys, 2 IVs, 3 MAC keys. The password is UTF-16 with its final zero. */
function deriveKey(password: string, salt: Buffer, id: number, size: number): Buffer {
  const bytes = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const repeat = (source: Buffer): Buffer => {
    const length = 64 * Math.ceil(source.length / 64);
    return Buffer.alloc(length, source);
  };
  const blocks = Buffer.concat([repeat(salt), repeat(bytes)]);
  const result: Buffer[] = [];
  for (let made = 0; made < size; made += 20) {
    let hash: Buffer = Buffer.concat([Buffer.alloc(64, id), blocks]);
    for (let round = 0; round < iterations; round++) hash = createHash('sha1').update(hash).digest();
    result.push(hash);
    addToBlocks(blocks, Buffer.alloc(64, hash));
  }
  return Buffer.concat(result).subarray(0, size);
}

/** Each 64-byte block I becomes (I + B + 1) mod 2^512. */
function addToBlocks(blocks: Buffer, added: Buffer): void {
  for (let start = 0; start < blocks.length; start += 64) {
    let carry = 1;
    for (let index = 63; index >= 0; index--) {
      const sum = (blocks[start + index] ?? 0) + (added[index] ?? 0) + carry;
      blocks[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

interface Encrypted {
  readonly algorithm: Buffer;
  readonly bytes: Buffer;
}

function encrypt(plain: Buffer, password: string): Encrypted {
  const salt = randomBytes(8);
  const key = deriveKey(password, salt, 1, 24);
  const cipher = createCipheriv('des-ede3-cbc', key, deriveKey(password, salt, 2, 8));
  return {
    algorithm: sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octetString(salt), integer(iterations))),
    bytes: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

const data = '1.2.840.113549.1.7.1';
const contentInfo = (plain: Buffer): Buffer => sequence(oid(data), explicit(0, octetString(plain)));

/** A PFX of the certificates (leaf first) and, if there is one, the key as PKCS#8 DER. */
export function writePkcs12(certificates: readonly Uint8Array[], key: Uint8Array | undefined, password = ''): Buffer {
  const localKeyId = setOf(octetString(Buffer.from([1, 0, 0, 0])));
  const attributes = setOf(sequence(oid('1.2.840.113549.1.9.21'), localKeyId));
  const certificateBags = certificates.map((der, index) =>
    sequence(
      oid('1.2.840.113549.1.12.10.1.3'),
      explicit(0, sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(der)))),
      ...(index === 0 && key !== undefined ? [attributes] : []),
    ),
  );
  const hidden = encrypt(sequence(...certificateBags), password);
  const encryptedData = sequence(
    oid('1.2.840.113549.1.7.6'),
    explicit(0, sequence(integer(0), sequence(oid(data), hidden.algorithm, element(0x80, hidden.bytes)))),
  );
  const contents = [...(key === undefined ? [] : [contentInfo(keyBag(key, attributes, password))]), encryptedData];
  const safe = sequence(...contents);
  const salt = randomBytes(20);
  const mac = createHmac('sha1', deriveKey(password, salt, 3, 20))
    .update(safe)
    .digest();
  return sequence(
    integer(3),
    contentInfo(safe),
    sequence(
      sequence(sequence(oid('1.3.14.3.2.26'), nullValue()), octetString(mac)),
      octetString(salt),
      integer(iterations),
    ),
  );
}

function keyBag(key: Uint8Array, attributes: Buffer, password: string): Buffer {
  const { algorithm, bytes } = encrypt(Buffer.from(key), password);
  return sequence(
    sequence(oid('1.2.840.113549.1.12.10.1.2'), explicit(0, sequence(algorithm, octetString(bytes))), attributes),
  );
}

export interface Pkcs12Contents {
  /** DER in the order of the file. */
  readonly certificates: Buffer[];
  /** PKCS#8 DER. */
  readonly keys: Buffer[];
}

/** Opens a PFX; throws when the password is wrong or the bytes are none. */
export function readPkcs12(bytes: Buffer, password: string): Pkcs12Contents {
  const { asn1, pki, pkcs12 } = forge;
  const read = pkcs12.pkcs12FromAsn1(asn1.fromDer(bytes.toString('latin1')), false, password);
  const contents: Pkcs12Contents = { certificates: [], keys: [] };
  const der = (node: forge.asn1.Asn1): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
  for (const bag of read.safeContents.flatMap(({ safeBags }) => safeBags)) {
    // node-forge writes null where its types say undefined.
    const cert = bag.cert ?? undefined;
    const key = bag.key ?? undefined;
    if (cert !== undefined) contents.certificates.push(der(pki.certificateToAsn1(cert)));
    else if (key !== undefined) contents.keys.push(der(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key))));
    // Keys and certificates that are not RSA come as they are.
    else if (bag.type === pki.oids.certBag) contents.certificates.push(der(bag.asn1));
    else if (bag.type === pki.oids.keyBag || bag.type === pki.oids.pkcs8ShroudedKeyBag)
      contents.keys.push(der(bag.asn1));
  }
  return contents;
}
