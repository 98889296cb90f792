/** What a vault holds. All of it is JSON, so that the sandbox can be saved to a file. Times are whole seconds. */

export interface Vault {
  readonly name: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly permissionModel: 'rbac' | 'accessPolicy';
  readonly softDeleteRetentionInDays: number;
  readonly purgeProtection: boolean;
  /** `firewall` and `private` refuse every request as those settings do. */
  network: 'open' | 'firewall' | 'private';
  /** Who may do what. `*` is everybody of the vault's tenant. */
  grants: Grant[];
  readonly certificates: Record<string, StoredCertificate>;
  readonly deleted: Record<string, DeletedCertificate>;
  readonly issuers: Record<string, StoredIssuer>;
  contacts: { email: string; name?: string; phone?: string }[];
  /** Names of secrets and keys that do not belong to a certificate and block its name. */
  readonly otherSecrets: string[];
  readonly behaviour: Behaviour;
  readonly tags: Record<string, string>;
}

/** What differs from vault to vault without being part of Azure's own model: times and tempers. */
export interface Behaviour {
  /** Seconds from a certificate's creation to its completion. */
  creationSeconds: number;
  /** `Retry-After` of a creation; 10 like the service's own unless given. */
  creationRetryAfter?: number;
  /** Seconds until a deletion, a recovery or a purge is visible. */
  deletionLagSeconds: number;
  /** Creations end in `failed` with this error. */
  creationFails?: { code: string; message: string };
  /** Pages may be short or empty and still have a next one. */
  raggedPages?: boolean;
  /** Tokens without this authentication context are refused with a claims challenge. */
  requiredContext?: string;
}

export interface Grant {
  readonly principal: string;
  readonly role: Role;
}

export type Role =
  | 'Key Vault Administrator'
  | 'Key Vault Certificates Officer'
  | 'Key Vault Certificate User'
  | 'Key Vault Secrets User'
  | 'Key Vault Crypto User'
  | 'Key Vault Reader';

export interface StoredCertificate {
  readonly name: string;
  /** Oldest first. */
  versions: StoredVersion[];
  policy: Policy;
  pending?: PendingOperation;
  readonly created: number;
  updated: number;
  /** A recovered certificate is visible only from then on. */
  visibleFrom?: number;
}

export interface StoredVersion {
  /** 32 lower-case hex digits, shared by certificate, key and secret. */
  readonly id: string;
  /** Base64 DER. */
  readonly cer: string;
  /** Base64 DER of the issuers, the leaf's issuer first. */
  readonly chain: readonly string[];
  /** Base64 PKCS#8 DER. */
  readonly key: string;
  readonly exportable: boolean;
  readonly contentType: ContentType;
  enabled: boolean;
  readonly nbf: number;
  readonly exp: number;
  readonly created: number;
  updated: number;
  tags?: Record<string, string>;
}

export type ContentType = 'application/x-pkcs12' | 'application/x-pem-file';

export interface PendingOperation {
  /** 32 lower-case hex digits. */
  readonly requestId: string;
  readonly issuer: string;
  /** Base64 DER, PKCS#10. */
  readonly csr: string;
  /** Base64 PKCS#8 DER. */
  readonly key: string;
  readonly policy: Policy;
  readonly enabled: boolean;
  readonly tags?: Record<string, string>;
  readonly readyAt: number;
  status: 'inProgress' | 'completed' | 'failed' | 'cancelled';
  cancelAt?: number;
  error?: { code: string; message: string };
}

export interface DeletedCertificate {
  readonly certificate: StoredCertificate;
  readonly deletedDate: number;
  readonly scheduledPurgeDate: number;
  readonly visibleFrom: number;
  /** Set when it was purged or recovered; the name is free from then on. */
  goneAt?: number;
}

export interface StoredIssuer {
  readonly name: string;
  provider: string;
  accountId?: string;
  organizationId?: string;
  enabled: boolean;
  readonly created: number;
  updated: number;
}

/** The policy in the wire's own names, complete. */
export interface Policy {
  key_props: {
    exportable: boolean;
    kty: 'RSA' | 'RSA-HSM' | 'EC' | 'EC-HSM';
    key_size?: number;
    reuse_key: boolean;
    crv?: string;
  };
  secret_props: { contentType: ContentType };
  x509_props: {
    subject: string;
    sans: { emails?: string[]; dns_names?: string[]; upns?: string[]; uris?: string[]; ipAddresses?: string[] };
    ekus: string[];
    key_usage: string[];
    validity_months: number;
    basic_constraints: { ca: boolean };
  };
  lifetime_actions: LifetimeAction[];
  issuer: { name: string; cty?: string; cert_transparency?: boolean };
  attributes: { enabled: boolean; created: number; updated: number };
}

export interface LifetimeAction {
  trigger: { lifetime_percentage?: number; days_before_expiry?: number };
  action: { action_type: 'AutoRenew' | 'EmailContacts' };
}
