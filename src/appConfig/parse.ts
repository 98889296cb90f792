/** Text to tree. Code is parsed, never run. */
import { parse, parseExpression, type ParserOptions } from '@babel/parser';
import type { Node } from '@babel/types';
import * as l10n from '@vscode/l10n';
import { positionAt } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { ParsedSource } from './code.types.ts';
import { isIdentifier, isMember, memberName, requiredModule, walk } from './nodes.ts';
import { readScopes } from './scope.ts';
import type { ModuleKind } from './types.ts';

/** Above this a file is data or a bundle, not a configuration; parsing it would block the extension host. */
const maximalLength = 2_000_000;

/**
 * Parses a JavaScript, TypeScript or JSON file by its extension; a BOM and a hashbang line are accepted everywhere.
 * @param text whole text, BOM included
 * @param fileName absolute path or name; decides the language
 * @throws ExpectedError `config-does-not-parse` with line and column, `config-too-large`
 */
export function parseSource(text: string, fileName: string): ParsedSource {
  if (text.length > maximalLength)
    throw new ExpectedError(
      'config-too-large',
      l10n.t(
        '{0} is too large to be an app configuration. Choose the file that holds the MSAL configuration.',
        fileName,
      ),
      { file: fileName },
    );
  const extension = /\.([cm]?[jt]sx?|jsonc?)$/i.exec(fileName)?.[1]?.toLowerCase() ?? 'js';
  const typescript = extension.includes('ts');
  const json = extension.startsWith('json');
  // Same length, so that every offset stays true: a BOM is a blank, and a hashbang behind it a comment.
  const body = text.startsWith('\uFEFF') ? ` ${text.slice(1).replace(/^#!/, '//')}` : text;
  try {
    const ast = json ? parseExpression(body, { attachComment: false }) : parseCode(body, extension, typescript);
    const comments = (ast as { comments?: { start?: number; end?: number; value: string }[] | null }).comments ?? [];
    const { parents, scopes, all } = readScopes(ast);
    return {
      text,
      fileName,
      language: json ? 'json' : typescript ? 'typescript' : 'javascript',
      syntax: json ? undefined : syntaxOf(ast),
      ast,
      comments: comments.map((comment) => ({
        start: comment.start ?? 0,
        end: comment.end ?? 0,
        value: comment.value,
      })),
      parents,
      scopes,
      all,
    };
  } catch (error) {
    throw parseError(error, text, fileName);
  }
}

function parseCode(body: string, extension: string, typescript: boolean): Node {
  const module = extension.startsWith('m');
  const options: ParserOptions = {
    sourceType: module ? 'module' : 'unambiguous',
    allowReturnOutsideFunction: true,
    attachComment: false,
    plugins: [
      ...(typescript ? (['typescript'] as const) : []),
      ...(['decorators-legacy', 'decoratorAutoAccessors', 'deferredImportEvaluation', 'sourcePhaseImports'] as const),
    ],
  };
  const jsx = { ...options, plugins: [...(options.plugins ?? []), 'jsx' as const] };
  // `<string>value` is a type assertion in .ts and JSX in .tsx.
  const chosen = typescript && !extension.endsWith('x') ? options : jsx;
  // The parser knows only the later word for import attributes; of the same length, so that every offset stays true.
  const newer = body.replace(/(\bfrom\s*(["'])[^"'\n]*\2\s*)assert(?=\s*\{)/g, '$1with  ');
  try {
    return parse(body, chosen);
  } catch (error) {
    if (newer === body) throw error;
  }
  return parse(newer, chosen);
}

function parseError(error: unknown, text: string, fileName: string): unknown {
  const index = (error as { pos?: unknown }).pos;
  const tooDeep = error instanceof RangeError;
  if (typeof index !== 'number' && !tooDeep) return error;
  const { line, column } = positionAt(text, typeof index === 'number' ? index : 0);
  const reason = tooDeep ? l10n.t('it is nested too deeply') : (error as Error).message.replace(/\s*\(\d+:\d+\)$/, '');
  return new ExpectedError(
    'config-does-not-parse',
    l10n.t(
      '{0} cannot be read as code: line {1}, column {2}: {3}. Correct the file and try again.',
      fileName,
      line,
      column,
      reason.replace(/\.$/, ''),
    ),
    { file: fileName, line, column },
  );
}

function syntaxOf(ast: Node): ModuleKind | undefined {
  if (ast.type !== 'File') return undefined;
  for (const statement of ast.program.body)
    if (/^(Import|Export|TSImportEquals|TSExportAssignment)/.test(statement.type)) return 'esm';
  const found = new Set<ModuleKind>();
  walk(ast, (node) => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import') found.add('esm');
    else if (
      node.type === 'CallExpression' &&
      isIdentifier(node.callee, 'require') &&
      requiredModule(node) !== undefined
    )
      found.add('commonjs');
    else if (isMember(node)) {
      const whole = isIdentifier(node.object, 'module') && memberName(node) === 'exports';
      if (whole || isIdentifier(node.object, 'exports')) found.add('commonjs');
    }
  });
  return found.has('esm') ? 'esm' : [...found][0];
}
