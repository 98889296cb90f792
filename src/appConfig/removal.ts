/** Takes one property out of an object literal, with its comma and its line. */
import type { Node, ObjectExpression } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import type { ParsedSource } from './code.types.ts';
import { endOf, startOf } from './nodes.ts';
import { afterLineEnd, lineEnd, lineStart, nextCode, startsLine } from './style.ts';

/** @param beside the property that is replaced in the same rewrite */
export function removeProperty(
  source: ParsedSource,
  object: ObjectExpression,
  property: Node,
  beside: Node,
): TextEdit[] {
  const { text } = source;
  const index = object.properties.findIndex((candidate) => candidate === property);
  const previous = object.properties[index - 1];
  const next = object.properties[index + 1];
  const [start, end] = [startOf(property), endOf(property)];
  const comma = nextCode(source, end);
  const hasComma = text.charAt(comma) === ',';
  const stop = hasComma ? comma + 1 : end;
  const previousComma = previous ? nextCode(source, endOf(previous)) : -1;
  if (startsLine(text, start)) {
    const edits: TextEdit[] = [];
    if (!hasComma && previous) edits.push({ offset: previousComma, length: 1, text: '' });
    const lineStop = lineEnd(text, stop);
    const comment = source.comments.find(({ start: at, end: till }) => at >= stop && till <= lineStop);
    const restEnd = comment && text.slice(stop, comment.start).trim() === '' ? comment.end : stop;
    const clean = text.slice(restEnd, lineStop).trim() === '';
    const from = clean ? lineStart(text, start) : start;
    const to = clean ? afterLineEnd(text, lineStop) : stop;
    edits.push({ offset: from, length: to - from, text: '' });
    return edits;
  }
  if (previous && previous !== beside && !hasComma)
    return [{ offset: previousComma, length: end - previousComma, text: '' }];
  if (hasComma && next) return [{ offset: start, length: startOf(next) - start, text: '' }];
  return previous
    ? [{ offset: previousComma, length: stop - previousComma, text: '' }]
    : [{ offset: start, length: stop - start, text: '' }];
}
