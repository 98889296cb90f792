/** File edits for `.env` and its examples, and what has to be said about them. */
import { basename, dirname, join, relative, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import type { AppContext } from './app.ts';
import { parseEnv, planEnvChange, type EnvVariable } from './dotenv.ts';
import type { EnvPlacement } from './placedValues.ts';
import { decodeText, eolOf } from './textFiles.ts';
import type { AppConfig, FileEdits, KeptSecret, PlannedVariables, PlanWarning } from './types.ts';

const exampleNames = ['.env.example', '.env.sample', '.env.template'];

/**
 * The edits that set the new variables.
 * @param eol of the config, for a new file
 * @throws ExpectedError as `planEnvChange`
 */
export function planEnvFile(env: EnvPlacement, variables: PlannedVariables, configText: string): FileEdits | undefined {
  const { path, text, secret, kept } = env;
  const edits = planEnvChange(text, {
    variables: env.added,
    ...(secret === undefined ? {} : { secret }),
    otherSecrets: env.otherSecrets,
    ...(kept === undefined ? {} : { secretValue: kept.value }),
    expands: env.expands,
    eol: eolOf(configText),
  });
  if (edits.length === 0) return undefined;
  const secrets = secretsOf(env, variables);
  return { path, role: 'env', before: text, edits, ...(text === undefined ? { mode: 0o600 } : {}), secrets };
}

const secretName =
  /SECRET|PASS|PWD|TOKEN|CREDENTIAL|PRIVATE|APIKEY|(?:API|ACCESS|ACCOUNT|STORAGE|ENCRYPTION|SIGNING)_?KEY|CONNECTION|_KEY$|_DSN$/i;

/** Everything in the file that a reader of a log must not see: the app's other secrets too. */
function secretsOf(env: EnvPlacement, variables: PlannedVariables): KeptSecret[] {
  const harmless = new Set([variables.thumbprint, variables.keyPath, variables.vaultUrl, variables.certificateName]);
  const wanted = new Set([env.secret, ...env.otherSecrets, env.kept?.name, variables.passphrase, variables.privateKey]);
  const all: EnvVariable[] = [...(env.text === undefined ? [] : parseEnv(env.text)), ...env.added];
  if (env.kept !== undefined) all.push(env.kept);
  const found = new Map<string, KeptSecret>();
  for (const { name, value } of all) {
    if (value === '' || harmless.has(name) || !(wanted.has(name) || secretName.test(name))) continue;
    found.set(value, { value, envFile: env.path, variable: name });
  }
  return [...found.values()];
}

/** Placeholder lines for the examples beside the `.env`; a name that stands there already is left. */
export async function planExamples(env: EnvPlacement, reader: FileReader): Promise<FileEdits[]> {
  const files: FileEdits[] = [];
  for (const name of exampleNames) {
    const path = join(dirname(env.path), name);
    const bytes = await reader.read(path);
    // An example is a courtesy: one that cannot be edited safely is no reason to decline.
    const text = bytes === undefined ? undefined : decodeText(bytes);
    if (text === undefined || path === env.path) continue;
    const edits = exampleEdits(text, env);
    if (edits.length > 0) files.push({ path, role: 'envExample', before: text, edits, secrets: [] });
  }
  return files;
}

function exampleEdits(text: string, env: EnvPlacement): TextEdit[] {
  try {
    const present = new Map(parseEnv(text).map((entry) => [entry.name, entry.value]));
    const added = env.added.filter((variable) => !present.has(variable.name) && variable !== env.kept);
    const isEmpty = env.secret === undefined || (present.get(env.secret) ?? '') === '';
    const variables = added.map(({ name }) => ({ name, value: isEmpty ? '' : placeholderOf(name) }));
    return planEnvChange(text, {
      variables,
      ...(env.secret === undefined ? {} : { secret: env.secret }),
      comment: false,
    });
  } catch (error) {
    if (isExpectedError(error)) return [];
    throw error;
  }
}

/** `CLIENT_CERTIFICATE_KEY_PATH` → `Enter_the_Client_Certificate_Key_Path_Here`, as Microsoft's samples write it. */
function placeholderOf(name: string): string {
  const words = name.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `Enter_the_${words.join('_')}_Here`;
}

/** For values in a `.env` that nothing visible loads: exactly what to add. */
export function warnNotLoaded(env: EnvPlacement, config: AppConfig, context: AppContext): PlanWarning[] {
  if (env.loaded || env.added.every((variable) => variable === env.kept)) return [];
  const { name, flag, line } = waysToLoad(env.path, config, context);
  return [
    {
      code: 'env-not-loaded',
      message: l10n.t(
        'Nothing in this app loads {0}, so it would not start with the new values in there. Start it with "{1}" (Node 20.6 or later), or install dotenv and add this as the first line of the file the app is started with: {2}',
        name,
        flag,
        line,
      ),
      file: env.path,
    },
  ];
}

function waysToLoad(
  path: string,
  config: AppConfig,
  context: AppContext,
): Readonly<Record<'name' | 'flag' | 'line', string>> {
  const isModule = config.moduleKind === 'esm' || config.language === 'typescript';
  return {
    name: basename(path),
    flag: `node --env-file=${relative(context.appRoot, path).split(sep).join('/')}`,
    line: isModule ? "import 'dotenv/config';" : "require('dotenv').config();",
  };
}

/**
 * For an app that has its values in its code and loads no `.env`: a pass phrase or a key in a variable would never reach it.
 * @param path the `.env` that would be written
 */
export function nothingLoadsEnv(
  keyFrom: 'file' | 'environment',
  path: string,
  config: AppConfig,
  context: AppContext,
): ExpectedError {
  const { name, flag, line } = waysToLoad(path, config, context);
  const details = { file: config.file, line: config.line };
  return new ExpectedError(
    'nothing-loads-env',
    keyFrom === 'file'
      ? l10n.t(
          '{0} line {1}: this app reads nothing from its environment, so the pass phrase of the key would not reach it and it would not start. Set up without a pass phrase, or make the app load {2} first, and set up again: start it in package.json with "{3}", or install dotenv and make this the first line of the file the app is started with: {4}',
          config.file,
          config.line,
          name,
          flag,
          line,
        )
      : l10n.t(
          '{0} line {1}: this app reads nothing from its environment, so a key in a variable would not reach it and it would not start. Choose a key file, or make the app load {2} first, and set up again: start it in package.json with "{3}", or install dotenv and make this the first line of the file the app is started with: {4}',
          config.file,
          config.line,
          name,
          flag,
          line,
        ),
    details,
  );
}
