/**
 * What is left of the old client secret in an app once it is retired: its lines in `.env` files and constants that only held it.
 * Planned as edits; where code still needs the variable its line stays, and the plan says which code.
 */
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { applyEdits } from '../base/edits.ts';
import type { TextEdit } from '../base/edits.ts';
import type { FileReader } from '../base/ports.ts';
import { parseQuietly } from './app.ts';
import { findSecretReaders, leftoverConstants, readerWarning } from './code.ts';
import { envValues, keptSecretComment, parseEnv } from './dotenv.ts';
import type { EnvEntry } from './dotenv.ts';
import { isBelow } from './gitignore.ts';
import { searchFiles } from './search.ts';
import type { FoundFile } from './search.ts';
import { decodeText } from './textFiles.ts';
import type { AppConfig, FileEdits, KeptSecret, PlanWarning } from './types.ts';

export interface OldSecretRequest {
  readonly config: AppConfig;
  /** The old secret's variable, where a journal knows it; else it is found by the comment that setup put above its line. */
  readonly variable?: string;
  /** Workspace folders, absolute. */
  readonly roots: readonly string[];
}

/** A line of a `.env` file that sets the old secret. */
export interface OldSecret {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly variable: string;
  /** Secret. */
  readonly value: string;
  /** An example for others to copy, which holds no real value. */
  readonly example: boolean;
}

export interface RetireRequest extends OldSecretRequest {
  /** Whether a value is that of a retired secret, and certainly so. */
  readonly isRetired: (value: string) => boolean;
}

export interface RetirePlan {
  readonly files: readonly FileEdits[];
  /** Lines that stay, each with the reason and with what to do. */
  readonly left: readonly PlanWarning[];
}

const envName = /^\.env(?:\..+)?$|^env\.(?:sample|example|template)$/i;
const exampleName = /sample|example|template|dist$/i;

/** Every line of the app's `.env` files that sets the old secret. Holds secrets. */
export async function oldSecrets(request: OldSecretRequest, reader: FileReader): Promise<OldSecret[]> {
  const files = await envFilesOf(request, reader);
  const variables = variablesIn(files, request.variable);
  return files.flatMap(({ path, entries }) =>
    entries
      .filter(({ name }) => variables.has(name))
      .map(({ name, value, line }) => ({ file: path, line, variable: name, value, example: isExample(path) })),
  );
}

/**
 * The edits that take the retired secret out of the app.
 * Another app config that still signs in with the variable is no matter of this function: whoever retires looks first.
 */
export async function planRetire(request: RetireRequest, reader: FileReader): Promise<RetirePlan> {
  const files = await envFilesOf(request, reader);
  const variables = variablesIn(files, request.variable);
  const code = await readersIn(request, variables, reader);
  const edits: FileEdits[] = [...code.edits];
  const left: PlanWarning[] = [...code.left];
  for (const { path, text, entries } of files) {
    const mine = entries.filter(({ name }) => variables.has(name));
    const going = mine.filter(({ value }) => isExample(path) || request.isRetired(value));
    if (code.needed && !isExample(path)) {
      left.push(...going.map((entry) => stillNeeded(path, entry)));
    } else if (going.length > 0) {
      const removals = going.map((entry) => removalOf(text, entry));
      if (keepsOthers(text, removals, going)) edits.push(envEdits(path, text, removals, going));
      else left.push(...going.map((entry) => cannotBeEdited(path, entry)));
    }
    const others = mine.filter((entry) => !going.includes(entry) && entry.value !== '');
    left.push(...others.map((entry) => otherValue(path, entry)));
  }
  return { files: edits, left };
}

interface EnvFile {
  readonly path: string;
  readonly text: string;
  readonly entries: readonly EnvEntry[];
}

async function envFilesOf({ config, roots }: OldSecretRequest, reader: FileReader): Promise<EnvFile[]> {
  const { file, appRoot, envFile } = config;
  const above = roots.filter((root) => isBelow(appRoot, root));
  const folders = new Set([appRoot, dirname(file), ...(envFile === undefined ? [] : [dirname(envFile)]), ...above]);
  const found: EnvFile[] = [];
  for (const folder of folders) {
    for (const { name, kind } of await reader.list(folder)) {
      if (kind === 'folder' || !envName.test(name)) continue;
      const path = join(folder, name);
      const bytes = await reader.read(path).catch(() => undefined);
      const text = bytes === undefined ? undefined : decodeText(bytes);
      // A larger file is no .env; parseEnv would say so.
      if (text !== undefined && text.length <= 65_536) found.push({ path, text, entries: parseEnv(text) });
    }
  }
  return found;
}

function variablesIn(files: readonly EnvFile[], known: string | undefined): Set<string> {
  const variables = new Set(known === undefined ? [] : [known]);
  for (const { text, entries } of files) {
    for (const entry of entries) if (commentAbove(text, entry) !== undefined) variables.add(entry.name);
  }
  return variables;
}

const isExample = (path: string): boolean => exampleName.test(basename(path));

/** Offset of the comment that setup put above the secret's line. */
function commentAbove(text: string, { lineStart }: EnvEntry): number | undefined {
  const before = text.slice(0, lineStart);
  const trimmed = before.trimEnd();
  return trimmed.endsWith(keptSecretComment) && /^\r?\n$/.test(before.slice(trimmed.length))
    ? trimmed.length - keptSecretComment.length
    : undefined;
}

function removalOf(text: string, entry: EnvEntry): TextEdit {
  const from = commentAbove(text, entry) ?? entry.lineStart;
  const rest = /^\r?\n/.exec(text.slice(entry.lineEnd))?.[0].length ?? 0;
  return { offset: from, length: entry.lineEnd + rest - from, text: '' };
}

/** Every other value has to read the same afterwards. */
function keepsOthers(text: string, edits: readonly TextEdit[], going: readonly EnvEntry[]): boolean {
  const before = envValues(text);
  const after = envValues(applyEdits(text, edits));
  for (const { name } of going) {
    before.delete(name);
    after.delete(name);
  }
  return before.size === after.size && [...before].every(([name, value]) => after.get(name) === value);
}

function envEdits(path: string, text: string, edits: readonly TextEdit[], going: readonly EnvEntry[]): FileEdits {
  const secrets: KeptSecret[] = going.map(({ value }) => ({ value }));
  return { path, role: isExample(path) ? 'envExample' : 'env', before: text, edits, secrets };
}

interface CodeReaders {
  /** Some code does not start, or does something else, without the variable. */
  readonly needed: boolean;
  readonly edits: readonly FileEdits[];
  readonly left: readonly PlanWarning[];
}

async function readersIn(
  { config, roots }: OldSecretRequest,
  variables: ReadonlySet<string>,
  reader: FileReader,
): Promise<CodeReaders> {
  const left: PlanWarning[] = [];
  const edits: FileEdits[] = [];
  let needed = false;
  if (variables.size === 0) return { needed, edits, left };
  const folders = roots.some((root) => isBelow(config.appRoot, root)) ? roots : [config.appRoot];
  for (const file of await searchFiles(folders, [...variables], reader)) {
    if (file.path.endsWith('.json') || !isBelow(file.path, appFolder(config))) continue;
    const { constants, readers } = inFile(file, variables);
    for (const { kind, warning } of readers) {
      left.push(warning);
      if (kind === 'guard' || kind === 'use') needed = true;
    }
    if (constants.length > 0) {
      edits.push({ path: file.path, role: 'module', before: file.text, edits: constants, secrets: [] });
    }
  }
  return { needed, edits, left };
}

/** Where the app's `.env` lies is where its code can read it. */
function appFolder({ appRoot, envFile }: AppConfig): string {
  const folder = envFile === undefined ? appRoot : dirname(envFile);
  return isBelow(appRoot, folder) ? folder : appRoot;
}

function inFile(
  file: FoundFile,
  variables: ReadonlySet<string>,
): {
  constants: TextEdit[];
  readers: { kind: string; warning: PlanWarning }[];
} {
  const source = parseQuietly(file);
  if (source === undefined) return { constants: [], readers: [] };
  const constants = [...variables].flatMap((variable) => leftoverConstants(source, variable));
  const readers = [...variables]
    .flatMap((variable) => findSecretReaders(source, { variables: [variable] }))
    .filter(({ offset }) => !constants.some(({ start, end }) => offset >= start && offset < end))
    .map((each) => ({ kind: each.kind, warning: readerWarning(file.path, each) }));
  return { constants: constants.map(({ edit }) => edit), readers };
}

function stillNeeded(file: string, { name, line }: EnvEntry): PlanWarning {
  return {
    code: 'secret-line-needed',
    message: l10n.t(
      'Line {0} still sets {1}, because code of the app still needs the variable. Change that code, then delete the line.',
      line,
      name,
    ),
    file,
    line,
  };
}

function cannotBeEdited(file: string, { name, line }: EnvEntry): PlanWarning {
  return {
    code: 'secret-line-left',
    message: l10n.t(
      'Line {0} still sets {1}: taking it out would change other values of this file. Delete it by hand.',
      line,
      name,
    ),
    file,
    line,
  };
}

function otherValue(file: string, { name, line }: EnvEntry): PlanWarning {
  return {
    code: 'other-secret-value',
    message: l10n.t(
      'Line {0} sets {1} to a value that is not certainly the retired secret, so it stays. Delete it if nobody needs it.',
      line,
      name,
    ),
    file,
    line,
  };
}
