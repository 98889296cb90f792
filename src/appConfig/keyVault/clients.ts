/** Where an app builds its confidential clients. */
import type { Node } from '@babel/types';
import type { ConfigSite, ParsedSource } from '../code.types.ts';
import { importOf } from '../exports.ts';
import { isCall, memberName, pathOf, unwrap } from '../nodes.ts';
import { findBinding } from '../scope.ts';
import { possibleObjects, possibleValues, valuesOfProperty } from '../trace.ts';
import type { AppFiles } from './appFiles.ts';

export interface Client {
  readonly source: ParsedSource;
  /** `new ConfidentialClientApplication(…)`, or the call of a wrapper of MSAL Node. */
  readonly node: Node;
}

/**
 * Every client that can be built from a config. Left out: those that are visibly built from another object. A client that
 * cannot be told counts: that it waits for a certificate which it does not need does no harm.
 */
export async function clientsOf(own: ParsedSource, site: ConfigSite, files: AppFiles): Promise<Client[]> {
  const found: Client[] = [];
  for (const text of ['ConfidentialClientApplication', 'WebAppAuthProvider'])
    for (const source of await files.with(text))
      for (const node of source.all)
        if (isClient(source, node) && !isFromOther(source, node, own, site)) found.push({ source, node });
  return found.filter((client, index) => found.findIndex(({ node }) => node === client.node) === index);
}

function isClient(source: ParsedSource, node: Node): boolean {
  if (node.type === 'NewExpression') {
    const path = pathOf(node.callee);
    const last = path?.at(-1) ?? '';
    const local = path?.length === 1 ? findBinding(source, node, last) : undefined;
    return (local?.imported ?? local?.path?.at(-1) ?? last) === 'ConfidentialClientApplication';
  }
  if (!isCall(node)) return false;
  return memberName(unwrap(node.callee)) === 'initialize' && pathOf(node.callee)?.at(-2) === 'WebAppAuthProvider';
}

/** The argument is an object literal of this file whose `auth` is another than the config's. */
function isFromOther(source: ParsedSource, node: Node, own: ParsedSource, site: ConfigSite): boolean {
  const argument = 'arguments' in node ? node.arguments[0] : undefined;
  if (argument === undefined) return false;
  const values = possibleValues(source, argument);
  if (values.length === 0 || !values.every((value) => value.type === 'ObjectExpression')) return false;
  const auths = values.flatMap((value) => valuesOfProperty(source, value, 'auth'));
  // An `auth` that comes from elsewhere can be the config's.
  if (auths.length === 0 || auths.some((auth) => auth.type !== 'ObjectExpression' || hasForeignSpread(source, auth)))
    return false;
  return source !== own || !auths.some((auth) => auth === site.nodes.auth || spreads(source, auth, site.nodes.auth));
}

function hasForeignSpread(source: ParsedSource, object: Node): boolean {
  if (object.type !== 'ObjectExpression') return false;
  return object.properties.some(
    (property) => property.type === 'SpreadElement' && importOf(source, property.argument) !== undefined,
  );
}

function spreads(source: ParsedSource, object: Node, wanted: Node | undefined): boolean {
  if (object.type !== 'ObjectExpression') return false;
  return object.properties.some(
    (property) =>
      property.type === 'SpreadElement' && possibleObjects(source, property.argument).some((each) => each === wanted),
  );
}
