/** Where files that come out of a vault are written. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../../base/errors.ts';
import { back } from '../../questions.ts';
import type { Back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import type { StepFrame } from '../../steps.ts';
import { freeStem } from '../newFiles.ts';

/** Asks for a folder, the certificate folder of the workspace first. */
export async function askFolder(
  frame: Pick<StepFrame, 'title'> & Partial<StepFrame>,
  services: Services,
): Promise<string | Back> {
  const [root] = services.roots();
  return services.questions.file({
    ...frame,
    placeholder: vscode.l10n.t('Folder for the new file'),
    candidates: root === undefined ? [] : [...new Set([services.certificateFolder(root), root])],
    extensions: [],
    kind: 'folder',
  });
}

/** The given folder; else the certificate folder of the workspace, or where people are to be asked, the one they name. */
export async function folderFor(
  given: string | undefined,
  title: string,
  asks: boolean,
  services: Services,
): Promise<string> {
  if (given !== undefined) return given;
  const [root] = services.roots();
  if (!asks && root !== undefined) return services.certificateFolder(root);
  const folder = await askFolder({ title }, services);
  if (folder === back) throw new CancelledError();
  return folder;
}

/** A free path in the folder for a file of the certificate. @param extension with its dot */
export async function freeFile(folder: string, name: string, extension: string, services: Services): Promise<string> {
  return `${await freeStem(folder, name, undefined, [extension], services)}${extension}`;
}

/** Rejects with `file-exists` before anything is asked of the vault. */
export async function assertFree(file: string, services: Services): Promise<void> {
  if ((await services.files.stat(file)) === undefined) return;
  throw new ExpectedError(
    'file-exists',
    vscode.l10n.t('{0} exists already and is not replaced. Choose another name or folder.', path.basename(file)),
    { file },
  );
}
