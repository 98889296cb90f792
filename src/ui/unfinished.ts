/** Offers to go on with setups that a closed window left unfinished. */
import * as vscode from 'vscode';
import { commands, settings } from '../contributions.ts';
import { finishedRotations, unfinishedSetups } from '../setup/index.ts';
import type { UnfinishedSetup } from '../setup/index.ts';
import { afterOffer, dueRemoval } from './removalOffers.ts';
import type { OfferedRemovals } from './removalOffers.ts';
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
  else await offerRemoval(services);
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

const offeredKey = 'removalsOffered';
const day = 86_400_000;

/** Days that deployments have after a rotation to switch to the new certificate. */
export function graceDays(): number {
  const days = vscode.workspace.getConfiguration().get(settings.rotationGraceDays);
  return typeof days === 'number' && days >= 0 ? days : 7;
}

/**
 * Offers to remove the old certificate of a rotation once its grace period is over: never more than an offer, at most once a day in all
 * windows together, and no more after an answer.
 */
export async function offerRemoval(services: Services): Promise<void> {
  const roots = services.roots();
  if (roots.length === 0 || !vscode.workspace.isTrusted) return;
  const grace = graceDays() * day;
  const { sharedMemory } = services;
  const offered = () => sharedMemory.get<OfferedRemovals>(offeredKey) ?? {};
  const now = services.setupPorts.clock.now();
  const due = dueRemoval(await finishedRotations(roots, services.setupPorts), grace, offered(), now);
  if (due === undefined) return;
  // Before it is shown: another window must not show it meanwhile, and who closes it has seen it.
  await sharedMemory.update(offeredKey, afterOffer(offered(), due, { at: now }));
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
  if (chosen === never || chosen === remove) {
    await sharedMemory.update(offeredKey, afterOffer(offered(), due, { answered: true }));
  }
  if (chosen === remove) await vscode.commands.executeCommand(commands.removeOldCertificate, file);
}
