/** All app configs of a workspace, by content. */
import type { FileReader } from '../base/ports.ts';
import { throwIfCancelled } from '../base/errors.ts';
import { configTexts, parseQuietly, readApp, readContext, readHints } from './app.ts';
import { findSites } from './code.ts';
import type { ParsedSource } from './code.types.ts';
import { envLoadTexts } from './envLoads.ts';
import type { KnownLoads } from './knownLoads.ts';
import { compiledFrom } from './outDir.ts';
import { configsOf } from './readConfigs.ts';
import { searchFiles, type FoundFile } from './search.ts';
import { createTurns } from './turns.ts';
import type { AppConfig } from './types.ts';

/**
 * Every MSAL Node configuration below the roots, sorted by file and line. A file that does not parse is passed over:
 * reading it on its own says why.
 * @throws CancelledError
 */
export async function findAppConfigs(
  roots: readonly string[],
  reader: FileReader,
  signal?: AbortSignal,
): Promise<AppConfig[]> {
  const found = await searchFiles(roots, [...configTexts, ...envLoadTexts], reader, signal);
  const loaders = found.filter(({ text }) => envLoadTexts.some((each) => text.includes(each)));
  const sources = await parseAll(
    found.filter(({ text }) => configTexts.some((each) => text.includes(each))),
    signal,
  );
  const hints = await readHints(sources.values(), (path) => sources.has(path), reader);
  const configs: AppConfig[] = [];
  const known: KnownLoads = new Map();
  for (const [path, source] of sources) {
    throwIfCancelled(signal);
    const sites = findSites(source, hints.get(path));
    if (sites.length === 0 || (await compiledFrom(path, reader)) !== undefined) continue;
    const context = await readContext(await readApp(path, roots, reader), loaders, reader, known);
    configs.push(...(await configsOf(source, sites, context, reader)).map(({ config }) => config));
  }
  return configs;
}

async function parseAll(
  files: readonly FoundFile[],
  signal: AbortSignal | undefined,
): Promise<Map<string, ParsedSource>> {
  const sources = new Map<string, ParsedSource>();
  const turns = createTurns(signal);
  for (const file of files) {
    await turns.next();
    const source = parseQuietly(file);
    if (source !== undefined) sources.set(file.path, source);
  }
  return sources;
}
