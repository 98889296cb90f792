/** Upload to App Registration: adds the public certificate beside what is registered. */
import * as vscode from 'vscode';
import { CancelledError, isCancelled, isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import type { UploadOutcome } from '../../azure/types.ts';
import { commands } from '../../contributions.ts';
import { noteRegistered } from '../../setup/index.ts';
import type { UploadResult } from '../automation.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import { chooseApplication, rememberApplication } from '../registering/application.ts';
import type { ChosenApplication } from '../registering/application.ts';
import { choosePublicCertificate, readPublicCertificate } from '../registering/publicCertificate.ts';
import type { CheckedPublicCertificate } from '../registering/publicCertificate.ts';
import type { Services } from '../services.ts';
import type { Command } from './run.ts';
import { uploadSchema } from './schemasRegistration.ts';

export const upload: Command<'upload'> = {
  schema: uploadSchema,
  changes: true,
  fromFile: (file) => ({ certificate: file }),
  async run({ options, interactive, maySignIn, masker, log }, services): Promise<UploadResult> {
    const title = vscode.l10n.t('Upload to App Registration');
    const chosen = await choosePublicCertificate(
      options.certificate as CheckedPublicCertificate | undefined,
      title,
      services,
    );
    const { der, description } = await readPublicCertificate(chosen, title, services, masker, {
      password: true,
      signIn: maySignIn,
    });
    const application = await chooseApplication(options, title, services, interactive);
    const { subject = '', thumbprintSha256 = '' } = description;
    const displayName = options.displayName ?? (interactive ? await askName(title, subject, services) : undefined);
    const request = {
      appId: application.appId,
      tenant: application.tenant,
      certificateDer: der,
      ...(displayName === undefined ? {} : { displayName }),
    };
    try {
      const outcome = await withProgress(vscode.l10n.t('Uploading the certificate'), (signal) =>
        services.azure().registrations.upload(request, { interactive: maySignIn, signal }),
      );
      const { tenant } = application;
      const { appId, displayName: name } = outcome.application;
      log(`${outcome.alreadyThere ? 'found' : 'added'} ${thumbprintSha256} at ${appId} (${tenant})`);
      await rememberApplication({ appId, tenant, displayName: name }, services);
      if (application.config !== undefined)
        await noteRegistered(application.config.file, thumbprintSha256, services.setupPorts);
      if (interactive) tellUploaded(outcome, application);
      return {
        application: appId,
        registration: { objectId: outcome.application.objectId, displayName: name, tenant },
        keyId: outcome.keyId,
        alreadyThere: outcome.alreadyThere,
        thumbprintSha256,
        removedMeanwhile: outcome.removedMeanwhile,
      };
    } catch (error) {
      if (!interactive || isCancelled(error) || !isExpectedError(error) || !refusedToUs.has(error.code)) throw error;
      log(`${error.code}: ${error.message}`);
      void offerHandOver(masker.error(error), {
        certificate: chosen,
        application: application.appId,
        tenant: application.tenant,
        ...(application.config === undefined ? {} : { config: application.config.file }),
        ...(displayName === undefined ? {} : { displayName }),
      });
      // It has been said.
      throw new CancelledError();
    }
  },
};

/** What an administrator could do although this account cannot. */
const refusedToUs: ReadonlySet<string> = new Set([
  'graph-permission-missing',
  'registration-forbidden',
  'graph-forbidden',
  'sign-in-failed',
  'consent-needed',
]);

async function askName(title: string, subject: string, services: Services): Promise<string | undefined> {
  const name = await services.questions.text({
    title,
    prompt: vscode.l10n.t('Description of the certificate in the app registration'),
    value: subject,
    validate: (value) =>
      value.length > 200 ? { severity: 'error', message: vscode.l10n.t('Use 200 characters or fewer.') } : undefined,
  });
  if (name === back) throw new CancelledError();
  return name.trim() === '' ? undefined : name.trim();
}

function tellUploaded(
  { application, alreadyThere, removedMeanwhile }: UploadOutcome,
  { config }: ChosenApplication,
): void {
  const prove = vscode.l10n.t('Prove Sign-In');
  const done = alreadyThere
    ? vscode.l10n.t('{0} has this certificate already; nothing was written.', application.displayName)
    : vscode.l10n.t(
        '{0} has the certificate now. It can take some minutes until signing in with it works.',
        application.displayName,
      );
  const others =
    removedMeanwhile.length === 0
      ? ''
      : vscode.l10n.t(' Meanwhile somebody else removed {0} other certificates.', removedMeanwhile.length);
  void vscode.window.showInformationMessage(done + others, ...(config === undefined ? [] : [prove])).then((answer) => {
    if (answer === prove && config !== undefined) {
      void vscode.commands.executeCommand(commands.prove, vscode.Uri.file(config.file));
    }
  });
}

async function offerHandOver(error: ExpectedError, item: Readonly<Record<string, unknown>>): Promise<void> {
  const handOver = vscode.l10n.t('Hand Over to an Administrator…');
  const answer = await vscode.window.showErrorMessage(error.message, handOver);
  if (answer === handOver) await vscode.commands.executeCommand(commands.handOver, { commandOptions: item });
}
