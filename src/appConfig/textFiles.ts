/** Text files as this room needs them: decoded without loss or not at all, with the line end they use. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';

/** Text of UTF-8 bytes, a BOM kept as U+FEFF; undefined when the bytes are not valid UTF-8: an edit would damage them. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Reads a file that is to be edited or parsed.
 * @returns undefined when there is no such file
 * @throws ExpectedError `not-utf-8`
 */
export async function readText(path: string, reader: FileReader): Promise<string | undefined> {
  const bytes = await reader.read(path);
  if (bytes === undefined) return undefined;
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new ExpectedError(
    'not-utf-8',
    l10n.t(
      '{0} is not valid UTF-8, so an edit could damage it. Save it with the encoding UTF-8, then run this command again.',
      path,
    ),
    { file: path },
  );
}

/** The line end most lines of the text use; `\n` where there is none. */
export function eolOf(text: string): '\n' | '\r\n' {
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  return crlf > lf ? '\r\n' : '\n';
}

/** A reader that asks for the same file once only; for one short piece of work, during which files count as unchanged. */
export function remembering(reader: FileReader): FileReader {
  const once = <T>(ask: (path: string) => Promise<T>): ((path: string) => Promise<T>) => {
    const asked = new Map<string, Promise<T>>();
    return (path) => {
      const answer = asked.get(path) ?? ask(path);
      asked.set(path, answer);
      return answer;
    };
  };
  return {
    read: once((path) => reader.read(path)),
    stat: once((path) => reader.stat(path)),
    list: once((path) => reader.list(path)),
  };
}
