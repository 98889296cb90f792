/**
 * Every id that package.json contributes. A test holds this file and package.json against each other both ways, so
 * that neither a command without a handler nor a setting without a reader can slip in.
 */

/** Commands, by the name that the handlers use. */
export const commands = {
  setUp: 'clientCertificate.setUp',
  continueSetup: 'clientCertificate.continueSetup',
  undoSetup: 'clientCertificate.undoSetup',
  useInApp: 'clientCertificate.useInApp',
  createSelfSigned: 'clientCertificate.createSelfSigned',
  createCsr: 'clientCertificate.createCsr',
  importSigned: 'clientCertificate.importSigned',
  inspectCertificate: 'clientCertificate.inspectCertificate',
  extractPrivateKey: 'clientCertificate.extractPrivateKey',
  exportCertificate: 'clientCertificate.exportCertificate',
  findAppConfigs: 'clientCertificate.findAppConfigs',
  checkApp: 'clientCertificate.checkApp',
  checkWorkspace: 'clientCertificate.checkWorkspace',
  prove: 'clientCertificate.prove',
  rotate: 'clientCertificate.rotate',
  removeOldCertificate: 'clientCertificate.removeOldCertificate',
  explainError: 'clientCertificate.explainError',
  runApp: 'clientCertificate.runApp',
  upload: 'clientCertificate.upload',
  handOver: 'clientCertificate.handOver',
  retireSecret: 'clientCertificate.retireSecret',
  signIn: 'clientCertificate.signIn',
  switchAccount: 'clientCertificate.switchAccount',
  signOut: 'clientCertificate.signOut',
  showExpiryTimeline: 'clientCertificate.showExpiryTimeline',
  refreshWorkspace: 'clientCertificate.refreshWorkspace',
  openWalkthrough: 'clientCertificate.openWalkthrough',
  addVault: 'clientCertificate.addVault',
  removeVault: 'clientCertificate.removeVault',
  pinVault: 'clientCertificate.pinVault',
  unpinVault: 'clientCertificate.unpinVault',
  refreshVaults: 'clientCertificate.refreshVaults',
  refreshVaultItem: 'clientCertificate.refreshVaultItem',
  filterVaultCertificates: 'clientCertificate.filterVaultCertificates',
  clearVaultFilter: 'clientCertificate.clearVaultFilter',
  sortVaultCertificates: 'clientCertificate.sortVaultCertificates',
  groupVaultCertificates: 'clientCertificate.groupVaultCertificates',
  showOnlyExpiring: 'clientCertificate.showOnlyExpiring',
  showAllCertificates: 'clientCertificate.showAllCertificates',
  showDeletedCertificates: 'clientCertificate.showDeletedCertificates',
  hideDeletedCertificates: 'clientCertificate.hideDeletedCertificates',
  listVaultCertificates: 'clientCertificate.listVaultCertificates',
  openVaultCertificate: 'clientCertificate.openVaultCertificate',
  copySha256Thumbprint: 'clientCertificate.copySha256Thumbprint',
  copySha1Thumbprint: 'clientCertificate.copySha1Thumbprint',
  copyBase64UrlThumbprint: 'clientCertificate.copyBase64UrlThumbprint',
  copyCertificateId: 'clientCertificate.copyCertificateId',
  showInPortal: 'clientCertificate.showInPortal',
  createInVault: 'clientCertificate.createInVault',
  renewInVault: 'clientCertificate.renewInVault',
  saveSigningRequest: 'clientCertificate.saveSigningRequest',
  mergeSigned: 'clientCertificate.mergeSigned',
  cancelCreation: 'clientCertificate.cancelCreation',
  importToVault: 'clientCertificate.importToVault',
  editProperties: 'clientCertificate.editProperties',
  enableInVault: 'clientCertificate.enableInVault',
  disableInVault: 'clientCertificate.disableInVault',
  editPolicy: 'clientCertificate.editPolicy',
  deleteInVault: 'clientCertificate.deleteInVault',
  recoverInVault: 'clientCertificate.recoverInVault',
  purgeInVault: 'clientCertificate.purgeInVault',
  downloadCertificate: 'clientCertificate.downloadCertificate',
  downloadWithKey: 'clientCertificate.downloadWithKey',
} as const;

/** Commands of the review alone: buttons on its diff editors, enabled while a review waits for its answer. */
export const reviewCommands = {
  applySetup: 'clientCertificate.applySetup',
  rewriteLater: 'clientCertificate.rewriteLater',
  cancelReview: 'clientCertificate.cancelReview',
} as const;

/** Opens the log; registered by extension.ts itself so that it works even when nothing else loads. */
export const showLogCommand = 'clientCertificate.showLog';

/** In the workspace's state: certificates of configs that were seen, for reminders while none of them is open. */
export const certificatesSeenKey = 'certificatesSeen';

/** Settings; each reader names its scope in package.json. */
export const settings = {
  /** Resource scope. Folder for new certificates and keys, relative to the app's folder. */
  certificateFolder: 'clientCertificate.certificateFolder',
  /** Resource scope. Days that a new self-signed certificate is valid. */
  defaultValidityDays: 'clientCertificate.defaultValidityDays',
  /** Window scope. Days after a rotation until the removal of the old certificate is offered. */
  rotationGraceDays: 'clientCertificate.rotation.graceDays',
  /** Machine scope. Which cloud the vaults and app registrations are in. */
  cloud: 'clientCertificate.cloud',
  /** Machine scope. All endpoints of the cloud `custom`. */
  customCloud: 'clientCertificate.customCloud',
  /** Machine scope. Ways to sign in, in the order in which they are tried. */
  signInOrder: 'clientCertificate.signIn.order',
  /** Machine scope. Application to sign in with; empty for each way's own. */
  signInClientId: 'clientCertificate.signIn.clientId',
  /** Window scope. Tenants whose vaults are listed, the first one to sign in to; empty for all of the account. */
  signInTenants: 'clientCertificate.signIn.tenants',
  /** Window scope. Days before its end in which a certificate of a vault counts as expiring. */
  expiryWarningDays: 'clientCertificate.expiry.warningDays',
  /** Days before its end in which it is urgent. */
  expiryUrgentDays: 'clientCertificate.expiry.urgentDays',
  /** Percent of its lifetime after which it counts as expiring. */
  expiryWarningPercent: 'clientCertificate.expiry.warningPercent',
  /** Window scope. Whether the state of a credential is shown above it. */
  codeLens: 'clientCertificate.codeLens',
  /** Window scope. Whether to remind of certificates before they end. */
  reminders: 'clientCertificate.expiry.reminders',
} as const;

/** Context keys that `when` clauses in package.json read; set in src/ui/contextKeys.ts only. */
export const contextKeys = {
  /** True while a review waits for Apply, Rewrite Later or Cancel. */
  reviewing: 'clientCertificate.reviewing',
  /** Paths of the files in which app configs were found. */
  appConfigFiles: 'clientCertificate.appConfigFiles',
  /** What the view of vaults says while it is empty: `signedOut`, `noVaults`, `noPermission`, `noMatch` or `none`. */
  vaults: 'clientCertificate.vaults',
  /** Whether the view has a filter text. */
  vaultsFiltered: 'clientCertificate.vaultsFiltered',
  /** Whether the view shows only what needs action. */
  vaultsOnlyExpiring: 'clientCertificate.vaultsOnlyExpiring',
  /** Whether the view shows deleted certificates. */
  vaultsDeleted: 'clientCertificate.vaultsDeleted',
  /** What the view of the workspace says while it is empty: `noFolder`, `noApp`; `apps` when it is not. */
  workspace: 'clientCertificate.workspace',
  /** The facts that complete the walkthrough: true once an app of the workspace has reached them. */
  appConfigFound: 'clientCertificate.appConfigFound',
  certificateMade: 'clientCertificate.certificateMade',
  certificateUploaded: 'clientCertificate.certificateUploaded',
  codeRewritten: 'clientCertificate.codeRewritten',
  signInProven: 'clientCertificate.signInProven',
  secretRetired: 'clientCertificate.secretRetired',
  /** True for a moment when the walkthrough is to look at these facts: it overlooks what was so before it was first opened. */
  walkthroughLooks: 'clientCertificate.walkthroughLooks',
} as const;

/** Type of the tasks that check a folder. */
export const taskType = 'clientCertificate';

/** Container in the activity bar. */
export const viewContainer = 'clientCertificates';

/** The view "Vault Certificates" in it. */
export const vaultView = 'clientCertificate.vaultCertificates';

/** The view "This Workspace" above it. */
export const workspaceView = 'clientCertificate.workspaceApps';

/** The walkthrough "Move from a client secret to a certificate". */
export const walkthrough = 'moveToCertificate';

/** Scheme of the read-only documents that the review compares. */
export const reviewScheme = 'client-certificate-review';

/** View type of the webview that shows results and certificates. */
export const reportViewType = 'clientCertificate.report';

/** View types of the certificate viewer: the editor of binary files, and a choice beside the text editor for text. */
export const viewerViewTypes = {
  default: 'clientCertificate.viewer',
  option: 'clientCertificate.textViewer',
} as const;

/** View type of the webview that draws the expiry timeline. */
export const timelineViewType = 'clientCertificate.timeline';

/** Read-only tools for language models, by the name that the handlers use. */
export const languageModelTools = {
  inspectCertificateFile: 'client-certificate_inspectCertificateFile',
  checkCredential: 'client-certificate_checkCredential',
  explainError: 'client-certificate_explainError',
} as const;
export type LanguageModelToolName = keyof typeof languageModelTools;

export type CommandName = keyof typeof commands;
export type ReviewDecisionName = keyof typeof reviewCommands;
