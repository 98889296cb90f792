/** The commands that make, change and fetch vault certificates, for the table of all commands. */
export { createInVault } from './createInVault.ts';
export { deleteInVault, purgeInVault, recoverInVault } from './deleting.ts';
export { downloadCertificate } from './download.ts';
export { downloadWithKey } from './downloadWithKey.ts';
export { importToVault } from './importToVault.ts';
export { disableInVault, editPolicy, editProperties, enableInVault } from './properties.ts';
export { renewInVault } from './renewInVault.ts';
export { cancelCreation, mergeSigned, saveSigningRequest } from './signingRequest.ts';
