/** What the bags of a PKCS#12 file hold. */
import { ContentsBuilder, type Pairing } from '../contents.ts';
import { children, DerError, elements, expectTag, octets, oidText, readDer, Tag, type DerNode } from '../der.ts';
import { attempt, damagedFile } from '../errors.ts';
import { certificateFacts, certificateParts } from '../facts.ts';
import type { KeyContent } from '../keys/encryptedKey.ts';
import { toPkcs8 } from '../keys/pkcs8.ts';
import { rsaNumbersFit } from '../keys/rsaNumbers.ts';
import { stringText } from '../names.ts';
import { Oid } from '../oids.ts';
import { signatureIsWrong } from '../signatures.ts';
import type { Bag, Pfx } from './structure.ts';

/** Adds the certificate or key of a bag; `open` decrypts a key. Throws DerError. */
export async function addBag(
  bag: Bag,
  contents: ContentsBuilder,
  open: (bag: Bag) => Promise<KeyContent>,
): Promise<void> {
  const pairing = readPairing(bag.attributes);
  if (bag.oid === Oid.certBag) {
    const [type, wrapped] = children(bag.value);
    // SDSI certificates, the other kind of RFC 7292, are no X.509 certificates.
    if (oidText(type) !== Oid.x509Certificate) return;
    contents.addCertificate(
      octets(elements(expectTag(wrapped, Tag.context(0), 'A certificate bag').content)[0]),
      pairing,
    );
  } else if (bag.oid === Oid.keyBag) {
    const pkcs8 = toPkcs8(bag.value.bytes);
    contents.addKey(pkcs8 === undefined ? { locked: damagedFile() } : { pkcs8 }, pairing);
  } else if (bag.oid === Oid.shroudedKeyBag) {
    contents.addKey(await open(bag), pairing);
  }
  // Revocation lists, secrets and unknown bags are not needed.
}

/** Parts that are encrypted each for itself, as far as it can be seen from outside. */
export function encryptedParts({ safes }: Pfx): number {
  return safes.reduce(
    (sum, safe) => sum + ('sealed' in safe ? 1 : safe.bags.filter((bag) => bag.oid === Oid.shroudedKeyBag).length),
    0,
  );
}

/** Whether what stands in the file without encryption is broken, so that the file has changed whatever the password is. */
export async function plainPartsAreBroken({ safes }: Pfx): Promise<boolean> {
  for (const bag of safes.flatMap((safe) => ('bags' in safe ? safe.bags : []))) {
    if (bag.oid !== Oid.certBag && bag.oid !== Oid.keyBag) continue;
    const contents = new ContentsBuilder();
    try {
      await addBag(bag, contents, () => Promise.resolve({ locked: damagedFile() }));
    } catch (error) {
      if (error instanceof DerError) return true;
      throw error;
    }
    const { certificates, keys } = contents.build('pkcs12');
    if (certificates.some(({ der }) => isBroken(der))) return true;
    if (keys.some((key) => 'locked' in key || rsaNumbersFit(key.pkcs8) === false)) return true;
  }
  return false;
}

function isBroken(der: Uint8Array): boolean {
  return attempt(() => certificateFacts(der)) === undefined || signatureIsWrong(certificateParts(der), []);
}

function readPairing(attributes: DerNode | undefined): Pairing {
  const pairing: { friendlyName?: string; localKeyId?: string } = {};
  for (const attribute of attributes === undefined ? [] : (attempt(() => children(attributes)) ?? [])) {
    const [type, values] = attempt(() => children(attribute)) ?? [];
    const value = values === undefined ? undefined : attempt(() => readDer(values.content));
    if (type?.tag !== Tag.oid || value === undefined) continue;
    const oid = oidText(type);
    if (oid === Oid.localKeyId) pairing.localKeyId = Buffer.from(value.content).toString('hex').toUpperCase();
    if (oid === Oid.friendlyName) {
      const text = stringText(value);
      if (text !== undefined && text !== '') pairing.friendlyName = text;
    }
  }
  return pairing;
}
