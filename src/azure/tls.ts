/** Which certificates a connection trusts. */
import { createSecureContext, rootCertificates } from 'node:tls';
import type { TlsSettings } from '@azure/core-rest-pipeline';

/**
 * Undefined leaves trust to Node and the editor, which add the machine's certificates as VS Code's settings say.
 * @param trustedCertificates PEM, trusted besides Node's own
 */
export function tlsSettings(trustedCertificates: string | undefined): TlsSettings | undefined {
  if (trustedCertificates === undefined) return undefined;
  // One context for all connections: from a list of certificates each connection would build its own, 0.2 MB every time.
  const settings = { secureContext: createSecureContext({ ca: [...rootCertificates, trustedCertificates] }) };
  return settings as TlsSettings;
}
