/** Which certificates a connection trusts. */
import { rootCertificates } from 'node:tls';

/**
 * Undefined leaves trust to Node and the editor, which add the machine's certificates as VS Code's settings say.
 * @param trustedCertificates PEM, trusted besides Node's own
 */
export function tlsSettings(trustedCertificates: string | undefined): { readonly ca: string[] } | undefined {
  return trustedCertificates === undefined ? undefined : { ca: [...rootCertificates, trustedCertificates] };
}
