/** Hand Over to an Administrator: a folder with the public certificate and one page that says what to do with it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError, isCancelled, isExpectedError } from '../../base/errors.ts';
import { chooseFileNames } from '../../setup/index.ts';
import type { PlannedFile } from '../../setup/index.ts';
import type { Registration } from '../../azure/types.ts';
import type { HandOverResult } from '../automation.ts';
import { chooseApplication } from '../registering/application.ts';
import type { ChosenApplication } from '../registering/application.ts';
import { handOverPage } from '../registering/handOverPage.ts';
import { choosePublicCertificate, readPublicCertificate } from '../registering/publicCertificate.ts';
import type { CheckedPublicCertificate } from '../registering/publicCertificate.ts';
import type { Services } from '../services.ts';
import { writeAll } from './newFiles.ts';
import type { Command } from './run.ts';
import { handOverSchema } from './schemasRegistration.ts';

export const handOver: Command<'handOver'> = {
  schema: handOverSchema,
  changes: true,
  fromFile: (file) => ({ certificate: file }),
  async run({ options, interactive, maySignIn, masker, log }, services): Promise<HandOverResult> {
    const title = vscode.l10n.t('Hand Over to an Administrator');
    const chosen = await choosePublicCertificate(
      options.certificate as CheckedPublicCertificate | undefined,
      title,
      services,
    );
    const certificate = await readPublicCertificate(chosen, title, services, masker, {
      password: true,
      signIn: maySignIn,
    });
    const application = await chooseApplication(options, title, services, interactive);
    const { appId, tenant } = application;
    const { subject = '' } = certificate.description;
    const name = services.certificates().fileNameFor(subject);
    const folder = options.folder ?? (await freeFolder(application, certificate.file, name, services));
    await checkEmpty(folder, services);
    const request = {
      appId,
      tenant,
      certificateDer: certificate.der,
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    };
    const { registrations } = services.azure();
    const calls = registrations.administratorCalls(request, `${name}.pem`);
    const registration = await quietly(() => registrations.find({ appId, tenant }));
    const page = handOverPage({
      appId,
      tenant,
      calls,
      certificate: certificate.description,
      file: name,
      ...(registration === undefined ? {} : { registration }),
    });
    const at = (file: string) => path.join(folder, file);
    const instructions = at('README.md');
    const files: PlannedFile[] = [
      { path: at(`${name}.cer`), role: 'certificate', mode: 0o644, bytes: certificate.der },
      {
        path: at(`${name}.pem`),
        role: 'certificate',
        mode: 0o644,
        bytes: Buffer.from(services.certificates().certificatePem(certificate.der)),
      },
      { path: instructions, role: 'certificate', mode: 0o644, bytes: Buffer.from(page) },
    ];
    await writeAll(files, title, services);
    log(`wrote ${folder}`);
    if (interactive) {
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(instructions));
      tell(folder);
    }
    return {
      folder,
      instructions,
      certificates: [at(`${name}.cer`), at(`${name}.pem`)],
      ...(calls.portal === undefined ? {} : { portal: calls.portal }),
    };
  },
};

/** What the administrator finds there is good to know but nothing to ask anybody to sign in for. */
async function quietly(find: () => Promise<Registration>): Promise<Registration | undefined> {
  try {
    return await find();
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return undefined;
  }
}

/** `hand-over-NAME` in the app's certificate folder, else beside the certificate or in the workspace. */
async function freeFolder(
  { config }: ChosenApplication,
  file: string | undefined,
  name: string,
  services: Services,
): Promise<string> {
  const [root] = services.roots();
  const base =
    config !== undefined
      ? services.certificateFolder(config.appRoot)
      : file !== undefined
        ? path.dirname(file)
        : root === undefined
          ? undefined
          : services.certificateFolder(root);
  if (base === undefined) {
    throw new ExpectedError(
      'no-workspace',
      vscode.l10n.t('No folder is open to write to. Open the folder of your app and run the command again.'),
    );
  }
  return path.join(base, await chooseFileNames(base, `hand-over-${name}`, [''], services.files));
}

async function checkEmpty(folder: string, services: Services): Promise<void> {
  const facts = await services.files.stat(folder);
  if (facts === undefined || (facts.kind === 'folder' && (await services.files.list(folder)).length === 0)) return;
  throw new ExpectedError(
    'folder-not-empty',
    vscode.l10n.t(
      '{0} is there already and not an empty folder, so nothing was written. Choose another folder.',
      folder,
    ),
    { file: folder },
  );
}

function tell(folder: string): void {
  const reveal = vscode.l10n.t('Show Folder');
  void vscode.window
    .showInformationMessage(
      vscode.l10n.t(
        'The folder {0} holds the public certificate and a page for the administrator. It holds no secret and can be sent by mail. When it is done, run "Client Certificate: Prove Sign-In" or "Continue Setup".',
        path.basename(folder),
      ),
      reveal,
    )
    .then((answer) => {
      if (answer === reveal) void vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(folder));
    });
}
