/** Edits that make files wait: `await` lines, variables that get their value later, statements that run later. */
import type { Node, Statement } from '@babel/types';
import type { TextEdit } from '../../base/edits.ts';
import type { ParsedSource } from '../code.types.ts';
import { addImported, Imports } from '../imports.ts';
import { endOf, isFunction, startOf } from '../nodes.ts';
import { specifierFrom } from '../newModule.ts';
import { indentAt, nextCode, startsLine, styleOf } from '../style.ts';
import type { AppFiles } from './appFiles.ts';
import type { Gate } from './gate.ts';
import { exported } from './template.ts';
import { tooEarly } from './tooEarly.ts';
import { typeTextOf, type Deferred, type Postponed, type Waiter, type WaitingPlan } from './waiting.ts';

/** Edits of one file. */
export interface WaitingEdits {
  readonly source: ParsedSource;
  readonly edits: readonly TextEdit[];
}

/**
 * @param own file of the config: its import of the module is made with the config's own edits; `usesModule` says that it needs one
 * @throws ExpectedError `client-built-too-early` where a file cannot import what it has to await
 */
export function waitingEdits(
  plan: WaitingPlan,
  own: ParsedSource,
  modulePath: string,
  files: AppFiles,
): { readonly files: readonly WaitingEdits[]; readonly usesModule: boolean } {
  const sources = new Set([...plan.waiters, ...plan.deferred, ...plan.postponed].map(({ source }) => source));
  let usesModule = false;
  const result = [...sources].map((source): WaitingEdits => {
    const writer = new Writer(source, own, modulePath, files);
    for (const waiter of plan.waiters) if (waiter.source === source) writer.wait(waiter);
    for (const deferred of plan.deferred) if (deferred.source === source) writer.defer(deferred);
    for (const postponed of plan.postponed) if (postponed.source === source) writer.postpone(postponed);
    const edits = writer.finish();
    if (source === own) usesModule = writer.usesModule;
    return { source, edits };
  });
  return { files: result, usesModule };
}

class Writer {
  usesModule = false;
  private readonly edits: TextEdit[] = [];
  private readonly imports: Imports;
  private readonly importing = new Set<Gate>();
  private readonly style;

  constructor(
    private readonly source: ParsedSource,
    private readonly own: ParsedSource,
    private readonly modulePath: string,
    private readonly files: AppFiles,
  ) {
    this.style = styleOf(source);
    const root = source.ast.type === 'File' ? source.ast.program : source.ast;
    this.imports = new Imports(source, this.style, 'commonjs', root);
  }

  wait({ fn, gate, nodes }: Waiter): void {
    if (!isFunction(fn)) return;
    const { text } = this.source;
    const { eol, semicolons } = this.style;
    const end = semicolons ? ';' : '';
    const line = `await ${this.gateText(gate, fn)}${end}`;
    if (fn.body.type !== 'BlockStatement') {
      const arrow = text.lastIndexOf('=>', startOf(fn.body)) + 2;
      this.edits.push({ offset: arrow, length: 0, text: ` { ${line.replace(/;?$/, ';')} return` });
      this.edits.push({ offset: endOf(fn), length: 0, text: '; }' });
      return;
    }
    const statement = statementBefore(this.source, fn.body, nodes);
    const at = startOf(statement);
    const indent = indentAt(text, at);
    this.edits.push({
      offset: at,
      length: 0,
      text: startsLine(text, at) ? `${line}${eol}${indent}` : `${line.replace(/;?$/, ';')} `,
    });
  }

  defer({ declarator, after, gate, exported: isExported, source }: Deferred): void {
    const { text } = source;
    const { eol, semicolons } = this.style;
    const declaration = source.parents.get(declarator) ?? declarator;
    const parent = source.parents.get(declaration);
    const statement = parent?.type === 'ExportNamedDeclaration' ? parent : declaration;
    const keyword = declaration.type === 'VariableDeclaration' && declaration.kind === 'var' ? 'var' : 'let';
    const prefix = isExported || statement !== declaration ? 'export ' : '';
    const type = source.language === 'typescript' ? `: ${typeTextOf(source, declarator) ?? 'unknown'}` : '';
    const start = startOf(statement);
    const equals = nextCode(source, endOf(declarator.id)) + 1;
    const end = endOf(declaration);
    const closed = text.charAt(end - 1) === ';' ? end - 1 : end;
    this.edits.push(
      {
        offset: start,
        length: equals - start,
        text: `${prefix}${keyword} ${gate.name}${type}${semicolons ? ';' : ''}${eol}${indentAt(text, start)}${prefix}const ${gate.promise} = ${this.gateText(after, declarator)}.then(() => (${gate.name} =`,
      },
      { offset: closed, length: 0, text: '))' },
    );
  }

  postpone({ statement, gate }: Postponed): void {
    if (statement.type !== 'ExpressionStatement') return;
    const start = startOf(statement);
    const end = endOf(statement);
    const closed = this.source.text.charAt(end - 1) === ';' ? end - 1 : end;
    const voided = this.source.language === 'typescript' ? 'void ' : '';
    this.edits.push(
      { offset: start, length: 0, text: `${voided}${this.gateText(gate, statement)}.then(() => ` },
      { offset: closed, length: 0, text: ')' },
    );
  }

  finish(): TextEdit[] {
    const imports = this.source === this.own ? [] : this.imports.finish();
    return [...imports, ...this.edits].sort((a, b) => a.offset - b.offset);
  }

  /** What is awaited, as this file names it; brings it in. */
  private gateText(gate: Gate, at: Node): string {
    if (gate.kind === 'variable') {
      if (gate.source === this.source) return gate.promise;
      return this.importedPromise(gate, at);
    }
    this.usesModule = true;
    if (this.source === this.own) return `${exported.ready}()`;
    return `${this.imports.use(specifierFrom(this.source, this.modulePath), exported.ready)}()`;
  }

  private importedPromise(gate: Extract<Gate, { kind: 'variable' }>, at: Node): string {
    const { ast } = this.source;
    for (const statement of ast.type === 'File' ? ast.program.body : []) {
      if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') continue;
      if (!this.files.names(this.source, statement.source.value, gate.source)) continue;
      const [first] = statement.specifiers;
      if (first?.type === 'ImportNamespaceSpecifier') return `${first.local.name}.${gate.promise}`;
      if (!this.importing.has(gate)) this.edits.push(...addImported(this.source, statement, [gate.promise]));
      this.importing.add(gate);
      return gate.promise;
    }
    throw tooEarly(this.source, startOf(at), 'exported', gate.name);
  }
}

/** The statement to await before: the first one with any of the nodes, in the innermost block that holds them all. */
function statementBefore(source: ParsedSource, body: Node, nodes: readonly Node[]): Statement {
  const paths = nodes.map((node) => blocksAround(source, body, node));
  for (let level = 0; ; level++) {
    const here = paths.flatMap((path) => path[level] ?? []).sort((a, b) => startOf(a) - startOf(b));
    const [first] = here;
    if (first === undefined) throw new RangeError('A node lies in its function.');
    const deeper = paths.map((path) => path[level + 1]);
    const block = deeper[0] && source.parents.get(deeper[0]);
    const together =
      here.every((each) => each === first) &&
      deeper.every((each) => each !== undefined && source.parents.get(each) === block);
    if (!together) return first;
  }
}

/** The statements that hold a node, each a direct child of a block, outermost first. */
function blocksAround(source: ParsedSource, body: Node, node: Node): Statement[] {
  const path: Statement[] = [];
  let child = node;
  for (let each = source.parents.get(node); each !== undefined; child = each, each = source.parents.get(each)) {
    if (each.type === 'BlockStatement') path.unshift(child as Statement);
    if (each === body) break;
  }
  return path;
}
