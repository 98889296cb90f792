/** Constants that only held the old secret: nothing in the file refers to them any more. */
import type { TextEdit } from '../base/edits.ts';
import { positionAt } from '../base/edits.ts';
import type { ParsedSource } from './code.types.ts';
import { endOf, startOf } from './nodes.ts';
import { findSecretReaders } from './readers.ts';
import { afterLineEnd, lineEnd, lineStart, startsLine } from './style.ts';

export interface LeftoverConstant {
  /** Removes the whole statement with its line. */
  readonly edit: TextEdit;
  /** 1-based. */
  readonly line: number;
  /** Range of the statement in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/**
 * `const clientSecret = process.env.CLIENT_SECRET` at the top of a file that says `clientSecret` nowhere else. Exported ones stay:
 * other files may use them.
 */
export function leftoverConstants(source: ParsedSource, variable: string): LeftoverConstant[] {
  const readers = findSecretReaders(source, { variables: [variable] });
  const found: LeftoverConstant[] = [];
  for (const node of source.all) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) continue;
    const { name } = node.id;
    const { init } = node;
    const statement = source.parents.get(node);
    if (statement?.type !== 'VariableDeclaration' || statement.declarations.length !== 1) continue;
    if (source.parents.get(statement)?.type !== 'Program') continue;
    if (!readers.some(({ offset }) => offset >= startOf(init) && offset < endOf(init))) continue;
    const uses = source.all.filter(
      (other) => (other.type === 'Identifier' || other.type === 'JSXIdentifier') && other.name === name,
    );
    if (uses.length !== 1) continue;
    const [start, end] = [startOf(statement), endOf(statement)];
    found.push({ edit: removal(source.text, start, end), line: positionAt(source.text, start).line, start, end });
  }
  return found;
}

function removal(text: string, start: number, end: number): TextEdit {
  const stop = lineEnd(text, end);
  const isAlone = startsLine(text, start) && /^\s*(?:\/\/.*)?$/.test(text.slice(end, stop));
  const from = isAlone ? lineStart(text, start) : start;
  const to = isAlone ? afterLineEnd(text, stop) : end;
  return { offset: from, length: to - from, text: '' };
}
