/** Paths that code builds: `path.join(__dirname, '..', '.env')` and the like, by reading. */
import type { Node } from '@babel/types';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ParsedSource } from './code.types.ts';
import { isCall, memberName, pathOf, stringValue, unwrap } from './nodes.ts';
import { resolveExpression } from './resolve.ts';
import { possibleValues } from './trace.ts';

/** A path that counts from the folder the app is started in (then it may be relative), or an absolute one that code built from its own place. */
export type EnvPath =
  { readonly from: 'cwd'; readonly path: string } | { readonly from: 'file'; readonly path: string };

type Call = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>;

/**
 * What an expression that builds a path comes to; relative text counts from the folder the app is started in.
 * @param env value of an environment variable
 */
export function pathValue(
  source: ParsedSource,
  expression: Node,
  env: (name: string) => string | undefined = () => undefined,
  depth = 0,
): EnvPath | undefined {
  const node = unwrap(expression);
  if (depth > 10) return undefined;
  const again = (next: Node): EnvPath | undefined => pathValue(source, next, env, depth + 1);
  const text = stringValue(node);
  if (text !== undefined) return { from: 'cwd', path: text };
  const path = pathOf(node)?.join('.');
  if (path === '__dirname' || path === 'import.meta.dirname') return { from: 'file', path: dirname(source.fileName) };
  if (path === 'import.meta.url') return { from: 'file', path: source.fileName };
  if (node.type === 'NewExpression') {
    const [relative, base] = node.arguments.map((argument) => again(argument));
    return relative === undefined || base?.from !== 'file' ? undefined : urlPath(relative.path, base.path);
  }
  if (isCall(node)) return callValue(node, again);
  if (node.type === 'TemplateLiteral' || node.type === 'BinaryExpression') return concatenated(node, again);
  const { value } = resolveExpression(source, node, env);
  if (value !== undefined) return { from: 'cwd', path: value };
  const [only, ...others] = possibleValues(source, node);
  return only !== undefined && only !== node && others.length === 0 ? again(only) : undefined;
}

function callValue(call: Call, again: (node: Node) => EnvPath | undefined): EnvPath | undefined {
  const callee = unwrap(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : memberName(callee);
  if (name === 'cwd') return { from: 'cwd', path: '.' };
  const parts = call.arguments.map((argument) => again(argument));
  if (name === 'fileURLToPath') return parts[0];
  if (name === 'dirname' && parts[0] !== undefined) return { ...parts[0], path: dirname(parts[0].path) };
  if (name !== 'join' && name !== 'resolve') return undefined;
  const combine = name === 'join' ? join : resolve;
  let joined: EnvPath = { from: 'cwd', path: '.' };
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part.from === 'file') joined = part;
    else if (joined.from === 'file') joined = { from: 'file', path: combine(joined.path, part.path) };
    else joined = { from: 'cwd', path: join(joined.path, part.path) };
  }
  return joined;
}

/** `new URL('../.env', import.meta.url)`; undefined for what is no file. */
function urlPath(relative: string, base: string): EnvPath | undefined {
  try {
    return { from: 'file', path: fileURLToPath(new URL(relative, pathToFileURL(base))) };
  } catch {
    return undefined;
  }
}

/** `${__dirname}/../.env` and `__dirname + '/../.env'`. */
function concatenated(
  node: Extract<Node, { type: 'TemplateLiteral' | 'BinaryExpression' }>,
  again: (node: Node) => EnvPath | undefined,
): EnvPath | undefined {
  const parts: (EnvPath | undefined)[] = [];
  if (node.type === 'BinaryExpression')
    parts.push(...(node.operator === '+' ? [again(node.left), again(node.right)] : [undefined]));
  else {
    for (const [index, quasi] of node.quasis.entries()) {
      parts.push({ from: 'cwd', path: quasi.value.cooked ?? '' });
      const inner = node.expressions[index];
      if (inner !== undefined) parts.push(again(inner));
    }
  }
  let from: EnvPath['from'] = 'cwd';
  let path = '';
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part.from === 'file') from = 'file';
    path += part.path;
  }
  return from === 'file' ? { from, path: resolve(path) } : { from, path };
}
