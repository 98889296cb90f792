/** Building certificates and certificate requests for client credentials. */
import { createHash } from 'node:crypto';
import { children, readDer, toDer, toForge } from './der.ts';
import {
  bitString,
  booleanTrue,
  explicit,
  implicitBytes,
  integer,
  objectId,
  octetString,
  sequence,
  setOf,
  time,
  unsignedInteger,
  type Asn1,
} from './derWriting.ts';
import { Oid } from './oids.ts';
import { signatureAlgorithm, signed, type RsaKey } from './rsaKeys.ts';

const clientAuth = '1.3.6.1.5.5.7.3.2';
const extensionRequest = '1.2.840.113549.1.9.14';

export interface CertificateContent {
  /** Name of subject and issuer. */
  readonly name: Asn1;
  /** Unsigned, big-endian. */
  readonly serialNumber: Uint8Array;
  /** Milliseconds since the epoch; fractions of seconds are dropped. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate of version 3 that signs itself, for client authentication only (RFC 5280). DER. */
export function selfSignedCertificate(content: CertificateContent, key: RsaKey): Uint8Array {
  const keyId = keyIdentifier(key.spki);
  const body = sequence(
    explicit(0, integer(2)),
    unsignedInteger(content.serialNumber),
    signatureAlgorithm(),
    content.name,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.name,
    toForge(key.spki),
    explicit(
      3,
      sequence(
        // CA false is the default of the field, and DER leaves defaults out.
        extension(Oid.basicConstraints, true, sequence()),
        ...usageExtensions(),
        extension(Oid.subjectKeyIdentifier, false, octetString(keyId)),
        extension(Oid.authorityKeyIdentifier, false, sequence(implicitBytes(0, keyId))),
      ),
    ),
  );
  return signed(body, key.privateKey);
}

/** A request to certify the key (PKCS#10, RFC 2986) that asks for client authentication. DER. */
export function certificateRequest(name: Asn1, key: RsaKey): Uint8Array {
  const wanted = sequence(objectId(extensionRequest), setOf(sequence(...usageExtensions())));
  return signed(sequence(integer(0), name, toForge(key.spki), explicit(0, wanted)), key.privateKey);
}

/** What signing a token request needs, and nothing else. */
function usageExtensions(): Asn1[] {
  return [
    // Bit 0 is digitalSignature; the seven bits after it do not count (RFC 5280, 4.2.1.3).
    extension(Oid.keyUsage, true, bitString(Uint8Array.of(0x80), 7)),
    extension(Oid.extendedKeyUsage, false, sequence(objectId(clientAuth))),
  ];
}

function extension(oid: string, critical: boolean, value: Asn1): Asn1 {
  return sequence(objectId(oid), ...(critical ? [booleanTrue()] : []), octetString(toDer(value)));
}

/** SHA-1 over the key's bits: method 1 of RFC 5280, 4.2.1.2. An identifier, not a protection. */
function keyIdentifier(spki: Uint8Array): Uint8Array {
  const bits = children(readDer(spki))[1]?.content.subarray(1) ?? spki;
  return createHash('sha1').update(bits).digest();
}
