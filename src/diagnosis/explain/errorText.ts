/**
 * Reads an error out of text as people paste it: wrapped by a terminal, coloured, quoted in JSON, somewhere in a long log. Everything here takes time in
 * proportion to the text, whatever it is.
 */
import type { ErrorFacts } from './types.ts';

/** Of a longer text the two halves at its ends are read, in UTF-16 units. */
const longest = 2_000_000;
/** What belongs to an error stands this near to its number. */
const near = 4_000;

/** A number of Entra, and where it stands. */
export interface FoundNumber {
  /** `AADSTS700027`. */
  readonly code: string;
  readonly index: number;
  /** It stands beside its sentence and not before it, as in JSON. */
  readonly bare: boolean;
}

/** On one line, without what colours terminals, and no longer than it can be read. */
export function plainText(text: string): string {
  const half = longest / 2;
  const read = text.length > longest ? `${text.slice(0, half)} ${text.slice(-half)}` : text;
  return read.replace(escapes, '').replace(/\s+/g, ' ').trim();
}

/** CSI sequences (colours, movements) and OSC sequences (titles, links). */
// eslint-disable-next-line no-control-regex
const escapes = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)/g;

/** The ways in which Entra's JSON and MSAL's ServerError write the number without its prefix; `\` and quotes of any kind may stand in between. */
const bare =
  /(?:error_codes[\\"']{0,8} ?: ?\[ ?[\\"']{0,8}|errorNo[\\"']{0,8} ?[:=]? ?[\\"']{1,8}|Error\(s\): ?|\berror\?code=)(\d{4,8})(?!\d)/gi;

/** Every number in the text, those with their prefix first. */
export function numbersIn(text: string): readonly FoundNumber[] {
  return [
    ...[...text.matchAll(/AADSTS ?(\d{4,8})(?!\d)/gi)].map((match) => foundIn(match, false)),
    ...[...text.matchAll(bare)].map((match) => foundIn(match, true)),
  ];
}

const foundIn = (match: RegExpExecArray, isBare: boolean): FoundNumber => ({
  code: `AADSTS${match[1] ?? ''}`,
  index: match.index,
  bare: isBare,
});

/** What the text says about one number: from there on, and for a bare one also before it. */
export function textAround(text: string, { index, bare: isBare }: FoundNumber): string {
  return text.slice(isBare ? Math.max(0, index - near) : index, index + near);
}

/** @param text on one line */
export function errorFacts(text: string): ErrorFacts {
  // A terminal may have wrapped the line in the middle of it.
  const thumbprint = /Thumbprint of key used by client: \\?'([^']{0,400}?)\\?'/i.exec(text)?.[1]?.replaceAll(' ', '');
  const clientId =
    /Application with identifier '([^']{1,200})'/i.exec(text)?.[1] ??
    /app(?:lication)? (?:Id )?'?([0-9a-f]{8}-[0-9a-f-]{27})'?/i.exec(text)?.[1];
  const tenant =
    /in the directory '([^']{1,200})'/i.exec(text)?.[1] ?? /Tenant '([^']{1,200})' not found/i.exec(text)?.[1];
  const reason = /\[Reason - ([^.\]]{0,400})/i.exec(text)?.[1];
  return {
    text,
    ...(thumbprint === undefined ? {} : { thumbprint: thumbprint.toUpperCase() }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(reason === undefined ? {} : { reason }),
  };
}
