/** Follows names, members, branches and local functions to the values they can have in this file. */
import type { Node, ObjectExpression } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import {
  isCall,
  isEmptyValue,
  isFunction,
  isMember,
  keyName,
  memberName,
  pathOf,
  unwrap,
  walk,
  type FunctionNode,
} from './nodes.ts';
import { findBinding } from './scope.ts';

/** Real code needs about six; cycles end here. */
const maximalDepth = 12;

/** Every node of this file that the expression can evaluate to, as far as syntax tells; unknown ones are handed back as they are. */
export function possibleValues(source: ParsedSource, expression: Node, depth = 0): Node[] {
  const node = unwrap(expression);
  if (depth > maximalDepth) return [node];
  const follow = (next: Node): Node[] => possibleValues(source, next, depth + 1);
  switch (node.type) {
    case 'Identifier': {
      const binding = findBinding(source, node, node.name);
      if (binding?.kind !== 'variable' || binding.path === undefined) return [node];
      let values = binding.init === undefined ? [] : follow(binding.init);
      for (const name of binding.path)
        values = values.flatMap((value) => valuesOfProperty(source, value, name, depth + 1));
      values = [...values, ...binding.assignments.flatMap(follow)];
      return values.length === 0 ? [node] : values;
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const name = memberName(node);
      if (name === undefined) return [node];
      const found = isThis(node.object)
        ? valuesOfThis(source, node, name).flatMap(follow)
        : possibleValues(source, node.object, depth + 1).flatMap((value) =>
            valuesOfProperty(source, value, name, depth + 1),
          );
      return found.length === 0 ? [node] : found;
    }
    case 'ConditionalExpression':
      return [...follow(node.consequent), ...follow(node.alternate)];
    case 'LogicalExpression':
      return [...(node.operator === '&&' ? [] : follow(node.left)), ...follow(node.right)];
    case 'AwaitExpression':
      return follow(node.argument);
    case 'AssignmentExpression':
      return follow(node.right);
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      return last === undefined ? [node] : follow(last);
    }
    case 'CallExpression': {
      const path = pathOf(node.callee)?.join('.');
      const first = node.arguments[0];
      if ((path === 'Object.freeze' || path === 'Object.seal' || path === 'structuredClone') && first)
        return follow(first);
      if (path === 'Object.assign') return node.arguments.flatMap(follow);
      const called = calledFunction(source, node.callee);
      return called === undefined ? [node] : returnsOf(called).flatMap(follow);
    }
    default:
      return [node];
  }
}

function isThis(node: Node): boolean {
  return unwrap(node).type === 'ThisExpression';
}

/** Values of a property of an object literal, through its spreads. */
export function valuesOfProperty(source: ParsedSource, object: Node, name: string, depth = 0): Node[] {
  if (object.type !== 'ObjectExpression' || depth > maximalDepth) return [];
  const found: Node[] = [];
  for (const property of object.properties) {
    if (property.type === 'SpreadElement')
      for (const value of possibleValues(source, property.argument, depth + 1))
        found.push(...valuesOfProperty(source, value, name, depth + 1));
    else if (keyName(property) === name)
      found.push(
        ...(property.type === 'ObjectProperty'
          ? possibleValues(source, property.value, depth + 1)
          : returnsOf(property)),
      );
  }
  return found;
}

/** Class body around a node, through arrow functions and methods. */
export function classAround(source: ParsedSource, at: Node): Node | undefined {
  for (let node: Node | undefined = at; node !== undefined; node = source.parents.get(node))
    if (node.type === 'ClassBody') return node;
  return undefined;
}

/** What `this.name` is set to: class fields and assignments within the class, or within the function in old code. */
export function valuesOfThis(source: ParsedSource, at: Node, name: string): Node[] {
  const found: Node[] = [];
  const root = classAround(source, at) ?? source.ast;
  walk(root, (node) => {
    if ((node.type === 'ClassProperty' || node.type === 'ClassPrivateProperty') && keyName(node) === name && node.value)
      found.push(node.value);
    else if (node.type === 'ClassMethod' && node.kind === 'get' && keyName(node) === name)
      found.push(...returnsOf(node));
    else if (node.type === 'AssignmentExpression' && isMember(node.left) && isThis(node.left.object))
      if (memberName(node.left) === name) found.push(node.right);
  });
  return found;
}

/** The function of this file that a callee means. */
export function calledFunction(source: ParsedSource, callee: Node): FunctionNode | undefined {
  const inner = unwrap(callee);
  if (isFunction(inner)) return inner;
  if (inner.type === 'Identifier') {
    const binding = findBinding(source, inner, inner.name);
    if (binding === undefined) return undefined;
    const value = binding.kind === 'function' ? binding.declaration : binding.init && unwrap(binding.init);
    return value !== undefined && binding.path?.length === 0 && isFunction(value) ? value : undefined;
  }
  if (isMember(inner)) {
    const name = memberName(inner);
    if (!isThis(inner.object) || name === undefined) return undefined;
    let found: FunctionNode | undefined;
    const body = classAround(source, inner);
    if (body?.type === 'ClassBody')
      for (const member of body.body) {
        if (keyName(member) !== name) continue;
        if (member.type === 'ClassMethod') found = member;
        else if (member.type === 'ClassProperty' && member.value && isFunction(member.value)) found = member.value;
      }
    return found;
  }
  return undefined;
}

/** Expressions a function can return, functions inside it left out. */
export function returnsOf(fn: FunctionNode): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const found: Node[] = [];
  walk(fn.body, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument);
  });
  return found;
}

/** Object literals among the possible values. */
export function possibleObjects(source: ParsedSource, expression: Node): ObjectExpression[] {
  return possibleValues(source, expression).filter(
    (node): node is ObjectExpression => node.type === 'ObjectExpression',
  );
}

/** Property of an object that holds something (neither `undefined` nor empty). */
export function hasValue(node: Node | undefined): node is Node {
  return node !== undefined && !isEmptyValue(node);
}

/** Call or `new` whose argument (through properties of object literals) the node is. */
export function calleeAround(source: ParsedSource, at: Node): Node | undefined {
  let child = at;
  for (let node = source.parents.get(at); node !== undefined; child = node, node = source.parents.get(node)) {
    if (isCall(node) || node.type === 'NewExpression') return node.callee === child ? undefined : node;
    if (isFunction(node) || node.type.endsWith('Statement') || node.type.endsWith('Declaration')) return undefined;
  }
  return undefined;
}
