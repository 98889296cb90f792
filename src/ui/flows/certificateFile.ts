/** Opens certificate and key files, asking for what they need: a password, or the file with the key. Knows no editor. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError, isExpectedError } from '../../base/errors.ts';
import type { FileReader } from '../../base/ports.ts';
import type { Certificates, CredentialMaterial } from '../../certificates/types.ts';
import { readCertificateFile } from '../../setup/certificateFile.ts';
import { openingOf } from './opening.ts';
import type { Opening } from './opening.ts';

export interface FileTools {
  readonly files: Pick<FileReader, 'read' | 'stat'>;
  certificates(): Certificates;
}

/** Rejects with `file-not-found`, `is-a-folder`, `not-a-file`, `file-too-large`. */
export async function readWhole(file: string, files: FileTools['files']): Promise<Uint8Array> {
  const found = await readCertificateFile(file, files);
  if (found !== undefined) return found.bytes;
  if ((await files.stat(file))?.kind === 'folder') {
    throw new ExpectedError('is-a-folder', l10n.t('{0} is a folder. Choose a file in it.', file), { file });
  }
  throw new ExpectedError('file-not-found', l10n.t('There is no file {0}. Check the path.', file), { file });
}

/** True for the failures that another password may cure. */
export function isPasswordProblem(error: unknown): boolean {
  return isExpectedError(error) && (error.code === 'password-required' || error.code === 'wrong-password');
}

/** The file with the key that belongs to a certificate file, where it lies beside it under the same name. */
export async function keyBeside(file: string, files: FileTools['files']): Promise<string | undefined> {
  const { dir, name, ext } = path.parse(file);
  for (const extension of ['.key', '.pem']) {
    const candidate = path.join(dir, name + extension);
    if (extension !== ext && (await files.stat(candidate))?.kind === 'file') return candidate;
  }
  return undefined;
}

export interface CredentialFile extends Opening {
  readonly file: string;
  readonly privateKey?: string | undefined;
}

/** Certificate and key from a file, or from two. Rejects as `Certificates.openCredential` does. */
export async function openCredential(chosen: CredentialFile, tools: FileTools): Promise<CredentialMaterial> {
  const certificates = tools.certificates();
  const bytes = await readWhole(chosen.file, tools.files);
  const options = openingOf(chosen);
  if (chosen.privateKey === undefined) return certificates.openCredential(bytes, options);
  const password = chosen.keyPassword ?? chosen.password;
  const key = {
    bytes: await readWhole(chosen.privateKey, tools.files),
    ...(password === undefined ? {} : { password }),
  };
  return certificates.openCredential(bytes, options, key);
}
