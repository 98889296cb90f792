/** The little that undo must know about `.env` files: where a line's value starts, and what the value is. */

/** `NAME=` at the start of a line, `export` and blanks as dotenv allows them. */
const assignment = /^([ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=|:[ \t]))(.*)$/;

export interface EnvLine {
  /** Everything up to and including the sign between name and value. */
  readonly head: string;
  readonly name: string;
  readonly rest: string;
}

export function parseEnvLine(line: string): EnvLine | undefined {
  const [, head, name, rest] = assignment.exec(line) ?? [];
  return head === undefined || name === undefined || rest === undefined ? undefined : { head, name, rest };
}

/**
 * The value of a one-line variable as dotenv reads it (the last line that sets it counts); undefined when it is not set.
 */
export function envValue(text: string, variable: string): string | undefined {
  let value: string | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const parsed = parseEnvLine(line);
    if (parsed?.name === variable) value = unquote(parsed.rest.trim());
  }
  return value;
}

function unquote(rest: string): string {
  const quote = rest[0];
  if (quote === "'" || quote === '"' || quote === '`') {
    const end = rest.indexOf(quote, 1);
    if (end > 0) {
      const inner = rest.slice(1, end);
      return quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
    }
  }
  const comment = rest.indexOf('#');
  return (comment < 0 ? rest : rest.slice(0, comment)).trim();
}
