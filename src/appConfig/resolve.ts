/** Values by reading: literals, constants, templates, fall-backs and environment variables. Code is never run. */
import type { Node } from '@babel/types';
import type { CodeValue, ExpressionHandle, ParsedSource } from './code.types.ts';
import { stringValue, unwrap } from './nodes.ts';
import { findBinding } from './scope.ts';
import { possibleValues } from './trace.ts';
import { describeValue } from './valueSource.ts';

/** `known` without a value: certainly undefined, as far as the environment handed in tells. */
type Evaluated = { readonly known: true; readonly value: string | undefined } | { readonly known: false };
const unknown: Evaluated = { known: false };

/**
 * Value and origin of an expression of this source.
 * @param env value of an environment variable, undefined when nothing sets it
 */
export function resolveExpression(
  source: ParsedSource,
  expression: ExpressionHandle,
  env: (name: string) => string | undefined,
): CodeValue {
  const result = evaluate(source, expression, env, 0);
  const value = result.known ? result.value : undefined;
  return { ...(value === undefined ? {} : { value }), source: describeValue(source, expression).source };
}

function evaluate(
  source: ParsedSource,
  expression: Node,
  env: (name: string) => string | undefined,
  depth: number,
): Evaluated {
  const node = unwrap(expression);
  const again = (next: Node): Evaluated => evaluate(source, next, env, depth + 1);
  if (depth > 20) return unknown;
  const literal = stringValue(node);
  if (literal !== undefined) return { known: true, value: literal };
  switch (node.type) {
    case 'NumericLiteral':
      return { known: true, value: String(node.value) };
    case 'TemplateLiteral': {
      let value = '';
      for (const [index, quasi] of node.quasis.entries()) {
        value += quasi.value.cooked ?? '';
        const inner = node.expressions[index];
        if (inner === undefined) continue;
        const part = again(inner);
        if (!part.known || part.value === undefined) return unknown;
        value += part.value;
      }
      return { known: true, value };
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return unknown;
      const left = again(node.left);
      const right = again(node.right);
      if (!left.known || !right.known || left.value === undefined || right.value === undefined) return unknown;
      return { known: true, value: left.value + right.value };
    }
    case 'LogicalExpression': {
      const left = again(node.left);
      if (!left.known || node.operator === '&&') return unknown;
      const absent = left.value === undefined || (node.operator === '||' && left.value === '');
      return absent ? again(node.right) : left;
    }
    case 'Identifier': {
      const binding = findBinding(source, node, node.name);
      const constant = binding?.kind === 'variable' && binding.path?.length === 0 && binding.assignments.length === 0;
      if (constant && binding.init) return again(binding.init);
      break;
    }
    default:
      break;
  }
  // Which branch is taken is known only at run time.
  if (node.type === 'ConditionalExpression') return unknown;
  const info = describeValue(source, node);
  if (info.source.kind === 'environment') {
    const value = env(info.source.variable);
    if (value !== undefined || !info.literal) return { known: true, value };
    return { known: true, value: stringValue(info.literal) };
  }
  if (info.source.kind === 'literal' && info.literal) return { known: true, value: stringValue(info.literal) };
  if (node.type === 'CallExpression') return unknown;
  const values = possibleValues(source, node);
  return values.length === 1 && values[0] && values[0] !== node ? again(values[0]) : unknown;
}
