/** Facade of the setup room: all that the user interface needs. */
export { planSetup } from './plan.ts';
export { checkConfig, type CheckedConfig, type CheckOptions } from './checking.ts';
export { checkInFull, type CertificateSources, type FullyChecked, type GivenCertificate } from './checkInFull.ts';
export { createCheckMemory, type CheckMemory } from './checkMemory.ts';
export { certificateInVault } from './certificateInVault.ts';
export { describePlan } from './describe.ts';
export { applySetup, type ApplyOptions } from './apply.ts';
export { undoSetup, type UndoOptions } from './undo.ts';
export { unfinishedSetups, resumeSetup, type ResumeOptions } from './resume.ts';
export { chooseFileNames } from './layout.ts';
export { saveFiles } from './saveFiles.ts';
export { createGit } from './git.ts';
export { createInstaller } from './installer.ts';
export { commandOf, packagesOf } from './install.ts';
export { isVaultKind } from './keyFrom.ts';
export {
  certificatesInUse,
  type CertificateInUse,
  finishedRotations,
  setupOf,
  type AppliedSetup,
  type FinishedRotation,
} from './setupOf.ts';
export { countsOnCertificate, setupStateOf, type SetupState } from './setupState.ts';
export { noteProof, proveResult, rewrittenOf } from './proveResult.ts';
export { noteRegistered } from './noteRegistered.ts';
export { noteRotation } from './noteRotation.ts';
export { temporaryPath } from './temporary.ts';
export { freshProof, proofsOf, recordProof, type ProofPorts } from './proofs.ts';
export { readAppCredential, type AppCredential, type CredentialTools, type ReadCredential } from './appCredential.ts';
export { readReplaceable, type ReplaceableCredential } from './replacing.ts';
export {
  proveApp,
  proveIdentity,
  type ProveError,
  type ProveOptions,
  type ProveResult,
  type ProvingTools,
  type SigningIdentity,
} from './proving.ts';
export { tenantOf } from '../diagnosis/authorityFacts.ts';
export type { JournalProof } from './journal.ts';
export { prepareRetirement, underRetirement, type FinishRetirement, type LocalRetirement } from './retire.ts';
export { replacedCertificates, type ReplacedBefore } from './replacedBefore.ts';
export { noteOldRemoved, noteRetired, wayBackOf, type WayBack } from './wayBack.ts';
export { searchHistory, type HistoryFinding } from './gitHistory.ts';
export type * from './ports.ts';
export type * from './types.ts';
