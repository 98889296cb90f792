/** What was found in a file, whatever its format: certificates and keys, not yet matched. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { readDer } from './der.ts';
import type { KeyContent } from './keys/encryptedKey.ts';
import type { FileKind } from './types.ts';

/** Names by which files pair keys with certificates; they can lie. */
export interface Pairing {
  readonly friendlyName?: string;
  /** Hex. */
  readonly localKeyId?: string;
}

export interface FoundCertificate extends Pairing {
  readonly der: Uint8Array;
}

export type FoundKey = Pairing & KeyContent;

export interface FileContents {
  readonly kind: FileKind;
  readonly certificates: readonly FoundCertificate[];
  readonly keys: readonly FoundKey[];
}

/** Biggest real bundles (all root authorities of an operating system) stay below. */
const maxCertificates = 600;
const maxKeys = 50;

/** Collects while a file is read: cuts certificates at their end, drops what is there twice, and keeps count. */
export class ContentsBuilder {
  private readonly certificates = new Map<string, FoundCertificate>();
  private readonly keys = new Map<string, FoundKey>();

  /** Throws DerError when the bytes are no element, `file-too-large` when there are more than any real file has. */
  addCertificate(bytes: Uint8Array, pairing: Pairing = {}): void {
    const der = readDer(bytes).bytes;
    const id = Buffer.from(der).toString('base64');
    const known = this.certificates.get(id);
    this.certificates.set(id, { der, ...known, ...pairing });
    if (this.certificates.size > maxCertificates) throw tooMany();
  }

  addKey(content: KeyContent, pairing: Pairing = {}): void {
    const id = 'pkcs8' in content ? Buffer.from(content.pkcs8).toString('base64') : `locked ${this.keys.size}`;
    this.keys.set(id, { ...this.keys.get(id), ...content, ...pairing });
    if (this.keys.size > maxKeys) throw tooMany();
  }

  get isEmpty(): boolean {
    return this.certificates.size === 0 && this.keys.size === 0;
  }

  build(kind: FileKind): FileContents {
    return { kind, certificates: [...this.certificates.values()], keys: [...this.keys.values()] };
  }
}

function tooMany(): ExpectedError {
  return new ExpectedError(
    'file-too-large',
    l10n.t(
      'The file holds more than {0} certificates or {1} private keys. A file for one app holds a certificate, its key and the certificates of its issuers. Choose that file, or export the one certificate from this one.',
      maxCertificates,
      maxKeys,
    ),
  );
}
