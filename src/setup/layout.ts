import type { FileReader } from '../base/ports.ts';

/** A file name (without extension) from a distinguished name: `CN=ciam-client-app, O=Contoso` gives `ciam-client-app`. */
export function fileNameFromSubject(subject: string): string {
  throw new Error(`being built: ${subject}`);
}

/**
 * A base name for which none of `extensions` (with dot) exists in the folder yet: `name`, else `name-2`, `name-3`, …
 * @param folder absolute
 */
export function chooseFileNames(
  folder: string,
  name: string,
  extensions: readonly string[],
  files: FileReader,
): Promise<string> {
  throw new Error(`being built: ${folder} ${name} ${String(extensions)} ${String(files)}`);
}
