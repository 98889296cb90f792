/** Tells failures of the connection from refusals of a service. */

/** Codes of Node and OpenSSL for a server certificate that is not trusted, expired or made out to another name. */
const trust =
  /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|ERR_TLS_CERT_ALTNAME_INVALID|unable to get (?:local )?issuer certificate|self-signed certificate|certificate has expired/;

const connection =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ESOCKETTIMEDOUT|REQUEST_SEND_ERROR|socket hang up|network_error|Error reading response as text/;

/** @param text message and code where they are known, e.g. of a cause */
export function isTrustFailure(error: unknown, text = ''): boolean {
  return trust.test(codeOf(error)) || trust.test(text);
}

export function isConnectionFailure(error: unknown, text = ''): boolean {
  return connection.test(codeOf(error)) || connection.test(text);
}

/** The host has no address: a name that does not exist. */
export function isUnknownHost(error: unknown): boolean {
  return codeOf(error) === 'ENOTFOUND';
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
