/**
 * The text of the new certificate block.
 *
 * A missing variable must stop the app at its start and never reach MSAL as `undefined`: `readFileSync` and
 * `Buffer.from` throw for it by themselves, so the value is read in place, where the secret was read, and dotenv has run.
 */
import type { CodeRewriteRequest, CodeValueSource, ParsedSource } from './code.types.ts';
import type { Imports } from './imports.ts';
import type { FileStyle } from './style.ts';
import type { EnvReader, Idiom } from './valueSource.ts';

/** How the block is laid out. */
export interface BlockLayout {
  /** One line, or one property a line. */
  readonly lines: boolean;
  /** No blanks inside braces and after colons and commas. */
  readonly dense: boolean;
  readonly quoteKeys: string;
  readonly trailingComma: boolean;
  /** Indentation of the line on which the block starts. */
  readonly indent: string;
  readonly unit: string;
}

export interface BlockContext {
  readonly source: ParsedSource;
  readonly request: CodeRewriteRequest;
  readonly style: FileStyle;
  readonly imports: Imports;
  readonly reader: EnvReader;
  readonly idiom: Idiom;
}

/** A property's value: a line of code, or a call around an object: `before{ ... }after`. */
type Value =
  | string
  | { readonly before: string; readonly properties: readonly (readonly [string, Value])[]; readonly after: string };

/** Name of the property that takes the secret's place. */
export function credentialProperty(request: CodeRewriteRequest): 'clientCertificate' | 'clientAssertion' {
  return request.imported?.property ?? 'clientCertificate';
}

/** The value that takes the secret's place: `{ thumbprint..., privateKey... }`, or what a module beside the config makes. */
export function credentialValue(context: BlockContext, layout: BlockLayout): string {
  const { imported } = context.request;
  if (imported === undefined) return certificateBlock(context, layout);
  const name = context.imports.use(imported.specifier, imported.name);
  for (const other of imported.also ?? []) context.imports.use(imported.specifier, other);
  switch (imported.use) {
    case 'reference':
      return name;
    case 'call':
      return `${name}()`;
    case 'await':
      return `await ${name}()`;
    case 'constant':
      return context.imports.constant(imported.property, `await ${name}()`);
  }
}

function certificateBlock(context: BlockContext, layout: BlockLayout): string {
  const { request } = context;
  if (request.thumbprint === undefined) throw new RangeError('thumbprint is missing.');
  const quoted = (name: string): string => `${layout.quoteKeys}${name}${layout.quoteKeys}`;
  return render(
    {
      before: '',
      properties: [
        [quoted(request.thumbprintProperty), valueText(context, request.thumbprint, true)],
        [quoted('privateKey'), privateKey(context)],
      ],
      after: '',
    },
    { ...layout, eol: context.style.eol },
    layout.indent,
  );
}

function privateKey(context: BlockContext): Value {
  const { request, imports, style } = context;
  const text = (value: string): string => `${style.quote}${value}${style.quote}`;
  if (request.keyFrom === 'environment') return keyFromEnvironment(context, request.keyVariable ?? '');
  if (request.keyPath === undefined) throw new RangeError('keyPath is missing.');
  const path = keyPath(context, request.keyPath);
  const read = imports.use('fs', 'readFileSync');
  if (request.passphraseVariable === undefined) return `${read}(${path}, ${text('utf8')})`;
  const create = imports.use('crypto', 'createPrivateKey');
  const passphrase = valueText(context, { kind: 'environment', variable: request.passphraseVariable }, false);
  return {
    before: `${create}(`,
    properties: [
      ['key', `${read}(${path})`],
      ['passphrase', passphrase],
    ],
    after: `).export({ type: ${text('pkcs8')}, format: ${text('pem')} }).toString()`,
  };
}

/** Code for a key that a variable holds as base64 in one line. */
export function keyFromEnvironment(context: Omit<BlockContext, 'request' | 'imports'>, variable: string): string {
  const text = (value: string): string => `${context.style.quote}${value}${context.style.quote}`;
  const key = valueText(context, { kind: 'environment', variable }, true);
  return `${bufferName(context)}.from(${key}, ${text('base64')}).toString(${text('utf8')})`;
}

function keyPath(context: BlockContext, path: CodeValueSource): string {
  const { request, imports, style, source } = context;
  const value = valueText(context, path, true);
  const base = request.keyPathBase ?? 'cwd';
  if (base === 'cwd') return value;
  const folder = base.relativeFolder;
  const resolve = imports.use('path', 'resolve');
  const own = /\b(?:const|let|var) __dirname\b/.test(source.text);
  const segments = folder === '.' || folder === '' ? [] : [quote(folder, style)];
  if (request.moduleKind === 'commonjs' || own) return `${resolve}(${['__dirname', ...segments, value].join(', ')})`;
  const here = `${imports.use('url', 'fileURLToPath')}(new URL(${quote(folder === '' ? '.' : folder, style)}, import.meta.url))`;
  return `${resolve}(${here}, ${value})`;
}

/**
 * Code for a value.
 * @param needed the place takes no `undefined`, so TypeScript wants to be told
 */
function valueText(
  context: Omit<BlockContext, 'request' | 'imports'>,
  value: CodeValueSource,
  needed: boolean,
): string {
  const { reader, source, style } = context;
  if (value.kind === 'literal') return quote(value.value, style);
  const read = `${reader.before}${reader.quote}${value.variable}${reader.quote}${reader.after}`;
  if (source.language !== 'typescript') return read;
  switch (context.idiom) {
    case '':
      return needed && reader.sure !== true ? `${read}!` : read;
    case '<string>':
      return `<string>${read}`;
    case " ?? ''":
    case " || ''":
      return needed ? `${read}${context.idiom.replaceAll("'", style.quote)}` : read;
    default:
      return `${read}${context.idiom}`;
  }
}

function quote(value: string, style: FileStyle): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll(style.quote, `\\${style.quote}`);
  return `${style.quote}${escaped}${style.quote}`;
}

/** A file with a `Buffer` of its own still means Node's here. */
function bufferName({ source }: Pick<BlockContext, 'source'>): string {
  for (const names of source.scopes.values()) {
    const binding = names.get('Buffer');
    if (binding && !/^(node:)?buffer$/.test(binding.specifier ?? '')) return 'globalThis.Buffer';
  }
  return 'Buffer';
}

function render(value: Value, layout: BlockLayout & { eol: string }, indent: string): string {
  if (typeof value === 'string') return value;
  const colon = layout.dense ? ':' : ': ';
  if (!layout.lines) {
    const pad = layout.dense ? '' : ' ';
    const list = value.properties.map(([name, inner]) => `${name}${colon}${render(inner, layout, indent)}`);
    return `${value.before}{${pad}${list.join(`,${pad}`)}${pad}}${value.after}`;
  }
  const inside = indent + layout.unit;
  const list = value.properties.map(([name, inner]) => `${inside}${name}${colon}${render(inner, layout, inside)}`);
  const { eol } = layout;
  return `${value.before}{${eol}${list.join(`,${eol}`)}${layout.trailingComma ? ',' : ''}${eol}${indent}}${value.after}`;
}
