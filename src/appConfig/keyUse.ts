/** Follows the expression of a private key to where the key comes from: a file, a variable, the code itself. */
import type { Node } from '@babel/types';
import { dirname, resolve as resolvePath } from 'node:path';
import type { AppContext } from './app.ts';
import type { ExpressionHandle, ParsedSource } from './code.types.ts';
import { placeOf } from './envFiles.ts';
import { isCall, keyName, memberName, stringValue, unwrap, walk } from './nodes.ts';
import { pathValue } from './paths.ts';
import { isSampleText } from './samples.ts';
import { possibleValues } from './trace.ts';
import type { AppConfig, KeyForm, ResolvedValue, ValueSource } from './types.ts';

export type Resolve = (expression: ExpressionHandle) => ResolvedValue;

/** The nodes that matter to whoever shows or changes them. */
export interface KeyNodes {
  readonly path?: Node;
  readonly passphrase?: Node;
}

type KeyFacts = Pick<
  NonNullable<AppConfig['certificate']>,
  'privateKey' | 'keyFile' | 'keyPath' | 'keyForm' | 'keyInCode' | 'passphrase' | 'passphraseLiteral'
>;

interface Found {
  readonly paths: (Node | undefined)[];
  readonly passphrases: Node[];
  /** By the text of what reads them, so that one variable that is read twice counts once. */
  readonly variables: Map<string, ValueSource>;
  readonly calls: Set<string>;
}

const calls = /^(?:from|atob|replace|replaceAll|createPrivateKey|readFile(?:Sync)?)$/;

/** What the key refers to. The key itself, should it stand in the code, is not part of it. */
export function readKey(
  source: ParsedSource,
  privateKey: ExpressionHandle,
  context: AppContext,
  resolve: Resolve,
): KeyFacts {
  const found = follow(source, privateKey, resolve);
  const { passphrases } = found;
  const { source: from, value } = resolve(privateKey);
  const passphrase = passphrases.length === 1 ? passphrases[0] : undefined;
  return {
    privateKey: from,
    ...(from.kind === 'literal' && value !== undefined && !isSampleText(value) ? { keyInCode: true as const } : {}),
    ...(passphrase === undefined ? {} : { passphrase: resolve(passphrase).source }),
    ...(passphrase === undefined ? {} : literalOf(source, passphrase, resolve)),
    ...(found.paths.length > 0
      ? fileFacts(source, found.paths, context, resolve)
      : variableFacts(source, from, found, resolve, privateKey)),
  };
}

/** The one argument of `readFileSync` and the one pass phrase; several of either are none. */
export function keyNodes(source: ParsedSource, privateKey: ExpressionHandle, resolve: Resolve): KeyNodes {
  const { paths, passphrases } = follow(source, privateKey, resolve);
  const [path] = paths;
  const [passphrase] = passphrases;
  return {
    ...(paths.length === 1 && path !== undefined ? { path } : {}),
    ...(passphrases.length === 1 && passphrase !== undefined ? { passphrase } : {}),
  };
}

function follow(source: ParsedSource, privateKey: ExpressionHandle, resolve: Resolve): Found {
  const found: Found = { paths: [], passphrases: [], variables: new Map(), calls: new Set() };
  const seen = new Set<Node>();
  const queue: Node[] = [privateKey];
  const inPassphrase = new Set<Node>();
  for (let next = queue.pop(); next !== undefined && seen.size < 50; next = queue.pop()) {
    for (const value of possibleValues(source, next)) {
      if (seen.has(value)) continue;
      seen.add(value);
      walk(value, (node) => {
        if (inPassphrase.has(node)) return;
        const name = isCall(node) ? calledName(node) : undefined;
        if (isCall(node) && name !== undefined && calls.test(name)) {
          found.calls.add(name);
          if (name.startsWith('readFile')) found.paths.push(node.arguments[0]);
        } else if (node.type === 'ObjectProperty' && keyName(node) === 'passphrase') {
          found.passphrases.push(node.value);
          walk(node.value, (inner) => inPassphrase.add(inner));
        } else if (node.type === 'Identifier' && node !== value) queue.push(node);
        else if (node.type === 'MemberExpression') {
          const { source: from } = resolve(node);
          if (from.kind === 'environment') found.variables.set(from.variable, from);
        }
      });
    }
  }
  return found;
}

function calledName(call: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>): string | undefined {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : memberName(callee);
}

function fileFacts(
  source: ParsedSource,
  paths: readonly (Node | undefined)[],
  context: AppContext,
  resolve: Resolve,
): Pick<KeyFacts, 'keyFile' | 'keyPath'> {
  const files = new Set(paths.map((path) => (path === undefined ? undefined : fileOf(source, path, context))));
  const [file] = files;
  const [path] = paths;
  return {
    ...(files.size === 1 && file !== undefined ? { keyFile: file } : {}),
    ...(paths.length === 1 && path !== undefined ? { keyPath: pathSource(source, path, resolve) } : {}),
  };
}

/** Of a path that is built from parts the part that comes from the environment: without it there is no path. */
function pathSource(source: ParsedSource, path: Node, resolve: Resolve): ValueSource {
  const whole = resolve(path).source;
  if (whole.kind !== 'expression') return whole;
  const parts = possibleValues(source, path).flatMap((value) => {
    const inner = unwrap(value);
    return isCall(inner) ? inner.arguments.map((argument) => resolve(argument).source) : [];
  });
  const variables = parts.filter(({ kind }) => kind === 'environment');
  return variables.length === 1 && variables[0] !== undefined ? variables[0] : whole;
}

/** A relative path counts from the folder the app is started in: where its `.env` lies, else its root. */
function fileOf(source: ParsedSource, argument: Node, context: AppContext): string | undefined {
  const path = pathValue(source, argument, context.env.value);
  // An unset variable with an empty fall-back.
  if (path === undefined || path.path === '') return undefined;
  const env = placeOf(context.env, undefined);
  const start = env?.candidate.inStartFolder === true ? dirname(env.candidate.path) : context.appRoot;
  return resolvePath(start, path.path);
}

/** The one variable that the key is made from, and how. */
function variableFacts(
  source: ParsedSource,
  from: ValueSource,
  found: Found,
  resolve: Resolve,
  privateKey: ExpressionHandle,
): Pick<KeyFacts, 'privateKey' | 'keyForm'> {
  const [variable] = found.variables.values();
  const one = from.kind === 'environment' ? from : found.variables.size === 1 ? variable : undefined;
  if (one === undefined) return {};
  const form = formOf(source, from, found, resolve, privateKey);
  return { privateKey: one, ...(form === undefined ? {} : { keyForm: form }) };
}

function formOf(
  source: ParsedSource,
  from: ValueSource,
  { calls: called }: Found,
  resolve: Resolve,
  privateKey: ExpressionHandle,
): KeyForm | undefined {
  const isRepaired = called.has('replace') || called.has('replaceAll');
  const isDecoded = called.has('from') || called.has('atob');
  // Both at once: for values of either kind, which code that can be followed tells apart by itself.
  if (isRepaired && isDecoded) return undefined;
  if (isRepaired) return 'repaired';
  if (isDecoded) return called.has('atob') || decodesBase64(source, privateKey) ? 'base64' : undefined;
  if (called.has('createPrivateKey')) return 'parsed';
  // `.toString()` and `.trim()` change nothing about a text; a function of the app's own may.
  return from.kind === 'environment' && resolve(privateKey).source.kind === 'environment' ? 'raw' : undefined;
}

function decodesBase64(source: ParsedSource, privateKey: ExpressionHandle): boolean {
  let found = false;
  const queue: Node[] = [privateKey];
  const seen = new Set<Node>();
  for (let next = queue.pop(); next !== undefined && seen.size < 50; next = queue.pop()) {
    for (const value of possibleValues(source, next)) {
      if (seen.has(value)) continue;
      seen.add(value);
      walk(value, (node) => {
        if (isCall(node) && calledName(node) === 'from') {
          const encoding = node.arguments[1];
          if (encoding !== undefined && /^base64(?:url)?$/.test(stringValue(encoding) ?? '')) found = true;
        } else if (node.type === 'Identifier' && node !== value) queue.push(node);
      });
    }
  }
  return found;
}

function literalOf(source: ParsedSource, passphrase: Node, resolve: Resolve): Pick<KeyFacts, 'passphraseLiteral'> {
  const { source: from } = resolve(passphrase);
  if (from.kind !== 'literal' && !(from.kind === 'environment' && from.hasFallback)) return {};
  const texts = possibleValues(source, passphrase).flatMap((value) => stringValue(unwrap(value)) ?? []);
  const isReal = texts.some((text) => !isSampleText(text));
  if (isReal) return { passphraseLiteral: 'value' };
  return texts.some((text) => text !== '') ? { passphraseLiteral: 'sample' } : {};
}
