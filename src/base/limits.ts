/** Bytes. Files above this are no certificate or key files: the biggest real ones (CA bundles, PFX with long chains) stay below 1 MB. */
export const maxCertificateFile = 5 * 1024 * 1024;
