/** How a file reads environment variables, where the secret itself does not show it. */
import type { Node } from '@babel/types';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { isCall, isMember, pathOf } from './nodes.ts';
import { findBinding } from './scope.ts';
import { classAround } from './trace.ts';
import { describeValue, type EnvReader, type Idiom, type ValueInfo } from './valueSource.ts';

/** The reader of the site's other values, else of any value in the file, else `process.env.`. */
export function fileReader(source: ParsedSource, site: ConfigSite): { reader: EnvReader; idiom: Idiom } {
  const at = site.nodes.secret ?? source.ast;
  for (const value of [site.clientId, site.tenantId, site.authority]) {
    const info = value && describeValue(source, value);
    if (info && usable(source, at, info)) return { reader: info.reader, idiom: info.idiom };
  }
  for (const node of source.all) {
    const known =
      (isMember(node) && /^(process|Bun|import\.meta)\.env$/.test(pathOf(node.object)?.join('.') ?? '')) ||
      (isCall(node) && pathOf(node.callee)?.join('.') === 'Deno.env.get');
    if (!known) continue;
    const info = describeValue(source, outermost(source, node));
    if (usable(source, at, info)) return { reader: info.reader, idiom: info.idiom };
  }
  return { reader: { before: 'process.env.', after: '', quote: '' }, idiom: '' };
}

function usable(source: ParsedSource, at: Node, info: ValueInfo): info is ValueInfo & { reader: EnvReader } {
  return info.reader !== undefined && info.reader.importFrom === undefined && isReaderVisible(source, at, info);
}

/** `process.env.X` with the `!`, `as string` or `?? ''` around it. */
function outermost(source: ParsedSource, node: Node): Node {
  let outer = node;
  for (let parent = source.parents.get(outer); parent !== undefined; parent = source.parents.get(outer)) {
    const wraps =
      ((parent.type === 'TSNonNullExpression' ||
        parent.type === 'TSAsExpression' ||
        parent.type === 'TSTypeAssertion') &&
        parent.expression === outer) ||
      (parent.type === 'LogicalExpression' && parent.left === outer && parent.operator !== '&&');
    if (!wraps) return outer;
    outer = parent;
  }
  return outer;
}

/** Whether the reader's first name means the same at the site as where the value was read. */
export function isReaderVisible(source: ParsedSource, site: Node, info: ValueInfo): boolean {
  const { reader, constant } = info;
  if (!reader || reader.importFrom) return reader !== undefined;
  const name = /^[A-Za-z_$][\w$]*/.exec(reader.before.trimStart())?.[0];
  if (name === undefined) return false;
  const origin = constant?.identifier ?? site;
  if (name === 'this') return classAround(source, origin) === classAround(source, site);
  return findBinding(source, origin, name) === findBinding(source, site, name);
}
