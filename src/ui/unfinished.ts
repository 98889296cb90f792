/** Offers to go on with setups that a closed window left unfinished. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { unfinishedSetups } from '../setup/index.ts';
import type { UnfinishedSetup } from '../setup/index.ts';
import type { Services } from './services.ts';

/** One notification at most, for the setups of this workspace on which nobody works now. Rewrite Later needs no reminder. */
export async function offerUnfinished(services: Services): Promise<void> {
  const roots = services.roots();
  if (roots.length === 0 || !vscode.workspace.isTrusted) return;
  const found = await unfinishedSetups(roots, services.setupPorts);
  const [setup] = found.filter(
    (one) => one.problem === undefined && one.heldBy === undefined && one.state !== 'stopped',
  );
  if (setup !== undefined) await offer(setup);
}

async function offer(setup: UnfinishedSetup): Promise<void> {
  const goOn = vscode.l10n.t('Continue');
  const undo = vscode.l10n.t('Undo');
  const later = vscode.l10n.t('Later');
  const file = vscode.Uri.file(setup.config);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The setup of a client certificate in {0} was interrupted. The app still works as it stands; continue the setup or undo it.',
      vscode.workspace.asRelativePath(file),
    ),
    ...(setup.resumable ? [goOn, undo, later] : [undo, later]),
  );
  if (chosen === goOn) await vscode.commands.executeCommand(commands.continueSetup, file);
  if (chosen === undo) await vscode.commands.executeCommand(commands.undoSetup, file);
}
