/** Follows the expression of a private key to where the key comes from: a file, a variable, the code itself. */
import type { Node } from '@babel/types';
import { dirname, resolve as resolvePath } from 'node:path';
import { keyTextProblem } from '../base/keyText.ts';
import type { AppContext } from './app.ts';
import type { ExpressionHandle, ParsedSource } from './code.types.ts';
import { placeOf } from './envFiles.ts';
import { calledName, keySteps } from './keySteps.ts';
import { isCall, keyName, stringValue, unwrap, walk } from './nodes.ts';
import { pathValue } from './paths.ts';
import { isSampleText } from './samples.ts';
import { possibleValues } from './trace.ts';
import type { AppConfig, ResolvedValue, ValueSource } from './types.ts';

export type Resolve = (expression: ExpressionHandle) => ResolvedValue;

/** The nodes that matter to whoever shows or changes them. */
export interface KeyNodes {
  readonly path?: Node;
  readonly passphrase?: Node;
}

type KeyFacts = Pick<
  NonNullable<AppConfig['certificate']>,
  | 'privateKey'
  | 'keyFile'
  | 'keyPath'
  | 'keyForm'
  | 'keyIsDer'
  | 'keyInCode'
  | 'keyLiteral'
  | 'passphrase'
  | 'passphraseLiteral'
>;

interface Found {
  readonly paths: (Node | undefined)[];
  readonly passphrases: Node[];
  /** By the text of what reads them, so that one variable that is read twice counts once. */
  readonly variables: Map<string, ValueSource>;
}

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
    ...(from.kind === 'literal' && value !== undefined && !isSampleText(value) ? literalFacts(value) : {}),
    ...(passphrase === undefined ? {} : { passphrase: resolve(passphrase).source }),
    ...(passphrase === undefined ? {} : literalOf(source, passphrase, resolve)),
    ...(found.paths.length > 0 ? fileFacts(source, found.paths, context, resolve) : variableFacts(from, found)),
    ...formFacts(source, privateKey, resolve),
  };
}

/** What is no key at all (a path, for instance) is no secret either. */
function literalFacts(value: string): Pick<KeyFacts, 'keyInCode' | 'keyLiteral'> {
  const problem = keyTextProblem(value);
  const isKey = problem === undefined || problem === 'newlines' || problem === 'base64';
  return {
    ...(isKey ? { keyInCode: true as const } : {}),
    ...(problem === undefined ? {} : { keyLiteral: problem }),
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
  const found: Found = { paths: [], passphrases: [], variables: new Map() };
  const seen = new Set<Node>();
  const queue: Node[] = [privateKey];
  const inPassphrase = new Set<Node>();
  for (let next = queue.pop(); next !== undefined && seen.size < 50; next = queue.pop()) {
    for (const value of possibleValues(source, next)) {
      if (seen.has(value)) continue;
      seen.add(value);
      walk(value, (node) => {
        if (inPassphrase.has(node)) return;
        const name = isCall(node) ? calledName(source, node) : undefined;
        if (isCall(node) && (name === 'readFile' || name === 'readFileSync')) found.paths.push(node.arguments[0]);
        else if (node.type === 'ObjectProperty' && keyName(node) === 'passphrase') {
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

/** The one variable that the key is made from. */
function variableFacts(from: ValueSource, { variables }: Found): Pick<KeyFacts, 'privateKey'> {
  const [variable] = variables.values();
  const one = from.kind === 'environment' ? from : variables.size === 1 ? variable : undefined;
  return one === undefined ? {} : { privateKey: one };
}

/** How the key is made from its variable or its file. */
function formFacts(
  source: ParsedSource,
  privateKey: ExpressionHandle,
  resolve: Resolve,
): Pick<KeyFacts, 'keyForm' | 'keyIsDer'> {
  const steps = keySteps(source, privateKey, (expression) => resolve(expression).source);
  return steps === undefined ? {} : { keyForm: steps.form, ...(steps.der === true ? { keyIsDer: true as const } : {}) };
}

function literalOf(source: ParsedSource, passphrase: Node, resolve: Resolve): Pick<KeyFacts, 'passphraseLiteral'> {
  const { source: from } = resolve(passphrase);
  if (from.kind !== 'literal' && !(from.kind === 'environment' && from.hasFallback)) return {};
  const texts = possibleValues(source, passphrase).flatMap((value) => stringValue(unwrap(value)) ?? []);
  const isReal = texts.some((text) => !isSampleText(text));
  if (isReal) return { passphraseLiteral: 'value' };
  return texts.some((text) => text !== '') ? { passphraseLiteral: 'sample' } : {};
}
