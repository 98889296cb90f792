/** Text edits as data: computed by the rewriter, shown in the review, applied to bytes, turned round for undo. */

/** Replaces `length` UTF-16 code units at `offset` of the text before any edit by `text`. A BOM counts as one unit. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * Applies edits that do not overlap; their order does not matter, edits at one offset apply in array order.
 * Throws RangeError when edits overlap or lie outside the text: that is a bug of whoever made them.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.offset - b.edit.offset || a.index - b.index);
  let result = '';
  let position = 0;
  for (const { edit } of sorted) {
    if (edit.offset < position || edit.length < 0 || edit.offset + edit.length > text.length) {
      throw new RangeError(
        `Text edit at ${edit.offset}, length ${edit.length} overlaps another or lies outside the text.`,
      );
    }
    result += text.slice(position, edit.offset) + edit.text;
    position = edit.offset + edit.length;
  }
  return result + text.slice(position);
}

/**
 * 1-based line and column (in UTF-16 units) of an offset, as an editor has them: CRLF, LF and CR each end one line, and a BOM, which an
 * editor's document does not hold, is no column.
 */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let i = 0; i < offset; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      start = i + 1;
    }
  }
  return { line, column: Math.max(offset - start, 0) + 1 };
}
