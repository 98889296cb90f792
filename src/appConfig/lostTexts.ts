/** The net below every rewrite: text that the code loses and that nothing keeps may be the secret, or a half of it. */
import type { Node } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import type { ParsedSource } from './code.types.ts';
import { endOf, isCall, isMember, pathOf, requiredModule, startOf } from './nodes.ts';
import { isSampleText } from './samples.ts';
import { describeValue } from './valueSource.ts';

/**
 * Literals and parts of templates that edits remove, and that stand neither in what takes their place nor among the texts that are
 * kept elsewhere. Names (of properties, variables, modules, files), sample text and what is only compared with are no loss.
 */
export function lostTexts(source: ParsedSource, edits: readonly TextEdit[], kept: readonly string[]): Node[] {
  const lost: Node[] = [];
  for (const node of source.all) {
    const value = textOf(node);
    if (value === undefined || isSampleText(value) || kept.includes(value)) continue;
    const by = edits.filter(
      ({ offset, length }) => startOf(node) < offset + length && endOf(node) > offset && length > 0,
    );
    if (by.length === 0 || by.some(({ text }) => text.includes(value)) || isName(source, node)) continue;
    lost.push(node);
  }
  return lost;
}

function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  return node.type === 'TemplateElement' ? (node.value.cooked ?? node.value.raw) : undefined;
}

const encodings = /^(?:utf-?8|ascii|latin1|base64(?:url)?|hex)$/i;

function isName(source: ParsedSource, text: Node): boolean {
  let child = text;
  for (let node = source.parents.get(text); node !== undefined; child = node, node = source.parents.get(node)) {
    if (isMember(node) && node.property === child) return true;
    if ('key' in node && node.key === child) return true;
    if (node.type === 'TSLiteralType') return true;
    if (node.type === 'ConditionalExpression' && node.test === child) return true;
    if (node.type === 'BinaryExpression' && /^(?:[=!]==?|in)$/.test(node.operator)) return true;
    if (node.type === 'ThrowStatement' || isMessage(node, textOf(text) ?? '')) return true;
    if (isCall(node) && node.callee !== child && isNameIn(source, node, child, textOf(text) ?? '')) return true;
    if (node.type.endsWith('Statement') || node.type.endsWith('Declaration')) return false;
  }
  return false;
}

/** `?? fail('X is not set')`, `new Error(…)`: Entra puts no blanks into its secrets. */
function isMessage(node: Node, text: string): boolean {
  return (isCall(node) || node.type === 'NewExpression') && /\s/.test(text);
}

/** `require('x')`, `getEnv('NAME')`, `readFileSync('file', 'utf8')`. */
function isNameIn(source: ParsedSource, call: Node, argument: Node, text: string): boolean {
  if (!isCall(call)) return false;
  if (requiredModule(call) !== undefined || encodings.test(text)) return true;
  if (pathOf(call.callee)?.at(-1) === 'readFileSync') return true;
  return call.arguments[0] === argument && /^(?:environment|settings)$/.test(describeValue(source, call).source.kind);
}
