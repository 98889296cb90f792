/** Places in code as the engine of `waiting.ts` looks at them: functions, route handlers, statements. */
import type { Node, Statement } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';
import { isCall, isFunction, isMember, memberName, pathOf, unwrap, type FunctionNode } from '../nodes.ts';
import { findBinding } from '../scope.ts';

/** The function that a node's code runs in; a class field's value runs in the class's constructor, which is then the class. */
export function functionAround(
  source: ParsedSource,
  at: Node,
): FunctionNode | Extract<Node, { type: 'ClassBody' }> | undefined {
  let child = at;
  for (let node = source.parents.get(at); node !== undefined; child = node, node = source.parents.get(node)) {
    if (isFunction(node)) return node;
    if (node.type === 'ClassProperty' && node.value === child && !node.static) {
      const body = source.parents.get(node);
      if (body?.type === 'ClassBody') return body;
    }
  }
  return undefined;
}

/** The statement directly in the program's body that holds a node. */
export function topStatement(source: ParsedSource, at: Node): Statement | undefined {
  let child = at;
  for (let node = source.parents.get(at); node !== undefined; child = node, node = source.parents.get(node))
    if (node.type === 'Program') return child as Statement;
  return undefined;
}

const routeMethods = /^(get|post|put|patch|delete|all|use|options|head)$/;

/** The call that registers a handler for requests (Express and its like), when the node is one of its arguments. */
export function routeAround(source: ParsedSource, at: Node): Node | undefined {
  let argument = at;
  let call = source.parents.get(at);
  // `[first, second]` as handlers.
  if (call?.type === 'ArrayExpression') [argument, call] = [call, source.parents.get(call)];
  if (call === undefined || !isCall(call) || !call.arguments.some((each) => each === argument)) return undefined;
  const callee = unwrap(call.callee);
  if (!isMember(callee) || !routeMethods.test(memberName(callee) ?? '')) return undefined;
  const object = unwrap(callee.object);
  if (object.type !== 'Identifier') return undefined;
  const init = findBinding(source, object, object.name)?.init;
  const made = init && isCall(unwrap(init)) ? (pathOf((unwrap(init) as { callee: Node }).callee)?.join('.') ?? '') : '';
  return /express|router|fastify|restify|polka/i.test(made) || /^(app|router|server)$/i.test(object.name)
    ? call
    : undefined;
}

/** Name and declaring identifier of a function or class. */
export function nameOfFunction(
  source: ParsedSource,
  fn: Node,
): { readonly name: string; readonly declared?: Node } | undefined {
  if ((fn.type === 'FunctionDeclaration' || fn.type === 'ClassDeclaration') && fn.id)
    return { name: fn.id.name, declared: fn.id };
  const parent = source.parents.get(fn);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier')
    return { name: parent.id.name, declared: parent.id };
  const holder = fn.type === 'ClassMethod' || fn.type === 'ObjectMethod' ? fn : parent;
  if (holder?.type === 'ClassMethod' || holder?.type === 'ObjectMethod' || holder?.type === 'ClassProperty') {
    if (holder.type === 'ClassMethod' && (holder.kind === 'get' || holder.kind === 'set')) return undefined;
    return holder.key.type === 'Identifier' && !holder.computed ? { name: holder.key.name } : undefined;
  }
  if (holder?.type === 'ObjectProperty')
    return holder.key.type === 'Identifier' && !holder.computed ? { name: holder.key.name } : undefined;
  if (parent?.type === 'AssignmentExpression' && parent.right === fn) {
    const name = memberName(parent.left);
    return name === undefined || name === 'exports' ? undefined : { name };
  }
  return undefined;
}

/** What a use of a name does with it. */
export type UseKind = 'call' | 'neutral' | 'value';

/**
 * `call`: it is called or constructed there. `neutral`: it is declared, imported, exported or named in a type.
 * `value`: anything else.
 */
export function useOf(source: ParsedSource, identifier: Node): { readonly kind: UseKind; readonly node: Node } {
  const member = source.parents.get(identifier);
  const node = member && isMember(member) && member.property === identifier ? member : identifier;
  const parent = source.parents.get(node);
  if (parent === undefined) return { kind: 'neutral', node };
  if ((isCall(parent) || parent.type === 'NewExpression') && parent.callee === node)
    return { kind: 'call', node: parent };
  if (/^(Import|Export)|^TS(?!AsExpression|NonNull|Satisfies)/.test(parent.type)) return { kind: 'neutral', node };
  if (isExport(source, node, parent)) return { kind: 'neutral', node };
  if (parent.type === 'AssignmentExpression' && parent.left === node) return { kind: 'neutral', node };
  const pattern = parent.type === 'ObjectProperty' && source.parents.get(parent)?.type === 'ObjectPattern';
  return { kind: pattern ? 'neutral' : 'value', node };
}

/** `module.exports = X`, `exports.X = X`, `module.exports = { X }`, `export { X }`. */
export function isExport(source: ParsedSource, node: Node, parent: Node): boolean {
  const assigned = (each: Node | undefined, value: Node): boolean =>
    each?.type === 'AssignmentExpression' &&
    each.right === value &&
    /^(module\.)?exports\b/.test(pathOf(each.left)?.join('.') ?? '');
  if (assigned(parent, node)) return true;
  if (parent.type !== 'ObjectProperty' || parent.value !== node) return false;
  const object = source.parents.get(parent);
  return object !== undefined && assigned(source.parents.get(object), object);
}
