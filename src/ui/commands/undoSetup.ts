/** Undo Setup: every byte back as it was, whether the setup was finished or not. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import { undoSetup as undo, unfinishedSetups, wayBackOf } from '../../setup/index.ts';
import type { UndoResult, WayBack } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { relative, workspaceConfigs } from './appConfigs.ts';
import type { Command } from './run.ts';
import { setupSchema } from './schemas.ts';
import { resultSubject } from './setUpApply.ts';

export const undoSetup: Command<'undoSetup'> = {
  schema: setupSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const config = run.options.config ?? (await chooseConfig(services));
    // Refused before anybody is asked.
    const wayBack = await wayBackOf(config, services.setupPorts);
    if (run.options.confirm !== false) await confirm(config, wayBack);
    const configs = services.roots().length > 0 ? await workspaceConfigs(services) : [];
    const result = await withProgress(vscode.l10n.t('Undoing the setup'), (signal) =>
      undo(config, services.setupPorts, {
        signal,
        configs,
        naming: (folder, texts) => services.appConfigs().filesNaming([folder], texts, services.searched, signal),
      }),
    );
    run.log(`undid the setup of ${config}`);
    services.reports.close(resultSubject(result.config));
    if (run.interactive) {
      void vscode.window.showInformationMessage(undoneText(result));
    }
    return result;
  },
};

function undoneText({ config, restored, removed, installed = [] }: UndoResult): string {
  const where = relative(config);
  return installed.length === 0
    ? vscode.l10n.t(
        'The setup of {0} is undone: {1} files are as they were before, {2} files that it had made are gone. If the certificate was uploaded, remove it from the app registration.',
        where,
        restored.length,
        removed.length,
      )
    : vscode.l10n.t(
        'The setup of {0} is undone: {1} files are as they were before, {2} files that it had made are gone. The packages that it installed stay: {3}. If the certificate was uploaded, remove it from the app registration.',
        where,
        restored.length,
        removed.length,
        installed.join(', '),
      );
}

/** Modal, because the new key is removed for good. */
async function confirm(config: string, wayBack: WayBack): Promise<void> {
  const isRotation = wayBack === 'certificate';
  const undoIt = isRotation ? vscode.l10n.t('Undo Rotation') : vscode.l10n.t('Undo Setup');
  const answer = await vscode.window.showWarningMessage(
    isRotation
      ? vscode.l10n.t('Undo the rotation of {0}?', relative(config))
      : vscode.l10n.t('Undo the setup of {0}?', relative(config)),
    { modal: true, detail: consequenceOf(wayBack) },
    undoIt,
  );
  if (answer !== undoIt) throw new CancelledError();
}

function consequenceOf(wayBack: WayBack): string {
  switch (wayBack) {
    case 'secret':
      return vscode.l10n.t(
        'Every file that it changed is brought back as it was, and the private key and certificate that it made are removed. The app signs in with its secret again.',
      );
    case 'certificate':
      return vscode.l10n.t(
        'Every file that it changed is brought back as it was, and the private key and certificate that it made are removed. The app signs in with its old certificate again, which has to be in the app registration still.',
      );
    case 'unfinished':
      return vscode.l10n.t(
        'It is not finished. Every file that it changed is brought back as it was, and the private key and certificate that it made are removed. The app signs in as it did before.',
      );
  }
}

/** Configs with an unfinished setup first, then those that authenticate with a certificate. */
async function chooseConfig(services: Services): Promise<string> {
  const unfinished = await unfinishedSetups(services.roots(), services.setupPorts);
  const configs = await workspaceConfigs(services);
  const withCertificate = configs
    .filter(({ credential }) => credential === 'certificate' || credential === 'assertion')
    .map(({ file }) => file);
  const files = [...new Set([...unfinished.map(({ config }) => config), ...withCertificate])];
  const [only] = files;
  if (only === undefined) {
    throw new ExpectedError(
      'nothing-to-undo',
      vscode.l10n.t('No app config of this workspace authenticates with a certificate, so there is no setup to undo.'),
    );
  }
  if (files.length === 1) return only;
  const chosen = await services.questions.pick({
    title: vscode.l10n.t('Undo Setup'),
    placeholder: vscode.l10n.t('Whose setup is to be undone?'),
    choices: files.map((file) => ({ label: relative(file), icon: 'file-code', value: file })),
  });
  return chosen === back ? only : chosen;
}
