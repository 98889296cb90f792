/**
 * Facade of the certificates room and entry point of `dist/certificates.js`; see `Certificates` in types.ts, which a test
 * holds it against. Loaded on first use through src/lazy.ts.
 */
export { configureText } from '../base/text.ts';
export { openCertificate, openCredential, openPrivateKey, openPublic } from './credential.ts';
export { inspect } from './inspect.ts';
export {
  certificatePem,
  csr,
  fileNameFor,
  generatePassphrase,
  joinSigned,
  openSslPlan,
  pkcs12,
  powerShellPlan,
  privateKeyPem,
  readOpenSslVersion,
  selfSigned,
  validateName,
  validateSubject,
  validityWarning,
} from './making.ts';
