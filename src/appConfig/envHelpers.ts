/** What an app's own code around `process.env` takes and gives: helpers such as `requireEnv('X')`, and types laid over the environment. */
import type { Node } from '@babel/types';
import type { ParsedSource } from './code.types.ts';
import { isIdentifier, isMember, pathOf, unwrap, walk, type FunctionNode } from './nodes.ts';
import { findBinding } from './scope.ts';
import { calledFunction } from './trace.ts';

export interface EnvHelper {
  /** It hands out a text or throws: TypeScript need not be told. */
  readonly sure: boolean;
  /** Its parameter's type lists names, so that no new one can be given to it. */
  readonly isClosed: boolean;
}

/** A helper like `requireEnv('X')`: a function of this file that looks its parameter up in process.env, or an imported one with such a name. */
export function helperOf(source: ParsedSource, callee: Node): EnvHelper | undefined {
  if (callee.type !== 'Identifier') return undefined;
  const fn = calledFunction(source, callee);
  if (fn === undefined) {
    const isImported = findBinding(source, callee, callee.name)?.kind === 'import';
    if (!isImported || !/env/i.test(callee.name) || callee.name === 'env') return undefined;
    return { sure: /require|need|must|assert|ensure|throw/i.test(callee.name), isClosed: false };
  }
  const [first] = fn.params;
  const parameter = first?.type === 'AssignmentPattern' ? first.left : first;
  if (parameter?.type !== 'Identifier' || !looksUp(fn, parameter.name)) return undefined;
  return { sure: isSure(fn), isClosed: parameter.typeAnnotation ? !isText(parameter.typeAnnotation) : false };
}

function looksUp(fn: FunctionNode, name: string): boolean {
  let found = false;
  walk(fn.body, (inner) => {
    if (!isMember(inner) || !inner.computed || !isIdentifier(inner.property, name)) return;
    if (pathOf(inner.object)?.join('.') === 'process.env') found = true;
  });
  return found;
}

function isSure(fn: FunctionNode): boolean {
  if (fn.returnType) return isText(fn.returnType);
  let throws = false;
  walk(fn.body, (inner) => {
    if (inner.type === 'ThrowStatement') throws = true;
  });
  return throws;
}

const isText = (annotation: Node): boolean =>
  annotation.type === 'TSTypeAnnotation' && annotation.typeAnnotation.type === 'TSStringKeyword';

/** Whether a type of the app's own lies over an expression that stands for the environment: `process.env as Env`, `const env: Env = …`. */
export function isClosedEnv(source: ParsedSource, object: Node): boolean {
  if (isCast(object)) return true;
  const inner = unwrap(object);
  if (inner.type !== 'Identifier') return false;
  const binding = findBinding(source, inner, inner.name);
  if (binding?.init === undefined) return false;
  const { identifier, init } = binding;
  const annotation = identifier.type === 'Identifier' ? identifier.typeAnnotation : undefined;
  return annotation?.type === 'TSTypeAnnotation' ? !isOpen(annotation.typeAnnotation) : isCast(init);
}

/** The outermost type counts: `process.env as unknown as Env`. */
function isCast(node: Node): boolean {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSTypeAssertion':
      return !isOpen(node.typeAnnotation);
    case 'ParenthesizedExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return isCast(node.expression);
    default:
      return false;
  }
}

/** Any name can be read of it. */
function isOpen(type: Node): boolean {
  if (type.type === 'TSAnyKeyword') return true;
  if (type.type === 'TSTypeLiteral') return type.members.some(({ type: member }) => member === 'TSIndexSignature');
  if (type.type !== 'TSTypeReference') return false;
  const { typeName } = type;
  if (typeName.type === 'Identifier') return typeName.name === 'Record' && isOpenKey(type.typeArguments);
  return typeName.type === 'TSQualifiedName' && typeName.right.name === 'ProcessEnv';
}

function isOpenKey(list: Node | null | undefined): boolean {
  return list?.type === 'TSTypeParameterInstantiation' && list.params[0]?.type === 'TSStringKeyword';
}
