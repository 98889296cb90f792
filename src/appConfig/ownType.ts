/** A configuration typed by the app's own interface: the interface must know the certificate too, or the code no longer compiles. */
import type { Node } from '@babel/types';
import * as l10n from '@vscode/l10n';
import { positionAt, type TextEdit } from '../base/edits.ts';
import { credentialProperty } from './block.ts';
import type { CodeRewriteRequest, ConfigSite, ParsedSource } from './code.types.ts';
import { msalType } from './evidence.ts';
import { endOf, isFunction, keyName, startOf, walk } from './nodes.ts';
import { findBinding } from './scope.ts';
import type { PlanWarning } from './types.ts';
import { mayNotTypeCheck } from './warnings.ts';

/** Edits to an interface or type of this file; a warning where it lies elsewhere. */
export function ownTypeEdits(
  source: ParsedSource,
  site: ConfigSite,
  request: CodeRewriteRequest,
): { edits: TextEdit[]; warnings: PlanWarning[] } {
  const none = { edits: [], warnings: [] };
  if (source.language !== 'typescript' || !site.nodes.auth) return none;
  const annotation = annotationAround(source, site.nodes.auth);
  if (!annotation) return none;
  const edits: TextEdit[] = [];
  const warnings: PlanWarning[] = [];
  const seen = new Set<Node>();
  const visit = (type: Node): void => {
    if (seen.has(type)) return;
    seen.add(type);
    walk(type, (node) => {
      if (node.type === 'TSPropertySignature' && keyName(node) === 'clientSecret')
        edits.push(signatureEdit(source, node, request));
      if (node.type !== 'TSTypeReference' || node.typeName.type !== 'Identifier') return;
      const { name } = node.typeName;
      const binding = findBinding(source, node, name);
      if (binding?.kind === 'import') {
        const { specifier = '' } = binding;
        if (/^(?:\.|[@~]\/)/.test(specifier))
          warnings.push({
            code: 'own-config-type',
            message: l10n.t(
              'The configuration has the type {0} from {1}. Add "{2}" to it where it declares "clientSecret".',
              name,
              specifier,
              credentialProperty(request),
            ),
            file: source.fileName,
            line: positionAt(source.text, startOf(node)).line,
          });
        return;
      }
      const declaration = declarationOf(source, name);
      if (declaration) visit(declaration);
    });
  };
  visit(annotation);
  const isSeen = edits.length > 0 || warnings.length > 0 || site.form === 'assignment';
  if (!isSeen && !takesCertificate(source, annotation)) warnings.push(mayNotTypeCheck(source, startOf(annotation)));
  return { edits: dedupe(edits), warnings };
}

/** MSAL's own types whole, and types that take anything. */
function takesCertificate(source: ParsedSource, annotation: Node): boolean {
  const type = annotation.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation;
  if (/^TS(?:Any|Unknown|Object)Keyword$/.test(type.type)) return true;
  const names = new Set<string>();
  const kinds = new Set<string>();
  walk(type, (node) => {
    if (node.type === 'TSTypeReference' && node.typeName.type === 'Identifier') names.add(node.typeName.name);
    kinds.add(node.type);
  });
  const isLoose = kinds.has('TSAnyKeyword') || kinds.has('TSUnknownKeyword');
  if (names.has('const') || (names.has('Record') && isLoose)) return true;
  // These leave out the certificate, or want the secret.
  const isNarrowed = ['Pick', 'Required', 'Record', 'Extract'].some((name) => names.has(name));
  return !isNarrowed && msalType(source, type) !== undefined;
}

function dedupe(edits: TextEdit[]): TextEdit[] {
  return [...new Map(edits.map((edit) => [edit.offset, edit])).values()];
}

function annotationAround(source: ParsedSource, auth: Node): Node | undefined {
  for (let node = source.parents.get(auth); node !== undefined; node = source.parents.get(node)) {
    if (node.type === 'VariableDeclarator')
      return node.id.type === 'Identifier' ? (node.id.typeAnnotation ?? undefined) : undefined;
    if (node.type === 'ClassProperty') return node.typeAnnotation ?? undefined;
    if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return node.typeAnnotation;
    if (isFunction(node)) return node.returnType ?? undefined;
  }
  return undefined;
}

function declarationOf(source: ParsedSource, name: string): Node | undefined {
  for (const node of source.all)
    if ((node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') && node.id.name === name)
      return node.type === 'TSInterfaceDeclaration' ? node.body : node.typeAnnotation;
  return undefined;
}

function signatureEdit(source: ParsedSource, node: Node, request: CodeRewriteRequest): TextEdit {
  const { text } = source;
  const last = text.charAt(endOf(node) - 1);
  const end = last === ';' || last === ',' ? last : '';
  const start = startOf(node);
  const type = request.imported?.type ?? `{ ${request.thumbprintProperty}: string; privateKey: string }`;
  return {
    offset: start,
    length: endOf(node) - start,
    text: `${credentialProperty(request)}: ${type}${end}`,
  };
}
