/** Repairs of how an app gets its private key, as edits: small ones that change nothing about what the app signs in with. */
import type { Node } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { keyFromEnvironment } from './block.ts';
import { resolveExpression } from './code.ts';
import type { ParsedSource } from './code.types.ts';
import { envValues, freeName, parseEnv, planEnvChange } from './dotenv.ts';
import { placeOf } from './envFiles.ts';
import { findEnvLoads } from './envLoads.ts';
import { fileReader } from './envReader.ts';
import { keyNodes } from './keyUse.ts';
import { endOf, startOf, stringValue, unwrap } from './nodes.ts';
import { passphraseVariable, privateKeyVariable } from './placedValues.ts';
import { readFile } from './readConfigs.ts';
import type { ReadConfig, ReadFile } from './readConfigs.ts';
import { styleOf } from './style.ts';
import { readText } from './textFiles.ts';
import { possibleValues } from './trace.ts';
import type { FileEdits, KeyFixRequest } from './types.ts';

/**
 * The edits of a repair; none where it cannot be made without a doubt.
 * `passphrase`: a pass phrase that stands in the code moves to the `.env` file that the app loads; that git ignores it is for the caller to see to.
 * `privateKey`: a key that stands in the code moves there too, as base64 in one line.
 * `lineEnds`: a key in a `.env` file whose line ends are written as `\n` is put in double quotes, in which dotenv and Node read them.
 */
export async function planKeyFix(request: KeyFixRequest, reader: FileReader): Promise<readonly FileEdits[]> {
  try {
    const file = await readFile(request.file, reader, request.roots);
    const chosen = file?.configs.find(({ config }) => config.line === request.line);
    if (file === undefined || chosen === undefined) return [];
    switch (request.what) {
      case 'passphrase':
        return movePassphrase(file, chosen);
      case 'privateKey':
        return moveKey(file, chosen);
      case 'lineEnds':
        return await quoteKey(chosen, reader);
    }
  } catch (error) {
    // A .env file that cannot be edited safely, code that does not parse at the moment.
    if (isExpectedError(error)) return [];
    throw error;
  }
}

function movePassphrase(file: ReadFile, { site }: ReadConfig): readonly FileEdits[] {
  const literal = passphraseLiteral(file.source, site);
  if (literal === undefined) return [];
  const { reader: names } = fileReader(file.source, site);
  return move(file, literal, { wanted: passphraseVariable, value: literal.value }, (variable) => {
    return `${names.before}${names.quote}${variable}${names.quote}${names.after}`;
  });
}

function moveKey(file: ReadFile, { site }: ReadConfig): readonly FileEdits[] {
  const { source } = file;
  const literal = site.certificate?.privateKey && literalOf(source, site.certificate.privateKey);
  if (literal === undefined || !/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(literal.value)) return [];
  const context = { source, style: styleOf(source), ...fileReader(source, site) };
  const value = Buffer.from(literal.value).toString('base64');
  return move(file, literal, { wanted: privateKeyVariable, value }, (variable) =>
    keyFromEnvironment(context, variable),
  );
}

interface Literal {
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

/** A literal becomes a variable of the `.env` file that the app loads. */
function move(
  { source, context }: ReadFile,
  literal: Literal,
  { wanted, value }: { readonly wanted: string; readonly value: string },
  read: (variable: string) => string,
): readonly FileEdits[] {
  const place = placeOf(context.env, undefined);
  const before = place === undefined ? undefined : context.env.texts.get(place.candidate.path);
  // A file that nothing loads, or that is loaded only below, would leave the app without the value.
  if (place === undefined || before === undefined || !context.env.loaded) return [];
  if (!isLoadedBefore(source, literal.offset)) return [];
  const { path, expands } = place.candidate;
  const taken = new Map([...context.env.texts.keys()].flatMap((each) => [...context.env.valuesOf(each)]));
  const variable = freeName(wanted, value, taken);
  const edits = planEnvChange(before, { variables: [{ name: variable, value }], expands });
  const secrets = [...new Set([literal.value, value])].map((each) => ({ value: each, envFile: path, variable }));
  const edit = { offset: literal.offset, length: literal.length, text: read(variable) };
  return [
    ...(edits.length === 0 ? [] : [{ path, role: 'env' as const, before, edits, secrets }]),
    { path: source.fileName, role: 'config', before: source.text, edits: [edit], secrets },
  ];
}

/** Where another file loads it, as that file runs before this one is asked for its values. */
function isLoadedBefore(source: ParsedSource, offset: number): boolean {
  const loads = findEnvLoads(source);
  return loads.length === 0 || loads.some((load) => load.offset < offset);
}

/** The one literal that is the pass phrase; undefined where it only stands in for a variable. */
function passphraseLiteral(source: ParsedSource, { certificate }: ReadConfig['site']): Literal | undefined {
  if (certificate?.privateKey === undefined) return undefined;
  const { passphrase } = keyNodes(source, certificate.privateKey, (expression) =>
    resolveExpression(source, expression, () => undefined),
  );
  return passphrase === undefined ? undefined : literalOf(source, passphrase);
}

/** The one literal that an expression is. */
function literalOf(source: ParsedSource, expression: Node): Literal | undefined {
  const values = possibleValues(source, expression).map(unwrap);
  const [only] = values;
  const value = only === undefined || values.length > 1 ? undefined : stringValue(only);
  if (only === undefined || value === undefined) return undefined;
  return { value, offset: startOf(only), length: endOf(only) - startOf(only) };
}

async function quoteKey({ config }: ReadConfig, reader: FileReader): Promise<readonly FileEdits[]> {
  const from = config.certificate?.privateKey;
  if (from?.kind !== 'environment' || from.envFile === undefined) return [];
  const before = await readText(from.envFile, reader);
  const entry = before === undefined ? undefined : parseEnv(before).findLast(({ name }) => name === from.variable);
  if (before === undefined || entry === undefined) return [];
  const { valueStart, valueEnd } = entry;
  const written = before.slice(valueStart, valueEnd);
  const isQuoted = /^(['`]).*\1$/s.test(written);
  const inner = isQuoted ? written.slice(1, -1) : written;
  // Nothing that means something else in double quotes, and a key once its line ends are real.
  const isKey =
    /^-----BEGIN [A-Z ]*PRIVATE KEY-----((?:\\r)?\\n[\w+/=]+)+(?:\\r)?\\n-----END [A-Z ]*PRIVATE KEY-----(?:(?:\\r)?\\n)?$/;
  if (!isKey.test(inner)) return [];
  const length = isQuoted ? 1 : 0;
  const edits: TextEdit[] = [
    { offset: valueStart, length, text: '"' },
    { offset: valueEnd - length, length, text: '"' },
  ];
  const expected = inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
  const after = envValues(applyEdits(before, edits));
  const isSame = [...envValues(before)].every(
    ([name, value]) => after.get(name) === (name === from.variable ? expected : value),
  );
  const secrets = [{ value: inner, envFile: from.envFile, variable: from.variable }];
  return isSame ? [{ path: from.envFile, role: 'env', before, edits, secrets }] : [];
}
