/** The outer structure of a PKCS#12 file (RFC 7292 section 4), read without deriving any key. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import {
  children,
  DerError,
  elements,
  expectTag,
  octets,
  oidText,
  readDer,
  smallInteger,
  Tag,
  type DerNode,
} from '../der.ts';
import { orUnsupported, readSealed, type Sealed } from '../encryption/decrypting.ts';
import { readEncryptedPkcs8 } from '../keys/encryptedKey.ts';
import { Oid } from '../oids.ts';
import { readMac, type Mac } from './mac.ts';

/** A bag as it stands in the file. `value` is the element inside its [0]. */
export interface Bag {
  readonly oid: string;
  readonly value: DerNode;
  readonly attributes: DerNode | undefined;
}

/** One of the file's safes: readable at once, or encrypted as a whole. */
export type Safe = { readonly bags: readonly Bag[] } | { readonly sealed: Sealed };

export interface Pfx {
  readonly safes: readonly Safe[];
  readonly mac: Mac | undefined;
  /** What the MAC is computed over. */
  readonly authenticated: Uint8Array;
}

/** Windows nests safes once at most. */
const maxNesting = 5;
const maxBags = 2000;

/** Reads a PFX; what follows it in the file is ignored. Throws DerError, or an expected error for what is not supported. */
export function readPfx(bytes: Uint8Array): Pfx {
  const [version, authSafe, macData] = children(readDer(bytes));
  smallInteger(version);
  const { type, content } = contentInfo(authSafe);
  if (type !== Oid.pkcs7Data) throw publicKeyMode();
  const authenticated = octets(content);
  const safes = children(readDer(authenticated)).map(readSafe);
  const mac = macData === undefined ? undefined : orUnsupported('pkcs12', () => readMac(macData));
  return { safes, mac, authenticated };
}

/** The bags of a SafeContents, those in nested ones included. Throws DerError. */
export function readBags(safeContents: Uint8Array, depth = 0): Bag[] {
  const bags = children(expectTag(readDer(safeContents), Tag.sequence, 'The content of a safe')).flatMap((bag) => {
    const [type, wrapped, attributes] = children(expectTag(bag, Tag.sequence, 'A bag'));
    const oid = oidText(type);
    const value = elements(expectTag(wrapped, Tag.context(0), 'A bag').content)[0];
    if (value === undefined) throw new DerError('A bag is empty.');
    if (oid === Oid.safeContentsBag && depth < maxNesting) return readBags(value.bytes, depth + 1);
    return [{ oid, value, attributes }];
  });
  return bags.slice(0, maxBags);
}

/** The encrypted key of a bag. Throws DerError, or `unsupported-encryption`. */
export function readKeyBag(bag: Bag): Sealed {
  return readEncryptedPkcs8(bag.value.bytes, 'pkcs12');
}

function readSafe(info: DerNode): Safe {
  const { type, content } = contentInfo(info);
  if (type === Oid.pkcs7Data) return { bags: readBags(octets(content)) };
  if (type !== Oid.pkcs7EncryptedData) throw publicKeyMode();
  // EncryptedData (RFC 2315 section 13): version, then content type, algorithm and the content as [0] IMPLICIT.
  const [, encrypted] = children(expectTag(content, Tag.sequence, 'Encrypted data'));
  const [, algorithm, data] = children(expectTag(encrypted, Tag.sequence, 'Encrypted content'));
  return { sealed: readSealed(algorithm, octets(data), 'pkcs12') };
}

function contentInfo(node: DerNode | undefined): { type: string; content: DerNode | undefined } {
  const [type, wrapped] = children(expectTag(node, Tag.sequence, 'A content'));
  return { type: oidText(type), content: wrapped === undefined ? undefined : elements(wrapped.content)[0] };
}

function publicKeyMode(): ExpectedError {
  return new ExpectedError(
    'unsupported-encryption',
    l10n.t(
      'The file is protected for the key of a particular person or machine instead of by a password (PKCS#12 in public-key mode), which cannot be opened here. Export the certificate again with a password.',
    ),
  );
}
