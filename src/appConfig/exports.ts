/** What a file exports, and what it imports from others. */
import type { Node } from '@babel/types';
import type { ConfigImport, ParsedSource } from './code.types.ts';
import { isIdentifier, isMember, keyName, memberName, pathOf, requiredModule, startOf, unwrap } from './nodes.ts';
import { positionAt } from '../base/edits.ts';
import { findBinding } from './scope.ts';

export interface FileExport {
  /** Exported name; `default`; `*` for module.exports itself. */
  readonly name: string;
  readonly value: Node;
}

/** Exports of ES modules and CommonJS, in order of the text. */
export function exportsOf(source: ParsedSource): FileExport[] {
  const found: FileExport[] = [];
  source.all.forEach((node) => {
    switch (node.type) {
      case 'ExportDefaultDeclaration':
        found.push({ name: 'default', value: node.declaration });
        break;
      case 'TSExportAssignment':
        found.push({ name: '*', value: node.expression });
        break;
      case 'ExportNamedDeclaration':
        for (const specifier of node.specifiers)
          if (specifier.type === 'ExportSpecifier' && !node.source)
            found.push({
              name: specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value,
              value: specifier.local,
            });
        if (node.declaration?.type === 'VariableDeclaration')
          for (const { id } of node.declaration.declarations)
            if (id.type === 'Identifier') found.push({ name: id.name, value: id });
        if (
          (node.declaration?.type === 'FunctionDeclaration' || node.declaration?.type === 'ClassDeclaration') &&
          node.declaration.id
        )
          found.push({ name: node.declaration.id.name, value: node.declaration.id });
        break;
      case 'AssignmentExpression': {
        const path = pathOf(node.left);
        if (path?.join('.') === 'module.exports') found.push(...wholeExport(node.right));
        else if (path?.[0] === 'exports' && path.length === 2 && path[1] !== undefined)
          found.push({ name: path[1], value: node.right });
        else if (path?.[0] === 'module' && path[1] === 'exports' && path.length === 3 && path[2] !== undefined)
          found.push({ name: path[2], value: node.right });
        break;
      }
      default:
        break;
    }
  });
  return found;
}

/** `export { a as b } from './c'`, `export * from './c'`. */
export interface Reexport {
  readonly specifier: string;
  /** Name here; `*` for everything under its own name. */
  readonly exported: string;
  /** Name there; `*` for all of it. */
  readonly imported: string;
}

/** What a file hands on from others by ES modules' syntax. */
export function reexportsOf(source: ParsedSource): Reexport[] {
  const nameIn = (node: Node): string =>
    node.type === 'StringLiteral' ? node.value : isIdentifier(node) ? node.name : '';
  return source.all.flatMap((node): Reexport[] => {
    if (node.type === 'ExportAllDeclaration') return [{ specifier: node.source.value, exported: '*', imported: '*' }];
    if (node.type !== 'ExportNamedDeclaration' || !node.source) return [];
    const specifier = node.source.value;
    return node.specifiers.map((each) => ({
      specifier,
      exported: nameIn(each.exported),
      imported:
        each.type === 'ExportSpecifier' ? nameIn(each.local) : each.type === 'ExportDefaultSpecifier' ? 'default' : '*',
    }));
  });
}

function wholeExport(value: Node): FileExport[] {
  const found: FileExport[] = [];
  const inner = unwrap(value);
  if (inner.type === 'ObjectExpression')
    for (const property of inner.properties) {
      const name = keyName(property);
      if (property.type === 'ObjectProperty' && name !== undefined) found.push({ name, value: property.value });
    }
  return [...found, { name: '*', value }];
}

/** Names of all modules the file imports or requires. */
export function modulesOf(source: ParsedSource): ReadonlySet<string> {
  const found = new Set<string>();
  source.all.forEach((node) => {
    if (node.type === 'ImportDeclaration') found.add(node.source.value);
    else if (node.type === 'TSExternalModuleReference') found.add(node.expression.value);
    else {
      const required =
        node.type === 'CallExpression' || node.type === 'ImportExpression' ? requiredModule(node) : undefined;
      if (required !== undefined) found.add(required);
    }
  });
  return found;
}

/** The import or require an expression stands for, with the exported name it takes from there. */
export function importOf(source: ParsedSource, expression: Node): ConfigImport | undefined {
  const node = unwrap(expression);
  const make = (specifier: string | undefined, exportedName: string): ConfigImport | undefined =>
    specifier === undefined
      ? undefined
      : { specifier, exportedName, line: positionAt(source.text, startOf(node)).line };
  const direct = requiredModule(node);
  if (direct !== undefined) return make(direct, '*');
  if (isIdentifier(node)) {
    const binding = findBinding(source, node, node.name);
    if (binding?.kind === 'import') return make(binding.specifier, binding.imported ?? '*');
    if (binding?.init === undefined || binding.path === undefined) return undefined;
    const base = requiredModule(binding.init);
    if (base !== undefined) return make(base, binding.path[0] ?? '*');
    const inner = unwrap(binding.init);
    if (!isMember(inner) && inner.type !== 'Identifier') return undefined;
    if (inner.type === 'Identifier' && inner.name === node.name) return undefined;
    const known = importOf(source, inner);
    return known && make(known.specifier, known.exportedName === '*' ? (binding.path[0] ?? '*') : known.exportedName);
  }
  if (isMember(node)) {
    const known = importOf(source, node.object);
    return known && make(known.specifier, known.exportedName === '*' ? (memberName(node) ?? '*') : known.exportedName);
  }
  return undefined;
}
