/** Reads certificate and key files under paths that code, settings or people name: there may be anything. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { maxCertificateFile } from '../base/limits.ts';
import type { FileFacts, FileReader } from '../base/ports.ts';

export interface CertificateFile {
  readonly bytes: Uint8Array;
  readonly facts: FileFacts;
}

/**
 * Undefined when there is no such file, or a folder. Rejects with `file-too-large`, and as the reader does, which refuses devices
 * and pipes.
 */
export async function readCertificateFile(
  path: string,
  files: Pick<FileReader, 'read' | 'stat'>,
): Promise<CertificateFile | undefined> {
  const facts = await files.stat(path);
  if (facts === undefined || facts.kind === 'folder') return undefined;
  if (facts.size > maxCertificateFile) {
    throw new ExpectedError(
      'file-too-large',
      l10n.t(
        '{0} is larger than {1} MB, so it is no certificate or key file. Choose another one.',
        path,
        maxCertificateFile / 1024 / 1024,
      ),
      { file: path },
    );
  }
  const bytes = await files.read(path);
  return bytes === undefined ? undefined : { bytes, facts };
}
