/** Where the functions, classes and variables of an app are used, by name and by import. */
import type { Node } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';
import { exportsOf } from '../exports.ts';
import { isMember, pathOf, requiredModule, unwrap } from '../nodes.ts';
import { findBinding } from '../scope.ts';
import type { AppFiles } from './appFiles.ts';

/** One use, of whatever kind. */
export interface Reference {
  readonly source: ParsedSource;
  /** The identifier. */
  readonly node: Node;
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
  for (const scope of other.scopes.values()) {
    for (const binding of scope.values()) {
      const specifier = binding.kind === 'import' ? binding.specifier : binding.init && requiredModule(binding.init);
      if (!from(specifier)) continue;
      const imported = binding.kind === 'import' ? (binding.imported ?? '*') : (binding.path?.[0] ?? '*');
      const uses = usesIn(other, binding.name, binding.identifier);
      if (names.has(imported)) found.push(...uses.map((node) => ({ source: other, node })));
      else if (imported === '*' || imported === 'default')
        for (const use of uses) {
          const parent = other.parents.get(use);
          if (parent && isMember(parent) && parent.object === use && names.has(pathOf(parent)?.at(-1) ?? ''))
            found.push({ source: other, node: parent.property });
        }
    }
  }
  return found;
}

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
