/** Where a value comes from, by syntax alone, and how the file reads such values, so that new ones are read the same way. */
import type { Node } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import {
  endOf,
  isCall,
  isMember,
  memberName,
  pathOf,
  requiredModule,
  rootOf,
  startOf,
  stringValue,
  unwrap,
} from './nodes.ts';
import { helperOf, isClosedEnv } from './envHelpers.ts';
import { findBinding, type Binding } from './scope.ts';
import { valuesOfProperty, valuesOfThis } from './trace.ts';
import type { ValueSource } from './types.ts';
import { chosen, fallback, joined } from './valueParts.ts';

/** How the file turns a variable's name into its value. */
export interface EnvReader {
  /** Code before and after the name. */
  readonly before: string;
  readonly after: string;
  /** The name stands in quotes, given here; '' after a dot. */
  readonly quote: string;
  /** SvelteKit: the name itself is imported from this module. */
  readonly importFrom?: Node;
  /** The reader's own type is already `string`. */
  readonly sure?: boolean;
}

/** What the file puts around it to please the compiler. */
export type Idiom = '' | '!' | ' as string' | " ?? ''" | " || ''" | '<string>';

export interface ValueInfo {
  readonly source: ValueSource;
  readonly reader?: EnvReader;
  readonly idiom: Idiom;
  /** The literal (or fall-back literal) that holds the value. */
  readonly literal?: Node;
  /** A constant of its own holds the value. */
  readonly constant?: Binding;
  /** Why it cannot be told, for declines. */
  readonly computed?: 'keyVault' | 'database' | 'call';
}

const environmentName = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const text = (source: ParsedSource, node: Node): string => source.text.slice(startOf(node), endOf(node));

/** Describes an expression; never evaluates it. */
export function describeValue(source: ParsedSource, expression: Node, depth = 0): ValueInfo {
  const again = (next: Node): ValueInfo => describeValue(source, next, depth + 1);
  const other = (computed?: ValueInfo['computed']): ValueInfo => ({
    source: { kind: 'expression', expression: shorten(text(source, expression)) },
    idiom: '',
    ...(computed ? { computed } : {}),
  });
  if (depth > 12) return other('call');
  if (stringValue(expression) !== undefined) return { source: { kind: 'literal' }, idiom: '', literal: expression };
  switch (expression.type) {
    case 'TSNonNullExpression':
      return withIdiom(again(expression.expression), '!');
    case 'TSAsExpression':
      return withIdiom(again(expression.expression), ' as string');
    case 'TSTypeAssertion':
      return withIdiom(again(expression.expression), '<string>');
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return again(expression.expression);
    case 'LogicalExpression':
      return expression.operator === '&&'
        ? again(expression.right)
        : fallback(again(expression.left), again(expression.right), expression.operator);
    case 'TemplateLiteral': {
      const infos = expression.expressions.map(again);
      const fixed = expression.quasis.map((part) => part.value.raw).join('');
      return joined(infos, fixed, combined(source, expression, infos));
    }
    case 'BinaryExpression': {
      if (expression.operator !== '+') return other();
      const infos = [again(expression.left), again(expression.right)];
      return joined(infos, '', combined(source, expression, infos));
    }
    case 'ConditionalExpression': {
      const [a, b] = [again(expression.consequent), again(expression.alternate)];
      return chosen(a, b, combined(source, expression, [a, b]));
    }
    case 'AwaitExpression': {
      const inner = again(expression.argument);
      return inner.source.kind === 'expression' ? { ...inner, computed: inner.computed ?? 'call' } : inner;
    }
    case 'Identifier':
      return describeName(source, expression, expression.name, depth);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return describeMember(source, expression, depth);
    case 'CallExpression':
    case 'OptionalCallExpression':
      return describeCall(source, expression, depth);
    default:
      return other();
  }
}

/** Source code for messages: one line, short. Literals never come through here (they have a kind of their own). */
function shorten(code: string): string {
  const masked = code.replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/gs, '$1…$1').replace(/\s+/g, ' ');
  return masked.length > 80 ? `${masked.slice(0, 79)}…` : masked;
}

function withIdiom(info: ValueInfo, idiom: Idiom): ValueInfo {
  return info.reader ? { ...info, idiom } : info;
}

/** What an expression of several parts has in common with them, where nothing more can be said. */
function combined(source: ParsedSource, whole: Node, infos: readonly ValueInfo[]): ValueInfo {
  const parameter = infos.find((info) => info.source.kind === 'parameter');
  if (parameter) return parameter;
  const computed = infos.find((info) => info.computed)?.computed;
  const reader = infos.find((info) => info.reader);
  return {
    source: { kind: 'expression', expression: shorten(text(source, whole)) },
    idiom: reader?.idiom ?? '',
    ...(reader?.reader ? { reader: reader.reader } : {}),
    ...(computed ? { computed } : {}),
  };
}

const processReader: EnvReader = { before: 'process.env.', after: '', quote: '' };

function environment(variable: string, reader: EnvReader): ValueInfo {
  return { source: { kind: 'environment', variable, hasFallback: false }, reader, idiom: '' };
}

function describeName(source: ParsedSource, node: Node, name: string, depth: number): ValueInfo {
  const binding = findBinding(source, node, name);
  const unknown: ValueInfo = { source: { kind: 'expression', expression: name }, idiom: '' };
  if (binding === undefined) return unknown;
  switch (binding.kind) {
    case 'parameter':
      return { source: { kind: 'parameter', name }, idiom: '' };
    case 'import':
      if (binding.specifier?.startsWith('$env/static/') === true && binding.imported !== undefined)
        return environment(binding.imported, {
          before: '',
          after: '',
          quote: '',
          importFrom: binding.declaration,
          sure: true,
        });
      return {
        source: { kind: 'settings', expression: name, ...(binding.specifier ? { file: binding.specifier } : {}) },
        idiom: '',
      };
    case 'variable':
      break;
    default:
      return { ...unknown, computed: 'call' };
  }
  if (binding.path === undefined) return { ...unknown, computed: 'call' };
  const [value] = binding.init === undefined ? binding.assignments : [binding.init];
  // Assigned several times: no single place says what it is.
  if (value === undefined || binding.assignments.length > (binding.init === undefined ? 1 : 0))
    return { ...unknown, computed: 'call' };
  if (binding.path.length === 0) return { ...describeValue(source, value, depth + 1), constant: binding };
  const last = binding.path.at(-1) ?? '';
  const base = pathOf(value);
  if (base?.join('.') === 'process.env') return { ...environment(last, processReader), constant: binding };
  return {
    ...describePath(source, value, binding.path, `${text(source, value)}.${binding.path.join('.')}`, depth),
    constant: binding,
  };
}

/** `root.path` where the root is not (only) a plain chain. */
function describePath(
  source: ParsedSource,
  root: Node,
  path: readonly string[],
  expression: string,
  depth: number,
): ValueInfo {
  const settings = (file?: string): ValueInfo => ({
    source: { kind: 'settings', expression: shorten(expression), ...(file === undefined ? {} : { file }) },
    idiom: '',
  });
  const inner = unwrap(root);
  const file = requiredModule(inner) ?? (isCall(inner) ? requiredModule(inner.callee) : undefined);
  if (file !== undefined) return settings(file);
  let values: Node[] = [inner];
  for (const name of path) values = values.flatMap((value) => valuesOfProperty(source, value, name));
  if (values.length === 1 && values[0]) return describeValue(source, values[0], depth + 1);
  if (inner.type === 'AwaitExpression' || inner.type === 'NewExpression')
    return describeOpaque(source, inner, expression);
  if (isCall(inner)) {
    const called = pathOf(inner.callee)?.at(-1) ?? '';
    if (/config|settings|env|options/i.test(called) && !/secret|vault|find/i.test(called)) return settings();
    return describeOpaque(source, inner, expression);
  }
  if (inner.type === 'Identifier' || isMember(inner)) {
    const base = describeValue(source, inner, depth + 1);
    if (base.source.kind === 'parameter') return base;
    if (base.source.kind === 'settings') return settings(base.source.file);
    if (base.computed) return { ...base, source: { kind: 'expression', expression: shorten(expression) } };
  }
  return { source: { kind: 'expression', expression: shorten(expression) }, idiom: '', computed: 'call' };
}

function describeOpaque(source: ParsedSource, node: Node, expression: string): ValueInfo {
  let computed: ValueInfo['computed'] = 'call';
  const code = text(source, node);
  const names = (code.match(/[A-Za-z_$][\w$]*/g) ?? []).join(' ');
  if (/secretclient|keyvault|getSecret|vault/i.test(names)) computed = 'keyVault';
  else if (/find(One|First|Unique|ById)?\b|prisma|query|select|knex|mongoose|repository|collection|\bdb\b/i.test(names))
    computed = 'database';
  return { source: { kind: 'expression', expression: shorten(expression) }, idiom: '', computed };
}

function describeMember(source: ParsedSource, node: Node, depth: number): ValueInfo {
  if (!isMember(node)) return describeValue(source, node, depth + 1);
  const name = memberName(node);
  const object = unwrap(node.object);
  const path = pathOf(object)?.join('.');
  if (name !== undefined) {
    const quote = node.computed ? text(source, node.property).charAt(0) : '';
    const before = source.text.slice(startOf(node), startOf(node.property));
    const own: EnvReader = { before, after: node.computed ? ']' : '', quote };
    // `process.env as Env`, whose type knows the old names only.
    const reader = isClosedEnv(source, node.object) ? processReader : own;
    if (path === 'process.env' || path === 'import.meta.env' || path === 'Bun.env') return environment(name, reader);
    if (object.type === 'Identifier') {
      const binding = findBinding(source, object, object.name);
      if (binding?.specifier?.startsWith('$env/dynamic/') === true) return environment(name, reader);
      const isProcess = /^(node:)?process$/.test(binding?.specifier ?? '') && binding?.imported === 'env';
      const init = binding?.init && binding.kind === 'variable' ? pathOf(binding.init)?.join('.') : undefined;
      const destructured = init === 'process' && binding?.path?.join('.') === 'env';
      if (isProcess || destructured || (init === 'process.env' && binding?.path?.length === 0))
        return environment(name, reader);
    }
  }
  const root = rootOf(node);
  if (root.type === 'ThisExpression') return describeThis(source, node, depth);
  const chain = pathOf(node);
  if (root.type === 'Identifier' && chain !== undefined) {
    const binding = findBinding(source, root, root.name);
    if (binding?.kind === 'parameter') return { source: { kind: 'parameter', name: root.name }, idiom: '' };
    if (binding?.kind === 'import')
      return {
        source: {
          kind: 'settings',
          expression: chain.join('.'),
          ...(binding.specifier ? { file: binding.specifier } : {}),
        },
        idiom: '',
      };
    if (binding?.init !== undefined && binding.kind === 'variable' && binding.path !== undefined) {
      const info = describePath(source, binding.init, [...binding.path, ...chain.slice(1)], chain.join('.'), depth);
      return info.source.kind === 'literal' || info.source.kind === 'environment'
        ? { ...info, constant: binding }
        : info;
    }
  }
  if (isCall(root) || root.type === 'AwaitExpression') return describePath(source, root, [], text(source, node), depth);
  return { source: { kind: 'expression', expression: shorten(text(source, node)) }, idiom: '', computed: 'call' };
}

function describeThis(source: ParsedSource, node: Node, depth: number): ValueInfo {
  const chain = pathOf(node) ?? [];
  const [, first, ...rest] = chain;
  const opaque: ValueInfo = {
    source: { kind: 'expression', expression: shorten(text(source, node)) },
    idiom: '',
    computed: 'call',
  };
  if (first === undefined) return opaque;
  const values = valuesOfThis(source, node, first);
  if (values.length === 1 && values[0]) {
    const info =
      rest.length === 0
        ? describeValue(source, values[0], depth + 1)
        : describePath(source, values[0], rest, chain.join('.'), depth);
    return info;
  }
  return values.length === 0 ? { source: { kind: 'parameter', name: chain.join('.') }, idiom: '' } : opaque;
}

function describeCall(source: ParsedSource, node: Node, depth: number): ValueInfo {
  if (!isCall(node)) return describeValue(source, node, depth + 1);
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  const path = pathOf(callee)?.join('.') ?? '';
  if (path === 'String' && first) return withIdiom(describeValue(source, first, depth + 1), '');
  if (isMember(callee) && /^(trim|toString|valueOf)$/.test(memberName(callee) ?? ''))
    return withIdiom(describeValue(source, callee.object, depth + 1), '');
  const key = first && stringValue(first);
  if (first && key !== undefined && environmentName.test(key)) {
    const helper = helperOf(source, callee);
    const reader: EnvReader = {
      before: source.text.slice(startOf(node), startOf(first)),
      after: afterName(source, second),
      quote: text(source, first).charAt(0),
      sure: helper?.sure ?? !/\bget$/.test(path),
    };
    const isReader =
      path === 'Deno.env.get' ||
      helper !== undefined ||
      (isMember(callee) &&
        /^(get|getOrThrow|require|getString)$/.test(memberName(callee) ?? '') &&
        /config|env|settings|conf\b/i.test(path));
    // A helper whose type lists the names it knows does not compile with new ones.
    if (isReader) return withDefault(environment(key, helper?.isClosed === true ? processReader : reader), second);
  }
  if (path.endsWith('readFileSync'))
    return { source: { kind: 'expression', expression: shorten(text(source, node)) }, idiom: '' };
  if (/config/i.test(path) && !/secret|vault/i.test(path))
    return withDefault({ source: { kind: 'settings', expression: shorten(text(source, node)) }, idiom: '' }, second);
  return describeOpaque(source, node, text(source, node));
}

/** What stands behind the name: a second argument that the compiler may ask for stays, without the text of the old one. */
function afterName(source: ParsedSource, second: Node | undefined): string {
  const value = second && stringValue(second);
  if (second === undefined || value === undefined || (value !== '' && source.language !== 'typescript')) return ')';
  return `, ${text(source, second).charAt(0).repeat(2)})`;
}

/** `env('X', 'default')`. */
function withDefault(info: ValueInfo, second: Node | undefined): ValueInfo {
  if (second === undefined || (stringValue(second) ?? '') === '') return info;
  const { source } = info;
  const hasDefault = source.kind === 'environment' ? { ...source, hasFallback: true } : source;
  return { ...info, source: hasDefault, literal: second };
}
