/** Joins what the code says with what the workspace says: sites become {@link AppConfig}s. */
import { dirname } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { configTexts, parseQuietly, readApp, readContext, readHints, type AppContext } from './app.ts';
import { readAuthority } from './authority.ts';
import { findSites, parseSource, resolveExpression } from './code.ts';
import type { CodeValue, ConfigSite, ExpressionHandle, ParsedSource, SiteHints } from './code.types.ts';
import { placeOf } from './envFiles.ts';
import { envLoadTexts } from './envLoads.ts';
import { readCertificate, readRemarks } from './configDetails.ts';
import { findModuleKind } from './moduleKind.ts';
import { assertionKind, readVaultUse } from './vaultUse.ts';
import { endOf, startOf, unwrap, walk } from './nodes.ts';
import { compiledFrom } from './outDir.ts';
import { isGenerated, searchFiles, type FoundFile } from './search.ts';
import { readSettings, type Setting, type Settings } from './settings.ts';
import { readText } from './textFiles.ts';
import { possibleValues } from './trace.ts';
import type { AppConfig, ModuleKind, ReadAppOptions, ResolvedValue, TenantKind, ValueSource } from './types.ts';

/** A config together with what the rewriter needs of it. */
export interface ReadConfig {
  readonly config: AppConfig;
  readonly site: ConfigSite;
  /** Where the secret really stands, when the config takes it from a module of settings. */
  readonly setting?: Setting;
}

/** Everything read about one file. */
export interface ReadFile {
  readonly source: ParsedSource;
  readonly context: AppContext;
  readonly configs: readonly ReadConfig[];
  /** Files of the workspace that hold a text of {@link ReadOptions.texts}, or load `.env` files. */
  readonly sources: readonly FoundFile[];
}

export interface ReadOptions extends ReadAppOptions {
  /** Looks through all roots, not through the app alone, and for these texts too: one walk instead of two. */
  readonly texts?: (secrets: readonly (ValueSource | undefined)[]) => readonly string[];
}

/**
 * Reads the configs of one file; undefined when there is no such file.
 * @throws ExpectedError `config-does-not-parse`, `not-utf-8`
 */
export async function readFile(
  file: string,
  reader: FileReader,
  roots: readonly string[],
  options: ReadOptions = {},
): Promise<ReadFile | undefined> {
  const text = await readText(file, reader);
  if (text === undefined || (options.skipGenerated === true && isGenerated(text))) return undefined;
  const source = parseSource(text, file);
  let sites = findSites(source);
  if (sites.length === 0 && configTexts.some((each) => text.includes(each))) {
    // Nothing in the file itself says that its object is MSAL Node's; perhaps the file that uses it does.
    sites = findSites(source, await once(options, `hints ${file}`, () => hintsFor(file, reader, roots)));
  }
  const isOutput =
    options.skipGenerated === true &&
    sites.length > 0 &&
    (await once(options, `compiled ${file}`, () => compiledFrom(file, reader))) !== undefined;
  if (isOutput) return undefined;
  const app = await readApp(file, roots, reader);
  const settings = await readSettings(source, sites, reader);
  const texts = options.texts?.(sites.map((site) => secretSource(site, settings)));
  const searched = texts === undefined ? [app.searchRoot] : [...roots, app.searchRoot];
  const search = (): Promise<FoundFile[]> => searchFiles(searched, [...envLoadTexts, ...(texts ?? [])], reader);
  const found = texts === undefined ? await once(options, `loads ${app.searchRoot}`, search) : await search();
  // What was found earlier may hold an earlier text of this very file, or none.
  const isRemembered = options.searched !== undefined && texts === undefined;
  const own = isRemembered && envLoadTexts.some((each) => text.includes(each)) ? [{ path: file, text }] : [];
  const sources = isRemembered ? [...own, ...found.filter(({ path }) => path !== file)] : found;
  const context = await readContext(app, sources, reader, options.loads);
  return { source, context, configs: await configsOf(source, sites, context, reader, settings), sources };
}

async function once<T>({ searched }: ReadOptions, name: string, ask: () => Promise<T>): Promise<T> {
  if (searched === undefined) return ask();
  const known = searched.get(name) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const asked = ask();
  searched.set(name, asked);
  // What failed is asked anew next time.
  asked.catch(() => searched.delete(name));
  return asked;
}

async function hintsFor(file: string, reader: FileReader, roots: readonly string[]): Promise<SiteHints> {
  const users = await searchFiles(
    roots.length === 0 ? [dirname(file)] : roots,
    ['ConfidentialClientApplication'],
    reader,
  );
  const sources = users.flatMap((user) => parseQuietly(user) ?? []);
  return (await readHints(sources, (path) => path === file, reader)).get(file) ?? {};
}

/** The configs for the sites of a parsed file. */
export async function configsOf(
  source: ParsedSource,
  sites: readonly ConfigSite[],
  context: AppContext,
  reader: FileReader,
  settings?: Settings,
): Promise<ReadConfig[]> {
  if (sites.length === 0) return [];
  const followed = settings ?? (await readSettings(source, sites, reader));
  const moduleKind = await findModuleKind(source.fileName, dirname(source.fileName), source.syntax, reader);
  return Promise.all(
    sites.map(async (site) => {
      const assertion = site.assertion === undefined ? undefined : assertionKind(source, site.assertion);
      const vault = await readVaultUse(source, site, context, reader);
      return {
        site,
        ...ofSetting(site, followed),
        config: {
          ...configOf(source, site, context, moduleKind, followed),
          ...(assertion === undefined ? {} : { assertion: vault === undefined ? assertion : 'function' }),
          ...(vault === undefined ? {} : { vault }),
        },
      };
    }),
  );
}

/**
 * The secret's source, followed into a module of settings where it comes from one. A literal there stays there: it is none of this file.
 * @param context where it is known: a variable that only its name speaks for counts where a `.env` sets it
 */
function secretSource(
  { secret, nodes }: ConfigSite,
  settings: Settings,
  context?: AppContext,
): ValueSource | undefined {
  const setting = nodes.secretValue && settings.get(nodes.secretValue);
  if (setting?.from.kind !== 'environment') return secret;
  const isGuess = setting.at === undefined && context !== undefined;
  return isGuess && context.env.value(setting.from.variable) === undefined ? secret : setting.from;
}

function ofSetting({ nodes }: ConfigSite, settings: Settings): Pick<ReadConfig, 'setting'> {
  const setting = nodes.secretValue && settings.get(nodes.secretValue);
  return setting === undefined ? {} : { setting };
}

function configOf(
  source: ParsedSource,
  site: ConfigSite,
  context: AppContext,
  moduleKind: ModuleKind,
  settings: Settings,
): AppConfig {
  const resolve = (expression: ExpressionHandle): ResolvedValue => {
    const setting = settings.get(expression);
    const { value, source: from }: CodeValue =
      setting === undefined
        ? resolveExpression(source, expression, context.env.value)
        : settingValue(source, expression, setting, context);
    return { ...(value === undefined ? {} : { value }), source: withEnvFile(from, context) };
  };
  const from = secretSource(site, settings, context);
  const secret = from === undefined ? undefined : withEnvFile(from, context);
  const place = placeOf(context.env, secret?.kind === 'environment' ? secret.variable : undefined);
  const authority = site.authority === undefined ? undefined : resolve(site.authority);
  return {
    file: source.fileName,
    line: site.line,
    column: site.column,
    credential: site.credential,
    ...(secret === undefined ? {} : { secret }),
    ...(site.certificate === undefined
      ? {}
      : { certificate: readCertificate(source, site.certificate, context, resolve) }),
    ...readRemarks(source, site, resolve, context.msal),
    ...(site.clientId === undefined ? {} : { clientId: resolve(site.clientId) }),
    ...(authority === undefined ? {} : { authority }),
    tenantKind: tenantKindOf(source, site, authority),
    moduleKind,
    language: source.language,
    msal: context.msal,
    appRoot: context.appRoot,
    ...(place === undefined ? {} : { envFile: place.candidate.path }),
  };
}

/** A variable is known by its name only where a `.env` sets it; a literal elsewhere has a value, but its place is the module. */
function settingValue(
  source: ParsedSource,
  expression: ExpressionHandle,
  { at, from }: Setting,
  context: AppContext,
): CodeValue {
  const plain = resolveExpression(source, expression, context.env.value);
  if (at !== undefined) {
    const { value } = resolveExpression(at.source, at.node, context.env.value);
    return { ...(value === undefined ? {} : { value }), source: from.kind === 'environment' ? from : plain.source };
  }
  const value = from.kind === 'environment' ? context.env.value(from.variable) : undefined;
  return value === undefined ? plain : { value, source: from };
}

/** Fills in the `.env` line; of several variables the first that has one comes to the front. */
function withEnvFile(from: ValueSource, context: AppContext): ValueSource {
  if (from.kind !== 'environment') return from;
  const all = [from.variable, ...(from.others ?? [])];
  for (const variable of all) {
    const place = placeOf(context.env, variable);
    if (place?.line === undefined) continue;
    const others = all.filter((name) => name !== variable);
    return {
      ...from,
      variable,
      ...(others.length === 0 ? {} : { others }),
      envFile: place.candidate.path,
      envLine: place.line,
    };
  }
  return from;
}

/**
 * From the value, else from the text of the expression with its unknown parts: a template such as
 * `https://${sub}.ciamlogin.com/` tells the kind of tenant though not its name.
 */
function tenantKindOf(source: ParsedSource, site: ConfigSite, authority: ResolvedValue | undefined): TenantKind {
  if (site.authority === undefined || authority === undefined) return readAuthority(undefined).kind;
  if (authority.value !== undefined) return readAuthority(authority.value).kind;
  for (const value of possibleValues(source, site.authority)) {
    for (const text of textsIn(source, value)) {
      const { kind } = readAuthority(text);
      if (kind !== 'unknown') return kind;
    }
  }
  return 'unknown';
}

function textsIn(source: ParsedSource, value: ExpressionHandle): string[] {
  const texts: string[] = [];
  walk(unwrap(value), (node) => {
    if (node.type === 'StringLiteral') texts.push(node.value);
    else if (node.type === 'TemplateLiteral') texts.push(source.text.slice(startOf(node) + 1, endOf(node) - 1));
  });
  return texts;
}
