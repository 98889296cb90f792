/** Distinguished names: the text of a Key Vault policy and the DER of a certificate. */
import { ia5String, oid, printableString, sequence, setOf, utf8String } from './der.ts';

const attributeOids: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  S: '2.5.4.8',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  E: '1.2.840.113549.1.9.1',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
};

export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** Splits `CN=a, O="b, c"` at its commas; throws Error for what is not `type=value` of a known type. */
export function parseName(text: string): NameAttribute[] {
  const parts = text.match(/(?:\\.|"(?:\\.|[^"\\])*"|[^,\\"])+/g) ?? [];
  return parts.map((part) => {
    const match = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/s.exec(part);
    const type = match?.[1]?.toUpperCase() ?? '';
    if (match === null || attributeOids[type] === undefined) throw new Error(`not a name attribute: ${part}`);
    const raw = match[2] ?? '';
    const value = /^".*"$/s.test(raw) ? raw.slice(1, -1) : raw;
    return { type, value: value.replace(/\\(.)/gs, '$1') };
  });
}

/** The DER of a name whose RDNs stand in the REVERSE order of the text, as Key Vault writes them. */
export function nameDer(text: string): Buffer {
  return sequence(
    ...parseName(text)
      .reverse()
      .map(({ type, value }) => {
        const string =
          type === 'C' ? printableString(value) : type === 'DC' || type === 'E' ? ia5String(value) : utf8String(value);
        return setOf(sequence(oid(attributeOids[type] ?? ''), string));
      }),
  );
}
