/** Offers to go on with setups that a closed window left unfinished. */
import * as vscode from 'vscode';
import { commands, settings } from '../contributions.ts';
import { finishedRotations, unfinishedSetups } from '../setup/index.ts';
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
  else await offerRemoval(services, roots);
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

const askedKey = 'removalAsked';
const day = 86_400_000;

/** Offers to remove the old certificate of a rotation once its grace period is over: never more than an offer, and once per certificate. */
async function offerRemoval(services: Services, roots: readonly string[]): Promise<void> {
  const days = vscode.workspace.getConfiguration().get(settings.rotationGraceDays);
  const grace = (typeof days === 'number' && days >= 0 ? days : 7) * day;
  const asked = services.memory.get<readonly string[]>(askedKey) ?? [];
  const now = services.setupPorts.clock.now();
  const [due] = (await finishedRotations(roots, services.setupPorts)).filter(
    ({ provenAt, thumbprintSha256 }) => now - provenAt >= grace && !asked.includes(thumbprintSha256),
  );
  if (due === undefined) return;
  const remove = vscode.l10n.t('Remove Old Certificate');
  const later = vscode.l10n.t('Later');
  const never = vscode.l10n.t('Keep It');
  const file = vscode.Uri.file(due.config);
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The certificate of {0} was rotated {1} days ago. When every deployment uses the new one, the old one can be removed from the app registration.',
      vscode.workspace.asRelativePath(file),
      Math.floor((now - due.provenAt) / day),
    ),
    remove,
    later,
    never,
  );
  if (chosen === never || chosen === remove) await services.memory.update(askedKey, [...asked, due.thumbprintSha256]);
  if (chosen === remove) await vscode.commands.executeCommand(commands.removeOldCertificate, file);
}
