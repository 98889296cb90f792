/** Key Vault's errors with its own codes and sentences (facts/key-vault.md 1.7). */
import type { Reply } from '../http/exchange.ts';
import type { Vault } from './model.ts';

export class VaultError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly inner?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'VaultError';
  }

  reply(): Reply {
    const inner = this.inner === undefined ? {} : { innererror: { code: this.inner } };
    return {
      status: this.status,
      headers: this.headers,
      json: { error: { code: this.code, message: this.message, ...inner } },
    };
  }
}

/** Who asks, as the service prints it. */
export interface CallerIds {
  readonly appid: string;
  readonly oid: string;
  readonly iss: string;
}

const callerText = ({ appid, oid, iss }: CallerIds): string => `appid=${appid};oid=${oid};iss=${iss}`;
const recoverHint =
  'If you recently deleted this certificate you may be able to recover it using the correct recovery command. For ' +
  'help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182';

export const vaultErrors = {
  unauthorized: (message: string, challenge: string) =>
    new VaultError(401, 'Unauthorized', message, undefined, { 'www-authenticate': challenge }),
  forbiddenByRbac: (vault: Vault, caller: CallerIds, action: string, resource: string) =>
    new VaultError(
      403,
      'Forbidden',
      'Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role ' +
        `definitions were changed recently, please observe propagation time.\r\nCaller: ${callerText(caller)}\r\n` +
        `Action: 'Microsoft.KeyVault/vaults/${action}'\r\nResource: '${resource}'\r\nAssignment: (not found)\r\n` +
        `DenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: ${vault.name};location=${vault.location}\r\n`,
      'ForbiddenByRbac',
    ),
  accessDenied: (vault: Vault, caller: CallerIds, permission: string) =>
    new VaultError(
      403,
      'Forbidden',
      `The user, group or application '${callerText(caller)}' does not have ${permission} permission on key vault ` +
        `'${vault.name};location=${vault.location}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
      'AccessDenied',
    ),
  forbiddenByFirewall: (vault: Vault, caller: CallerIds) =>
    new VaultError(
      403,
      'Forbidden',
      'Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\n' +
        `Caller: ${callerText(caller)}\r\nVault: ${vault.name};location=${vault.location}`,
      'ForbiddenByFirewall',
    ),
  forbiddenByConnection: (vault: Vault, caller: CallerIds) =>
    new VaultError(
      403,
      'Forbidden',
      'Public network access is disabled and request is not from a trusted service nor via an approved private ' +
        `link.\r\nCaller: ${callerText(caller)}\r\nVault: ${vault.name};location=${vault.location}`,
      'ForbiddenByConnection',
    ),
  certificateNotFound: (name: string) =>
    new VaultError(
      404,
      'CertificateNotFound',
      `A certificate with (name/id) ${name} was not found in this key vault. ${recoverHint}`,
    ),
  secretNotFound: (name: string) =>
    new VaultError(
      404,
      'SecretNotFound',
      `A secret with (name/id) ${name} was not found in this key vault. ${recoverHint.replace('certificate', 'secret')}`,
    ),
  keyNotFound: (name: string) =>
    new VaultError(
      404,
      'KeyNotFound',
      `A key with (name/id) ${name} was not found in this key vault. ${recoverHint.replace('certificate', 'key')}`,
    ),
  deletedNotFound: (name: string) =>
    new VaultError(404, 'CertificateNotFound', `Deleted Certificate not found: ${name}`),
  pendingNotFound: (name: string) =>
    new VaultError(404, 'PendingCertificateNotFound', `Pending certificate not found: ${name}`),
  issuerNotFound: (name: string) => new VaultError(404, 'CertificateIssuerNotFound', `Issuer not found: ${name}`),
  contactsNotFound: () => new VaultError(404, 'ContactsNotFound', 'Contacts not found'),
  deletedButRecoverable: (name: string) =>
    new VaultError(
      409,
      'Conflict',
      `Certificate ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this ` +
        'state, the certificate can only be recovered or purged.',
      'ObjectIsDeletedButRecoverable',
    ),
  beingDeleted: (name: string) =>
    new VaultError(
      409,
      'Conflict',
      `Certificate ${name} is currently being deleted and cannot be used.`,
      'ObjectIsBeingDeleted',
    ),
  nameTaken: (name: string) =>
    new VaultError(409, 'Conflict', `A key or secret with name ${name} already exists in this key vault.`),
  creationInProgress: () =>
    new VaultError(
      409,
      'Forbidden',
      "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.",
    ),
  mergeForbidden: (issuer: string) =>
    new VaultError(
      403,
      'Forbidden',
      `Merge is forbidden on pending object created with issuer : ${issuer} while it is in progess.`,
    ),
  keyDoesNotMatch: (): VaultError =>
    vaultErrors.badParameter(
      'The public key of the end-entity certificate in the specified X.509 certificate content does not match the ' +
        'public part of the specified private key. Please check if certificate is valid.',
    ),
  secretDisabled: () =>
    new VaultError(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled'),
  keyDisabled: () =>
    new VaultError(403, 'Forbidden', 'Operation sign is not allowed on a disabled or expired key.', 'KeyDisabled'),
  purgeNotAllowed: () =>
    new VaultError(403, 'Forbidden', 'Operation "purge" is not enabled for this vault.', 'ForbiddenByPolicy'),
  badParameter: (message: string) => new VaultError(400, 'BadParameter', message),
  methodNotAllowed: () => new VaultError(405, 'MethodNotAllowed', 'The HTTP method is not allowed on this address.'),
} as const;
