/** The many kinds of 403: roles, access policies, networks, states (facts/key-vault.md 1.7 and 1.8). */
import * as l10n from '@vscode/l10n';
import type { ExpectedError } from '../../base/errors.ts';
import type { Vault } from '../types.ts';
import { expected, sentence } from './serviceError.ts';
import type { Attempt, VaultAction } from './errors.ts';
import type { ServiceError } from './serviceError.ts';

/** What `details.data` of `vault-forbidden` and `secret-get-denied` holds. */
export interface ForbiddenData {
  /** The built-in role that would help, as the portal names it (not translated there either). */
  readonly role: string;
  /** In a vault with access policies: the permission that is missing, e.g. `certificates list`. */
  readonly permission?: string;
  /** e.g. `Microsoft.KeyVault/vaults/certificates/read`, as the service named it. */
  readonly action?: string;
  /** Who was refused: object id. */
  readonly objectId?: string;
}

/** The least of the built-in roles. */
const roles: Readonly<Record<VaultAction, string>> = {
  list: 'Key Vault Reader',
  read: 'Key Vault Reader',
  readKey: 'Key Vault Certificate User',
  sign: 'Key Vault Crypto User',
  issuers: 'Key Vault Certificates Officer',
  create: 'Key Vault Certificates Officer',
  import: 'Key Vault Certificates Officer',
  update: 'Key Vault Certificates Officer',
  delete: 'Key Vault Certificates Officer',
  recover: 'Key Vault Certificates Officer',
  purge: 'Key Vault Certificates Officer',
  merge: 'Key Vault Certificates Officer',
};

export function explainForbidden(service: ServiceError, vault: Vault, attempt: Attempt): ExpectedError {
  const { text, inner } = service;
  const address = /Client address:\s*([0-9a-fA-F.:]+)/.exec(text)?.[1];
  if (inner === 'ForbiddenByFirewall' || text.includes('Client address is not authorized')) {
    return expected(
      'vault-firewall',
      l10n.t(
        "The firewall of the vault {0} does not let this machine in. Its address as the vault sees it is {1}. Add it to the vault's networking settings, or work from an allowed network.",
        vault.name,
        address ?? l10n.t('unknown'),
      ),
      { address },
    );
  }
  if (inner === 'ForbiddenByConnection' || text.includes('Public network access is disabled')) {
    return expected(
      'vault-private',
      l10n.t(
        'The vault {0} takes connections through its private endpoint only. Work from its network, by VPN or a machine inside, or allow public access in its networking settings.',
        vault.name,
      ),
    );
  }
  // The service has one sentence for both: "not allowed on a disabled or expired key".
  if (/expired (?:secret|key|certificate)/.test(text)) {
    return expected(
      'certificate-disabled',
      l10n.t(
        'The certificate {0} is disabled or has expired, so its key cannot be used. If it has expired, make a new version of it; otherwise enable it, or choose another version.',
        attempt.certificate ?? '',
      ),
    );
  }
  if (inner === 'SecretDisabled' || inner === 'KeyDisabled' || /disabled (?:secret|key|certificate)/.test(text)) {
    return expected(
      'certificate-disabled',
      l10n.t(
        'The certificate {0} is disabled, so its key cannot be used. Enable it, or choose another version.',
        attempt.certificate ?? '',
      ),
    );
  }
  if (/"?purge"? is not (?:enabled|allowed)/i.test(text)) {
    return expected(
      'purge-protected',
      l10n.t(
        'The vault {0} is protected against purging. The deleted certificate goes by itself at the end of its retention; until then its name stays taken.',
        vault.name,
      ),
    );
  }
  if (/Merge is forbidden/i.test(text)) {
    return expected(
      'merge-not-possible',
      l10n.t(
        'The creation of {0} is not waiting for a certificate to be merged: its issuer answers the vault itself. Wait for it.',
        attempt.certificate ?? '',
      ),
    );
  }
  return missingPermission(text, vault, attempt);
}

function missingPermission(text: string, vault: Vault, attempt: Attempt): ExpectedError {
  const policy = /does not have (\w+) (\w+) permission/.exec(text);
  const action = /Action:\s*'([^']+)'/.exec(text)?.[1];
  const objectId = /\boid=([0-9a-f-]{36})/i.exec(text)?.[1];
  const forSecret =
    attempt.action === 'readKey' && (policy?.[1] === 'secrets' || action?.includes('/secrets/') === true);
  const role = roles[forSecret || attempt.action !== 'readKey' ? attempt.action : 'read'];
  const permission = policy === null ? undefined : `${policy[1] ?? ''} ${policy[2] ?? ''}`;
  const data: ForbiddenData = {
    role,
    ...(permission === undefined ? {} : { permission }),
    ...(action === undefined ? {} : { action }),
    ...(objectId === undefined ? {} : { objectId }),
  };
  if (forSecret) {
    return expected(
      'secret-get-denied',
      permission === undefined
        ? l10n.t(
            'You may see the certificate {0} in {1} but not fetch its private key, which Key Vault keeps as a secret. Ask for the role "{2}" or "Key Vault Secrets User", or use the key without fetching it.',
            attempt.certificate ?? '',
            vault.name,
            role,
          )
        : l10n.t(
            'You may see the certificate {0} in {1} but not fetch its private key, which Key Vault keeps as a secret. Ask for the permission "{2}" in the access policies of the vault, or use the key without fetching it.',
            attempt.certificate ?? '',
            vault.name,
            permission,
          ),
      data,
    );
  }
  if (permission !== undefined) {
    return expected(
      'vault-forbidden',
      l10n.t(
        'You may not do this in the vault {0}. Ask its owner for the permission "{1}" in its access policies.',
        vault.name,
        permission,
      ),
      data,
    );
  }
  if (action !== undefined || text === '' || text.includes('not authorized')) {
    return expected(
      'vault-forbidden',
      l10n.t(
        'You may not do this in the vault {0}. Ask its owner for the role "{1}". A role that was just given takes some minutes to work.',
        vault.name,
        role,
      ),
      data,
    );
  }
  return expected(
    'vault-forbidden',
    l10n.t('The vault {0} refused: {1} Ask its owner for the role "{2}".', vault.name, sentence(text), role),
    data,
  );
}
