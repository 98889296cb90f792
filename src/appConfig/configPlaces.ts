/** Where the parts of a config stand in its file, for whoever shows or changes them. */
import type { Node } from '@babel/types';
import { positionAt } from '../base/edits.ts';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { keyNodes, type Resolve } from './keyUse.ts';
import { endOf, keyName, propertyOf, startOf, stringValue, unwrap } from './nodes.ts';
import { possibleObjects, possibleValues } from './trace.ts';
import type { ConfigPlaces, SourceRange } from './types.ts';

/** @param misspelt the property with the wrong name */
export function readPlaces(
  source: ParsedSource,
  site: ConfigSite,
  misspelt: Node | undefined,
  resolve: Resolve,
): ConfigPlaces {
  const { certificate, secretLiteral, authority, assertion, nodes } = site;
  const range = (node: Node): SourceRange => rangeOf(source, startOf(node), endOf(node));
  const value = (node: Node): SourceRange => range(literalBehind(source, node));
  const block = certificate === undefined ? undefined : possibleObjects(source, certificate.value)[0];
  const thumbprint = block && thumbprintOf(block);
  const x5c = block && propertyOf(block, 'x5c');
  const key = certificate?.privateKey === undefined ? {} : keyNodes(source, certificate.privateKey, resolve);
  const secret =
    secretLiteral === undefined
      ? nodes.secretValue && range(nodes.secretValue)
      : rangeOf(source, secretLiteral.start - 1, secretLiteral.end + 1);
  return {
    credential: credentialRange(source, site),
    ...(secret ? { secret } : {}),
    ...(misspelt ? { misspelt: nameRange(source, misspelt) } : {}),
    ...(thumbprint ? { thumbprintName: nameRange(source, thumbprint), thumbprint: value(thumbprint.value) } : {}),
    ...(certificate?.privateKey ? { privateKey: value(certificate.privateKey) } : {}),
    ...(key.path ? { keyPath: value(key.path) } : {}),
    ...(key.passphrase ? { passphrase: value(key.passphrase) } : {}),
    ...(x5c ? { x5c: value(x5c.value) } : {}),
    ...(authority ? { authority: value(authority) } : {}),
    ...(assertion ? { assertion: range(assertion) } : {}),
  };
}

function thumbprintOf(block: Parameters<typeof propertyOf>[0]): ReturnType<typeof propertyOf> {
  return propertyOf(block, 'thumbprintSha256') ?? propertyOf(block, 'thumbprint');
}

/** The literal that an expression comes to in this file; the expression itself where there is none, or several. */
function literalBehind(source: ParsedSource, expression: Node): Node {
  const values = possibleValues(source, expression).map(unwrap);
  const [only] = values;
  return only !== undefined && values.length === 1 && stringValue(only) !== undefined ? only : expression;
}

/** The name alone: a finding about a whole block would underline half the file. */
function credentialRange(source: ParsedSource, site: ConfigSite): SourceRange {
  const { nodes, offset, credential } = site;
  const property = credential === 'certificate' ? nodes.certificate : (nodes.secret ?? nodes.certificate);
  if (property !== undefined && startOf(property) === offset) return nameRange(source, property);
  const word = /^[\w$]+/.exec(source.text.slice(offset))?.[0].length ?? 1;
  return rangeOf(source, offset, offset + word);
}

function nameRange(source: ParsedSource, node: Node): SourceRange {
  if (node.type === 'AssignmentExpression') return rangeOf(source, startOf(node.left), endOf(node.left));
  if (keyName(node) !== undefined && 'key' in node) {
    const key = node.key as Node;
    return rangeOf(source, startOf(key), endOf(key));
  }
  return rangeOf(source, startOf(node), endOf(node));
}

function rangeOf(source: ParsedSource, start: number, end: number): SourceRange {
  const from = positionAt(source.text, start);
  const to = positionAt(source.text, end);
  return { ...from, offset: start, length: end - start, endLine: to.line, endColumn: to.column };
}
