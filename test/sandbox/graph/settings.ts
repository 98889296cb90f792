/** What tests change about the sandbox's Graph. */
import type { Application } from '../entra/directory.ts';

export interface GraphSettings {
  /** Seconds until a new credential works at the token endpoint. */
  credentialDelaySeconds: number;
  /** Seconds until all replicas show a write. */
  readDelaySeconds: number;
  /** The replicas that reads come to in turn: one that shows every write at once, or one that is behind by `readDelaySeconds`. */
  replicas: readonly ('current' | 'behind')[];
  /** The tenant's app management policy; enforced when a credential is added. */
  policy: AppManagementPolicy;
  /** Policies of single applications by object id; they hold instead of the tenant's. */
  applicationPolicies: Record<string, AppManagementPolicy>;
  /** Another administrator who writes at the worst moment. */
  secondAdministrator?: SecondAdministrator;
  /**
   * Called around every read and write of one application, for suites that disturb in ways of their own. `shown` is what
   * a read has shown, after which it is called; for the other moments it is the application itself.
   */
  onAccess?: (moment: AccessMoment, application: Application, shown: Application) => void;
  /** Reads with `$select=keyCredentials` a minute and tenant before 429. */
  keyCredentialReadsPerMinute: number;
}

export type AccessMoment = 'beforeRead' | 'afterRead' | 'beforeWrite' | 'afterWrite';

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
  /** Right before our write is applied, right after it, or right after a read of ours was answered. */
  readonly when: 'afterRead' | 'beforeWrite' | 'afterWrite';
  readonly does: 'addsCertificate' | 'removesOurs' | 'removesAll';
  /** How many writes are disturbed. */
  times: number;
}

export const createGraphSettings = (): GraphSettings => ({
  credentialDelaySeconds: 0,
  readDelaySeconds: 0,
  replicas: ['behind'],
  policy: {},
  applicationPolicies: {},
  keyCredentialReadsPerMinute: 150,
});

/** The rules that an application's new credentials are under. */
export const policyOf = (settings: GraphSettings, { id }: Pick<Application, 'id'>): AppManagementPolicy =>
  settings.applicationPolicies[id] ?? settings.policy;
