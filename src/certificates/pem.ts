/**
 * Finds PEM blocks in text as it is found in the wild: after Bag Attributes or other leading text, indented, with any line
 * ends, with line breaks written as `\n` (environment variables, JSON) or turned into blanks. Scans forwards only.
 */
import { decodeBase64 } from './text.ts';

export interface PemBlock {
  /** E.g. `CERTIFICATE`. */
  readonly label: string;
  /** Decoded body; undefined when it is not base64 or the END line is missing. */
  readonly der: Uint8Array | undefined;
  /** `DEK-Info` of a body that is encrypted the old way (RFC 1421): cipher and vector. */
  readonly dekInfo?: { readonly cipher: string; readonly iv: Uint8Array };
  /** `friendlyName` of the Bag Attributes that OpenSSL prints before the block. */
  readonly friendlyName?: string;
  /** `localKeyID` of the Bag Attributes, hex without separators. */
  readonly localKeyId?: string;
}

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';
/** Real bundles hold up to a few hundred. */
const maxBlocks = 2000;
/** Characters of one body; the biggest real ones (PKCS#7 bundles) stay below 1 MB. */
const maxBody = 2 * 1024 * 1024;

/** All blocks in the order of the text; a block that breaks off has no `der`. */
export function pemBlocks(original: string): PemBlock[] {
  const text = original.replace(/\r\n?/g, '\n');
  const blocks: PemBlock[] = [];
  let before = 0;
  let nextEnd = text.indexOf(end);
  let start = text.indexOf(begin);
  while (start >= 0 && blocks.length < maxBlocks) {
    const labelStart = start + begin.length;
    const labelEnd = text.indexOf(dashes, labelStart);
    // A label is short: a longer one means that its dashes belong to something else.
    if (labelEnd < 0) break;
    const next = text.indexOf(begin, labelStart);
    const label = text.slice(labelStart, Math.min(labelEnd, labelStart + 64)).trim();
    const bodyStart = labelEnd + dashes.length;
    while (nextEnd >= 0 && nextEnd < bodyStart) nextEnd = text.indexOf(end, nextEnd + end.length);
    const complete =
      nextEnd - bodyStart <= maxBody && nextEnd >= 0 && (next < 0 || nextEnd < next) && labelEnd - labelStart <= 64;
    const attributes = bagAttributes(text.slice(Math.max(before, start - 4096), start));
    blocks.push(
      complete
        ? { label, ...readBody(text.slice(bodyStart, nextEnd)), ...attributes }
        : { label, der: undefined, ...attributes },
    );
    before = complete ? nextEnd : bodyStart;
    start = next;
  }
  return blocks;
}

function readBody(body: string): Pick<PemBlock, 'der' | 'dekInfo'> {
  const dek = /DEK-Info:\s*([\w-]+)\s*,\s*([0-9A-Fa-f]+)/.exec(body.slice(0, 1024));
  if (dek === null) {
    // Other headers (RFC 1421, RFC 4716 style) end at the first empty line.
    const headers = /^\s*[\w-]+:[^\n]*\n(?:[^\n]+\n)*\s*\n/.exec(body.slice(0, 4096));
    return { der: decodeBody(body.slice(headers?.[0].length ?? 0)) };
  }
  const iv = Buffer.from(dek[2] ?? '', 'hex');
  return {
    der: decodeBody(body.slice(dek.index + dek[0].length)),
    dekInfo: { cipher: (dek[1] ?? '').toUpperCase(), iv },
  };
}

/** The base64 of a body; marks of quoted or concatenated strings in source code around the lines are dropped. */
function decodeBody(body: string): Uint8Array | undefined {
  const bare = body.replace(/\\[rnt]/g, ' ').replace(/["'`][ \t]*\+[ \t]*(?=\n|$|["'`])/g, ' ');
  return decodeBase64(bare.replace(/[\\"'`,;>]/g, ' '));
}

function bagAttributes(text: string): Pick<PemBlock, 'friendlyName' | 'localKeyId'> {
  const friendlyName = lastMatch(text, /friendlyName:[ \t]*([^\r\n]*)/g);
  const localKeyId = lastMatch(text, /localKeyID:[ \t]*([0-9A-Fa-f \t]+)/g)
    ?.replace(/\s/g, '')
    .toUpperCase();
  return {
    ...(friendlyName === undefined || friendlyName === '' ? {} : { friendlyName }),
    ...(localKeyId === undefined || localKeyId === '' ? {} : { localKeyId }),
  };
}

function lastMatch(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1]?.trim();
}
