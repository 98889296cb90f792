/** Applies inverse edits to a file as it is now, whether or not its user went on working in it. */
import { applyEdits, type TextEdit } from '../base/edits.ts';
import { matches, type Digest } from './digest.ts';
import { isPublicValue, type InsertedPiece, type InverseEdit, type RemovedPiece } from './inverse.ts';

/**
 * The text without setup's edits, or undefined where one of them cannot be found beyond doubt.
 * @param isUntouched the text is exactly what setup left: offsets hold
 * @param valueOf the value of an `.env` variable, undefined when it is not there
 */
export async function restoreText(
  text: string,
  edits: readonly InverseEdit[],
  isUntouched: boolean,
  afterLength: number,
  valueOf: (envFile: string, variable: string) => string | undefined,
): Promise<string | undefined> {
  const back: TextEdit[] = [];
  let floor = 0;
  for (const edit of edits) {
    const offset = isUntouched ? edit.offset : await locate(text, edit, afterLength);
    const removed = fill(edit.removed, valueOf);
    if (offset === undefined || offset < floor || removed === undefined) return undefined;
    floor = offset + edit.length;
    back.push({ offset, length: edit.length, text: removed });
  }
  return applyEdits(text, back);
}

/** Shorter texts (a bracket, a comma, the empty beginning of a file) prove nothing. */
const shortestProof = 8;

/** By everything before it, by everything behind it (which must not disagree), else by being the only such text in the file. */
async function locate(text: string, edit: InverseEdit, afterLength: number): Promise<number | undefined> {
  const proves = async (part: string, expected: Digest | undefined) =>
    expected !== undefined && part.trim().length >= shortestProof && (await matches(Buffer.from(part), expected));
  const fromEnd = text.length - (afterLength - edit.offset);
  const isAtStart = await proves(text.slice(0, edit.offset + edit.length), edit.prefix);
  const isAtEnd = fromEnd >= 0 && (await proves(text.slice(fromEnd), edit.suffix));
  if (isAtStart && isAtEnd && fromEnd !== edit.offset) return undefined;
  if (isAtStart) return edit.offset;
  return isAtEnd ? fromEnd : onlyOccurrence(text, edit.inserted);
}

function onlyOccurrence(text: string, pieces: readonly InsertedPiece[]): number | undefined {
  const anchor = longestText(pieces);
  if (anchor === undefined || anchor.text.trim().length < shortestProof) return undefined;
  const found: number[] = [];
  for (let at = text.indexOf(anchor.text); at >= 0; at = text.indexOf(anchor.text, at + 1)) {
    const start = at - anchor.offset;
    if (start >= 0 && standsAt(text, start, pieces)) found.push(start);
  }
  return found.length === 1 ? found[0] : undefined;
}

function longestText(pieces: readonly InsertedPiece[]): { text: string; offset: number } | undefined {
  let best: { text: string; offset: number } | undefined;
  let offset = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string' && piece.length > (best?.text.length ?? 0)) best = { text: piece, offset };
    offset += typeof piece === 'string' ? piece.length : piece.gap;
  }
  return best;
}

function standsAt(text: string, start: number, pieces: readonly InsertedPiece[]): boolean {
  let at = start;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      if (!text.startsWith(piece, at)) return false;
      at += piece.length;
    } else {
      const value = text.slice(at, at + piece.gap);
      if (value.length !== piece.gap || /[\r\n]/.test(value)) return false;
      at += piece.gap;
    }
  }
  return true;
}

function fill(
  pieces: readonly RemovedPiece[],
  valueOf: (envFile: string, variable: string) => string | undefined,
): string | undefined {
  let text = '';
  for (const piece of pieces) {
    const part = typeof piece === 'string' ? piece : valueOf(piece.envFile, piece.variable);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** True when nothing that setup would have inserted is there: the file was changed by its user before setup came to it. */
export function isAbsent(text: string, edits: readonly InverseEdit[]): boolean {
  // Names and comments may be another setup's; a thumbprint or the path of a key file is this one's.
  const own = edits
    .flatMap(({ inserted }) => inserted)
    .map((piece) => (typeof piece === 'string' ? piece.trim() : ''))
    .filter((piece) => piece.length >= shortestProof && !piece.startsWith('#') && isPublicValue(piece));
  if (own.length > 0) return own.every((piece) => !text.includes(piece));
  const anchors = edits
    .map((edit) => longestText(edit.inserted)?.text ?? '')
    .filter((anchor) => anchor.trim().length >= shortestProof);
  return anchors.length > 0 && anchors.every((anchor) => !text.includes(anchor));
}
