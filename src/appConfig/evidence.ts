/** Tells configurations of MSAL Node from everything else that has a `clientSecret`. */
import type { Node, ObjectExpression } from '@babel/types';
import type { ConfigImport, ParsedSource, SiteEvidence, SiteHints } from './code.types.ts';
import { exportsOf, importOf, modulesOf } from './exports.ts';
import { isCall, isFunction, keyName, memberName, pathOf, unwrap, walk } from './nodes.ts';
import { findBinding } from './scope.ts';
import { possibleObjects, possibleValues, valuesOfProperty } from './trace.ts';

export const msalNode = '@azure/msal-node';

export interface AuthObject {
  readonly object: ObjectExpression;
  readonly evidence: SiteEvidence;
  /** The client it reaches; two credentials that reach the same client are alternatives. */
  readonly client?: Node;
}

/** Everything that follows from the file's clients, types and exports. */
export interface Clients {
  readonly confidential: readonly Node[];
  readonly auths: ReadonlyMap<ObjectExpression, AuthObject>;
  /** Auth objects of public clients only: never touched. */
  readonly publicOnly: ReadonlySet<ObjectExpression>;
  readonly modules: ReadonlySet<string>;
}

function clientKind(source: ParsedSource, node: Node): 'confidential' | 'public' | 'wrapper' | undefined {
  if (node.type !== 'NewExpression' && !isCall(node)) return undefined;
  // `new (require('@azure/msal-node').ConfidentialClientApplication)(…)` has no path of names.
  const path = pathOf(node.callee) ?? [memberName(unwrap(node.callee)) ?? ''];
  let name = path.at(-1) ?? '';
  if (path.length === 1 && unwrap(node.callee).type === 'Identifier') {
    const binding = findBinding(source, node, name);
    name = binding?.imported ?? binding?.path?.at(-1) ?? name;
  }
  if (node.type === 'NewExpression') {
    if (name === 'ConfidentialClientApplication') return 'confidential';
    if (name === 'PublicClientApplication') return 'public';
    return undefined;
  }
  return name === 'initialize' && path.at(-2) === 'WebAppAuthProvider' ? 'wrapper' : undefined;
}

/** `auth` of a configuration; wrapper settings call it otherwise. */
export function authObjectsOf(source: ParsedSource, config: ObjectExpression): ObjectExpression[] {
  return ['auth', 'authOptions', 'appCredentials'].flatMap((name) =>
    valuesOfProperty(source, config, name).filter(
      (value): value is ObjectExpression => value.type === 'ObjectExpression',
    ),
  );
}

export function readClients(source: ParsedSource, hints: SiteHints): Clients {
  const modules = modulesOf(source);
  const auths = new Map<ObjectExpression, AuthObject>();
  const publicAuths = new Set<ObjectExpression>();
  const confidential: Node[] = [];
  const add = (object: ObjectExpression, evidence: SiteEvidence, client?: Node): void => {
    if (!auths.has(object)) auths.set(object, { object, evidence, ...(client ? { client } : {}) });
  };
  const types: ObjectExpression[] = [];
  source.all.forEach((node) => {
    if (node.type === 'ObjectExpression') types.push(node);
    const kind = clientKind(source, node);
    if (kind === undefined || !('arguments' in node)) return;
    const [argument] = node.arguments;
    if (kind === 'confidential') confidential.push(node);
    if (argument === undefined) return;
    for (const config of possibleObjects(source, argument))
      for (const auth of authObjectsOf(source, config))
        if (kind === 'public') publicAuths.add(auth);
        else add(auth, kind === 'wrapper' ? 'wrapper' : 'constructor', node);
  });
  if (modules.has(msalNode))
    for (const object of types) {
      const type = typeOf(source, object);
      if (type === 'auth') add(object, 'type');
      else if (type === 'config') for (const auth of authObjectsOf(source, object)) add(auth, 'type');
    }
  if (hints.configExports?.length)
    for (const { name, value } of exportsOf(source))
      if (hints.configExports.includes(name))
        for (const config of possibleObjects(source, value)) {
          const direct = authObjectsOf(source, config);
          const nested = config.properties.flatMap((property) =>
            property.type === 'ObjectProperty'
              ? possibleObjects(source, property.value).flatMap((inner) => authObjectsOf(source, inner))
              : [],
          );
          for (const auth of direct.length > 0 ? direct : nested) add(auth, 'hint');
        }
  const publicOnly = new Set([...publicAuths].filter((auth) => auths.get(auth)?.evidence !== 'constructor'));
  for (const auth of publicOnly) auths.delete(auth);
  return { confidential, auths, publicOnly, modules };
}

/** Whether an object literal is typed with MSAL Node's own type, by annotation, assertion, field or return type. */
function typeOf(source: ParsedSource, object: Node): 'config' | 'auth' | undefined {
  let child: Node = object;
  for (let node = source.parents.get(object); node !== undefined; child = node, node = source.parents.get(node)) {
    let annotation: Node | null | undefined;
    if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression' || node.type === 'TSTypeAssertion')
      annotation = node.typeAnnotation;
    else if (node.type === 'VariableDeclarator')
      annotation = node.id.type === 'Identifier' ? node.id.typeAnnotation : undefined;
    else if (node.type === 'ClassProperty') annotation = node.typeAnnotation;
    else if (isFunction(node)) annotation = node.returnType;
    else if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') {
      const id = findBinding(source, node, node.left.name)?.identifier;
      annotation = id?.type === 'Identifier' ? id.typeAnnotation : undefined;
    } else if (node.type === 'ObjectProperty' || node.type === 'ObjectExpression' || isCall(node)) return undefined;
    const kind = annotation ? msalType(source, annotation) : undefined;
    if (kind !== undefined) return kind;
    if (isFunction(node) || (node.type === 'VariableDeclarator' && child === node.init)) return undefined;
  }
  return undefined;
}

/** `Configuration` and `NodeAuthOptions` of msal-node, also inside Promise, Partial, indexed access. */
export function msalType(source: ParsedSource, annotation: Node): 'config' | 'auth' | undefined {
  let found: 'config' | 'auth' | undefined;
  walk(annotation, (node) => {
    if (node.type !== 'TSTypeReference') return;
    let name = node.typeName as Node;
    let last = name.type === 'Identifier' ? name.name : '';
    while (name.type === 'TSQualifiedName') {
      last ||= name.right.name;
      name = name.left;
    }
    if (name.type !== 'Identifier') return;
    const binding = findBinding(source, node, name.name);
    if (binding?.specifier !== msalNode) return;
    const imported = binding.imported === '*' || binding.imported === 'default' ? last : (binding.imported ?? last);
    if (imported.endsWith('AuthOptions')) found ??= 'auth';
    else if (imported.endsWith('Configuration')) found ??= 'config';
  });
  return found;
}

/** Name of the variable, field, export or function that a configuration belongs to. */
export function nameOf(source: ParsedSource, at: Node): string | undefined {
  for (let node = source.parents.get(at); node !== undefined; node = source.parents.get(node)) {
    if (node.type === 'VariableDeclarator') return node.id.type === 'Identifier' ? node.id.name : undefined;
    if (node.type === 'AssignmentExpression') return pathOf(node.left)?.at(-1);
    if (node.type === 'ClassProperty') return keyName(node);
    if (node.type === 'FunctionDeclaration') return node.id?.name;
    if (isFunction(node)) return keyName(node);
  }
  return undefined;
}

/** Imports whose value reaches a confidential client of this file: the configuration lies in the other file. */
export function findConfigImports(source: ParsedSource): ConfigImport[] {
  const found = new Map<string, ConfigImport>();
  const add = (known: ConfigImport | undefined): void => {
    if (
      known?.specifier.startsWith('.') === true ||
      known?.specifier.startsWith('@/') === true ||
      known?.specifier.startsWith('~/') === true
    )
      found.set(`${known.specifier} ${known.exportedName}`, known);
  };
  const fromValue = (value: Node): void => {
    const inner = unwrap(value);
    add(importOf(source, inner));
    if (isCall(inner)) add(importOf(source, inner.callee));
    if (inner.type !== 'ObjectExpression') return;
    for (const property of inner.properties) {
      if (property.type === 'SpreadElement') fromValue(property.argument);
      else if (property.type === 'ObjectProperty' && keyName(property) === 'auth')
        for (const auth of possibleValues(source, property.value)) fromValue(auth);
    }
  };
  const msal = modulesOf(source).has(msalNode);
  source.all.forEach((node) => {
    const kind = clientKind(source, node);
    if (kind !== undefined && kind !== 'public' && 'arguments' in node) {
      const [argument] = node.arguments;
      if (argument) for (const value of possibleValues(source, argument)) fromValue(value);
    } else if (kind !== 'public' && (msal || node.type === 'NewExpression')) {
      // `new AuthProvider(msalConfig)`: the sample hands the imported configuration to its own wrapper first.
      if (!('arguments' in node)) return;
      for (const argument of node.arguments) {
        const known = importOf(source, argument);
        if (known && /^(msal|auth)\w*config\w*$|^config$/i.test(known.exportedName)) add(known);
      }
    }
  });
  return [...found.values()].sort((a, b) => a.line - b.line);
}
