/** Names of half-written files. They are fixed, so that what a killed process left behind is found, and covered by `.gitignore`. */
import { basename, dirname, extname, join } from 'node:path';

/**
 * Where `Files.writeAtomically` writes before it renames: the same folder, a name that nobody else uses. Patterns that people have in `.gitignore`
 * for the file itself (`*.key`, `.env*`, `certs/`) match it too.
 * @param writer see `WriteOptions.writer`
 */
export function temporaryPath(path: string, writer?: string): string {
  const name = basename(path);
  if (writer !== undefined) return join(dirname(path), `.${name}.${writer}.ccg-tmp`);
  const extension = extname(name);
  if (name.startsWith('.env')) return join(dirname(path), `${name}.ccg-tmp`);
  const isKeyLike = ['.key', '.pem', '.pfx', '.p12', '.passphrase'].includes(extension.toLowerCase());
  return join(dirname(path), isKeyLike ? `.${basename(name, extension)}.ccg-tmp${extension}` : `.${name}.ccg-tmp`);
}
