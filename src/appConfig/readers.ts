/** Lines that still read, check or use the old secret once the configuration no longer does. */
import type { Node } from '@babel/types';
import { positionAt } from '../base/edits.ts';
import type { ConfigSite, ParsedSource, SecretReader, SecretReaderQuery } from './code.types.ts';
import { importOf } from './exports.ts';
import { endOf, isCall, isMember, keyName, memberName, pathOf, rootOf, startOf, unwrap } from './nodes.ts';
import { findBinding } from './scope.ts';
import { possibleValues } from './trace.ts';
import { variablesOf } from './valueParts.ts';
import { describeValue } from './valueSource.ts';

/** Readers in the file of the site itself; what the rewrite removes is left out. */
export function secretReaders(source: ParsedSource, site: ConfigSite): SecretReader[] {
  const { secret, secretValue, auth } = site.nodes;
  if (!secret || !secretValue) return [];
  const info = describeValue(source, secretValue);
  const found = new Map<number, SecretReader>();
  const inside = (node: Node): boolean => startOf(node) >= startOf(secret) && endOf(node) <= endOf(secret);
  const add = (node: Node, kind?: SecretReader['kind']): void => {
    if (inside(node)) return;
    found.set(startOf(node), reader(source, node, kind));
  };
  const constant = info.constant?.declaration;
  const inConstant = (node: Node): boolean =>
    constant !== undefined && startOf(node) >= startOf(constant) && endOf(node) <= endOf(constant);
  if (info.constant && isOwnConstant(secretValue)) {
    const { identifier, name } = info.constant;
    let uses = 0;
    source.all.forEach((node) => {
      if (node.type !== 'Identifier' || node.name !== name || node === identifier || !isReference(source, node)) return;
      if (findBinding(source, node, name)?.identifier !== identifier || inside(node)) return;
      uses++;
      add(node);
    });
    if (uses === 0 || [...found.values()].every(({ kind }) => kind === 'guard')) add(identifier, 'constant');
  }
  if (info.source.kind === 'environment') {
    for (const other of findSecretReaders(source, { variables: variablesOf(info.source) }))
      if (!inConstant(at(source, other.offset)) && !(other.offset >= startOf(secret) && other.offset < endOf(secret)))
        found.set(other.offset, other);
  } else if (info.source.kind === 'settings') {
    const wanted = pathOf(secretValue)?.join('.');
    source.all.forEach((node) => {
      if (wanted !== undefined && isMember(node) && pathOf(node)?.join('.') === wanted) add(node);
    });
  }
  source.all.forEach((node) => {
    if (isMember(node) && memberName(node) === 'clientSecret') {
      const object = unwrap(node.object);
      const same = auth !== undefined && possibleValues(source, object).includes(auth);
      if (same || (memberName(object) === 'auth' && rootOf(object).type !== 'CallExpression'))
        add(node, writes(source, node) ? 'write' : 'config');
    } else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && node.init && auth) {
      for (const property of node.id.properties)
        if (keyName(property) === 'clientSecret' && possibleValues(source, node.init).includes(auth))
          add(property, 'config');
    }
  });
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

/** `clientSecret` or `secrets.x` as the value, not `settings.x` of a constant that holds much else. */
function isOwnConstant(value: Node): boolean {
  return rootOf(value).type === 'Identifier' && !isMember(unwrap(value));
}

/** Placeholder for range checks by offset. */
function at(source: ParsedSource, offset: number): Node {
  return { ...source.ast, start: offset, end: offset };
}

/**
 * Readers in any file: uses of the secret's environment variable, its name in lists and schemas, and
 * `<imported config>.auth.clientSecret`.
 */
export function findSecretReaders(source: ParsedSource, query: SecretReaderQuery): SecretReader[] {
  const found = new Map<number, SecretReader>();
  const { variables = [], exportedName } = query;
  const isVariable = (name: string | undefined): boolean => name !== undefined && variables.includes(name);
  const add = (node: Node, kind?: SecretReader['kind']): void => {
    if (!found.has(startOf(node))) found.set(startOf(node), reader(source, node, kind));
  };
  source.all.forEach((node) => {
    if (variables.length > 0) {
      if (isMember(node) && isVariable(memberName(node))) add(node, writes(source, node) ? 'write' : undefined);
      else if (node.type === 'StringLiteral' && isVariable(node.value) && !isKey(source, node))
        add(node, nameKind(source, node));
      else if (node.type === 'ObjectPattern' && source.parents.get(node)?.type === 'VariableDeclarator') {
        for (const property of node.properties) if (isVariable(keyName(property))) add(property, 'constant');
      } else if (
        isVariable(keyName(node)) &&
        (node.type === 'TSPropertySignature' ||
          (node.type === 'ObjectProperty' && source.parents.get(node)?.type === 'ObjectExpression'))
      )
        add(node, 'name');
    }
    if (exportedName !== undefined && isMember(node) && memberName(node) === 'clientSecret') {
      const object = unwrap(node.object);
      if (memberName(object) === 'auth' && isMember(object)) {
        const known = importOf(source, object.object) ?? importOf(source, object);
        if (known?.specifier.startsWith('.') === true && [exportedName, '*', 'default'].includes(known.exportedName))
          add(node, writes(source, node) ? 'write' : 'config');
      }
    }
  });
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

function reader(source: ParsedSource, node: Node, kind?: SecretReader['kind']): SecretReader {
  const offset = startOf(node);
  return { kind: kind ?? classify(source, node), offset, line: positionAt(source.text, offset).line };
}

/** The string is a key (`process.env['X']`, `{ 'X': ... }`), which is looked at as a whole. */
function isKey(source: ParsedSource, node: Node): boolean {
  const parent = source.parents.get(node);
  return (
    parent !== undefined && ((isMember(parent) && parent.property === node) || ('key' in parent && parent.key === node))
  );
}

function nameKind(source: ParsedSource, node: Node): SecretReader['kind'] {
  const parent = source.parents.get(node);
  if (parent?.type === 'ArrayExpression') return 'name';
  if (parent && isCall(parent)) return classify(source, node);
  return 'name';
}

function writes(source: ParsedSource, node: Node): boolean {
  const parent = source.parents.get(node);
  return (
    (parent?.type === 'AssignmentExpression' && parent.left === node) ||
    (parent?.type === 'UnaryExpression' && parent.operator === 'delete')
  );
}

const checks = /assert|invariant|require|ensure|validate|check/i;

function classify(source: ParsedSource, at: Node): SecretReader['kind'] {
  let child = at;
  for (let node = source.parents.get(at); node !== undefined; child = node, node = source.parents.get(node)) {
    if (node.type === 'IfStatement') return node.test === child ? 'guard' : 'use';
    if (node.type === 'ConditionalExpression' && node.test === child) return 'guard';
    if (isCall(node) && node.callee !== child && checks.test(pathOf(node.callee)?.at(-1) ?? '')) return 'guard';
    if (node.type.endsWith('Statement') || node.type.endsWith('Declaration')) return 'use';
  }
  return 'use';
}

function isReference(source: ParsedSource, node: Node): boolean {
  const parent = source.parents.get(node);
  if (parent === undefined) return false;
  if (isMember(parent)) return parent.object === node || parent.computed;
  if (parent.type === 'ObjectProperty') {
    const holder = source.parents.get(parent);
    return holder?.type === 'ObjectExpression' && parent.value === node;
  }
  return (
    !/^(ImportSpecifier|TSPropertySignature|ObjectMethod|ClassMethod|ClassProperty|LabeledStatement)$/.test(
      parent.type,
    ) ||
    ('value' in parent && parent.value === node)
  );
}
