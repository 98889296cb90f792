/**
 * Takes secrets out of text before it is logged, shown or thrown. By value first, since values are what must not leak;
 * by pattern second, for secrets that nobody announced.
 */

/** What stands in place of a secret. */
export const mask = '••••••••';

/** Values shorter than this would tear up ordinary words; they are masked only where they stand alone. */
const shortestInsideWords = 4;

const patterns: readonly (readonly [RegExp, string])[] = [
  // A key block, also with escaped line ends as in .env files and JSON, and one that was cut off before its END line.
  [
    /-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----(?:(?!-----).)*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)?/gs,
    `-----BEGIN $1PRIVATE KEY-----${mask}`,
  ],
  // A JWT: header and payload are base64url of JSON objects, which start with `{"`.
  [/\beyJ[\w-]{4,}\.eyJ[\w-]*\.[\w-]*/g, mask],
  [/\b((?:client_secret|client_assertion|access_token|refresh_token|passphrase|password)=)[^&\s"']+/gi, `$1${mask}`],
  [/\b(Authorization:?\s*Bearer\s+)[\w.~+/=-]+/gi, `$1${mask}`],
];

/** Holds the secrets of one command and takes them out of its text. */
export interface Masker {
  /** Announces secrets; undefined values, and those of nothing but white space, are ignored: no text would be left whole. */
  add(...secrets: readonly (string | undefined)[]): void;
  /** The text without any announced secret in plain, URL-encoded, base64 or JSON-escaped form, and without key blocks, tokens and the like. */
  text(text: string): string;
  /** Takes the secrets out of `message` and `stack` in place and drops `cause`, which may carry one anywhere. Returns the same error. */
  error<E extends Error>(error: E): E;
}

/** Makes a masker that knows no secret yet. */
export function createMasker(): Masker {
  const forms = new Set<string>();
  const text = (input: string): string => {
    let result = input;
    // Longest first: a short secret inside a longer one must not break the longer one up.
    for (const form of [...forms].sort((a, b) => b.length - a.length)) {
      result = form.length >= shortestInsideWords ? result.replaceAll(form, mask) : replaceAlone(result, form);
    }
    for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
    return result;
  };
  return {
    add(...secrets) {
      for (const secret of secrets) {
        if (secret !== undefined && secret.trim() !== '') for (const form of formsOf(secret)) forms.add(form);
      }
    },
    text,
    error(error) {
      redefine(error, 'message', text(error.message));
      if (error.stack !== undefined) redefine(error, 'stack', text(error.stack));
      if (error.cause !== undefined) redefine(error, 'cause', undefined);
      return error;
    },
  };
}

/** The ways in which a secret turns up in URLs, headers, JSON and `.env` files. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64');
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // Through bytes, because a lone surrogate cannot be URL-encoded.
    encodeURIComponent(bytes.toString('utf8')),
    new URLSearchParams({ s: secret }).toString().slice(2),
  ];
  // Short values have base64 forms that are ordinary words.
  if (secret.length >= shortestInsideWords) forms.push(base64, base64.replace(/=+$/, ''), bytes.toString('base64url'));
  return forms;
}

function replaceAlone(text: string, value: string): string {
  return text
    .split(/([\p{L}\p{N}_]+)/u)
    .map((piece) => (piece === value ? mask : piece))
    .join('');
}

/** Errors of VS Code and Node may have read-only or inherited properties; what cannot be written is shadowed. */
function redefine(error: Error, name: 'message' | 'stack' | 'cause', value: string | undefined): void {
  Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: false });
}
