/** The making half of the room; `index.ts` hands it on. */
export { privateKeyPem, certificatePem } from './privateKeyPem.ts';
export { pkcs12 } from './pkcs12Writing.ts';
export { selfSigned } from './selfSigned.ts';
export { csr } from './requests.ts';
export { joinSigned } from './joining.ts';
export { generatePassphrase } from './passphrases.ts';
export { validateSubject } from './subject.ts';
export { openSslPlan } from './openSslPlan.ts';
export { powerShellPlan } from './powerShellPlan.ts';
export { readOpenSslVersion } from './openSslVersions.ts';
export { fileNameFor, validateName } from './fileNames.ts';
export { validityWarning } from './validity.ts';
