/** The files of one app, parsed when something in them is asked for. */
import type { FileReader } from '../../base/ports.ts';
import { parseQuietly } from '../app.ts';
import { resolveImport } from '../moduleFiles.ts';
import type { ParsedSource } from '../code.types.ts';
import { searchFiles, type FoundFile } from '../search.ts';

/** Tests make clients of their own, when and how they like. */
const testFile = /(?:^|[\\/])(?:tests?|__tests__|spec|e2e)[\\/]|\.(?:test|spec)\.[cm]?[jt]sx?$/i;

export class AppFiles {
  private readonly parsed = new Map<string, ParsedSource | undefined>();
  private found: Promise<readonly FoundFile[]> | undefined;

  /** @param own the file of the config, as it was parsed already */
  constructor(
    private readonly appRoot: string,
    private readonly own: ParsedSource,
    private readonly reader: FileReader,
  ) {
    this.parsed.set(own.fileName, own);
  }

  /** Code files of the app whose text holds `text`, tests left out, in order of their path. */
  async with(text: string): Promise<readonly ParsedSource[]> {
    // Read once: which names will be asked for shows only on the way.
    this.found ??= searchFiles([this.appRoot], ['require', 'import', 'export'], this.reader);
    const sources: ParsedSource[] = [];
    for (const file of await this.found) {
      if (!file.text.includes(text) || file.path.endsWith('.json')) continue;
      if (testFile.test(file.path.slice(this.appRoot.length))) continue;
      if (!this.parsed.has(file.path)) this.parsed.set(file.path, parseQuietly(file));
      const source = this.parsed.get(file.path);
      if (source !== undefined) sources.push(source);
    }
    // Left out by the search (too large, taken for generated), the config's own file counts nevertheless.
    if (!sources.includes(this.own) && this.own.text.includes(text)) sources.push(this.own);
    return sources;
  }

  /** True when a module specifier in `from` names the file `to`. */
  names(from: ParsedSource, specifier: string, to: ParsedSource): boolean {
    return resolveImport(from.fileName, specifier, (path) => path === to.fileName) !== undefined;
  }
}
