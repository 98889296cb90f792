/**
 * Makes a CommonJS app wait for its certificate. Nothing can be awaited while CommonJS loads a file, so every way to a client
 * has to lead through an async function that awaits first: from the place that needs the client, callers are followed up to
 * the nearest async functions, and the `await` goes there. No function changes its kind, and no expression is rewritten.
 */
import type { Node } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';
import { isCall, startOf, unwrap } from '../nodes.ts';
import { findBinding } from '../scope.ts';
import type { AppFiles } from './appFiles.ts';
import { certificateGate, type Gate, type Need } from './gate.ts';
import { findListen } from './listen.ts';
import { functionAround, isExport, nameOfFunction, routeAround, topStatement, useOf } from './places.ts';
import { referencesTo, type Named } from './references.ts';
import { tooEarly } from './tooEarly.ts';

/** A function that awaits a gate before what it holds. */
export interface Waiter {
  readonly source: ParsedSource;
  readonly fn: Node;
  readonly gate: Gate;
  readonly nodes: Node[];
}

/** A variable of a file that gets its value when a gate is open. */
export interface Deferred {
  readonly source: ParsedSource;
  readonly declarator: Extract<Node, { type: 'VariableDeclarator' }>;
  readonly after: Gate;
  readonly gate: Extract<Gate, { kind: 'variable' }>;
  /** Files that import it, and must import the promise too. */
  readonly exported: boolean;
}

/** A statement that runs when a gate is open. */
export interface Postponed {
  readonly source: ParsedSource;
  readonly statement: Node;
  readonly gate: Gate;
}

export interface WaitingPlan {
  readonly waiters: readonly Waiter[];
  readonly deferred: readonly Deferred[];
  readonly postponed: readonly Postponed[];
}

/**
 * Finds all places that have to wait, for clients that are built at `clients`.
 * @throws ExpectedError `client-built-too-early` with file, line and reason
 */
export async function planWaiting(
  clients: readonly { readonly source: ParsedSource; readonly node: Node }[],
  files: AppFiles,
): Promise<WaitingPlan> {
  const engine = new Engine(files);
  for (const { source, node } of clients) engine.need({ source, node, gate: certificateGate });
  await engine.run();
  return engine;
}

class Engine implements WaitingPlan {
  readonly waiters: Waiter[] = [];
  readonly deferred: Deferred[] = [];
  readonly postponed: Postponed[] = [];
  private readonly queue: Need[] = [];
  private readonly seen = new Map<Gate, Set<Node>>();

  constructor(private readonly files: AppFiles) {}

  need(need: Need): void {
    const seen = this.seen.get(need.gate) ?? new Set<Node>();
    this.seen.set(need.gate, seen);
    if (seen.has(need.node)) return;
    seen.add(need.node);
    this.queue.push(need);
  }

  async run(): Promise<void> {
    for (let need = this.queue.shift(); need !== undefined; need = this.queue.shift()) await this.meet(need);
  }

  private async meet(need: Need): Promise<void> {
    const { source, node, gate } = need;
    const fn = functionAround(source, node);
    if (fn === undefined) return this.atLoad(need);
    if (fn.type === 'ClassBody') return this.callers(need, source.parents.get(fn) ?? fn);
    if (fn.async && !fn.generator) {
      const known = this.waiters.find((waiter) => waiter.fn === fn && waiter.gate === gate);
      if (known) known.nodes.push(node);
      else this.waiters.push({ source, fn, gate, nodes: [node] });
      return;
    }
    if (fn.generator) throw tooEarly(source, startOf(node), 'kind');
    const route = routeAround(source, fn);
    if (route !== undefined) return this.listen(need, fn);
    if (fn.type === 'ClassMethod' && fn.kind === 'constructor') {
      const body = source.parents.get(fn);
      return this.callers(need, (body && source.parents.get(body)) ?? fn);
    }
    if ((fn.type === 'ClassMethod' || fn.type === 'ObjectMethod') && fn.kind !== 'method')
      throw tooEarly(source, startOf(node), 'kind');
    // A callback runs during or after the call that it is handed to.
    const call = source.parents.get(fn);
    if (call && (isCall(call) || call.type === 'NewExpression')) {
      this.need({ source, node: call, gate });
      return;
    }
    return this.callers(need, fn);
  }

  /** Whoever calls the function, or constructs the class, has to wait. */
  private async callers(need: Need, fn: Node): Promise<void> {
    const { source, gate } = need;
    const known = nameOfFunction(source, fn);
    if (known === undefined) throw tooEarly(source, startOf(fn), 'value', shortText(source, fn));
    const named: Named = { source, ...known };
    let calls = 0;
    for (const reference of await referencesTo(named, this.files)) {
      const use = useOf(reference.source, reference.node);
      if (reference.passedOn === true) throw tooEarly(reference.source, startOf(reference.node), 'value', named.name);
      if (use.kind === 'neutral') continue;
      if (use.kind === 'value') {
        if (routeAround(reference.source, use.node) === undefined)
          throw tooEarly(reference.source, startOf(reference.node), 'value', named.name);
        await this.listen({ ...reference, gate }, use.node);
      } else this.need({ source: reference.source, node: use.node, gate });
      calls++;
    }
    const { declared } = known;
    const visible =
      declared === undefined ||
      isExported(source, declared) ||
      topStatement(source, declared)?.type.startsWith('Export') === true;
    if (calls === 0 && visible)
      throw tooEarly(source, startOf(fn), fn.type.startsWith('Class') ? 'class' : 'uncalled', named.name);
  }

  /** A handler that is not async is first called after the app listens: that is what waits. */
  private async listen({ source, gate }: Need, handler: Node): Promise<void> {
    const listen = await findListen(this.files);
    const elsewhere = gate.kind === 'variable' && listen?.source !== gate.source;
    if (listen === undefined || elsewhere) throw tooEarly(source, startOf(handler), 'handler');
    this.need({ source: listen.source, node: listen.call, gate });
  }

  /** While a file is loaded nothing can wait: a variable gets its value later, the last statement runs later. */
  private async atLoad(need: Need): Promise<void> {
    const { source, node, gate } = need;
    const statement = topStatement(source, node);
    if (statement === undefined) throw tooEarly(source, startOf(node), 'loaded');
    const declaration =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if (declaration.type === 'VariableDeclaration') {
      const [declarator, ...others] = declaration.declarations;
      if (declarator?.id.type !== 'Identifier' || others.length > 0) throw tooEarly(source, startOf(node), 'loaded');
      return this.defer(need, declarator, declaration !== statement);
    }
    const isListen = (await findListen(this.files))?.call === node;
    if (statement.type === 'ExpressionStatement' && (isListen || this.isLast(source, statement, node))) {
      if (!this.postponed.some((each) => each.statement === statement && each.gate === gate))
        this.postponed.push({ source, statement, gate });
      return;
    }
    throw tooEarly(source, startOf(node), 'loaded');
  }

  /** `main();` at the end: nothing that the file still does could miss it. */
  private isLast(source: ParsedSource, statement: Node, node: Node): boolean {
    if (statement.type !== 'ExpressionStatement' || unwrap(statement.expression) !== node) return false;
    const body = source.ast.type === 'File' ? source.ast.program.body : [];
    return body
      .slice(body.findIndex((each) => each === statement) + 1)
      .every((each) => /^(Function|Class|TS|Export)/.test(each.type));
  }

  private async defer(
    need: Need,
    declarator: Extract<Node, { type: 'VariableDeclarator' }>,
    exportedHere: boolean,
  ): Promise<void> {
    const { source, gate: after } = need;
    if (declarator.id.type !== 'Identifier') throw tooEarly(source, startOf(declarator), 'loaded');
    if (this.deferred.some((each) => each.declarator === declarator)) return;
    const { name } = declarator.id;
    const taken = source.all.some((node) => node.type === 'Identifier' && node.name === `${name}Ready`);
    const gate = { kind: 'variable', source, name, promise: `${name}${taken ? 'IsMade' : 'Ready'}` } as const;
    if (source.language === 'typescript' && typeTextOf(source, declarator) === undefined)
      throw tooEarly(source, startOf(declarator), 'type', name);
    const references = await referencesTo({ source, name, declared: declarator.id }, this.files);
    const outside = references.some((reference) => reference.source !== source);
    const passedOn = references.find((reference) => reference.passedOn);
    if (passedOn) throw tooEarly(passedOn.source, startOf(passedOn.node), 'exported', name);
    // Only `export` binds what importers see to the variable; `module.exports` copies its value at once.
    if (isExported(source, declarator.id) || (outside && !exportedHere))
      throw tooEarly(source, startOf(declarator), 'exported', name);
    this.deferred.push({ source, declarator, after, gate, exported: outside });
    for (const reference of references) {
      const use = useOf(reference.source, reference.node);
      if (use.kind === 'neutral') continue;
      this.need({ source: reference.source, node: use.node, gate });
    }
  }
}

/** `module.exports = x`, `exports.x = x`, `export default x`, `export { x }`, `export = x`. */
function isExported(source: ParsedSource, declared: Node): boolean {
  if (declared.type !== 'Identifier') return false;
  return source.all.some((node) => {
    if (node.type !== 'Identifier' || node.name !== declared.name || node === declared) return false;
    const parent = source.parents.get(node);
    if (parent === undefined || findBinding(source, node, node.name)?.identifier !== declared) return false;
    return /^(?:Export|TSExportAssignment)/.test(parent.type) || isExport(source, node, parent);
  });
}

/** TypeScript's type for a variable that gets its value later: its own, or the class that is constructed. */
export function typeTextOf(
  source: ParsedSource,
  { id, init }: Extract<Node, { type: 'VariableDeclarator' }>,
): string | undefined {
  const annotation = id.type === 'Identifier' ? id.typeAnnotation : undefined;
  if (annotation) return source.text.slice(startOf(annotation), annotation.end ?? 0).replace(/^:\s*/, '');
  const value = init ? unwrap(init) : undefined;
  if (value?.type !== 'NewExpression') return undefined;
  const { callee } = value;
  const isName = callee.type === 'Identifier' || callee.type === 'MemberExpression';
  return isName ? source.text.slice(startOf(callee), callee.end ?? 0) : undefined;
}

const shortText = (source: ParsedSource, node: Node): string =>
  source.text.slice(startOf(node), startOf(node) + 40).split(/\r?\n/)[0] ?? '';
