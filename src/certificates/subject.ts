/** Distinguished names as people type them: RFC 4514 text or a bare common name. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';

/** Encoding of an attribute's value. Certificates of public CAs use UTF8String wherever RFC 5280 allows a choice. */
type StringKind = 'utf8' | 'printable' | 'ia5';

export interface AttributeType {
  /** Name in RFC 4514 text, as descriptions of certificates show it. */
  readonly name: string;
  /** Name for `openssl -subj`, where it differs. */
  readonly openSslName?: string;
  readonly oid: string;
  /** Name that Windows' CertStrToName knows. */
  readonly windowsName: string;
  readonly encoding: StringKind;
  /** Upper bound in characters: X.520 and RFC 5280 appendix A.1, which OpenSSL enforces. */
  readonly max: number;
}

export interface NameAttribute {
  readonly type: AttributeType;
  readonly value: string;
}

const types: readonly AttributeType[] = [
  { name: 'CN', oid: '2.5.4.3', windowsName: 'CN', encoding: 'utf8', max: 64 },
  { name: 'O', oid: '2.5.4.10', windowsName: 'O', encoding: 'utf8', max: 64 },
  { name: 'OU', oid: '2.5.4.11', windowsName: 'OU', encoding: 'utf8', max: 64 },
  { name: 'L', oid: '2.5.4.7', windowsName: 'L', encoding: 'utf8', max: 128 },
  { name: 'ST', oid: '2.5.4.8', windowsName: 'S', encoding: 'utf8', max: 128 },
  { name: 'C', oid: '2.5.4.6', windowsName: 'C', encoding: 'printable', max: 2 },
  { name: 'STREET', openSslName: 'street', oid: '2.5.4.9', windowsName: 'STREET', encoding: 'utf8', max: 128 },
  { name: 'serialNumber', oid: '2.5.4.5', windowsName: 'SERIALNUMBER', encoding: 'printable', max: 64 },
  { name: 'title', oid: '2.5.4.12', windowsName: 'T', encoding: 'utf8', max: 64 },
  { name: 'GN', oid: '2.5.4.42', windowsName: 'G', encoding: 'utf8', max: 64 },
  { name: 'SN', oid: '2.5.4.4', windowsName: 'SN', encoding: 'utf8', max: 64 },
  { name: 'DC', oid: '0.9.2342.19200300.100.1.25', windowsName: 'DC', encoding: 'ia5', max: 63 },
  {
    name: 'UID',
    oid: '0.9.2342.19200300.100.1.1',
    windowsName: 'OID.0.9.2342.19200300.100.1.1',
    encoding: 'utf8',
    max: 256,
  },
  { name: 'emailAddress', oid: '1.2.840.113549.1.9.1', windowsName: 'E', encoding: 'ia5', max: 128 },
];

const aliases: Readonly<Record<string, string>> = {
  S: 'ST',
  SP: 'ST',
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  G: 'GN',
  GIVENNAME: 'GN',
  SURNAME: 'SN',
  T: 'TITLE',
  STREETADDRESS: 'STREET',
  USERID: 'UID',
};

const longestSubject = 1000;

/**
 * What cannot be seen, turns the reading direction or ends a line. The joiners U+200C and U+200D are not among them: Persian and
 * emoji need them.
 */
export const hiddenCharacter =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/u;

/**
 * Reads a subject: `CN=app, O=Contoso` (RFC 4514: most specific attribute first, `\` escapes, `"…"` around a whole
 * value, `,` or `;` between) or a bare common name, which is any text without `=`.
 * Rejects with `subject-invalid`: unknown attribute, several values in one part (`+`), empty or overlong values,
 * control and direction characters.
 * @returns the attributes in the order of the text
 */
export function parseSubject(subject: string): readonly NameAttribute[] {
  if (subject.length > longestSubject) {
    throw invalid(l10n.t('The subject is longer than {0} characters. Shorten it.', longestSubject));
  }
  const hidden = hiddenCharacter.exec(subject)?.[0];
  if (hidden !== undefined) {
    const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw invalid(l10n.t('The subject holds the invisible character U+{0}. Type the subject without it.', code));
  }
  if (subject.trim() === '')
    throw invalid(l10n.t('The subject is empty. Type a name, for instance the name of the app.'));
  if (!subject.includes('=')) return [checked('CN', subject.trim())];
  if (/^\s*\//.test(subject)) {
    throw invalid(l10n.t('The subject starts with a slash, as for OpenSSL. Write it with commas: CN=app, O=Contoso.'));
  }
  return splitParts(subject).map(({ name, value }) => checked(name, value));
}

/** Undefined when the subject is fine, else the reason as full sentences for an input box. */
export function validateSubject(subject: string): string | undefined {
  try {
    parseSubject(subject);
    return undefined;
  } catch (error) {
    if (error instanceof ExpectedError) return error.message;
    throw error;
  }
}

function invalid(message: string): ExpectedError {
  return new ExpectedError('subject-invalid', message);
}

function checked(name: string, value: string): NameAttribute {
  const upper = name.toUpperCase();
  const type = types.find((known) => known.name.toUpperCase() === (aliases[upper] ?? upper) || known.oid === name);
  if (type === undefined) {
    const known = types.map((each) => each.name).join(', ');
    throw invalid(
      l10n.t('The subject has the attribute "{0}", which is not known here. Use one of: {1}.', name, known),
    );
  }
  if (value.trim() === '')
    throw invalid(l10n.t('The subject has no value for {0}. Type one or leave {0} out.', type.name));
  if (type.name === 'C' && !/^[a-z]{2}$/i.test(value)) {
    throw invalid(l10n.t('C in the subject is a country code of two letters, for instance DE or US.'));
  }
  if (Array.from(value).length > type.max) {
    throw invalid(
      l10n.t(
        'The value of {0} in the subject is longer than {1} characters, which certificates do not allow. Shorten it.',
        type.name,
        type.max,
      ),
    );
  }
  const allowed = { utf8: /^/, printable: /^[A-Za-z0-9 '()+,./:=?-]*$/, ia5: /^[ -~]*$/ }[type.encoding];
  if (!allowed.test(value)) {
    throw invalid(
      l10n.t(
        'The value of {0} in the subject has a character that certificates do not allow there. Use plain ASCII letters and digits.',
        type.name,
      ),
    );
  }
  return { type, value: type.name === 'C' ? value.toUpperCase() : value };
}

interface Part {
  readonly name: string;
  readonly value: string;
}

function splitParts(subject: string): Part[] {
  const parts: Part[] = [];
  for (let position = 0; position < subject.length;) {
    const equals = subject.indexOf('=', position);
    const name = subject.slice(position, equals < 0 ? undefined : equals).trim();
    if (equals < 0 || !/^[A-Za-z][A-Za-z0-9-]*$|^\d+(?:\.\d+)+$/.test(name)) {
      throw invalid(
        l10n.t(
          'The subject cannot be read at "{0}". Write it as CN=app, O=Contoso, and put values that hold commas or equals signs in double quotes.',
          name,
        ),
      );
    }
    const { value, end } = readValue(subject, equals + 1, name);
    parts.push({ name, value });
    position = end + 1;
    if (end < subject.length && subject.slice(position).trim() === '') {
      throw invalid(l10n.t('The subject ends with a comma. Remove it or type another attribute.'));
    }
  }
  return parts;
}

/** Reads a value from `start` to the comma or semicolon that ends it. */
function readValue(subject: string, start: number, name: string): { value: string; end: number } {
  let position = start;
  while (subject[position] === ' ') position++;
  if (subject[position] === '#') {
    throw invalid(
      l10n.t(
        'The value of {0} in the subject starts with #, the sign of an encoded value. Write \\# for the character itself.',
        name,
      ),
    );
  }
  const quoted = subject[position] === '"';
  if (quoted) position++;
  const bytes: Buffer[] = [];
  /** Length up to which the value counts: blanks at its end do only when they are escaped. */
  let kept = 0;
  for (; position < subject.length; position++) {
    const character = String.fromCodePoint(subject.codePointAt(position) ?? 0);
    if (quoted ? character === '"' : character === ',' || character === ';') break;
    if (!quoted && character === '+') {
      throw invalid(
        l10n.t(
          'The subject has several attributes in one part, joined by "+". Separate them by commas, or write \\+ for the character itself.',
        ),
      );
    }
    if (!quoted && character === '"') {
      throw invalid(
        l10n.t(
          'The value of {0} in the subject has a double quote in it. Write \\" for the character itself, or put the whole value in double quotes.',
          name,
        ),
      );
    }
    if (character === '\\') {
      const escape = /^(?:[0-9a-f]{2}|[ "+,;<>=#\\])/i.exec(subject.slice(position + 1))?.[0];
      if (escape === undefined) {
        throw invalid(
          l10n.t(
            'The value of {0} in the subject has a backslash that escapes nothing. Write \\\\ for the character itself.',
            name,
          ),
        );
      }
      bytes.push(escape.length === 2 ? Buffer.from(escape, 'hex') : Buffer.from(escape));
      position += escape.length;
      kept = bytes.length;
    } else {
      bytes.push(Buffer.from(character));
      position += character.length - 1;
      if (quoted || character !== ' ') kept = bytes.length;
    }
  }
  const end = quoted ? afterQuote(subject, position, name) : position;
  const value = decodeUtf8(Buffer.concat(bytes.slice(0, kept)), name);
  return { value, end };
}

function afterQuote(subject: string, quote: number, name: string): number {
  const rest = /^" *(?=[,;]|$)/.exec(subject.slice(quote))?.[0];
  if (rest === undefined) {
    throw invalid(
      l10n.t(
        'The double quotes around the value of {0} in the subject are not closed right before the next comma.',
        name,
      ),
    );
  }
  return quote + rest.length;
}

function decodeUtf8(bytes: Buffer, name: string): string {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes) || hiddenCharacter.test(text)) {
    throw invalid(l10n.t('The value of {0} in the subject escapes bytes that are no text.', name));
  }
  return text;
}
