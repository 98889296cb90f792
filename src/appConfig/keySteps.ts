/** What the code does with a private key from where it reads it until MSAL gets it, as far as every step of it is known. */
import type { Node } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import { isCall, isMember, memberName, requiredModule, stringValue, unwrap } from './nodes.ts';
import { findBinding } from './scope.ts';
import { possibleValues, valuesOfProperty } from './trace.ts';
import type { KeyForm, ValueSource } from './types.ts';

export interface KeySteps {
  readonly form: KeyForm;
  /** `createPrivateKey` is told that the key is binary. */
  readonly der?: true;
}

type Call = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>;
type SourceOf = (expression: Node) => ValueSource;

/** Real code needs about six steps; cycles end here. */
const maximalDepth = 12;

/**
 * The steps between the file or the variable and MSAL; undefined where one of them is not known, or where branches differ.
 * @param sourceOf where a value comes from
 */
export function keySteps(source: ParsedSource, expression: Node, sourceOf: SourceOf, depth = 0): KeySteps | undefined {
  if (depth > maximalDepth) return undefined;
  // `.trim()`, `String(…)` and helpers that only look a variable up are seen through there.
  if (sourceOf(expression).kind === 'environment') return { form: 'raw' };
  const values = possibleValues(source, expression);
  // A text that stands in for an unset variable is not what MSAL is to get.
  const real = values.length > 1 ? values.filter((value) => stringValue(unwrap(value)) === undefined) : values;
  const [first, ...others] = real.map((value) => stepsOf(source, unwrap(value), sourceOf, depth));
  return others.every((other) => other?.form === first?.form && other?.der === first?.der) ? first : undefined;
}

function stepsOf(source: ParsedSource, node: Node, sourceOf: SourceOf, depth: number): KeySteps | undefined {
  const before = (inner: Node | undefined): KeySteps | undefined =>
    inner === undefined ? undefined : keySteps(source, inner, sourceOf, depth + 1);
  if (node.type === 'TemplateLiteral') {
    const isBare = node.expressions.length === 1 && node.quasis.every((part) => part.value.raw === '');
    return isBare ? before(node.expressions[0]) : undefined;
  }
  if (!isCall(node)) return sourceOf(node).kind === 'environment' ? { form: 'raw' } : undefined;
  const [first, second] = node.arguments;
  const callee = unwrap(node.callee);
  const object = isMember(callee) ? callee.object : undefined;
  switch (calledName(source, node)) {
    case 'readFileSync':
    case 'readFile':
      return isText(encodingOf(source, second)) ? { form: 'raw' } : undefined;
    case 'createPrivateKey':
      return first === undefined ? undefined : parsed(source, first, before);
    case 'export': {
      const format = optionOf(source, first, 'format');
      return format === undefined || format === 'pem' ? before(object) : undefined;
    }
    case 'toString':
      return isText(textOf(first)) ? before(object) : undefined;
    case 'trim':
    case 'trimEnd':
    case 'valueOf':
      return before(object);
    case 'String':
      return before(first);
    case 'atob':
      return decoded(before(first));
    case 'from': {
      if (object === undefined || !isBuffer(object)) return undefined;
      const encoding = textOf(second);
      if (isText(encoding)) return before(first);
      return encoding === 'base64' || encoding === 'base64url' ? decoded(before(first)) : undefined;
    }
    case 'replace':
    case 'replaceAll':
      return isLineEnds(first, second) && before(object)?.form === 'raw' ? { form: 'repaired' } : undefined;
    default:
      return undefined;
  }
}

/** `createPrivateKey(key)` and `createPrivateKey({ key, format, passphrase })`. */
function parsed(
  source: ParsedSource,
  argument: Node,
  before: (inner: Node | undefined) => KeySteps | undefined,
): KeySteps | undefined {
  const [options, ...others] = possibleValues(source, argument);
  const isObject = options?.type === 'ObjectExpression' && others.length === 0;
  const keys = isObject ? valuesOfProperty(source, options, 'key') : [argument];
  const steps = keys.length === 1 ? before(keys[0]) : undefined;
  const format = isObject ? optionOf(source, argument, 'format') : undefined;
  if (steps === undefined || !(format === undefined || format === 'pem' || format === 'der')) return undefined;
  return { form: steps.form === 'raw' ? 'parsed' : steps.form, ...(format === 'der' ? { der: true as const } : {}) };
}

const decoded = (steps: KeySteps | undefined): KeySteps | undefined =>
  steps?.form === 'raw' ? { form: 'base64' } : undefined;

/** Name of the function that is called, as its module calls it. */
export function calledName(source: ParsedSource, call: Call): string | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'Identifier') return memberName(callee);
  const binding = findBinding(source, callee, callee.name);
  if (binding?.kind === 'import') {
    // A file of the app may call its own functions what it likes.
    if (binding.specifier?.startsWith('.') === true) return undefined;
    return binding.imported === 'default' || binding.imported === '*' ? callee.name : binding.imported;
  }
  if (binding?.kind !== 'variable') return binding === undefined ? callee.name : undefined;
  const from = binding.init && unwrap(binding.init);
  if (from !== undefined && requiredModule(from)?.startsWith('.') === true) return undefined;
  return binding.path?.at(-1) ?? (from === undefined ? undefined : memberName(from)) ?? callee.name;
}

/** Absent, or a text in which a key's characters stay what they are; anything else has a meaning of its own. */
function isText(encoding: string | false | undefined): boolean {
  return encoding === undefined || (encoding !== false && /^(?:utf-?8|ascii|latin1|binary)$/i.test(encoding));
}

/** False for what is no literal. */
function textOf(node: Node | undefined): string | false | undefined {
  return node === undefined ? undefined : (stringValue(unwrap(node)) ?? false);
}

/** `'utf8'` and `{ encoding: 'utf8' }`. */
function encodingOf(source: ParsedSource, node: Node | undefined): string | false | undefined {
  const text = textOf(node);
  return text === false ? optionOf(source, node, 'encoding') : text;
}

/** A property of an object literal: undefined where it is absent, false where it or the object is no literal. */
function optionOf(source: ParsedSource, object: Node | undefined, name: string): string | false | undefined {
  if (object === undefined) return undefined;
  const [only, ...others] = possibleValues(source, object);
  if (only?.type !== 'ObjectExpression' || others.length > 0) return false;
  const values = valuesOfProperty(source, only, name);
  return values.length > 1 ? false : textOf(values[0]);
}

function isBuffer(node: Node): boolean {
  const inner = unwrap(node);
  return (inner.type === 'Identifier' ? inner.name : memberName(inner)) === 'Buffer';
}

/** `/\\n/g` or `'\\n'`, and a line end in its place. */
function isLineEnds(pattern: Node | undefined, replacement: Node | undefined): boolean {
  if (pattern === undefined || replacement === undefined || stringValue(unwrap(replacement)) !== '\n') return false;
  const inner = unwrap(pattern);
  return inner.type === 'RegExpLiteral' ? inner.pattern.includes('\\\\n') : stringValue(inner) === '\\n';
}
