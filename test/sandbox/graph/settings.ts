/** What tests change about the sandbox's Graph. */

export interface GraphSettings {
  /** Seconds until a new credential works at the token endpoint. */
  credentialDelaySeconds: number;
  /** Seconds until reads show a write. */
  readDelaySeconds: number;
  /** The tenant's app management policy; enforced when a credential is added. */
  policy: AppManagementPolicy;
  /** Another administrator who writes at the worst moment. */
  secondAdministrator?: SecondAdministrator;
  /** Reads with `$select=keyCredentials` a minute and tenant before 429. */
  keyCredentialReadsPerMinute: number;
}

export interface AppManagementPolicy {
  /** Certificates may live at most so many days. */
  certificateLifetimeDays?: number;
  /** No certificates may be added at all. */
  certificatesBlocked?: boolean;
  /** SHA-1 thumbprints (upper-case hex) of the CAs that may have issued certificates; anything else is refused. */
  trustedAuthorities?: string[];
  passwordsBlocked?: boolean;
  passwordLifetimeDays?: number;
}

export interface SecondAdministrator {
  /** Right before our write is applied, or right after it. */
  readonly when: 'beforeWrite' | 'afterWrite';
  readonly does: 'addsCertificate' | 'removesOurs' | 'removesAll';
  /** How many writes are disturbed. */
  times: number;
}

export const createGraphSettings = (): GraphSettings => ({
  credentialDelaySeconds: 0,
  readDelaySeconds: 0,
  policy: {},
  keyCredentialReadsPerMinute: 150,
});
