/** Writing PKCS#12 (PFX, RFC 7292) with the algorithms that OpenSSL 3, Windows 10, Java and Key Vault open. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { toDer } from './der.ts';
import {
  bmpString,
  explicit,
  implicitBytes,
  integer,
  nullValue,
  objectId,
  octetString,
  sequence,
  setOf,
  type Asn1,
} from './derWriting.ts';
import { derive, passwordForms } from './encryption/kdf.ts';
import { Oid } from './oids.ts';
import { encryptPbes2 } from './pbes2.ts';
import type { CredentialMaterial } from './types.ts';

const sha256 = '2.16.840.1.101.3.4.2.1';
/**
 * For each of the three derivations in the file. More would shut out .NET, whose loader refuses above 300,000 for one
 * and 1,000,000 for all (Pkcs12LoaderLimits.Defaults). The MAC must not be cheaper than the encryption: guessing goes
 * by the cheapest of them.
 */
const iterations = 100_000;
/** An empty password protects nothing, however often it is hashed. Key Vault's secrets have one. */
const iterationsWithoutPassword = 2048;

/**
 * A PKCS#12 file: key and certificates under PBES2 (AES-256-CBC, PBKDF2-HMAC-SHA256), a SHA-256 MAC over both. Key and
 * leaf are paired by localKeyId, and by friendlyName where one is given.
 * @param password any text; the empty one is allowed, since Key Vault and some tools want it
 */
export async function pkcs12(
  material: Pick<CredentialMaterial, 'certificateDer' | 'chainDer' | 'privateKeyPkcs8'>,
  password: string,
  friendlyName?: string,
): Promise<Uint8Array> {
  const count = password === '' ? iterationsWithoutPassword : iterations;
  const attributes = bagAttributes(createHash('sha1').update(material.certificateDer).digest(), friendlyName);
  const certificates = sequence(
    certificateBag(material.certificateDer, attributes),
    ...material.chainDer.map((der) => certificateBag(der)),
  );
  const [key, hidden] = await Promise.all([
    encryptPbes2(material.privateKeyPkcs8, password, count),
    encryptPbes2(toDer(certificates), password, count),
  ]);
  const shrouded = sequence(key.algorithm, octetString(key.bytes));
  const keys = sequence(sequence(objectId(Oid.shroudedKeyBag), explicit(0, shrouded), attributes));
  const encryptedContent = sequence(objectId(Oid.pkcs7Data), hidden.algorithm, implicitBytes(0, hidden.bytes));
  const authenticatedSafe = toDer(
    sequence(
      sequence(objectId(Oid.pkcs7EncryptedData), explicit(0, sequence(integer(0), encryptedContent))),
      data(toDer(keys)),
    ),
  );
  const salt = randomBytes(16);
  const kdf = { kind: 'pkcs12', hash: 'sha256', salt, iterations: count, blocks: 1 } as const;
  const macKey = await derive(kdf, passwordForms(password)[0], 32, 'mac');
  const digest = createHmac('sha256', macKey).update(authenticatedSafe).digest();
  const digestInfo = sequence(sequence(objectId(sha256), nullValue()), octetString(digest));
  return toDer(sequence(integer(3), data(authenticatedSafe), sequence(digestInfo, octetString(salt), integer(count))));
}

/** ContentInfo of the type data. */
function data(content: Uint8Array): Asn1 {
  return sequence(objectId(Oid.pkcs7Data), explicit(0, octetString(content)));
}

function certificateBag(der: Uint8Array, attributes?: Asn1): Asn1 {
  const bag = sequence(objectId(Oid.x509Certificate), explicit(0, octetString(der)));
  return sequence(objectId(Oid.certBag), explicit(0, bag), ...(attributes === undefined ? [] : [attributes]));
}

function bagAttributes(localKeyId: Uint8Array, friendlyName: string | undefined): Asn1 {
  const name =
    friendlyName === undefined || friendlyName === ''
      ? []
      : [sequence(objectId(Oid.friendlyName), setOf(bmpString(friendlyName)))];
  return setOf(sequence(objectId(Oid.localKeyId), setOf(octetString(localKeyId))), ...name);
}
