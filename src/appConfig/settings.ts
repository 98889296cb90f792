/** Values that a file takes from a module of settings: followed into that module, whose code is read and never run. */
import type { Node } from '@babel/types';
import type { FileReader } from '../base/ports.ts';
import type { ConfigSite, ExpressionHandle, ParsedSource } from './code.types.ts';
import { parseSource } from './code.ts';
import { exportsOf, reexportsOf } from './exports.ts';
import { findImported } from './moduleFiles.ts';
import { isIdentifier, isMember, keyName, memberName, requiredModule, stringValue, unwrap } from './nodes.ts';
import { findBinding } from './scope.ts';
import { decodeText } from './textFiles.ts';
import { possibleValues, valuesOfProperty } from './trace.ts';
import type { ValueSource } from './types.ts';
import { describeValue } from './valueSource.ts';

/** Where a value from settings really stands. */
export interface Setting {
  /** The module it stands in, and its expression there; absent where the module makes its values by a call (zod, T3). */
  readonly at?: { readonly source: ParsedSource; readonly node: Node };
  /** What that expression is, or the variable that the member is named after. */
  readonly from: ValueSource;
}

/** By the expression in the config. */
export type Settings = ReadonlyMap<ExpressionHandle, Setting>;

/** Modules that hand on what they import are passed; more of them in a row are a mistake. */
const maximumSteps = 4;
const maximumSize = 262_144;

/** Follows secret, client ID and authority of the sites, as far as each comes from a module of the app. */
export async function readSettings(
  source: ParsedSource,
  sites: readonly ConfigSite[],
  reader: FileReader,
): Promise<Settings> {
  const modules = new Map<string, Promise<ParsedSource | undefined>>();
  const open = (from: string, specifier: string): Promise<ParsedSource | undefined> => {
    const name = `${from}\0${specifier}`;
    const known = modules.get(name) ?? openModule(from, specifier, reader);
    modules.set(name, known);
    return known;
  };
  const settings = new Map<ExpressionHandle, Setting>();
  for (const { nodes, clientId, authority, tenantId } of sites) {
    for (const expression of [nodes.secretValue, clientId, authority, tenantId]) {
      if (expression === undefined || settings.has(expression)) continue;
      const setting = await settingOf(source, expression, open);
      if (setting !== undefined) settings.set(expression, setting);
    }
  }
  return settings;
}

type Open = (from: string, specifier: string) => Promise<ParsedSource | undefined>;

async function openModule(from: string, specifier: string, reader: FileReader): Promise<ParsedSource | undefined> {
  const path = await findImported(from, specifier, reader);
  const bytes = path === undefined ? undefined : await reader.read(path).catch(() => undefined);
  if (path === undefined || bytes === undefined || bytes.byteLength > maximumSize) return undefined;
  try {
    return parseSource(decodeText(bytes) ?? '', path);
  } catch {
    // A file that does not parse says nothing of its values.
    return undefined;
  }
}

async function settingOf(source: ParsedSource, expression: Node, open: Open): Promise<Setting | undefined> {
  if (describeValue(source, expression).source.kind !== 'settings') return undefined;
  const way = wayTo(source, expression);
  if (way === undefined) return undefined;
  const at = await follow(source, way, open);
  const from = at && describeValue(at.source, at.node).source;
  if (from?.kind === 'environment' || from?.kind === 'literal') return { at, from };
  // What a schema or a helper hands out under a variable's name is that variable.
  const name = way.path.at(-1) ?? '';
  return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(name)
    ? { from: { kind: 'environment', variable: name, hasFallback: false } }
    : undefined;
}

/** An import and the members that are taken of it; the first is the exported name. */
interface Way {
  readonly specifier: string;
  readonly path: readonly string[];
}

function wayTo(source: ParsedSource, expression: Node, depth = 0): Way | undefined {
  const members: string[] = [];
  let node = unwrap(expression);
  while (isMember(node)) {
    const name = memberName(node);
    if (name === undefined) return undefined;
    members.unshift(name);
    node = unwrap(node.object);
  }
  const required = requiredModule(node);
  if (required !== undefined) return { specifier: required, path: members };
  if (!isIdentifier(node) || depth > maximumSteps) return undefined;
  const binding = findBinding(source, node, node.name);
  if (binding?.kind === 'import' && binding.specifier !== undefined)
    return {
      specifier: binding.specifier,
      path: binding.imported === '*' ? members : [binding.imported ?? '', ...members],
    };
  if (binding?.kind !== 'variable' || binding.init === undefined || binding.path === undefined) return undefined;
  if (binding.assignments.length > 0) return undefined;
  const base = wayTo(source, binding.init, depth + 1);
  return base && { ...base, path: [...base.path, ...binding.path, ...members] };
}

/** The one expression that a way leads to. */
async function follow(
  from: ParsedSource,
  { specifier, path }: Way,
  open: Open,
  steps = 0,
): Promise<Setting['at'] | undefined> {
  const source = steps > maximumSteps ? undefined : await open(from.fileName, specifier);
  if (source === undefined) return undefined;
  if (source.language === 'json') return only(source, source.ast, path[0] === 'default' ? path.slice(1) : path);
  const [name, ...rest] = path;
  const exported = exportsOf(source);
  const starts = [
    ...exported.filter((each) => each.name === name).map(({ value }) => ({ value, path: rest })),
    ...exported
      .filter((each) => each.name === '*')
      .map(({ value }) => ({ value, path: name === 'default' ? rest : path })),
    // `import settings from` a module with named exports only, as bundlers allow.
    ...(name === 'default' ? exported.filter((each) => each.name === rest[0]) : []).map(({ value }) => ({
      value,
      path: rest.slice(1),
    })),
  ];
  for (const start of starts) {
    const at = only(source, start.value, start.path);
    if (at !== undefined && describeValue(source, at.node).source.kind !== 'settings') return at;
    const next = wayTo(source, at?.node ?? start.value);
    const further = next && { ...next, path: at === undefined ? [...next.path, ...start.path] : next.path };
    const found = further && (await follow(source, further, open, steps + 1));
    if (found !== undefined) return found;
  }
  for (const { specifier: next, exported: as, imported } of reexportsOf(source)) {
    if (as !== '*' && as !== name) continue;
    const further = as === '*' ? path : imported === '*' ? rest : [imported, ...rest];
    const found = await follow(source, { specifier: next, path: further }, open, steps + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function only(source: ParsedSource, value: Node, path: readonly string[]): Setting['at'] | undefined {
  let values: Node[] = [value];
  for (const name of path) values = values.flatMap((each) => membersOf(source, each, name));
  const [node] = values;
  if (values.length !== 1 || node === undefined) return undefined;
  // A whole object is no value.
  const inner = unwrap(node);
  return inner.type === 'ObjectExpression' && stringValue(inner) === undefined ? undefined : { source, node };
}

/** Of an object literal, as it is written there, or of a class with static fields. */
function membersOf(source: ParsedSource, value: Node, name: string): Node[] {
  const inner = unwrap(value);
  if (inner.type === 'Identifier') {
    const declaration = findBinding(source, inner, inner.name)?.declaration;
    if (declaration?.type === 'ClassDeclaration') return staticsOf(declaration.body.body, name);
  }
  if (inner.type === 'ClassDeclaration') return staticsOf(inner.body.body, name);
  return possibleValues(source, inner).flatMap((object) => {
    const own =
      object.type === 'ObjectExpression'
        ? object.properties.findLast((property) => property.type === 'ObjectProperty' && keyName(property) === name)
        : undefined;
    return own?.type === 'ObjectProperty' ? [own.value] : valuesOfProperty(source, object, name);
  });
}

function staticsOf(members: readonly Node[], name: string): Node[] {
  return members.flatMap((member) =>
    member.type === 'ClassProperty' && member.static && keyName(member) === name && member.value ? [member.value] : [],
  );
}
