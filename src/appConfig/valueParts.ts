/** How the descriptions of an expression's parts become one: fall-backs, choices, concatenations. Nothing here looks at code. */
import type { Node } from '@babel/types';
import { stringValue } from './nodes.ts';
import { isSampleText } from './samples.ts';
import type { ValueSource } from './types.ts';
import type { ValueInfo } from './valueSource.ts';

/** Every variable that a value comes from; none where it comes from elsewhere. */
export function variablesOf(from: ValueSource | undefined): string[] {
  return from?.kind === 'environment' ? [from.variable, ...(from.others ?? [])] : [];
}

/** `left || right` and `left ?? right`. */
export function fallback(left: ValueInfo, right: ValueInfo, operator: '||' | '??'): ValueInfo {
  if (left.source.kind === 'literal') {
    const isPassedOver = operator === '||' && left.literal !== undefined && stringValue(left.literal) === '';
    return isPassedOver ? right : left;
  }
  const literal = left.literal ?? right.literal;
  const ofLiteral = literal === undefined ? {} : { literal };
  if (left.source.kind !== 'environment') return { ...left, ...ofLiteral };
  if (right.source.kind !== 'literal')
    return { ...left, idiom: '', source: withOthers(left.source, right), ...ofLiteral };
  return {
    ...left,
    source: { ...left.source, hasFallback: true },
    idiom: operator === '??' ? " ?? ''" : " || ''",
    ...ofLiteral,
  };
}

type Environment = Extract<ValueSource, { kind: 'environment' }>;

/** A variable, and those that are read instead of it. */
function withOthers(source: Environment, { source: next, literal }: ValueInfo): Environment {
  const hasFallback = source.hasFallback || literal !== undefined;
  if (next.kind !== 'environment') return { ...source, hasFallback };
  const others = [...(source.others ?? []), next.variable, ...(next.others ?? [])].filter(
    (name, index, all) => name !== source.variable && all.indexOf(name) === index,
  );
  return { ...source, hasFallback, ...(others.length === 0 ? {} : { others }) };
}

/**
 * `condition ? a : b`.
 * @param whole what is said where the branches come from different kinds of places
 */
export function chosen(a: ValueInfo, b: ValueInfo, whole: ValueInfo): ValueInfo {
  if (whole.source.kind === 'parameter' || whole.computed) return whole;
  const literals = [a, b].filter(({ source }) => source.kind === 'literal');
  if (literals.length === 2) {
    const real = literals.filter(holdsText);
    // Two values, of which the program takes one: neither alone is the secret.
    return real.length === 2 ? { ...whole, computed: 'call' } : (real[0] ?? a);
  }
  const [first, second] = a.source.kind === 'literal' || isNothing(a) ? [b, a] : [a, b];
  const literal = [first.literal, second.literal].find((node) => node !== undefined && !isSampleNode(node));
  const ofLiteral = literal ?? first.literal ?? second.literal;
  const kept = ofLiteral === undefined ? {} : { literal: ofLiteral };
  if (first.source.kind === 'environment' && (second.source.kind === 'environment' || isFixed(second)))
    return { ...first, idiom: first.idiom, source: withOthers(first.source, second), ...kept };
  if (first.source.kind === 'settings' && isFixed(second)) return { ...first, ...kept };
  return { ...whole, ...kept };
}

const isFixed = (info: ValueInfo): boolean => info.source.kind === 'literal' || isNothing(info);

/** `undefined` and `null`, which are described as expressions. */
function isNothing({ source }: ValueInfo): boolean {
  return source.kind === 'expression' && /^(?:undefined|null|void 0)$/.test(source.expression);
}

function holdsText({ literal }: ValueInfo): boolean {
  return literal !== undefined && !isSampleNode(literal);
}

function isSampleNode(literal: Node): boolean {
  return isSampleText(stringValue(literal) ?? '');
}

/**
 * `a + b` and `` `${a}${b}` ``.
 * @param fixed the text between the expressions of a template
 */
export function joined(parts: readonly ValueInfo[], fixed: string, whole: ValueInfo): ValueInfo {
  if (whole.source.kind === 'parameter' || whole.computed) return whole;
  const speaking = parts.filter(({ literal }) => literal === undefined || stringValue(literal) !== '');
  const [only] = speaking;
  if (fixed === '' && speaking.length === 1 && only) return { ...only, idiom: '' };
  // Pieces of a text in several places: no one variable or literal is the value.
  return { ...whole, computed: 'call' };
}
