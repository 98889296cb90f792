/** The codes that commands reject with and that warnings, problems and findings carry, read off the source. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../host/cache.ts';

export interface Code {
  readonly code: string;
  /** `error`: a command rejects with it. `note`: a warning, problem or finding in a result has it. */
  readonly kind: 'error' | 'note';
  /** The text that users get, with `…` for what differs from case to case; empty where it is put together elsewhere. */
  readonly text: string;
  /** `path:line` in the project. */
  readonly place: string;
}

/**
 * Every code of `src/`, each once, sorted. A code that is both counts as an error.
 * @param isMeant which files to look at (paths like `src/base/errors.ts`); all where it is not given
 */
export function collectCodes(isMeant: (file: string) => boolean = () => true): Code[] {
  const folder = path.join(projectRoot, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$|(^|\/)(testing|goldens)\//.test(file))
    .sort();
  const sources = files.map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    return { shown: `src/${file}`, source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  });
  const exported = new Map(sources.flatMap(({ source }) => [...makersOf(source, true)]));
  const meant = sources.filter(({ shown }) => isMeant(shown));
  const found = meant.flatMap(({ source, shown }) => codesIn(source, shown, exported));
  const codes = new Map<string, Code>();
  for (const one of found) {
    const known = codes.get(one.code);
    const isBetter = known === undefined || (known.kind === one.kind ? known.text === '' : one.kind === 'error');
    if (isBetter) codes.set(one.code, known !== undefined && one.text === '' ? { ...one, text: known.text } : one);
  }
  return [...codes.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A function that makes an error or a note of a code that it is handed, and as which parameter. */
interface Maker {
  readonly position: number;
  readonly kind: Code['kind'];
}

function codesIn(source: ts.SourceFile, shown: string, exported: ReadonlyMap<string, Maker>): Code[] {
  const imported = [...exported].filter(([name]) =>
    new RegExp(`^import .*\\b${name}\\b.* from`, 'm').test(source.text),
  );
  const makers = new Map([...imported, ...makersOf(source, false)]);
  const found: Code[] = [];
  const add = (node: ts.Node | undefined, kind: Code['kind'], text: string): void => {
    for (const literal of literalsOf(node)) {
      if (!kebab.test(literal.text)) continue;
      const { line } = source.getLineAndCharacterOfPosition(literal.getStart());
      found.push({ code: literal.text, kind, text, place: `${shown}:${line + 1}` });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'ExpectedError') {
      add(node.arguments?.[0], 'error', textOf(node));
    } else if (ts.isCallExpression(node) && makers.has(node.expression.getText())) {
      const { position = 0, kind = 'error' } = makers.get(node.expression.getText()) ?? {};
      add(node.arguments[position], kind, textOf(node));
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') {
      const owner = node.parent;
      // Only what people read has a message beside its code: not events, not the results of programs.
      const isTold = owner.properties.some(
        ({ name }) => name !== undefined && /^(message|severity|text)$/.test(name.getText()),
      );
      if (isTold) add(node.initializer, 'note', textOf(owner));
      // A code that an error of another kind gets on its way to the caller.
      else if (ts.isCallExpression(owner.parent) && owner.parent.expression.getText() === 'Object.assign')
        add(node.initializer, 'error', '');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Functions of a file (those it exports) that hand a parameter of theirs to `new ExpectedError`, or return it as the code of a note. */
function makersOf(source: ts.SourceFile, exportedOnly: boolean): Map<string, Maker> {
  const makers = new Map<string, Maker>();
  const add = (code: ts.Node | undefined, kind: Code['kind']): void => {
    if (code === undefined || !ts.isIdentifier(code)) return;
    const maker = ts.findAncestor(code, ts.isFunctionLike);
    const position = maker?.parameters.findIndex(({ name }) => name.getText() === code.text) ?? -1;
    const name =
      maker?.name?.getText() ??
      (maker !== undefined && ts.isVariableDeclaration(maker.parent) ? maker.parent.name.getText() : undefined);
    const isMeant = !exportedOnly || new RegExp(`^export (async )?function ${name ?? ''}\\b`, 'm').test(source.text);
    if (position >= 0 && name !== undefined && isMeant) makers.set(name, { position, kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'ExpectedError') add(node.arguments?.[0], 'error');
    else if (ts.isShorthandPropertyAssignment(node) && node.name.text === 'code') {
      const others = ts.isObjectLiteralExpression(node.parent) ? node.parent.properties : [];
      const isTold = others.some(({ name }) => name !== undefined && /^(message|severity)$/.test(name.getText()));
      if (isTold) add(node.name, 'note');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return makers;
}

/** The literal itself, or those that an expression chooses between. */
function literalsOf(node: ts.Node | undefined): ts.StringLiteral[] {
  if (node === undefined) return [];
  if (ts.isStringLiteral(node)) return [node];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  return [];
}

/** The first text that is localised within the node. */
function textOf(node: ts.Node): string {
  let text = '';
  const visit = (child: ts.Node): void => {
    if (text !== '') return;
    if (ts.isCallExpression(child) && /(^|\.)l10n\.t$/.test(child.expression.getText())) {
      const [first] = child.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) text = first.text.replaceAll(/\{\d+\}/g, '…');
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return text;
}
