/** Where the functions, classes and variables of an app are used, by name and by import. */
import type { Node } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';
import { exportsOf, importOf } from '../exports.ts';
import { isMember, requiredModule, unwrap } from '../nodes.ts';
import { findBinding } from '../scope.ts';
import type { AppFiles } from './appFiles.ts';
import { isExport } from './places.ts';

/** One use, of whatever kind. */
export interface Reference {
  readonly source: ParsedSource;
  /** The identifier. */
  readonly node: Node;
  /** Exported again by another file: who uses it there cannot be told. */
  readonly passedOn?: true;
}

/** Something with a name. */
export interface Named {
  readonly source: ParsedSource;
  readonly name: string;
  /** The identifier that declares it; undefined for a member (method, property), which is known by its name alone. */
  readonly declared?: Node;
}

/** All uses of a declared name: in its file by scope, in other files through their imports. */
export async function referencesTo(named: Named, files: AppFiles): Promise<Reference[]> {
  const { source, name, declared } = named;
  if (declared === undefined) return membersCalled(name, files);
  const found: Reference[] = usesIn(source, name, declared).map((node) => ({ source, node }));
  const exports = exportsOf(source).filter(({ value }) => {
    const inner = unwrap(value);
    return inner.type === 'Identifier' && findBinding(source, inner, inner.name)?.identifier === declared;
  });
  const holder = source.parents.get(source.parents.get(declared) ?? declared);
  const names = new Set(exports.map((each) => each.name));
  if (holder?.type === 'ExportDefaultDeclaration') names.add('default');
  if (holder?.type === 'ExportNamedDeclaration') names.add(name);
  // `import x from` of a module with `module.exports = x`.
  if (names.has('*')) names.add('default');
  if (names.size === 0) return found;
  for (const other of await importersOf(source, files)) found.push(...importedUses(other, source, names, files));
  return found;
}

async function importersOf(source: ParsedSource, files: AppFiles): Promise<readonly ParsedSource[]> {
  const base = /([^\\/]+?)\.[^.]+$/.exec(source.fileName)?.[1] ?? '';
  // An index file is named by its folder, or not at all: `require('..')`.
  const all = await files.with(base === 'index' ? 'require' : base);
  const more = base === 'index' ? await files.with('import') : [];
  return [...new Set([...all, ...more])].filter((other) => other !== source);
}

function importedUses(
  other: ParsedSource,
  source: ParsedSource,
  names: ReadonlySet<string>,
  files: AppFiles,
): Reference[] {
  const found: Reference[] = [];
  const from = (specifier: string | undefined): boolean =>
    specifier?.startsWith('.') === true && files.names(other, specifier, source);
  for (const node of other.all) {
    if (isPassedOn(other, node, from, names)) found.push({ source: other, node, passedOn: true });
    if ((node.type !== 'Identifier' && !isMember(node)) || !isExpression(other, node)) continue;
    const known = importOf(other, node);
    if (known === undefined || !from(known.specifier) || !names.has(known.exportedName)) continue;
    found.push({ source: other, node: isMember(node) ? node.property : node });
  }
  return found;
}

/** Not a name that is only declared, or a part of `a.b` and `{ a: 1 }` that is none by itself. */
function isExpression(source: ParsedSource, node: Node): boolean {
  const parent = source.parents.get(node);
  if (parent === undefined) return false;
  if (isMember(parent) && parent.property === node && !parent.computed) return false;
  if ('key' in parent && parent.key === node && !('computed' in parent && parent.computed)) return false;
  return node.type !== 'Identifier' || findBinding(source, node, node.name)?.identifier !== node;
}

/** `export { x } from`, `export * from`, `module.exports = require(…)`, `{ ...require(…) }`: others get it under another file's name. */
function isPassedOn(
  source: ParsedSource,
  node: Node,
  from: (specifier: string | undefined) => boolean,
  names: ReadonlySet<string>,
): boolean {
  if (node.type === 'ExportAllDeclaration') return from(node.source.value);
  if (node.type === 'ExportNamedDeclaration') {
    if (!from(node.source?.value)) return false;
    return node.specifiers.some(
      (each) => each.type !== 'ExportSpecifier' || names.has('*') || names.has(stringName(each.local)),
    );
  }
  if (node.type !== 'CallExpression' || !from(requiredModule(node))) return false;
  const parent = source.parents.get(node);
  return parent?.type === 'SpreadElement' || (parent !== undefined && isExport(source, node, parent));
}

const stringName = (node: Node): string =>
  node.type === 'Identifier' ? node.name : node.type === 'StringLiteral' ? node.value : '';

/** Identifiers that mean a binding, without the one that declares it. */
function usesIn(source: ParsedSource, name: string, declared: Node): Node[] {
  return source.all.filter((node) => {
    if (node.type !== 'Identifier' || node.name !== name || node === declared) return false;
    const parent = source.parents.get(node);
    if (parent === undefined) return false;
    if (isMember(parent) && parent.property === node && !parent.computed) return false;
    // Of a shorthand, key and value are two nodes at one place.
    if ('key' in parent && parent.key === node && !('computed' in parent && parent.computed)) return false;
    return findBinding(source, node, name)?.identifier === declared;
  });
}

/** Every `x.name` and every `name` taken out of an object, wherever it stands. */
async function membersCalled(name: string, files: AppFiles): Promise<Reference[]> {
  const found: Reference[] = [];
  for (const source of await files.with(name))
    for (const node of source.all) {
      if (node.type !== 'Identifier' || node.name !== name) continue;
      const parent = source.parents.get(node);
      if (parent && isMember(parent) && parent.property === node && !parent.computed) found.push({ source, node });
      else if (isDestructured(source, node)) {
        const binding = findBinding(source, node, name);
        if (binding) found.push(...usesIn(source, name, binding.identifier).map((use) => ({ source, node: use })));
      }
    }
  return found.filter((reference, index) => found.findIndex((other) => other.node === reference.node) === index);
}

/** `const { name } = …` and `import { name } from …`. */
function isDestructured(source: ParsedSource, node: Node): boolean {
  const parent = source.parents.get(node);
  if (parent?.type === 'ImportSpecifier') return parent.local === node;
  if (parent?.type !== 'ObjectProperty' || parent.value !== node) return false;
  return source.parents.get(parent)?.type === 'ObjectPattern';
}
