/** The check sum of a PKCS#12 file, which tells a wrong password from a right one. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { children, expectTag, octets, smallInteger, Tag, type DerNode } from '../der.ts';
import { derive, hasHmac, type Kdf, type PasswordForm } from '../encryption/kdf.ts';
import { hashOf, readAlgorithm, readPbmac1, SchemeUnknown } from '../encryption/schemes.ts';
import { Oid } from '../oids.ts';

export interface Mac {
  readonly kdf: Kdf;
  readonly keyLength: number;
  /** Hash of the HMAC, as Node names it. */
  readonly hash: string;
  readonly digest: Uint8Array;
}

/** MacData of RFC 7292, or PBMAC1 of RFC 9579. Throws DerError, or SchemeUnknown for a MAC that cannot be computed here. */
export function readMac(macData: DerNode): Mac {
  const [digestInfo, salt, count] = children(expectTag(macData, Tag.sequence, 'The check sum'));
  const [algorithm, digest] = children(expectTag(digestInfo, Tag.sequence, 'The check sum'));
  const { oid, parameters } = readAlgorithm(algorithm);
  if (oid === Oid.pbmac1) {
    const mac = { ...readPbmac1(parameters), digest: octets(digest) };
    if (!hasHmac(mac.hash)) throw new SchemeUnknown(`HMAC-${mac.hash.toUpperCase()}`);
    return mac;
  }
  const hash = hashOf(oid);
  if (!hasHmac(hash)) throw new SchemeUnknown(`HMAC-${hash.toUpperCase()}`);
  const iterations = count === undefined ? 1 : smallInteger(count);
  return {
    kdf: { kind: 'pkcs12', hash, salt: octets(salt), iterations, blocks: 1 },
    keyLength: digestLength(hash),
    hash,
    digest: octets(digest),
  };
}

/** Whether the MAC over `data` is right with this form of the password. */
export async function macFits(mac: Mac, data: Uint8Array, form: PasswordForm, signal?: AbortSignal): Promise<boolean> {
  const key = await derive(mac.kdf, form, mac.keyLength, 'mac', signal);
  const expected = createHmac(mac.hash, key).update(data).digest();
  return expected.length === mac.digest.length && timingSafeEqual(expected, mac.digest);
}

function digestLength(hash: string): number {
  return createHmac(hash, '').digest().length;
}
