/** The extensions of a certificate that a description shows. */
import { children, DerError, elements, expectTag, oidText, readDer, Tag, type DerNode } from './der.ts';
import { nameText } from './names.ts';
import { extendedKeyUsageNames, keyUsageNames, Oid } from './oids.ts';
import type { CertificateFacts } from './types.ts';

export type ExtensionFacts = Pick<CertificateFacts, 'subjectAltNames' | 'keyUsage' | 'extendedKeyUsage' | 'isCa'>;

/**
 * Reads the Extensions element (RFC 5280, 4.1.2.9) of a certificate; undefined stands for none. An extension that does
 * not hold what it should counts as absent: it says nothing about whether the certificate serves.
 */
export function extensionFacts(extensions: DerNode | undefined): ExtensionFacts {
  const values = valuesOf(extensions);
  const read = <T>(oid: string, reader: (value: DerNode) => T, otherwise: T): T => {
    const value = values.get(oid);
    return value === undefined ? otherwise : tolerant(() => reader(readDer(value)), otherwise);
  };
  return {
    subjectAltNames: read(Oid.subjectAltName, (value) => children(value).map(generalName), []),
    keyUsage: read(Oid.keyUsage, keyUsages, []),
    extendedKeyUsage: read(
      Oid.extendedKeyUsage,
      (value) =>
        children(value).map((usage) => {
          const oid = oidText(usage);
          return extendedKeyUsageNames[oid] ?? oid;
        }),
      [],
    ),
    isCa: read(Oid.basicConstraints, isCa, false),
  };
}

/** The identifiers (hex) of a certificate's own key and of the one that it is signed with, RFC 5280, 4.2.1.1 and 4.2.1.2. Throws DerError. */
export function keyIdentifiers(extensions: DerNode | undefined): { subject?: string; authority?: string } {
  const values = valuesOf(extensions);
  const subject = values.get(Oid.subjectKeyIdentifier);
  const authority = values.get(Oid.authorityKeyIdentifier);
  const keyId = authority === undefined ? undefined : children(readDer(authority))[0];
  return {
    ...(subject === undefined
      ? {}
      : { subject: hex(expectTag(readDer(subject), Tag.octetString, 'A key identifier')) }),
    ...(keyId?.tag === Tag.contextPrimitive(0) ? { authority: hex(keyId) } : {}),
  };
}

function hex({ content }: DerNode): string {
  return Buffer.from(content).toString('hex');
}

/** The values of extensions by their identifiers. */
function valuesOf(extensions: DerNode | undefined): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  for (const extension of extensions === undefined ? [] : children(extensions)) {
    const parts = children(expectTag(extension, Tag.sequence, 'An extension'));
    const value = expectTag(parts.at(-1), Tag.octetString, 'The value of an extension');
    values.set(oidText(parts[0]), value.content);
  }
  return values;
}

function tolerant<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DerError) return otherwise;
    throw error;
  }
}

function isCa(value: DerNode): boolean {
  const flag = children(value)[0];
  return flag?.tag === Tag.boolean && flag.content[0] !== 0;
}

function keyUsages(value: DerNode): string[] {
  const bits = expectTag(value, Tag.bitString, 'The key usage').content.subarray(1);
  return keyUsageNames.filter((_, index) => (((bits[index >> 3] ?? 0) << (index & 7)) & 0x80) !== 0);
}

/** GeneralName (RFC 5280, 4.2.1.6) in the form that OpenSSL prints. */
function generalName(node: DerNode): string {
  const text = Buffer.from(node.content).toString('utf8');
  switch (node.tag) {
    case Tag.context(0):
      return otherName(node);
    case Tag.contextPrimitive(1):
      return `email:${text}`;
    case Tag.contextPrimitive(2):
      return `DNS:${text}`;
    case Tag.context(4):
      return `DirName:${elements(node.content).map(nameText).join('')}`;
    case Tag.contextPrimitive(6):
      return `URI:${text}`;
    case Tag.contextPrimitive(7):
      return `IP:${ipAddress(node.content)}`;
    case Tag.contextPrimitive(8):
      return `RID:${oidText({ ...node, tag: Tag.oid })}`;
    default:
      return `other:${Buffer.from(node.bytes).toString('hex')}`;
  }
}

/** Other names are user principal names in practice. */
function otherName(node: DerNode): string {
  const [type, wrapped] = children(node);
  const value = wrapped === undefined ? undefined : children(wrapped)[0];
  return `${oidText(type)}:${value === undefined ? '' : Buffer.from(value.content).toString('utf8')}`;
}

function ipAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = [];
  for (let i = 0; i < bytes.length; i += 2) groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  return groups.join(':');
}
