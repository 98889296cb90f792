/** Certificate files of the workspace, and opening the one that was chosen. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import { isPasswordProblem, keyBeside, openCredential, readWhole } from '../flows/certificateFile.ts';
import { openAsking } from '../flows/opening.ts';
import type { Opening } from '../flows/opening.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import { back } from '../questions.ts';
import type { Back, Questions } from '../questions.ts';
import type { Services } from '../services.ts';
import type { StepFrame } from '../steps.ts';

/** Extensions of files that hold certificates. */
export const certificateExtensions: readonly string[] = ['pfx', 'p12', 'pem', 'crt', 'cer', 'der', 'p7b', 'p7c'];

/** Absolute paths of files with these extensions in the workspace, at most 50. */
export async function workspaceFiles(extensions: readonly string[]): Promise<string[]> {
  if (vscode.workspace.workspaceFolders === undefined) return [];
  const found = await vscode.workspace.findFiles(`**/*.{${extensions.join(',')}}`, '**/node_modules/**', 50);
  return found.map((uri) => uri.fsPath).sort();
}

/**
 * What is needed to open a chosen file as a credential: the file with its key where it has none, and the password, each
 * asked only when it is missing. Rejects where the file cannot serve (`key-is-ec` and so on).
 */
export async function completeChoice(
  file: string,
  questions: Questions,
  frame: StepFrame,
  services: Services,
  announce: (secret: string) => void,
): Promise<ChosenCertificate | Back> {
  const bytes = await readWhole(file, services.files);
  // A PFX tells nothing without its password; everything else tells whether it has a key.
  const description = await services
    .certificates()
    .inspect(bytes)
    .catch((error: unknown) => {
      if (isPasswordProblem(error)) return undefined;
      throw error;
    });
  let privateKey: string | undefined;
  if (description !== undefined && !description.hasPrivateKey && description.thumbprintSha256 !== undefined) {
    privateKey = await keyBeside(file, services.files);
    if (privateKey === undefined) {
      const asked = await questions.file({
        ...frame,
        placeholder: vscode.l10n.t('{0} has no private key. Which file has it?', relativeName(file)),
        candidates: await workspaceFiles(['key', 'pem']),
        extensions: ['key', 'pem'],
        kind: 'file',
      });
      if (asked === back) return back;
      privateKey = asked;
    }
  }
  const open = (options: Opening) => openCredential({ file, privateKey, ...options }, services);
  const result = await openAsking(open, {}, privateKey ?? file, { questions, frame, announce });
  if (result === back) return back;
  return { kind: 'file', file, ...(privateKey === undefined ? {} : { privateKey }), ...result.options };
}

function relativeName(file: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.file(file), false);
}

/** Name of the app's package, for default subjects. */
export async function packageJsonOf(config: AppConfig, services: Services): Promise<string | undefined> {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(config.appRoot), 'package.json');
  const bytes = await services.files.read(uri.fsPath);
  return bytes === undefined
    ? undefined
    : Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, '');
}
