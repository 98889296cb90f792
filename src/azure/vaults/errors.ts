/**
 * What a vault's refusals mean (facts/key-vault.md 1.7). Codes: `vault-forbidden`, `secret-get-denied`, `vault-firewall`,
 * `vault-private`, `purge-protected`, `certificate-disabled`, `merge-not-possible`, `vault-wrong-tenant`,
 * `vault-token-refused`, `certificate-not-found`, `deleted-certificate-not-found`, `no-pending-creation`,
 * `name-soft-deleted`, `name-being-deleted`, `creation-pending`, `name-taken`, `vault-refused-request`,
 * `key-does-not-match`, `file-not-importable`, `vault-throttled`, `vault-unavailable`, `vault-unreachable`, `vault-not-found`,
 * `tls-not-trusted`, `answer-unreadable`, `request-timed-out`, `address-outside-service`; the operations add
 * `creation-failed`, `creation-cancelled`, `key-not-exportable`, `key-cannot-sign`, `key-not-found`, `certificate-name-invalid`,
 * `vault-slow`.
 */
import * as l10n from '@vscode/l10n';
import { CancelledError, isCancelled, isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { isConnectionFailure, isTrustFailure, isUnknownHost } from '../networkErrors.ts';
import type { Vault } from '../types.ts';
import { explainForbidden } from './forbidden.ts';
import { expected, sentence, serviceErrorOf } from './serviceError.ts';
import type { ServiceError } from './serviceError.ts';

/** What was tried: tells which permission and role it takes. */
export type VaultAction =
  | 'list'
  | 'read'
  | 'readKey'
  | 'sign'
  | 'create'
  | 'import'
  | 'update'
  | 'delete'
  | 'recover'
  | 'purge'
  | 'merge'
  | 'issuers';

export interface Attempt {
  readonly action: VaultAction;
  /** Name of the certificate, where it is about one. */
  readonly certificate?: string;
  /** The version that was asked for. */
  readonly version?: string;
}

/** An ExpectedError, or CancelledError; what is neither a refusal nor a failure of the network comes back as it is: a bug. */
export function explainVaultError(
  error: unknown,
  vault: Vault,
  attempt: Attempt,
  signal: AbortSignal | undefined,
  textOf?: (request: object) => string | undefined,
): Error {
  if (signal?.aborted === true || isCancelled(error)) return new CancelledError();
  if (isExpectedError(error)) return error;
  const service = serviceErrorOf(error, textOf);
  if (service !== undefined) return explainAnswer(service, vault, attempt);
  if (isTrustFailure(error)) return notTrusted(vault);
  if (isUnknownHost(error)) return unknownHost(vault);
  if (isConnectionFailure(error, messageOf(error))) return unreachable(vault);
  if (isUnreadable(error)) return unreadable(vault);
  // The SDK's own check of the challenge is a plain error.
  if (error instanceof Error && error.message.startsWith('The challenge ')) return wrongResource(vault);
  return error instanceof Error ? error : new Error(String(error));
}

function explainAnswer(service: ServiceError, vault: Vault, attempt: Attempt): ExpectedError {
  switch (service.status) {
    case 401:
      return unauthorized(service, vault);
    case 403:
      return explainForbidden(service, vault, attempt);
    case 404:
      return notFound(service, vault, attempt);
    case 409:
      return conflict(service, vault, attempt);
    case 429:
      return expected(
        'vault-throttled',
        l10n.t('The vault {0} gets too many requests and asks to wait. Try again in a minute.', vault.name),
      );
    default:
      return service.status >= 500 || service.status === 408
        ? expected(
            'vault-unavailable',
            l10n.t(
              'The vault {0} cannot answer now (HTTP {1}). Try again later, and look at the Azure status page if it lasts.',
              vault.name,
              service.status,
            ),
          )
        : refused(service, vault);
  }
}

function unauthorized({ text }: ServiceError, vault: Vault): ExpectedError {
  const wanted = /sts\.windows\.net\/([0-9a-f-]{36})[^]*?found[^]*?sts\.windows\.net\/([0-9a-f-]{36})/i.exec(text);
  if (/AKV10032|Invalid issuer/i.test(text)) {
    return expected(
      'vault-wrong-tenant',
      l10n.t(
        'The vault {0} belongs to the tenant {1}, and your account is signed in to another one. Sign in with an account of that tenant.',
        vault.name,
        wanted?.[1] ?? vault.tenant ?? l10n.t('unknown'),
      ),
      { wanted: wanted?.[1], found: wanted?.[2] },
    );
  }
  return expected(
    'vault-token-refused',
    l10n.t(
      'The vault {0} does not accept the token: {1} Sign out and sign in again.',
      vault.name,
      sentence(text || 'HTTP 401'),
    ),
  );
}

function notFound(service: ServiceError, vault: Vault, { certificate = '', version }: Attempt): ExpectedError {
  if (service.code === 'PendingCertificateNotFound') {
    return expected('no-pending-creation', l10n.t('No creation of {0} is under way in {1}.', certificate, vault.name));
  }
  if (service.text.startsWith('Deleted Certificate')) {
    return expected(
      'deleted-certificate-not-found',
      l10n.t(
        'The vault {0} has no deleted certificate {1}. It may be deleted only just now: try again in a minute.',
        vault.name,
        certificate,
      ),
    );
  }
  if (version !== undefined) {
    return expected(
      'certificate-not-found',
      l10n.t(
        'The vault {0} has no version {1} of a certificate {2}. Leave the version out for the newest, or look the versions up in the view "Vault Certificates".',
        vault.name,
        version,
        certificate,
      ),
    );
  }
  return expected(
    'certificate-not-found',
    l10n.t(
      'The vault {0} has no certificate {1}. If it was deleted, recover it from the deleted certificates.',
      vault.name,
      certificate,
    ),
  );
}

function conflict(service: ServiceError, vault: Vault, { certificate = '' }: Attempt): ExpectedError {
  if (service.inner === 'ObjectIsDeletedButRecoverable') {
    return expected(
      'name-soft-deleted',
      l10n.t(
        'The name {0} belongs to a deleted certificate of {1} that can still be recovered. Recover it, purge it, or choose another name.',
        certificate,
        vault.name,
      ),
    );
  }
  if (service.inner === 'ObjectIsBeingDeleted') {
    return expected(
      'name-being-deleted',
      l10n.t('{0} is just being deleted or purged in {1}. Try again in a minute.', certificate, vault.name),
    );
  }
  if (/pending/i.test(service.text)) {
    return expected(
      'creation-pending',
      l10n.t('A creation of {0} is already under way in {1}. Wait for it or cancel it first.', certificate, vault.name),
    );
  }
  return expected(
    'name-taken',
    l10n.t('{0} already has a key or secret named {1}. Choose another name.', vault.name, certificate),
  );
}

function refused(service: ServiceError, vault: Vault): ExpectedError {
  if (service.text.includes('does not match the public part')) {
    return expected(
      'key-does-not-match',
      l10n.t(
        "The certificate does not belong to this request: it was made out for another key. Merge the CA's answer to the newest CSR.",
      ),
    );
  }
  if (service.text.includes('X.509 certificate content')) {
    return expected(
      'file-not-importable',
      l10n.t(
        'The vault {0} cannot read the certificate: {1} Check the password, and that certificate and private key are in the file.',
        vault.name,
        sentence(service.text),
      ),
    );
  }
  return expected(
    'vault-refused-request',
    l10n.t(
      'The vault {0} refused: {1} Correct the value and try again.',
      vault.name,
      sentence(service.text || `HTTP ${service.status}`),
    ),
    { status: service.status, code: service.code },
  );
}

function notTrusted(vault: Vault): ExpectedError {
  return expected(
    'tls-not-trusted',
    l10n.t(
      "The certificate of the server {0} is not trusted. A proxy may inspect the connection. Add its certificate to the system's trusted certificates, and see VS Code's setting http.systemCertificates.",
      new URL(vault.origin).host,
    ),
  );
}

function unknownHost(vault: Vault): ExpectedError {
  return expected(
    'vault-not-found',
    l10n.t(
      'There is no server {0}. Check the name of the vault and the cloud; a vault with a private endpoint is known in its own network only.',
      new URL(vault.origin).host,
    ),
  );
}

function unreachable(vault: Vault): ExpectedError {
  return expected(
    'vault-unreachable',
    l10n.t(
      "The vault {0} cannot be reached: the connection broke off. Check the network and VS Code's proxy settings, then try again.",
      vault.name,
    ),
  );
}

function unreadable(vault: Vault): ExpectedError {
  return expected(
    'answer-unreadable',
    l10n.t(
      'What answered for the vault {0} is not Key Vault. A proxy or a sign-in page of the network may stand in between. Check them and try again.',
      vault.name,
    ),
  );
}

function wrongResource(vault: Vault): ExpectedError {
  return expected(
    'vault-token-refused',
    l10n.t(
      'The server {0} asks for a token that is not for its cloud. Nothing was sent. Check the address of the vault.',
      new URL(vault.origin).host,
    ),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** The SDKs fail with these where an answer is no JSON, not of the expected shape or a redirect. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RestError' || error instanceof SyntaxError);
}
