/** Plans the rewrite of one configuration as range edits over its text. */
import type { AssignmentExpression, Node, ObjectExpression, ObjectProperty } from '@babel/types';
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import { credentialProperty, credentialValue, type BlockContext } from './block.ts';
import type { CodeRewrite, CodeRewriteRequest, ConfigSite, ParsedSource } from './code.types.ts';
import { declineIfLost, declineIfUnsafe } from './declines.ts';
import { addImported, Imports } from './imports.ts';
import { endOf, isMember, startOf } from './nodes.ts';
import { removeProperty } from './removal.ts';
import { hasTrailingComma, indentAt, indentUnit, lineEnd, nextCode, startsLine, styleOf } from './style.ts';
import { fileReader, isReaderVisible } from './envReader.ts';
import type { ValueInfo } from './valueSource.ts';
import { describeValue } from './valueSource.ts';
import { rewriteWarnings } from './warnings.ts';
import { ownTypeEdits } from './ownType.ts';

/**
 * Replaces the secret of a site by a certificate block, and adds the imports it needs.
 * @throws ExpectedError with file, line and the reason where it cannot be done safely
 */
export function rewriteSite(source: ParsedSource, site: ConfigSite, request: CodeRewriteRequest): CodeRewrite {
  const { secret, secretValue, auth, certificate } = site.nodes;
  const info = secretValue ? describeValue(source, secretValue) : undefined;
  if (
    (site.credential === 'certificate' || site.credential === 'assertion') &&
    site.nodes.obstacle?.kind !== 'misspelt'
  )
    return {
      edits: [],
      warnings: [],
      nothingToDo:
        site.credential === 'certificate'
          ? l10n.t(
              '{0} line {1}: this configuration already uses a certificate. Nothing to do.',
              source.fileName,
              site.line,
            )
          : l10n.t(
              '{0} line {1}: this configuration already uses a client assertion. Nothing to do.',
              source.fileName,
              site.line,
            ),
    };
  declineIfUnsafe(source, site, info);
  if (secret === undefined || info === undefined) throw new RangeError('A site with a secret has its node.');
  checkVariables(source, site, request);

  const style = styleOf(source);
  const imports = new Imports(source, style, request.moduleKind, secret);
  const own = info.reader && isReaderVisible(source, secret, info) ? info : undefined;
  const { reader, idiom } = own?.reader ? { reader: own.reader, idiom: own.idiom } : fileReader(source, site);
  const context: BlockContext = { source, request, style, imports, reader, idiom };
  const edits: TextEdit[] =
    secret.type === 'AssignmentExpression'
      ? assignmentEdits(context, secret)
      : propertyEdits(context, secret as ObjectProperty, auth as ObjectExpression);
  if (certificate?.type === 'ObjectProperty' && auth?.type === 'ObjectExpression')
    edits.push(...removeProperty(source, auth, certificate, secret));
  if (reader.importFrom && request.imported === undefined)
    edits.push(...addImported(source, reader.importFrom, variablesOf(request)));
  const { secretLiteral } = site;
  // The literal itself is kept by the workspace side; no other text may go.
  declineIfLost(source, site, edits, secretLiteral === undefined ? [] : [secretLiteral.value]);
  edits.push(...imports.finish());
  const ownType = ownTypeEdits(source, site, request);
  edits.push(...ownType.edits);
  edits.sort((a, b) => a.offset - b.offset);
  return {
    edits,
    warnings: [...rewriteWarnings(source, site, info), ...ownType.warnings],
    ...settingsNeed(info, request),
  };
}

function variablesOf(request: CodeRewriteRequest): string[] {
  if (request.imported !== undefined) return [...request.imported.variables];
  const values = [
    ...(request.thumbprint ? [request.thumbprint] : []),
    ...(request.keyFrom === 'file' && request.keyPath ? [request.keyPath] : []),
  ];
  return [
    ...values.flatMap((value) => (value.kind === 'environment' ? [value.variable] : [])),
    ...(request.keyFrom === 'file' && request.passphraseVariable !== undefined ? [request.passphraseVariable] : []),
    ...(request.keyFrom === 'environment' && request.keyVariable !== undefined ? [request.keyVariable] : []),
  ];
}

function settingsNeed(info: ValueInfo, request: CodeRewriteRequest): Pick<CodeRewrite, 'settings'> {
  if (info.source.kind !== 'settings') return {};
  const { expression, file } = info.source;
  return { settings: { expression, ...(file === undefined ? {} : { module: file }), variables: variablesOf(request) } };
}

/** Names come from the workspace side; one that bundlers ship to browsers must never hold a key. */
function checkVariables(source: ParsedSource, site: ConfigSite, request: CodeRewriteRequest): void {
  for (const name of variablesOf(request)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new RangeError(`Not a variable name: ${name}`);
    if (/^(NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_|NUXT_PUBLIC_|EXPO_PUBLIC_|GATSBY_)/.test(name))
      throw new ExpectedError(
        'public-variable',
        l10n.t(
          'The variable {0} would be shipped to browsers, so it must not hold anything of a private key. Choose another name.',
          name,
        ),
        { file: source.fileName, line: site.line },
      );
  }
}

function propertyEdits(context: BlockContext, property: ObjectProperty, auth: ObjectExpression): TextEdit[] {
  const { source } = context;
  const { text } = source;
  const [start, end] = [startOf(property), endOf(property)];
  const keyStart = startOf(property.key);
  const first = text.charAt(keyStart);
  const quoteKeys = property.key.type === 'StringLiteral' && (first === '"' || first === "'") ? first : '';
  const lines = startsLine(text, start);
  const afterKey = property.shorthand ? ': ' : text.slice(endOf(property.key), startOf(property.value));
  const open = text.charAt(startOf(auth) + 1);
  const dense = !lines && (property.shorthand ? open !== ' ' && open !== '\n' : !/\s/.test(afterKey));
  const name = credentialProperty(context.request);
  const block = credentialValue(context, {
    lines,
    dense,
    quoteKeys,
    trailingComma: lines && hasTrailingComma(source, auth),
    indent: indentAt(text, start),
    unit: indentUnit(source, property, auth),
  });
  const edits: TextEdit[] = [
    {
      offset: start,
      length: end - start,
      text: `${quoteKeys}${name}${quoteKeys}:${dense ? '' : ' '}${block}`,
    },
  ];
  const next = nextCode(source, end);
  const commaEnd = text.charAt(next) === ',' ? next + 1 : end;
  // Only a comment between the value and the line's end, before or behind the comma.
  const lineStop = lineEnd(text, end);
  for (const from of new Set([end, commaEnd])) {
    const comment = source.comments.find(
      (candidate) =>
        candidate.start >= from && candidate.start < lineStop && text.slice(from, candidate.start).trim() === '',
    );
    if (
      comment &&
      isAboutSecret(comment.value) &&
      comment.end <= lineStop &&
      text.slice(comment.end, lineStop).trim() === ''
    )
      edits.push({ offset: from, length: comment.end - from, text: '' });
  }
  return edits;
}

/** A comment that says where the secret comes from is wrong beside a certificate. Comments for tools stay. */
function isAboutSecret(comment: string): boolean {
  return (
    /secret|password|certificate|credential/i.test(comment) &&
    !/eslint|prettier|@ts-|biome-|nosonar|nosemgrep/i.test(comment)
  );
}

function assignmentEdits(context: BlockContext, assignment: AssignmentExpression): TextEdit[] {
  const { source, style } = context;
  const { text } = source;
  const { left } = assignment;
  if (!isMember(left)) throw new RangeError('An assignment site assigns a member.');
  const start = startOf(assignment);
  const operator = nextCode(source, endOf(left));
  const right = nextCode(source, operator + assignment.operator.length);
  const lines = startsLine(text, start);
  const name: Node = left.property;
  const quoted =
    name.type === 'Identifier' ? '' : text.charAt(startOf(name)) === '`' ? style.quote : text.charAt(startOf(name));
  const block = credentialValue(context, {
    lines,
    dense: false,
    quoteKeys: '',
    trailingComma: lines && fileHasTrailingCommas(source),
    indent: indentAt(text, start),
    unit: indentUnit(source, assignment, undefined),
  });
  return [
    {
      offset: startOf(name),
      length: endOf(name) - startOf(name),
      text: `${quoted}${credentialProperty(context.request)}${quoted}`,
    },
    { offset: right, length: endOf(assignment) - right, text: block },
  ];
}

function fileHasTrailingCommas(source: ParsedSource): boolean {
  let found: boolean | undefined;
  for (const node of source.all)
    if (
      found === undefined &&
      node.type === 'ObjectExpression' &&
      node.properties.length > 0 &&
      text(source, node).includes('\n')
    )
      found = hasTrailingComma(source, node);
  return found ?? true;
}

const text = (source: ParsedSource, node: Node): string => source.text.slice(startOf(node), endOf(node));
