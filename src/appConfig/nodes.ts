/** Small helpers over babel's tree, shared by the code side. */
import type { Expression, Identifier, Node, ObjectExpression, ObjectProperty } from '@babel/types';

export const startOf = (node: Node): number => node.start ?? 0;
export const endOf = (node: Node): number => node.end ?? 0;

const notChildren = new Set(['loc', 'extra', 'comments', 'tokens', 'errors', 'type', 'start', 'end', 'range']);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Direct children in order of the tree's own fields. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  const fields = node as unknown as Record<string, unknown>;
  for (const key in fields) {
    if (notChildren.has(key)) continue;
    const value = fields[key];
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** Visits the node and everything below it, parents first. Iterative: the depth of hostile input must not matter. */
export function walk(root: Node, visit: (node: Node) => void): void {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    visit(node);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child !== undefined) stack.push(child);
    }
  }
}

/** The expression without type assertions and `!`, which have no meaning at run time. */
export function unwrap(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** Name of a property, method or field whose key is not computed (or is computed from a string literal). */
export function keyName(node: Node): string | undefined {
  if (!('key' in node) || !isNode(node.key)) return undefined;
  const key = node.key;
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'Identifier' && !('computed' in node && node.computed)) return key.name;
  return undefined;
}

/** Property name of a member expression; undefined where it is computed from anything but a string. */
export function memberName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  return stringValue(node.property);
}

export function isMember(node: Node): node is Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }> {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

export function isCall(node: Node): node is Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }> {
  return node.type === 'CallExpression' || node.type === 'OptionalCallExpression';
}

export type FunctionNode = Extract<
  Node,
  {
    type:
      | 'FunctionDeclaration'
      | 'FunctionExpression'
      | 'ArrowFunctionExpression'
      | 'ObjectMethod'
      | 'ClassMethod'
      | 'ClassPrivateMethod';
  }
>;

export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return true;
    default:
      return false;
  }
}

/** Value of a string literal or of a template without expressions. */
export function stringValue(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** The last plain property of that name (the one that counts at run time). */
export function propertyOf(object: ObjectExpression, name: string): ObjectProperty | undefined {
  return object.properties.findLast(
    (property): property is ObjectProperty => property.type === 'ObjectProperty' && keyName(property) === name,
  );
}

/** `a.b['c']` as `['a','b','c']`, `import.meta.env` as `['import.meta','env']`; undefined for anything else. */
export function pathOf(node: Node): string[] | undefined {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'Identifier':
      return [inner.name];
    case 'ThisExpression':
      return ['this'];
    case 'MetaProperty':
      return ['import.meta'];
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const name = memberName(inner);
      const object = pathOf(inner.object);
      return name === undefined || object === undefined ? undefined : [...object, name];
    }
    default:
      return undefined;
  }
}

/** The identifier, `this` or call at the far left of a member chain. */
export function rootOf(node: Node): Node {
  let inner = unwrap(node);
  while (isMember(inner)) inner = unwrap(inner.object);
  return inner;
}

export const isIdentifier = (node: Node, name?: string): node is Identifier =>
  node.type === 'Identifier' && (name === undefined || node.name === name);

/** Undefined, null, `void 0` or an empty string: a credential that MSAL takes for absent. */
export function isEmptyValue(node: Node): boolean {
  const inner = unwrap(node);
  return (
    inner.type === 'NullLiteral' ||
    isIdentifier(inner, 'undefined') ||
    (inner.type === 'UnaryExpression' && inner.operator === 'void') ||
    stringValue(inner) === ''
  );
}

/** `require('x')` and `await import('x')`: the module's name. */
export function requiredModule(node: Node): string | undefined {
  let inner = unwrap(node);
  if (inner.type === 'AwaitExpression') inner = unwrap(inner.argument);
  if (inner.type === 'ImportExpression') return stringValue(inner.source);
  if (inner.type !== 'CallExpression') return undefined;
  const argument = inner.arguments[0];
  const known = isIdentifier(inner.callee, 'require') || inner.callee.type === 'Import';
  return known && argument !== undefined ? stringValue(argument) : undefined;
}

/** Only expressions can be asked for their value; patterns and types cannot. */
export type AnyExpression = Expression;
