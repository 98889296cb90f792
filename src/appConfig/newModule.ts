/** A module that is written beside the config: where it goes, how the config names it, in which hand it is written. */
import { dirname, extname, join, relative, sep } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import type { AppContext } from './app.ts';
import type { ParsedSource } from './code.types.ts';
import { isBundled } from './envFiles.ts';
import { emitsForNode } from './moduleKind.ts';
import { decodeText } from './textFiles.ts';
import type { AppConfig, FileEdits } from './types.ts';

/** A place for a new module. */
export interface ModulePlace {
  readonly path: string;
  /** As the config's import names it, e.g. `./keyVaultCertificate.js`. */
  readonly specifier: string;
  /** The same module with the same text is there already, so that nothing is to be written. */
  readonly exists: boolean;
}

const codeName = /^(.+)\.[cm]?[jt]sx?$/;

/**
 * Finds a place beside the config. A name that is taken (with whatever extension: `x.ts` and `x.js` would be confused) gets a
 * number, unless the file that has it holds the very text that would be written.
 * @param name without extension
 */
export async function placeModule(
  source: ParsedSource,
  config: AppConfig,
  context: AppContext,
  name: string,
  text: string,
  reader: FileReader,
): Promise<ModulePlace> {
  const folder = dirname(config.file);
  const entries = (await reader.list(folder)).map((entry) => entry.name);
  const stems = new Set(entries.map((entry) => (codeName.exec(entry)?.[1] ?? entry).toLowerCase()));
  const extension = extname(config.file).replace(/x$/, '');
  for (let number = 1; ; number++) {
    const stem = number === 1 ? name : `${name}${number}`;
    const path = join(folder, `${stem}${extension}`);
    const specifier = `./${stem}${await specifierEnding(source, config, context, reader)}`;
    if (!stems.has(stem.toLowerCase())) return { path, specifier, exists: false };
    const bytes = await reader.read(path);
    if (bytes !== undefined && decodeText(bytes) === text) return { path, specifier, exists: true };
  }
}

/** The edits that make the module; none when it is there already. */
export function moduleFile(place: ModulePlace, text: string): FileEdits[] {
  if (place.exists) return [];
  return [
    { path: place.path, role: 'module', before: undefined, edits: [{ offset: 0, length: 0, text }], secrets: [] },
  ];
}

/** As the file names its other neighbours; with none to go by, as its module kind needs it. */
async function specifierEnding(
  source: ParsedSource,
  config: AppConfig,
  context: AppContext,
  reader: FileReader,
): Promise<string> {
  const extension = extname(config.file).replace(/x$/, '');
  const compiled = extension.replace('ts', 'js');
  if (extension.length > 3) return compiled;
  const seen = endingOfNeighbours(source);
  if (seen !== undefined) return seen;
  if (config.moduleKind === 'commonjs') return '';
  if (source.language !== 'typescript') return compiled;
  const node = await emitsForNode(dirname(config.file), reader);
  return node || (context.packageJson?.json.type === 'module' && !isBundled(context.packageJson)) ? compiled : '';
}

/** `.ts`, `.js` or nothing, as the file's relative imports have it; undefined where it has none. */
function endingOfNeighbours(source: ParsedSource): string | undefined {
  const neighbours = [...source.text.matchAll(/(?:from|import|require\()\s*['"](\.{1,2}\/[^'"\n]+)['"]/g)].map(
    ([, specifier = '']) => extname(specifier),
  );
  return ['.ts', '.js', ''].find((ending) => neighbours.includes(ending));
}

/** How another file of the app, in CommonJS, names the module. */
export function specifierFrom(source: ParsedSource, modulePath: string): string {
  const extension = extname(modulePath);
  const compiled = extension.replace('ts', 'js');
  const ending = extension.length > 3 ? compiled : (endingOfNeighbours(source) ?? '');
  const path = relative(dirname(source.fileName), modulePath.slice(0, -extension.length)).split(sep).join('/');
  return `${path.startsWith('.') ? '' : './'}${path}${ending === '.ts' ? extension : ending}`;
}
