/** Certificate files of the workspace, and opening the one that was chosen. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { isPasswordProblem, keyBeside, openCredential, readWhole, withPassword } from '../flows/certificateFile.ts';
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
  const open = (password: string | undefined) =>
    openCredential({ file, privateKey, password }, services).then(
      () => [] as Candidate[],
      (error: unknown) => candidatesOf(error),
    );
  const result = await withPassword(open, undefined, privateKey ?? file, { questions, frame, announce });
  if (result === back) return back;
  const thumbprintSha256 = await whichOne(result.opened, questions, frame);
  if (thumbprintSha256 === back) return back;
  const { password } = result;
  // Asking is over: what is wrong with the chosen one is told now, not after the last question.
  if (thumbprintSha256 !== undefined) await openCredential({ file, privateKey, password, thumbprintSha256 }, services);
  return {
    kind: 'file',
    file,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(password === undefined ? {} : { password }),
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
  };
}

interface Candidate {
  readonly subject: string;
  readonly notAfter: string;
  readonly thumbprintSha256: string;
}

/** The certificates to choose from, out of the error that says so; every other error goes on. */
function candidatesOf(error: unknown): Candidate[] {
  if (isExpectedError(error) && error.code === 'several-certificates') return error.details.data as Candidate[];
  throw error;
}

async function whichOne(
  candidates: readonly Candidate[],
  questions: Questions,
  frame: StepFrame,
): Promise<string | undefined | Back> {
  if (candidates.length === 0) return undefined;
  return questions.pick({
    ...frame,
    placeholder: vscode.l10n.t('The file holds several certificates with keys. Which one?'),
    choices: candidates.map((one) => ({
      label: one.subject,
      description: vscode.l10n.t('valid until {0}', one.notAfter.slice(0, 10)),
      detail: one.thumbprintSha256,
      value: one.thumbprintSha256,
    })),
  });
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
