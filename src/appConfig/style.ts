/** The file's own habits, so that new code looks like its neighbours. */
import type { Node, ObjectExpression } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import { endOf, startOf } from './nodes.ts';

export interface FileStyle {
  readonly eol: '\n' | '\r\n';
  readonly quote: "'" | '"';
  readonly semicolons: boolean;
}

export function styleOf(source: ParsedSource): FileStyle {
  const { text } = source;
  let crlf = 0;
  let lf = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1))
    if (text.charCodeAt(i - 1) === 13) crlf++;
    else lf++;
  const quotes = { single: 0, double: 0 };
  let withSemicolon = 0;
  let without = 0;
  source.all.forEach((node) => {
    if (node.type === 'StringLiteral' || node.type === 'DirectiveLiteral') {
      const quote = text.charAt(startOf(node));
      if (quote === "'") quotes.single++;
      else if (quote === '"') quotes.double++;
    } else if (
      /^(VariableDeclaration|ExpressionStatement|ReturnStatement|ImportDeclaration|ThrowStatement)$/.test(node.type)
    ) {
      const parent = source.parents.get(node)?.type ?? '';
      if (parent.startsWith('For') && node.type === 'VariableDeclaration') return;
      if (text.charAt(endOf(node) - 1) === ';') withSemicolon++;
      else without++;
    }
  });
  return {
    eol: crlf > lf ? '\r\n' : '\n',
    quote: quotes.double > quotes.single ? '"' : "'",
    semicolons: withSemicolon >= without,
  };
}

export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end++;
  return end;
}

/** Offset after the line end that stands at `offset`, if one does. */
export function afterLineEnd(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return offset + 2;
  return isLineEnd(text.charCodeAt(offset)) ? offset + 1 : offset;
}

const isLineEnd = (code: number): boolean => code === 10 || code === 13;

/** White space at the start of the line that holds `offset`; a BOM is no indentation. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  let end = start;
  while (text.charAt(end) === ' ' || text.charAt(end) === '\t') end++;
  return text.slice(start, Math.min(end, offset));
}

/** True when nothing but white space stands before the node on its line. */
export function startsLine(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  return indentAt(text, offset).length === offset - start && start > 0;
}

/** Offset of the next character that is neither white space nor comment. */
export function nextCode(source: ParsedSource, from: number): number {
  const { text, comments } = source;
  let offset = from;
  for (;;) {
    while (offset < text.length && /\s/.test(text.charAt(offset))) offset++;
    const comment = comments.find(({ start }) => start === offset);
    if (comment === undefined) return offset;
    offset = comment.end;
  }
}

/** Whether a comma stands after the last property. */
export function hasTrailingComma(source: ParsedSource, object: ObjectExpression): boolean {
  const last = object.properties.at(-1);
  return last !== undefined && source.text.charAt(nextCode(source, endOf(last))) === ',';
}

/** One step of indentation, as the object around a property has it, else as the file has it. */
export function indentUnit(source: ParsedSource, property: Node, object: Node | undefined): string {
  const { text } = source;
  const own = indentAt(text, startOf(property));
  const outer = object ? indentAt(text, startOf(object)) : own;
  const step = own.startsWith(outer) ? own.slice(outer.length) : '';
  if (step !== '' && (step.includes('\t') ? step.length === 1 : step.length <= 8)) return step;
  if (own.includes('\t')) return '\t';
  let smallest = '';
  for (const [, indent = ''] of text.matchAll(/^([ \t]+)\S/gm)) {
    if (indent.startsWith('\t')) return '\t';
    if (indent.length > 1 && (smallest === '' || indent.length < smallest.length)) smallest = indent;
  }
  return smallest === '' || smallest.length > 8 ? '  ' : smallest;
}
