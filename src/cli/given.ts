/** Certificates that the command line names, for apps whose key is in their environment or in a vault. */
import path from 'node:path';
import type { FileReader } from '../base/ports.ts';
import type { GivenCertificate } from '../setup/checkInFull.ts';

const extensions: readonly string[] = ['.cer', '.crt', '.der', '.pem'];

export interface NamedCertificates {
  /** Absolute paths. */
  readonly certificates: readonly string[];
  /** Absolute paths of folders with certificates; what lies deeper is not looked at. */
  readonly certificateFolders: readonly string[];
}

/** What was read, and which of the named files and folders are not there. A file that is named twice counts once. */
export async function readGiven({ certificates, certificateFolders }: NamedCertificates, files: FileReader) {
  const missing: { readonly kind: 'file' | 'folder'; readonly path: string }[] = [];
  const paths = new Set(certificates);
  for (const folder of certificateFolders) {
    if ((await files.stat(folder))?.kind !== 'folder') {
      missing.push({ kind: 'folder', path: folder });
      continue;
    }
    for (const { name, kind } of await files.list(folder)) {
      if (kind === 'file' && extensions.includes(path.extname(name).toLowerCase())) paths.add(path.join(folder, name));
    }
  }
  const given: GivenCertificate[] = [];
  for (const file of paths) {
    const bytes = await files.read(file);
    if (bytes === undefined) missing.push({ kind: 'file', path: file });
    else given.push({ name: path.basename(file, path.extname(file)), bytes });
  }
  return { given, missing };
}
