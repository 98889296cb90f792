/** Brings a function of a built-in module into a file: by the binding it already has, or by one new line. */
import type { Node, Statement } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import type { ParsedSource } from './code.types.ts';
import { modulesOf } from './exports.ts';
import { endOf, isCall, isFunction, isMember, keyName, pathOf, requiredModule, startOf, unwrap } from './nodes.ts';
import { findBinding } from './scope.ts';
import { lineEnd, lineStart, nextCode, type FileStyle } from './style.ts';
import type { ModuleKind } from './types.ts';

const builtIns = new Set(
  'assert buffer child_process crypto events fs fs/promises http https net os path stream url util'.split(' '),
);

/** Collects what a rewrite needs and makes all import edits at once. */
export class Imports {
  private readonly wanted = new Map<string, Map<string, string>>();
  private readonly constants: string[] = [];
  private readonly edits: TextEdit[] = [];

  /**
   * @param site node from which the names must be visible
   */
  constructor(
    private readonly source: ParsedSource,
    private readonly style: FileStyle,
    private readonly moduleKind: ModuleKind,
    private readonly site: Node,
  ) {}

  /** Code for an exported function of a built-in module or of a file of the app, e.g. `fs.readFileSync` or `readFileSync`. */
  use(module: string, name: string): string {
    const known = this.existing(module, name);
    if (known !== undefined) return known;
    const names = this.wanted.get(module) ?? new Map<string, string>();
    this.wanted.set(module, names);
    const local = names.get(name) ?? this.freeName(name);
    names.set(name, local);
    return local;
  }

  /** Name of a constant of the file with that value; its line stands above the first statement that is no import. */
  constant(name: string, value: string): string {
    const local = this.freeName(name);
    this.constants.push(`const ${local} = ${value}${this.style.semicolons ? ';' : ''}`);
    return local;
  }

  /** The edits for everything used so far. */
  finish(): TextEdit[] {
    const lines: string[] = [];
    for (const [module, names] of [...this.wanted].sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(this.line(module, names));
    if (lines.length > 0) this.edits.push(this.insertion(lines));
    if (this.constants.length > 0) this.edits.push(this.constantLines());
    return this.edits;
  }

  /** ECMAScript `import` lines, else `require`. */
  private get esm(): boolean {
    return (this.source.syntax ?? (this.source.language === 'typescript' ? 'esm' : this.moduleKind)) === 'esm';
  }

  private program(): readonly Statement[] {
    return this.source.ast.type === 'File' ? this.source.ast.program.body : [];
  }

  private visible(local: string, declaration: Node): boolean {
    return findBinding(this.source, this.site, local)?.declaration === declaration;
  }

  /** Whether a top-level `const fs = require('fs')` has run when the site does: it stands above it, or the site in a function that is called later. */
  private hasRun(statement: Statement): boolean {
    if (endOf(statement) <= startOf(this.site)) return true;
    for (let node = this.source.parents.get(this.site); node !== undefined; node = this.source.parents.get(node)) {
      const outer = this.source.parents.get(node);
      const runsAtOnce = outer !== undefined && isCall(outer) && outer.callee === node;
      if (isFunction(node) && !runsAtOnce) return true;
      if (node.type === 'ClassProperty' && !node.static) return true;
    }
    return false;
  }

  private existing(module: string, name: string): string | undefined {
    const isModule = (specifier: string | undefined): boolean => specifier === module || specifier === `node:${module}`;
    for (const statement of this.program()) {
      if (
        statement.type === 'ImportDeclaration' &&
        isModule(statement.source.value) &&
        statement.importKind !== 'type'
      ) {
        for (const specifier of statement.specifiers) {
          const local = specifier.local.name;
          if (!this.visible(local, statement)) continue;
          if (specifier.type !== 'ImportSpecifier') return `${local}.${name}`;
          const imported =
            specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
          if (imported === 'default' && specifier.importKind !== 'type') return `${local}.${name}`;
          if (imported === name && specifier.importKind !== 'type') return local;
        }
      } else if (statement.type === 'TSImportEqualsDeclaration') {
        const reference = statement.moduleReference;
        if (
          reference.type === 'TSExternalModuleReference' &&
          isModule(reference.expression.value) &&
          this.visible(statement.id.name, statement)
        )
          return `${statement.id.name}.${name}`;
      } else if (statement.type === 'VariableDeclaration' && this.hasRun(statement)) {
        for (const declarator of statement.declarations) {
          if (!declarator.init || !isModule(requiredModule(declarator.init))) continue;
          if (declarator.id.type === 'Identifier') {
            if (this.visible(declarator.id.name, declarator)) return `${declarator.id.name}.${name}`;
          } else if (declarator.id.type === 'ObjectPattern')
            for (const property of declarator.id.properties)
              if (
                keyName(property) === name &&
                property.type === 'ObjectProperty' &&
                property.value.type === 'Identifier' &&
                this.visible(property.value.name, declarator)
              )
                return property.value.name;
        }
      }
    }
    return undefined;
  }

  /** The name itself where nothing in the file has it, else a speaking variant. */
  private freeName(name: string): string {
    const taken = new Set<string>();
    this.source.all.forEach((node) => {
      if (node.type === 'Identifier') {
        const parent = this.source.parents.get(node);
        // `fs.promises.readFile` and `{ resolve: 1 }` are no variables.
        if (parent && isMember(parent) && parent.property === node && !parent.computed) return;
        taken.add(node.name);
      }
    });
    for (const candidate of [name, `${name}Node`, `node${name.charAt(0).toUpperCase()}${name.slice(1)}`])
      if (!taken.has(candidate)) return candidate;
    return `${name}ForCertificate`;
  }

  private line(module: string, names: ReadonlyMap<string, string>): string {
    const { quote, semicolons } = this.style;
    const end = semicolons ? ';' : '';
    const specifier = `${quote}${builtIns.has(module) ? this.prefix() : ''}${module}${quote}`;
    const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
    const list = (separator: string): string =>
      sorted.map(([name, local]) => (name === local ? name : `${name}${separator}${local}`)).join(', ');
    return this.esm
      ? `import { ${list(' as ')} } from ${specifier}${end}`
      : `const { ${list(': ')} } = require(${specifier})${end}`;
  }

  /** `node:` where the file writes it so, or, with no built-in import to go by, in ES modules. */
  private prefix(): string {
    const names = modulesOf(this.source);
    const prefixed = [...names].some((name) => name.startsWith('node:'));
    const bare = [...names].some((name) => builtIns.has(name));
    return prefixed || (!bare && this.esm) ? 'node:' : '';
  }

  private insertion(lines: readonly string[]): TextEdit {
    const { text } = this.source;
    const { eol } = this.style;
    const body = this.program();
    let last: Statement | undefined;
    for (const statement of body) {
      if (
        this.esm
          ? statement.type === 'ImportDeclaration' || statement.type === 'TSImportEqualsDeclaration'
          : this.isRequire(statement)
      )
        last = statement;
      else if (!this.esm) break;
    }
    if (last !== undefined) {
      const end = endOf(last);
      const rest = nextCode(this.source, end);
      const indent = text.slice(lineStart(text, startOf(last)), startOf(last));
      if (rest < text.length && rest <= lineEnd(text, end)) {
        const closed = text.charAt(end - 1) === ';' ? '' : ';';
        return {
          offset: end,
          length: 0,
          text: `${closed}${rest === end ? '' : ' '}${lines.map((line) => (line.endsWith(';') ? line : `${line};`)).join(' ')}`,
        };
      }
      // After a comment on the same line; a block comment that goes on below is passed as a whole.
      const comment = this.source.comments.find(
        ({ start, end: stop }) => start >= end && start <= lineEnd(text, end) && stop > start,
      );
      const at = lineEnd(text, comment ? Math.max(end, comment.end) : end);
      const guarded = !this.style.semicolons && /[([`+\-/]/.test(text.charAt(rest)) ? ';' : '';
      const margin = /^\s*$/.test(indent) ? indent.replace('\uFEFF', '') : '';
      return { offset: at, length: 0, text: lines.map((line) => `${eol}${margin}${line}`).join('') + guarded };
    }
    return this.atTop(lines, body[0]);
  }

  /** Above the first statement that is neither an import nor loads a `.env` file: everything in the file can use it. */
  private constantLines(): TextEdit {
    const { text } = this.source;
    const first = this.program().find((statement) => !this.isPreamble(statement));
    const begin = first === undefined ? text.length : this.withComments(startOf(first));
    const start = lineStart(text, begin);
    const before = text.slice(start, begin);
    if (before.replace('\uFEFF', '').trim() !== '')
      return { offset: begin, length: 0, text: this.constants.map((line) => `${line.replace(/;?$/, ';')} `).join('') };
    const { eol } = this.style;
    return {
      offset: before.startsWith('\uFEFF') ? start + 1 : start,
      length: 0,
      text: this.constants.map((line) => `${line}${eol}`).join('') + eol,
    };
  }

  private isPreamble(statement: Statement): boolean {
    if (statement.type === 'ImportDeclaration' || statement.type === 'TSImportEqualsDeclaration') return true;
    if (!this.esm && this.isRequire(statement)) return true;
    return (
      statement.type === 'ExpressionStatement' &&
      isCall(statement.expression) &&
      /(^|\.)(config|configDotenv|loadEnvFile|expand)$/.test(pathOf(statement.expression.callee)?.join('.') ?? '')
    );
  }

  /** Offset of the comments that stand directly above a statement, else its own. */
  private withComments(start: number): number {
    const { text, comments } = this.source;
    let at = start;
    for (const comment of [...comments].reverse()) {
      const between = text.slice(comment.end, at);
      const own = text.slice(lineStart(text, comment.start), comment.start).trim() === '';
      if (comment.end <= at && own && /^[ \t]*\r?\n[ \t]*$/.test(between)) at = comment.start;
    }
    return at;
  }

  /** No import to stand beside: below hashbang, directives and the file's own header, above the first statement. */
  private atTop(lines: readonly string[], first: Statement | undefined): TextEdit {
    const { text, ast, comments } = this.source;
    const { eol } = this.style;
    const directives = ast.type === 'File' ? ast.program.directives : [];
    const lastDirective = directives.at(-1);
    const begin = first ? startOf(first) : text.length;
    const floor = lastDirective ? endOf(lastDirective) : text.startsWith('\uFEFF') ? 1 : 0;
    let at = begin;
    const between = comments.filter(
      ({ start, end }) => start >= floor && end <= begin && !text.startsWith('#!', start),
    );
    for (const comment of [...between].reverse()) {
      const gap = text.slice(comment.end, at);
      const attached = (gap.match(/\n/g) ?? []).length <= 1;
      const header =
        comment === between[0] &&
        !lastDirective &&
        /licen[cs]e|copyright|@file|@ts-|eslint|@author|\(c\)/i.test(comment.value);
      const before = text.slice(lineStart(text, comment.start), comment.start).replace('\uFEFF', '');
      if (!attached || header || before.trim() !== '') break;
      at = comment.start;
    }
    const onLine = text.slice(lineStart(text, at), at).replace('\uFEFF', '');
    if (onLine.trim() !== '')
      return {
        offset: at,
        length: 0,
        text: `${lines.map((line) => (line.endsWith(';') ? line : `${line};`)).join(' ')} `,
      };
    return { offset: at - onLine.length, length: 0, text: lines.map((line) => `${line}${eol}`).join('') + eol };
  }

  /** A statement of the leading run of requires: `const x = require('x')`, `require('dotenv').config()`. */
  private isRequire(statement: Statement): boolean {
    if (startOf(statement) <= startOf(this.site) && endOf(statement) >= endOf(this.site)) return false;
    const rooted = (node: Node): boolean => {
      let inner = unwrap(node);
      while (isMember(inner) || (isCall(inner) && pathOf(inner.callee)?.join('.') !== 'require'))
        inner = unwrap(isMember(inner) ? inner.object : inner.callee);
      return requiredModule(inner) !== undefined;
    };
    if (statement.type === 'VariableDeclaration')
      return statement.declarations.every(({ init }) => (init ? rooted(init) : false));
    return statement.type === 'ExpressionStatement' && rooted(statement.expression);
  }
}

/** Adds names to `import { A } from '$env/static/private'`. */
export function addImported(source: ParsedSource, declaration: Node, names: readonly string[]): TextEdit[] {
  if (declaration.type !== 'ImportDeclaration') return [];
  const have = new Set(declaration.specifiers.map((specifier) => specifier.local.name));
  const last = declaration.specifiers.at(-1);
  const missing = names.filter((name) => !have.has(name));
  if (!last || missing.length === 0) return [];
  const previous = declaration.specifiers.at(-2);
  const gap = previous ? source.text.slice(nextCode(source, endOf(previous)) + 1, startOf(last)) : ' ';
  return [{ offset: endOf(last), length: 0, text: missing.map((name) => `,${gap}${name}`).join('') }];
}
