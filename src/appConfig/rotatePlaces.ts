/** Where the values of a certificate block stand: as literals in this file, or in environment variables. */
import * as l10n from '@vscode/l10n';
import type { Node } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import { resolveExpression } from './code.ts';
import type { ParsedSource } from './code.types.ts';
import { endOf, isCall, isMember, keyName, memberName, propertyOf, startOf, unwrap, walk } from './nodes.ts';
import type { ReadConfig, ReadFile } from './readConfigs.ts';
import { isSampleText } from './samples.ts';
import { findBinding } from './scope.ts';
import { possibleObjects, possibleValues } from './trace.ts';

export interface ChangedValue {
  readonly what: 'thumbprint' | 'thumbprintSha256' | 'keyPath' | 'key';
  /** The new value for an old one; undefined where this old value is not the one that is meant. */
  readonly to: (old: string) => string | undefined;
}

/** One value that is to change. */
export interface Place {
  readonly what: ChangedValue['what'];
  readonly to: ChangedValue['to'];
  readonly at:
    | { readonly kind: 'literal'; readonly node: Node; readonly value: string }
    /** `names` are the nodes that name the variable. */
    | { readonly kind: 'environment'; readonly variable: string; readonly names: readonly Node[] };
}

/** @throws ExpectedError `x5c-in-config`, `value-not-changeable` */
export function findPlaces(file: ReadFile, { site }: ReadConfig, values: readonly ChangedValue[]): Place[] {
  const { source } = file;
  const block = site.certificate?.value;
  const places: Place[] = [];
  for (const object of block === undefined ? [] : possibleObjects(source, block)) {
    if (propertyOf(object, 'x5c') !== undefined) throw x5c(source, startOf(object));
    for (const property of object.properties) {
      if (property.type !== 'ObjectProperty') continue;
      const name = keyName(property);
      for (const value of values) {
        if (value.what === name) add(property.value, value);
        else if (name === 'privateKey' && (value.what === 'keyPath' || value.what === 'key')) {
          for (const node of value.what === 'keyPath' ? pathNodes(source, property.value) : [property.value])
            add(node, value);
        }
      }
    }
  }
  const key = values.some(({ what }) => what === 'keyPath') ? 'keyPath' : 'key';
  // A new thumbprint beside the old key would be an app that cannot sign in.
  if (!places.some(({ what }) => what === key)) throw notChangeable(source, site.offset);
  return places;

  function add(expression: Node, value: ChangedValue): void {
    if (value.what !== 'key' && value.what !== 'keyPath' && isComputed(source, expression)) return;
    const found = placesIn(source, expression);
    const hasVariable = found.some(({ kind }) => kind === 'environment');
    for (const at of found) {
      if (at.kind === 'literal') {
        // What stands beside a variable for the compiler's sake, or as a sample, is no value.
        if (at.value === '' || (hasVariable && isSampleText(at.value))) continue;
        // A new key is not written into code, and the journal cannot keep the old one.
        if (value.what === 'key') throw notChangeable(source, startOf(at.node));
        if (value.to(at.value) === undefined) continue;
      }
      places.push({ what: value.what, to: value.to, at });
    }
    if (found.length === 0 && value.what === 'keyPath') throw notChangeable(source, startOf(expression));
  }
}

/** A thumbprint that the code takes from the certificate itself. */
function isComputed(source: ParsedSource, expression: Node): boolean {
  let found = false;
  for (const value of possibleValues(source, expression))
    walk(value, (node) => {
      const name =
        node.type === 'NewExpression' || isCall(node)
          ? (memberName(unwrap(node.callee)) ?? nameOf(node.callee))
          : undefined;
      if (name !== undefined && /^(X509Certificate|readFile(Sync)?|createHash|digest)$/.test(name)) found = true;
    });
  return found;
}

function nameOf(callee: Node): string | undefined {
  const inner = unwrap(callee);
  return inner.type === 'Identifier' ? inner.name : undefined;
}

/** Literals and environment variables that an expression takes its value from; none where it is computed. */
function placesIn(source: ParsedSource, expression: Node): Place['at'][] {
  const literals: Place['at'][] = [];
  /** A variable that is read twice is one place with several names. */
  const variables = new Map<string, Node[]>();
  const seen = new Set<Node>();
  const scan = (from: Node, take: (variable: string) => Node[] | undefined): void => {
    const ofPassphrase = new Set<Node>();
    walk(from, (node) => {
      if (ofPassphrase.has(node)) return;
      if (node.type === 'ObjectProperty' && keyName(node) === 'passphrase')
        walk(node.value, (inner) => ofPassphrase.add(inner));
      const read = isReader(node) ? resolveExpression(source, node, () => undefined).source : undefined;
      if (read?.kind === 'environment') take(read.variable)?.push(...namesIn(source, node, read.variable));
    });
  };
  for (const value of possibleValues(source, expression)) {
    if (seen.has(value)) continue;
    seen.add(value);
    const inner = unwrap(value);
    if (inner.type === 'StringLiteral') literals.push({ kind: 'literal', node: inner, value: inner.value });
    else
      scan(inner, (variable) => {
        const names = variables.get(variable) ?? [];
        variables.set(variable, names);
        return names;
      });
  }
  // What decides about a value (`process.env.KEY ? … : …`) names the variable too.
  scan(expression, (variable) => variables.get(variable));
  const inEnvironment = [...variables].map(([variable, names]) => ({ kind: 'environment' as const, variable, names }));
  return [...literals, ...inEnvironment];
}

function isReader(node: Node): boolean {
  return (
    node.type === 'MemberExpression' ||
    node.type === 'OptionalMemberExpression' ||
    isCall(node) ||
    node.type === 'Identifier'
  );
}

function namesIn(source: ParsedSource, expression: Node, variable: string): Node[] {
  const names: Node[] = [];
  walk(expression, (node) => {
    if (node.type === 'StringLiteral' && node.value === variable) names.push(node);
    if (node.type !== 'Identifier') return;
    const parent = source.parents.get(node);
    if (parent !== undefined && isMember(parent) && parent.property === node && !parent.computed) {
      if (node.name === variable) names.push(node);
    } else {
      const declared = declaredName(source, node, variable);
      if (declared !== undefined) names.push(declared);
    }
  });
  return names;
}

/** Where a constant gets its value by the variable's name: `{ KEY } = process.env`, `{ KEY: key } = process.env`, `import { KEY }`. */
function declaredName(source: ParsedSource, node: Node & { type: 'Identifier' }, variable: string): Node | undefined {
  const identifier = findBinding(source, node, node.name)?.identifier;
  const holder = identifier && source.parents.get(identifier);
  const outer = holder?.type === 'AssignmentPattern' ? source.parents.get(holder) : holder;
  if (outer?.type === 'ObjectProperty' && keyName(outer) === variable) return outer.shorthand ? outer : outer.key;
  if (outer?.type !== 'ImportSpecifier') return undefined;
  const { imported, local } = outer;
  if ((imported.type === 'Identifier' ? imported.name : imported.value) !== variable) return undefined;
  return startOf(imported) === startOf(local) ? outer : imported;
}

/** The first argument of `readFileSync` and its like; string parts of a built path are places of their own. */
function pathNodes(source: ParsedSource, privateKey: Node): Node[] {
  const found: Node[] = [];
  const queue: Node[] = [privateKey];
  const seen = new Set<Node>();
  for (let next = queue.pop(); next !== undefined && seen.size < 50; next = queue.pop()) {
    for (const value of possibleValues(source, next)) {
      if (seen.has(value)) continue;
      seen.add(value);
      walk(value, (node) => {
        const callee = isCall(node) ? unwrap(node.callee) : undefined;
        const name =
          callee?.type === 'Identifier' ? callee.name : callee === undefined ? undefined : memberName(callee);
        if (isCall(node) && name !== undefined && /^readFile(Sync)?$/.test(name)) {
          const [argument] = node.arguments;
          if (argument !== undefined) found.push(...partsOf(source, argument));
        } else if (node.type === 'Identifier' && node !== value) queue.push(node);
      });
    }
  }
  return found;
}

/** Of `path.join(__dirname, '..', 'certs', 'app.key')` the last part, which has the file's name. */
function partsOf(source: ParsedSource, argument: Node): Node[] {
  const [value = argument] = possibleValues(source, argument);
  const inner = unwrap(value);
  if (!isCall(inner)) return [argument];
  const last = inner.arguments.at(-1);
  return last === undefined ? [argument] : partsOf(source, last);
}

/** New literals, and new names of variables where those were renamed. */
export function codeEdits(
  source: ParsedSource,
  places: readonly Place[],
  renamed: ReadonlyMap<string, string>,
): TextEdit[] {
  const edits = new Map<number, TextEdit>();
  for (const { at, to } of places) {
    if (at.kind === 'literal') {
      const [start, end] = [startOf(at.node) + 1, endOf(at.node) - 1];
      if (source.text.slice(start, end) !== at.value) throw notChangeable(source, start);
      edits.set(start, { offset: start, length: end - start, text: to(at.value) ?? at.value });
      continue;
    }
    const name = renamed.get(at.variable);
    if (name === undefined) continue;
    if (at.names.length === 0) throw notChangeable(source, 0);
    for (const node of at.names) {
      if (node.type === 'ObjectProperty' || node.type === 'ImportSpecifier') {
        // The constant keeps its name: `{ KEY_2: KEY }`, `import { KEY_2 as KEY }`.
        const text = `${name}${node.type === 'ObjectProperty' ? ':' : ' as'} `;
        edits.set(startOf(node), { offset: startOf(node), length: 0, text });
        continue;
      }
      const quoted = node.type === 'StringLiteral' ? 1 : 0;
      const offset = startOf(node) + quoted;
      edits.set(offset, { offset, length: at.variable.length, text: name });
    }
  }
  return [...edits.values()].sort((a, b) => a.offset - b.offset);
}

function lineAt(source: ParsedSource, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

function x5c(source: ParsedSource, offset: number): ExpectedError {
  const line = lineAt(source, offset);
  return new ExpectedError(
    'x5c-in-config',
    l10n.t(
      '{0} line {1}: the app sends its certificate along ("x5c"), so that the directory trusts its name instead of its thumbprint. That certificate is not changed here: remove "x5c", which ordinary app registrations do not support, then rotate.',
      source.fileName,
      line,
    ),
    { file: source.fileName, line },
  );
}

function notChangeable(source: ParsedSource, offset: number): ExpectedError {
  const line = lineAt(source, offset);
  return new ExpectedError(
    'value-not-changeable',
    l10n.t(
      '{0} line {1}: a value of the certificate comes from somewhere that cannot be changed here. Nothing was changed. Put it into an environment variable or write it as a plain text, then rotate.',
      source.fileName,
      line,
    ),
    { file: source.fileName, line },
  );
}
