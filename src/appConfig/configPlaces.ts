/** Where the parts of a config stand in its file, for whoever shows or changes them. */
import type { Node, ObjectExpression, ObjectProperty } from '@babel/types';
import { positionAt } from '../base/edits.ts';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { keyNodes, type Resolve } from './keyUse.ts';
import { firstWithSha256 } from './msalVersion.ts';
import { endOf, isEmptyValue, keyName, propertyOf, startOf, stringValue, unwrap } from './nodes.ts';
import { possibleObjects, possibleValues } from './trace.ts';
import type { ConfigPlaces, MsalVersion, SourceRange } from './types.ts';
import { atLeast } from './versions.ts';

/**
 * @param misspelt the property with the wrong name
 * @param msal what the app runs with
 */
export function readPlaces(
  source: ParsedSource,
  site: ConfigSite,
  misspelt: Node | undefined,
  msal: MsalVersion,
  resolve: Resolve,
): ConfigPlaces {
  const { certificate, secretLiteral, authority, assertion, nodes } = site;
  const range = (node: Node): SourceRange => rangeOf(source, startOf(node), endOf(node));
  const value = (node: Node): SourceRange => range(literalBehind(source, node));
  const block = certificate === undefined ? undefined : possibleObjects(source, certificate.value)[0];
  const thumbprint = block && thumbprintOf(block, msal);
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

/** The thumbprint that counts: of two the SHA-256 one, where msal-node knows it (facts/failure-modes.md F33: both together are fine). */
export function thumbprintOf(block: ObjectExpression, { version }: MsalVersion): ObjectProperty | undefined {
  const [sha256, sha1] = [propertyOf(block, 'thumbprintSha256'), propertyOf(block, 'thumbprint')];
  if (sha256 === undefined || sha1 === undefined) return sha256 ?? sha1;
  const isKnown = version === undefined || atLeast(version, firstWithSha256);
  return isKnown || isEmptyValue(sha1.value) ? sha256 : sha1;
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
