/** Which declaration a name means, block by block, without running anything. */
import type { Node } from '@babel/types';
import { childrenOf, isFunction, isIdentifier, keyName } from './nodes.ts';

export interface Binding {
  readonly name: string;
  readonly kind: 'variable' | 'parameter' | 'import' | 'function' | 'class' | 'other';
  readonly identifier: Node;
  /** Declarator, import declaration, function or class. */
  readonly declaration: Node;
  /** What the variable is initialised with; a parameter's default value. */
  readonly init?: Node;
  /** Way from the initial value to this name through a destructuring pattern; undefined where it cannot be told. */
  readonly path: readonly string[] | undefined;
  /** For imports: the exported name, `default` or `*`. */
  readonly imported?: string;
  readonly specifier?: string;
  readonly typeOnly?: boolean;
  /** Right sides assigned to the name later on. */
  readonly assignments: Node[];
}

export type Scopes = ReadonlyMap<Node, ReadonlyMap<string, Binding>>;

function createsScope(node: Node): boolean {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'SwitchStatement':
    case 'CatchClause':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return true;
    default:
      return isFunction(node);
  }
}

/** Parents, scopes and nodes (parents first) of a whole tree in one pass. */
export function readScopes(root: Node): { parents: Map<Node, Node>; scopes: Scopes; all: readonly Node[] } {
  const parents = new Map<Node, Node>();
  const all: Node[] = [];
  const scopes = new Map<Node, Map<string, Binding>>();
  const assignments: { target: Node & { type: 'Identifier' }; value: Node }[] = [];
  const stack: { node: Node; scope: Node; functionScope: Node }[] = [{ node: root, scope: root, functionScope: root }];

  function declare(scope: Node, binding: Omit<Binding, 'assignments'>): void {
    let names = scopes.get(scope);
    if (names === undefined) scopes.set(scope, (names = new Map<string, Binding>()));
    // `var x` twice and overloads: the first declaration stands for all.
    if (!names.has(binding.name)) names.set(binding.name, { ...binding, assignments: [] });
  }

  function declarePattern(
    scope: Node,
    pattern: Node,
    path: readonly string[] | undefined,
    rest: Pick<Binding, 'kind' | 'declaration'> & { init?: Node },
  ): void {
    switch (pattern.type) {
      case 'Identifier':
        declare(scope, { ...rest, name: pattern.name, identifier: pattern, path });
        break;
      case 'TSParameterProperty':
        declarePattern(scope, pattern.parameter, path, rest);
        break;
      case 'AssignmentPattern':
        declarePattern(scope, pattern.left, path, rest);
        break;
      case 'RestElement':
        declarePattern(scope, pattern.argument, undefined, rest);
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) declarePattern(scope, element, undefined, rest);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') declarePattern(scope, property, undefined, rest);
          else {
            const key = keyName(property);
            declarePattern(scope, property.value, path && key !== undefined ? [...path, key] : undefined, rest);
          }
        }
        break;
      default:
        break;
    }
  }

  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node } = item;
    all.push(node);
    let { scope, functionScope } = item;
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          const imported =
            specifier.type === 'ImportSpecifier'
              ? specifier.imported.type === 'Identifier'
                ? specifier.imported.name
                : specifier.imported.value
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*';
          declare(scope, {
            name: specifier.local.name,
            kind: 'import',
            identifier: specifier.local,
            declaration: node,
            path: [],
            imported,
            specifier: node.source.value,
            typeOnly:
              node.importKind === 'type' || (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type'),
          });
        }
        break;
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference')
          declare(scope, {
            name: node.id.name,
            kind: 'import',
            identifier: node.id,
            declaration: node,
            path: [],
            imported: '*',
            specifier: node.moduleReference.expression.value,
          });
        break;
      case 'VariableDeclaration':
        for (const declarator of node.declarations)
          declarePattern(node.kind === 'var' ? functionScope : scope, declarator.id, [], {
            kind: 'variable',
            declaration: declarator,
            ...(declarator.init ? { init: declarator.init } : {}),
          });
        break;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
        if (node.id)
          declare(scope, {
            name: node.id.name,
            kind:
              node.type === 'FunctionDeclaration' ? 'function' : node.type === 'ClassDeclaration' ? 'class' : 'other',
            identifier: node.id,
            declaration: node,
            path: [],
          });
        break;
      case 'AssignmentExpression':
        if (isIdentifier(node.left)) assignments.push({ target: node.left, value: node.right });
        break;
      default:
        break;
    }
    if (createsScope(node)) {
      scope = node;
      if (isFunction(node)) {
        functionScope = node;
        for (const parameter of node.params)
          declarePattern(node, parameter, [], {
            kind: 'parameter',
            declaration: node,
            ...(parameter.type === 'AssignmentPattern' ? { init: parameter.right } : {}),
          });
        if (node.type === 'FunctionExpression' && node.id)
          declare(node, { name: node.id.name, kind: 'function', identifier: node.id, declaration: node, path: [] });
      } else if (node.type === 'CatchClause' && node.param)
        declarePattern(node, node.param, undefined, { kind: 'other', declaration: node });
      else if (node.type === 'Program' || node.type === 'TSModuleBlock' || node.type === 'StaticBlock')
        functionScope = node;
    }
    for (const child of childrenOf(node).reverse()) {
      parents.set(child, node);
      stack.push({ node: child, scope, functionScope });
    }
  }
  for (const { target, value } of assignments)
    findBinding({ parents, scopes }, target, target.name)?.assignments.push(value);
  return { parents, scopes, all };
}

/** The declaration that `name` means at `at`; undefined for globals. */
export function findBinding(
  source: { readonly parents: ReadonlyMap<Node, Node>; readonly scopes: Scopes },
  at: Node,
  name: string,
): Binding | undefined {
  for (let node: Node | undefined = at; node !== undefined; node = source.parents.get(node)) {
    const binding = source.scopes.get(node)?.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}
