/** A new version of a vault's certificate, in an app that names a version; one that follows its vault needs no change. */
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { searchFiles } from './search.ts';
import { otherRegistrations, versionWarnings } from './sharedValues.ts';
import { readText } from './textFiles.ts';
import type { AppConfig, FileEdits, RewritePlan, RewriteRequest } from './types.ts';

/**
 * Replaces the old version (32 hex digits) wherever the app names it: in its `.env` and in its code.
 * @throws ExpectedError `version-not-found`
 */
export async function planVersionRotation(
  config: AppConfig,
  request: RewriteRequest,
  reader: FileReader,
): Promise<RewritePlan> {
  const { vault, replacedVersion: old } = request;
  if (vault === undefined || old === undefined || old === 'latest' || vault.version === 'latest')
    return {
      status: 'nothing-to-do',
      config,
      reason: l10n.t('The app takes the newest version of its certificate by itself, once it is a day old.'),
      warnings: [],
    };
  const found = await searchFiles([config.appRoot], [old], reader);
  const files: FileEdits[] = found.map(({ path, text }) => ({
    path,
    role: path === config.file ? 'config' : 'module',
    before: text,
    edits: replacements(text, old, vault.version),
    secrets: [],
  }));
  const envFile = envFileOf(config);
  if (envFile !== undefined && !files.some(({ path }) => path === envFile)) {
    const text = (await readText(envFile, reader)) ?? '';
    const edits = replacements(text, old, vault.version);
    if (edits.length > 0) files.unshift({ path: envFile, role: 'env', before: text, edits, secrets: [] });
  }
  if (files.length === 0) throw notFound(config, old);
  const others = await otherRegistrations(config, request.roots, reader);
  const changed = files.map(({ path }) => path);
  return { status: 'rewrite', config, files, warnings: versionWarnings(others, config, old, changed), variables: {} };
}

/** The file that sets the version, also where nothing visible loads it. */
function envFileOf({ vault, envFile }: AppConfig): string | undefined {
  const from = vault?.version.source;
  return (from?.kind === 'environment' ? from.envFile : undefined) ?? envFile;
}

/** Whole lines, so that undo finds them by what else stands there. */
function replacements(text: string, from: string, to: string): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    if (!match[0].includes(from)) continue;
    edits.push({ offset: match.index, length: match[0].length, text: match[0].replaceAll(from, to) });
  }
  return edits;
}

function notFound({ file, line }: AppConfig, version: string): ExpectedError {
  return new ExpectedError(
    'version-not-found',
    l10n.t(
      'Neither the code of {0} nor its .env file names the version {1} that the app was set up with, so it is not known where the new one goes. Nothing was changed.',
      file,
      version,
    ),
    { file, line },
  );
}
