/** Where code loads `.env` files: dotenv and its kin, Node's own loader, NestJS, Next.js and Vite. Read from the tree, never run. */
import type { Node } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import { isCall, keyName, memberName, pathOf, requiredModule, stringValue, unwrap, walk } from './nodes.ts';
import { pathValue, type EnvPath } from './paths.ts';
import { findBinding } from './scope.ts';
import { possibleValues } from './trace.ts';

/** One place where code loads `.env` files. */
export interface EnvLoad {
  /** Offset in the source. */
  readonly offset: number;
  readonly expands: boolean;
  /** Paths as far as they can be told, in the order of loading; undefined when the code computes them. */
  readonly paths: readonly EnvPath[] | undefined;
}

/** Files without any of these load no `.env`. */
export const envLoadTexts = ['dotenv', 'loadEnvFile', '@nestjs/config', 'loadEnvConfig', 'loadEnv('] as const;

const dotenvModule = /^(?:dotenv|dotenv-safe|dotenv-expand|dotenv-flow|@dotenvx\/dotenvx)(?:\/config(?:\.js)?)?$/;
const standard: readonly EnvPath[] = [{ from: 'cwd', path: '.env' }];

/** Every load in a file, in the order of the text. */
export function findEnvLoads(source: ParsedSource): EnvLoad[] {
  const loads: EnvLoad[] = [];
  let expands = false;
  walk(source.ast, (node) => {
    const module = moduleOf(node);
    if (module?.startsWith('dotenv-expand') === true) expands = true;
    if (module !== undefined && dotenvModule.test(module) && /\/config(\.js)?$/.test(module)) {
      loads.push({ offset: node.start ?? 0, expands: false, paths: standard });
    }
    const load = isCall(node) ? loadOf(source, node) : undefined;
    if (load !== undefined) loads.push({ offset: node.start ?? 0, ...load });
  });
  return loads.map((load) => ({ ...load, expands: load.expands || expands }));
}

function moduleOf(node: Node): string | undefined {
  return node.type === 'ImportDeclaration' ? node.source.value : requiredModule(node);
}

type Call = Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>;

function loadOf(source: ParsedSource, call: Call): Omit<EnvLoad, 'offset'> | undefined {
  const [argument] = call.arguments;
  const callee = unwrap(call.callee);
  const path = pathOf(callee);
  const name = memberName(callee);
  if (path?.join('.') === 'process.loadEnvFile') {
    return { expands: false, paths: argument === undefined ? standard : pathsOf(source, argument) };
  }
  if ((callee.type === 'Identifier' || isConfigName(name)) && comesFromDotenv(source, callee)) {
    const option = propertyValue(source, argument, 'path');
    return { expands: false, paths: option === undefined ? standard : pathsOf(source, option) };
  }
  if (path?.join('.') === 'ConfigModule.forRoot') {
    if (isTrue(propertyValue(source, argument, 'ignoreEnvFile'))) return undefined;
    const option = propertyValue(source, argument, 'envFilePath');
    const expands = propertyValue(source, argument, 'expandVariables') !== undefined;
    return { expands, paths: option === undefined ? standard : pathsOf(source, option) };
  }
  // Both load the whole family of files from a folder; which of them exist is looked up later.
  if (name === 'loadEnvConfig' || (name === 'loadEnv' && call.arguments.length > 1))
    return { expands: true, paths: standard };
  return undefined;
}

function isConfigName(name: string | undefined): boolean {
  return name === 'config' || name === 'configDotenv';
}

/** `require('dotenv').config`, `dotenv.config` and an imported `config`, under whatever name. */
function comesFromDotenv(source: ParsedSource, callee: Node): boolean {
  const owner = callee.type === 'MemberExpression' ? unwrap(callee.object) : callee;
  const direct = requiredModule(owner);
  if (direct !== undefined) return dotenvModule.test(direct);
  // The binding's own declaration says which module it is; a global of that name is not dotenv.
  if (owner.type !== 'Identifier' || findBinding(source, owner, owner.name) === undefined) return false;
  const asFunction = owner === callee;
  let found = false;
  walk(source.ast, (node) => {
    if (node.type === 'ImportDeclaration' && dotenvModule.test(node.source.value)) {
      found ||= node.specifiers.some(
        (specifier) =>
          specifier.local.name === owner.name &&
          asFunction ===
            (specifier.type === 'ImportSpecifier' &&
              isConfigName(specifier.imported.type === 'Identifier' ? specifier.imported.name : undefined)),
      );
    } else if (node.type === 'TSImportEqualsDeclaration' && node.id.name === owner.name) {
      const reference = node.moduleReference;
      found ||=
        reference.type === 'TSExternalModuleReference' && dotenvModule.test(stringValue(reference.expression) ?? '');
    } else if (node.type === 'VariableDeclarator' && dotenvModule.test(requiredModule(node.init ?? node) ?? '')) {
      found ||= asFunction
        ? bindsConfig(node.id, owner.name)
        : node.id.type === 'Identifier' && node.id.name === owner.name;
    }
  });
  return found;
}

/** `const { config: local } = …` */
function bindsConfig(pattern: Node, local: string): boolean {
  if (pattern.type !== 'ObjectPattern') return false;
  return pattern.properties.some(
    (property) =>
      property.type === 'ObjectProperty' &&
      isConfigName(keyName(property)) &&
      property.value.type === 'Identifier' &&
      property.value.name === local,
  );
}

function propertyValue(source: ParsedSource, argument: Node | undefined, name: string): Node | undefined {
  if (argument === undefined) return undefined;
  for (const value of possibleValues(source, argument)) {
    const object = unwrap(value);
    if (object.type !== 'ObjectExpression') continue;
    for (const property of object.properties) {
      if (property.type === 'ObjectProperty' && keyName(property) === name) return property.value;
    }
  }
  return undefined;
}

function isTrue(node: Node | undefined): boolean {
  return node?.type === 'BooleanLiteral' && node.value;
}

/** Undefined as soon as one of several paths cannot be told. */
function pathsOf(source: ParsedSource, expression: Node): EnvPath[] | undefined {
  const node = unwrap(expression);
  const parts = node.type === 'ArrayExpression' ? node.elements : [node];
  const paths: EnvPath[] = [];
  for (const part of parts) {
    const path = part === null ? undefined : pathValue(source, part);
    if (path === undefined) return undefined;
    paths.push(path);
  }
  return paths;
}
