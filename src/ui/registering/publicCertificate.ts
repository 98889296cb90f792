/** The public certificate that is to be registered: out of a file, whatever else that holds, or out of a vault. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { Masker } from '../../base/masking.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { certificateExtensions, workspaceFiles } from '../commands/certificateFiles.ts';
import { chooseInVault } from '../commands/chooseInVault.ts';
import { readWhole } from '../flows/certificateFile.ts';
import { openAsking } from '../flows/opening.ts';
import type { Opening } from '../flows/opening.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';

/** As the schema leaves it: `PublicFileChoice` or `PublicVaultChoice` with a path. */
export type CheckedPublicCertificate =
  ({ readonly file: string } & Opening) | { readonly vault: string; readonly name: string; readonly version?: string };

export interface PublicCertificate {
  readonly der: Uint8Array;
  readonly description: CertificateDescription;
  /** The file it came from. */
  readonly file?: string;
}

/** The choice that was given, or the answer to the questions. Rejects with CancelledError. */
export async function choosePublicCertificate(
  given: CheckedPublicCertificate | undefined,
  title: string,
  services: Services,
): Promise<CheckedPublicCertificate> {
  if (given !== undefined) return given;
  const { questions } = services;
  for (;;) {
    const from = await questions.pick({
      title,
      placeholder: vscode.l10n.t('Where is the certificate?'),
      choices: [
        {
          label: vscode.l10n.t('In a file'),
          detail: vscode.l10n.t('CER, CRT, PEM or PFX; only the public certificate is taken'),
          icon: 'file',
          value: 'file' as const,
        },
        {
          label: vscode.l10n.t('In a vault'),
          detail: vscode.l10n.t('The public part of a certificate in Azure Key Vault'),
          icon: 'archive',
          value: 'vault' as const,
        },
      ],
    });
    if (from === back) throw new CancelledError();
    const frame = { title, canGoBack: true };
    if (from === 'file') {
      const candidates = await workspaceFiles(certificateExtensions);
      const placeholder = vscode.l10n.t('Certificate file');
      const extensions = certificateExtensions;
      const file = await questions.file({ ...frame, placeholder, candidates, extensions, kind: 'file' });
      if (file !== back) return { file };
    } else {
      const chosen = await chooseInVault(questions, { ...frame, step: 1, totalSteps: 1 }, services);
      if (chosen !== back) return { vault: chosen.vault, name: chosen.name };
    }
  }
}

/** What somebody may be asked for. */
export interface MayAsk {
  readonly password: boolean;
  /** See `Run.maySignIn`. */
  readonly signIn: boolean;
}

/**
 * Reads it. Refuses with the certificate's own problem (`key-is-ec`, `key-too-short`, `expired`, `sha1-signature`, …) what
 * nobody could sign in with, before anything is sent.
 */
export async function readPublicCertificate(
  chosen: CheckedPublicCertificate,
  title: string,
  services: Services,
  masker: Masker,
  mayAsk: MayAsk,
): Promise<PublicCertificate> {
  const read = 'vault' in chosen ? await fromVault(chosen, services, mayAsk.signIn) : await fromFile();
  const problem = read.description.problems.find(({ severity, code }) => severity === 'error' && aboutKey(code));
  if (problem !== undefined) throw new ExpectedError(problem.code, problem.message);
  return read;

  async function fromFile(): Promise<PublicCertificate> {
    const { file, ...given } = chosen as Extract<CheckedPublicCertificate, { file: string }>;
    const bytes = await readWhole(file, services.files);
    const asking = {
      questions: services.questions,
      frame: { title },
      announce: (secret: string) => {
        masker.add(secret);
      },
    };
    const answer = await openAsking(
      (options) => services.certificates().openCertificate(bytes, options),
      given,
      file,
      mayAsk.password ? asking : undefined,
    );
    if (answer === back) throw new CancelledError();
    const { certificateDer, description } = answer.opened;
    return { der: certificateDer, description, file };
  }
}

/** What concerns the private key of the file is of no matter here: only the certificate goes anywhere. */
function aboutKey(code: string): boolean {
  return !['no-private-key', 'key-does-not-match'].includes(code);
}

async function fromVault(
  { vault, name, version }: Extract<CheckedPublicCertificate, { vault: string }>,
  services: Services,
  interactive: boolean,
): Promise<PublicCertificate> {
  const title = vscode.l10n.t('Reading the certificate {0}', name);
  const details = await withProgress(title, async (signal) => {
    const client = await openVault(services, vault, { interactive, signal });
    return client.get({ name, ...(version === undefined ? {} : { version }) }, { interactive, signal });
  });
  const { certificateDer: der } = details;
  if (der === undefined) {
    throw new ExpectedError(
      'creation-pending',
      vscode.l10n.t('The creation of {0} is not completed yet. Wait for it, then try again.', name),
    );
  }
  const { description } = await services.certificates().openCertificate(der);
  return { der, description };
}
