/** Decides where an app keeps the new values: variables in its `.env`, or literals in the config. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { AppContext } from './app.ts';
import type { CodeRewriteRequest, CodeValueSource, ConfigSite, ParsedSource } from './code.types.ts';
import { freeName, type EnvVariable } from './dotenv.ts';
import { isBundled, keyPathBase, placeOf, type EnvCandidate } from './envFiles.ts';
import { isBelow } from './gitignore.ts';
import { thumbprintProperty } from './msalVersion.ts';
import type { AppConfig, PlannedVariables, RewriteRequest } from './types.ts';

/** Where everything goes. */
export interface Placement {
  readonly code: CodeRewriteRequest;
  /** The `.env` to write to; undefined when nothing is written to one. */
  readonly env?: EnvPlacement;
  readonly variables: PlannedVariables;
}

export interface EnvPlacement {
  readonly path: string;
  /** Whole text before; undefined for a file to be made. */
  readonly text: string | undefined;
  readonly added: readonly EnvVariable[];
  /** Variable of the old secret, where this file sets it or is to keep it. */
  readonly secret?: string;
  /** The literal that the code loses, and the variable that keeps it here. */
  readonly kept?: EnvVariable;
  readonly expands: boolean;
  /** False when nothing visible loads this file and it did not hold the secret before: the app must be told to load it. */
  readonly loaded: boolean;
}

const names = {
  thumbprint: 'CLIENT_CERTIFICATE_THUMBPRINT',
  keyPath: 'CLIENT_CERTIFICATE_KEY_PATH',
  passphrase: 'CLIENT_CERTIFICATE_PASSPHRASE',
  privateKey: 'CLIENT_CERTIFICATE_PRIVATE_KEY',
  secret: 'CLIENT_SECRET',
} as const;

/**
 * The decision. The environment, when the secret came from it (or a literal stands beside values that did) and a `.env` is there or is
 * loaded; else literals for thumbprint and path. A pass phrase, a key and a kept literal secret always go to a `.env`.
 * @throws ExpectedError `msal-node-2-8-0`, `secret-literal-escaped`, `value-not-for-env`
 */
export function placeValues(
  source: ParsedSource,
  site: ConfigSite,
  config: AppConfig,
  context: AppContext,
  request: RewriteRequest,
): Placement {
  const property = thumbprintProperty(config.msal);
  const thumbprint = property === 'thumbprint' ? request.thumbprintSha1 : request.thumbprintSha256;
  const variable = config.secret?.kind === 'environment' ? config.secret.variable : undefined;
  const place = placeOf(context.env, variable);
  const target = place?.candidate ?? standardFile(context);
  const text = context.env.texts.get(target.path);
  const taken = takenNames(context, target);
  const added: EnvVariable[] = [];
  const variables: Record<'thumbprint' | 'keyPath' | 'passphrase' | 'privateKey', string | undefined> = {
    thumbprint: undefined,
    keyPath: undefined,
    passphrase: undefined,
    privateKey: undefined,
  };
  const inEnv = (kind: keyof typeof variables, value: string): string => {
    const name = freeName(names[kind], value, taken);
    taken.set(name, value);
    added.push({ name, value });
    variables[kind] = name;
    return name;
  };
  const useEnv = request.keyFrom === 'environment' || (place !== undefined && keepsValuesInEnv(config));
  const either = (kind: 'thumbprint' | 'keyPath', value: string): CodeValueSource =>
    useEnv ? { kind: 'environment', variable: inEnv(kind, value) } : { kind: 'literal', value };

  const code: { -readonly [K in keyof CodeRewriteRequest]: CodeRewriteRequest[K] } = {
    keyFrom: request.keyFrom === 'environment' ? 'environment' : 'file',
    thumbprintProperty: property,
    thumbprint: either('thumbprint', thumbprint),
    moduleKind: config.moduleKind,
  };
  if (request.keyFrom === 'environment') {
    code.keyVariable = inEnv('privateKey', Buffer.from(request.privateKeyPem ?? '').toString('base64'));
  } else {
    const base = useEnv ? keyPathBase(context, target) : literalBase(source, context);
    code.keyPath = either('keyPath', keyPathFrom(useEnv ? dirname(target.path) : context.appRoot, context, request));
    code.keyPathBase = base;
    if (request.passphrase !== undefined) code.passphraseVariable = inEnv('passphrase', request.passphrase);
  }
  const kept = keptLiteral(source, site, config, taken);
  // A fall-back literal beside a variable that is set: the variable is the secret in use, the literal just another copy.
  const isSet = place?.line !== undefined;
  if (isSet && kept !== undefined) added.push(kept);
  const secret = isSet ? variable : kept?.name;
  const env: EnvPlacement = {
    path: target.path,
    text,
    added,
    ...(secret === undefined ? {} : { secret }),
    ...(kept === undefined ? {} : { kept }),
    expands: target.expands,
    loaded: isSet || (place !== undefined && context.env.loaded),
  };
  return {
    code,
    ...(added.length > 0 || kept !== undefined ? { env } : {}),
    variables: definedOnly({ ...variables, secret: secret ?? variable }),
  };
}

/** A secret from the environment or from settings; or a literal one in a config whose other values come from the environment. */
function keepsValuesInEnv(config: AppConfig): boolean {
  if (config.secret?.kind !== 'literal') return true;
  return [config.clientId, config.authority].some((value) => value?.source.kind === 'environment');
}

/** `.env` in the app's root, for an app that loads none. */
function standardFile(context: AppContext): EnvCandidate {
  return { path: join(context.appRoot, '.env'), by: 'presumed', expands: false, inStartFolder: true };
}

/** Every name that any of the app's files sets; the file to be written to has the last word on the value. */
function takenNames(context: AppContext, target: EnvCandidate): Map<string, string> {
  const taken = new Map<string, string>();
  for (const path of [...context.env.texts.keys()].filter((each) => each !== target.path).concat(target.path)) {
    for (const [name, value] of context.env.valuesOf(path)) taken.set(name, value);
  }
  return taken;
}

/** The literal that goes away and is the last copy of the secret, with the variable that will keep it. */
function keptLiteral(
  source: ParsedSource,
  site: ConfigSite,
  config: AppConfig,
  taken: ReadonlyMap<string, string>,
): EnvVariable | undefined {
  const literal = site.secretLiteral;
  if (literal === undefined || literal.placeholder || literal.value === '') return undefined;
  if (!literal.rawEqualsValue) {
    throw new ExpectedError(
      'secret-literal-escaped',
      l10n.t(
        '{0}: the secret in line {1} is written with escape sequences, so undoing the change could not restore it exactly. Write it without escapes, then run this command again.',
        source.fileName,
        config.line,
      ),
      { file: source.fileName, line: config.line },
    );
  }
  const wanted = config.secret?.kind === 'environment' ? config.secret.variable : names.secret;
  return { name: freeName(wanted, literal.value, taken), value: literal.value };
}

/** A path in code counts from the file's own folder, unless a compiler or bundler moves the file. */
function literalBase(source: ParsedSource, context: AppContext): CodeRewriteRequest['keyPathBase'] {
  if (source.language === 'typescript' || isBundled(context.packageJson)) return 'cwd';
  return { relativeFolder: slashes(relative(dirname(context.file), context.appRoot)) || '.' };
}

/** Relative with `/` when the key lies in the workspace, so that the app can be moved; else absolute. */
function keyPathFrom(folder: string, context: AppContext, request: RewriteRequest): string {
  const path = resolve(request.privateKeyPath ?? '');
  const inside = [context.appRoot, ...context.roots].some((root) => isBelow(path, root));
  return slashes(inside ? relative(folder, path) : path);
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

function definedOnly(variables: Record<keyof PlannedVariables, string | undefined>): PlannedVariables {
  return Object.fromEntries(Object.entries(variables).filter(([, name]) => name !== undefined));
}
