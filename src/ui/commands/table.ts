/** The single list of commands: every name of src/contributions.ts with what it does. */
import { checkApp } from './checkApp.ts';
import { checkWorkspace } from './checkWorkspace.ts';
import { continueSetup } from './continueSetup.ts';
import { createCsr } from './createCsr.ts';
import { createSelfSigned } from './createSelfSigned.ts';
import { explainError } from './explainError.ts';
import { exportCertificate } from './exportCertificate.ts';
import { extractPrivateKey } from './extractPrivateKey.ts';
import { findAppConfigs } from './findAppConfigs.ts';
import { handOver } from './handOver.ts';
import { importSigned } from './importSigned.ts';
import { inspectCertificate } from './inspectCertificate.ts';
import { prove } from './prove.ts';
import type { CommandTable } from './run.ts';
import { removeOldCertificate } from './removeOldCertificate.ts';
import { rotate } from './rotate.ts';
import { runApp } from './runApp.ts';
import { retireSecret } from './retireSecret.ts';
import { setUp } from './setUp.ts';
import { showExpiryTimeline } from './showExpiryTimeline.ts';
import { signIn, signOut, switchAccount } from './signIn.ts';
import { undoSetup } from './undoSetup.ts';
import { upload } from './upload.ts';
import { useInApp } from './useInApp.ts';
import * as vaultChanging from './vault/commands.ts';
import * as vaultArranging from './vaultView/arranging.ts';
import * as vaultItems from './vaultView/items.ts';
import * as vaultsOfView from './vaultView/vaults.ts';
import { openWalkthrough, refreshWorkspace } from './workspace.ts';

export const commandTable: CommandTable = {
  setUp,
  continueSetup,
  undoSetup,
  useInApp,
  createSelfSigned,
  createCsr,
  importSigned,
  inspectCertificate,
  extractPrivateKey,
  exportCertificate,
  findAppConfigs,
  checkApp,
  checkWorkspace,
  prove,
  rotate,
  removeOldCertificate,
  explainError,
  runApp,
  upload,
  handOver,
  retireSecret,
  signIn,
  switchAccount,
  signOut,
  showExpiryTimeline,
  refreshWorkspace,
  openWalkthrough,
  ...vaultChanging,
  ...vaultsOfView,
  ...vaultArranging,
  ...vaultItems,
};
