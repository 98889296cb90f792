/** Collects the values that an app is to have, in its `.env` or as literals, and keeps the old secret there. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { AppContext } from './app.ts';
import type { CodeValueSource, ConfigSite, ParsedSource } from './code.types.ts';
import { freeName, type EnvVariable } from './dotenv.ts';
import { placeOf, type EnvCandidate } from './envFiles.ts';
import type { AppConfig, PlannedVariables } from './types.ts';
import { variablesOf } from './valueParts.ts';

export interface EnvPlacement {
  readonly path: string;
  /** Whole text before; undefined for a file to be made. */
  readonly text: string | undefined;
  readonly added: readonly EnvVariable[];
  /** Variable of the old secret, where this file sets it or is to keep it. */
  readonly secret?: string;
  /** Further variables that the app took the secret from. */
  readonly otherSecrets: readonly string[];
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
  vaultUrl: 'KEY_VAULT_URL',
  certificateName: 'CLIENT_CERTIFICATE_NAME',
  certificateVersion: 'CLIENT_CERTIFICATE_VERSION',
  vaultTenant: 'KEY_VAULT_TENANT_ID',
  secret: 'CLIENT_SECRET',
} as const;

/** Variable of a pass phrase. */
export const passphraseVariable: string = names.passphrase;

/** Variable of a private key, as base64 in one line. */
export const privateKeyVariable: string = names.privateKey;

/** A value with a place of its own. */
export type ValueKind = Exclude<keyof typeof names, 'secret'>;

/** Where an app's values go; filled value by value, then finished. */
export interface PlacedValues {
  /** The `.env` that takes them. */
  readonly target: EnvCandidate;
  /** Nothing is seen that brings variables into this app: all it has stands in its code. */
  readonly withoutEnv: boolean;
  /** The app keeps its values in the environment, so the new ones go there too. */
  readonly useEnv: boolean;
  /** Puts a value into the `.env`; its variable, with a number where the name is taken by another value. */
  inEnv(kind: ValueKind, value: string): string;
  /** A variable where the app uses the environment, else the value itself. */
  either(kind: ValueKind, value: string): CodeValueSource;
  /** The whole, with the old secret kept. */
  finish(): { readonly env?: EnvPlacement; readonly variables: PlannedVariables };
}

/**
 * @param always the environment, whatever the app does with its other values
 * @throws ExpectedError `secret-literal-escaped`
 */
export function collectValues(
  source: ParsedSource,
  site: ConfigSite,
  config: AppConfig,
  context: AppContext,
  always: boolean,
): PlacedValues {
  const variable = config.secret?.kind === 'environment' ? config.secret.variable : undefined;
  const place = placeOf(context.env, variable);
  const target = place?.candidate ?? standardFile(context);
  const text = context.env.texts.get(target.path);
  const taken = takenNames(context, target);
  const added: EnvVariable[] = [];
  const variables = new Map<ValueKind, string>();
  const useEnv = always || (place !== undefined && keepsValuesInEnv(config));
  const inEnv = (kind: ValueKind, value: string): string => {
    const name = freeName(names[kind], value, taken);
    taken.set(name, value);
    added.push({ name, value });
    variables.set(kind, name);
    return name;
  };
  return {
    target,
    withoutEnv: place === undefined && !keepsValuesInEnv(config),
    useEnv,
    inEnv,
    either: (kind, value) =>
      useEnv ? { kind: 'environment', variable: inEnv(kind, value) } : { kind: 'literal', value },
    finish: () => {
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
        otherSecrets: variablesOf(config.secret).filter((name) => name !== secret),
        ...(kept === undefined ? {} : { kept }),
        expands: target.expands,
        loaded: isSet || (place !== undefined && context.env.loaded),
      };
      const ofSecret = secret ?? variable;
      return {
        ...(added.length > 0 || kept !== undefined ? { env } : {}),
        variables: { ...Object.fromEntries(variables), ...(ofSecret === undefined ? {} : { secret: ofSecret }) },
      };
    },
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
