/** Lays out and writes new certificate and key files outside a setup. */
import path from 'node:path';
import { chooseFileNames, saveFiles } from '../../setup/index.ts';
import type { PlannedFile } from '../../setup/index.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../progress.ts';

/** How a new private key is to be encrypted: text, 'generate' or 'none'. */
export interface KeyChoice {
  readonly pkcs8: Uint8Array;
  readonly passphrase: string;
  /** Absolute path of the key file. */
  readonly path: string;
}

/** What a new private key is encrypted with, and the file that keeps it where it was generated. */
export function keptPassphrase(
  passphrase: string,
  stem: string,
  services: Services,
  announce: (secret: string) => void,
): { readonly secret?: string; readonly file?: PlannedFile } {
  if (passphrase === 'none') return {};
  const generated = passphrase === 'generate' ? services.certificates().generatePassphrase() : undefined;
  const secret = generated ?? passphrase;
  announce(secret);
  if (generated === undefined) return { secret };
  const bytes = Buffer.from(`${generated}\n`);
  return { secret, file: { path: `${stem}.passphrase`, role: 'passphrase', mode: 0o600, bytes } };
}

/** The key file and, where its pass phrase was generated, the file that keeps that. */
export async function keyFiles(
  key: KeyChoice,
  services: Services,
  announce: (secret: string) => void,
): Promise<{ readonly files: PlannedFile[]; readonly passphraseFile?: string }> {
  const { secret, file } = keptPassphrase(key.passphrase, withoutExtension(key.path), services, announce);
  const pem = await services.certificates().privateKeyPem(key.pkcs8, secret);
  const files: PlannedFile[] = [{ path: key.path, role: 'privateKey', mode: 0o600, bytes: Buffer.from(pem) }];
  if (file === undefined) return { files };
  return { files: [...files, file], passphraseFile: file.path };
}

export function withoutExtension(file: string): string {
  return file.slice(0, file.length - path.extname(file).length);
}

/**
 * Absolute path without extension for new files: the wanted name where it was asked for (an existing file then is an error
 * when written), else one that is free.
 */
export async function freeStem(
  folder: string,
  subject: string,
  name: string | undefined,
  extensions: readonly string[],
  services: Services,
): Promise<string> {
  if (name !== undefined) return path.join(folder, name);
  const wanted = services.certificates().fileNameFor(subject);
  return path.join(folder, await chooseFileNames(folder, wanted, extensions, services.files));
}

/** Writes all or nothing, private files covered by `.gitignore` first. */
export async function writeAll(files: readonly PlannedFile[], title: string, services: Services): Promise<void> {
  await withProgress(title, (signal) => saveFiles(files, services.setupPorts, signal));
}
