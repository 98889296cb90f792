/** Loads of `.env` files, file by file: a file is parsed once however many configs ask, and the editor gets its turn in between. */
import { parseSource } from './code.ts';
import { findEnvLoads, type EnvLoad } from './envLoads.ts';
import type { FoundFile } from './search.ts';
import type { Turns } from './turns.ts';

/** By path: what was found in a text. A caller keeps it as long as it likes; a file with another text is read anew. */
export type KnownLoads = Map<string, { readonly text: string; readonly loads: readonly EnvLoad[] }>;

/** The loads in a file; none in one that does not parse, which says nothing about its `.env`. */
export async function loadsIn({ path, text }: FoundFile, known: KnownLoads, turns: Turns): Promise<readonly EnvLoad[]> {
  const before = known.get(path);
  if (before?.text === text) return before.loads;
  await turns.next();
  const loads = read(path, text);
  known.set(path, { text, loads });
  return loads;
}

function read(path: string, text: string): EnvLoad[] {
  try {
    return findEnvLoads(parseSource(text, path));
  } catch {
    return [];
  }
}
