/** Decides where an app keeps the new values: variables in its `.env`, or literals in the config. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { AppContext } from './app.ts';
import type { CodeRewriteRequest, ConfigSite, ParsedSource } from './code.types.ts';
import { isBundled, keyPathBase } from './envFiles.ts';
import { isBelow } from './gitignore.ts';
import { nothingLoadsEnv } from './planEnv.ts';
import { thumbprintProperty } from './msalVersion.ts';
import type { AppConfig, PlannedVariables, RewriteRequest } from './types.ts';
import { collectValues, type EnvPlacement } from './placedValues.ts';

/** Where everything goes. */
export interface Placement {
  readonly code: CodeRewriteRequest;
  /** The `.env` to write to; undefined when nothing is written to one. */
  readonly env?: EnvPlacement;
  readonly variables: PlannedVariables;
}

/**
 * The decision. The environment, when the secret came from it (or a literal stands beside values that did) and a `.env` is there or is
 * loaded; else literals for thumbprint and path. A pass phrase, a key and a kept literal secret always go to a `.env`.
 * @throws ExpectedError `msal-node-2-8-0`, `nothing-loads-env`, `secret-literal-escaped`, `value-not-for-env`
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
  const values = collectValues(source, site, config, context, request.keyFrom === 'environment');
  const { keyFrom } = request;
  const needsEnv = keyFrom === 'environment' || (keyFrom === 'file' && request.passphrase !== undefined);
  if (needsEnv && values.withoutEnv) throw nothingLoadsEnv(keyFrom, values.target.path, config, context);
  const code: { -readonly [K in keyof CodeRewriteRequest]: CodeRewriteRequest[K] } = {
    keyFrom: request.keyFrom,
    thumbprintProperty: property,
    thumbprint: values.either('thumbprint', thumbprint),
    moduleKind: config.moduleKind,
  };
  if (request.keyFrom === 'environment') {
    code.keyVariable = values.inEnv('privateKey', Buffer.from(request.privateKeyPem ?? '').toString('base64'));
  } else {
    const { target, useEnv } = values;
    const base = useEnv ? keyPathBase(context, target) : literalBase(source, context);
    const folder = useEnv ? dirname(target.path) : context.appRoot;
    code.keyPath = values.either('keyPath', keyPathFrom(folder, context, request));
    code.keyPathBase = base;
    if (request.passphrase !== undefined) code.passphraseVariable = values.inEnv('passphrase', request.passphrase);
  }
  return { code, ...values.finish() };
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
