/** Reminds of certificates of this workspace's apps before they end: once for each threshold, in one window. */
import * as vscode from 'vscode';
import { commands, settings } from '../../contributions.ts';
import type { CertificateInUse } from '../../setup/index.ts';
import { expiryText } from '../vaultTree/states.ts';
import type { Thresholds } from '../vaultTree/states.ts';
import { afterReminder, dueReminder } from './reminding.ts';
import type { Remembered } from './reminding.ts';

export interface ReminderTools {
  /** Global: what one window has said the others do not say again. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  /** Days before the end, from the settings of the vault view. */
  readonly thresholds: () => Pick<Thresholds, 'days' | 'urgentDays'>;
  readonly now: () => number;
}

const key = 'expiryReminders';

/** Shows the reminder that is due, if any. Resolves when it was answered. */
export async function remind(certificates: readonly CertificateInUse[], tools: ReminderTools): Promise<void> {
  if (vscode.workspace.getConfiguration().get(settings.reminders) === false) return;
  const remembered = () => tools.memory.get<Remembered>(key) ?? {};
  const due = dueReminder(certificates, tools.thresholds(), remembered(), tools.now());
  if (due === undefined) return;
  // Before it is shown: another window must not show it meanwhile, and who closes it has seen it.
  await tools.memory.update(key, afterReminder(remembered(), due));
  const file = vscode.Uri.file(due.certificate.config);
  const rotate = vscode.l10n.t('Rotate…');
  const later = vscode.l10n.t('Later');
  const never = vscode.l10n.t('Never for This One');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The client certificate of {0} {1}. Then the app can no longer sign in.',
      vscode.workspace.asRelativePath(file),
      expiryText(Date.parse(due.certificate.notAfter), tools.now()),
    ),
    ...(vscode.workspace.isTrusted ? [rotate, later, never] : [later, never]),
  );
  if (chosen === never) await tools.memory.update(key, afterReminder(remembered(), due, 'never'));
  if (chosen === rotate) await vscode.commands.executeCommand(commands.rotate, file);
}
