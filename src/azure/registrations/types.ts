/** Contract of app registrations in Microsoft Graph. Times in ms since the epoch; thumbprints and key ids as Graph's, see each field. */
import type { TokenSourceName } from '../types.ts';
import type { CallOptions } from '../vaults/types.ts';

/**
 * Names one app registration. The tenant is the app's (id or domain), which is often another than the vault's; it is never
 * guessed. By `appId` (client id), which is what app configs hold.
 */
export interface ApplicationName {
  readonly appId: string;
  /** Id or domain of the app tenant. Never `common`, `organizations` or `consumers`. */
  readonly tenant: string;
}

/** One row of a list of app registrations. */
export interface RegistrationSummary {
  /** Tenant as it was asked for. */
  readonly tenant: string;
  readonly appId: string;
  readonly objectId: string;
  readonly displayName: string;
  readonly created?: number;
}

/** An app registration with its credentials as the last read showed them. */
export interface Registration extends RegistrationSummary {
  readonly signInAudience?: string;
  readonly certificates: readonly RegisteredCertificate[];
  readonly secrets: readonly RegisteredSecret[];
  /** Key id of the certificate that tokens for the app are encrypted with; it must not be removed. */
  readonly tokenEncryptionKeyId?: string;
}

/** A certificate of an app registration. */
export interface RegisteredCertificate {
  /** Lower-case GUID. */
  readonly keyId: string;
  readonly displayName?: string;
  /** Upper-case hex; absent where Graph does not hand the certificate out. */
  readonly thumbprintSha256?: string;
  /** Upper-case hex; from the certificate, else from Graph's `customKeyIdentifier`. */
  readonly thumbprintSha1?: string;
  readonly notBefore?: number;
  readonly expires?: number;
  /** Only `Verify` can sign in. */
  readonly usage: string;
  /** `AsymmetricX509Cert` or another of Graph's types. */
  readonly type: string;
  /** Public DER, where Graph hands it out. */
  readonly certificateDer?: Uint8Array;
}

/** A client secret of an app registration; its value is known to nobody but its owner. */
export interface RegisteredSecret {
  /** Lower-case GUID. */
  readonly keyId: string;
  readonly displayName?: string;
  /** The first three characters of the value; several secrets can have the same. */
  readonly hint?: string;
  readonly notBefore?: number;
  readonly expires?: number;
}

export interface SearchRequest {
  readonly tenant: string;
  /** `owned`: those of the signed-in person, none where an application is signed in; `all`: of the tenant. */
  readonly scope: 'owned' | 'all';
  /** Beginning of a word of the display name, or a whole app id; nothing but quotes and spaces counts as empty. */
  readonly text?: string;
  /** At most so many; default 200. */
  readonly limit?: number;
}

export interface FoundRegistrations {
  readonly registrations: readonly RegistrationSummary[];
  /** There are more than were listed. */
  readonly more: boolean;
}

export interface UploadRequest extends ApplicationName {
  /** The public certificate, exactly one DER. Anything else is refused before it is sent. */
  readonly certificateDer: Uint8Array;
  /** Description in the portal; default the certificate's subject. */
  readonly displayName?: string;
  /**
   * Told the key id of the new entry right before it is sent: by it {@link Registrations.removeCertificate} takes back what a call that failed or was
   * cancelled may have added. Never told where the certificate was there before.
   */
  readonly onWrite?: (keyId: string) => void;
}

export interface UploadOutcome {
  readonly application: { readonly appId: string; readonly objectId: string; readonly displayName: string };
  /** Key id of the certificate in the registration. */
  readonly keyId: string;
  /** True: this very certificate (SHA-256) was registered already and nothing was written. */
  readonly alreadyThere: boolean;
  /** Certificates that one of our reads showed and that somebody else removed meanwhile. What we wrote held all that were there. */
  readonly removedMeanwhile: readonly string[];
}

export interface RemovalOutcome {
  /** Key ids that are gone now. */
  readonly removed: readonly string[];
  /** Of these, the ones that were gone before. */
  readonly alreadyGone: readonly string[];
  /** Of these, the ones that no read has shown as gone yet: Graph accepted their removal, which is what counts. Absent when there are none. */
  readonly unconfirmed?: readonly string[];
  /** Key ids that stay: after the first removal the work was cancelled, or failed with these words. Absent when there are none. */
  readonly kept?: { readonly keyIds: readonly string[]; readonly reason?: string };
}

/** What the account may do, found out before anything is tried. Only `no` is certain enough to stop. */
export interface Preflight {
  readonly account?: string;
  readonly source: TokenSourceName;
  /** `scp` and `roles` of the token. */
  readonly permissions: readonly string[];
  readonly registration: Registration;
  /** Whether the account owns the registration; undefined when it cannot be told. */
  readonly owner?: boolean;
  readonly mayWrite: 'yes' | 'no' | 'unknown';
  /** Rules of the tenant that this registration is under; undefined when they may not be read. */
  readonly policy?: CredentialPolicy;
  /** Why writing will fail, or may fail; full sentences naming permission, role or policy. */
  readonly problems: readonly PreflightProblem[];
}

export interface PreflightProblem {
  /** As the error that trying would end in, e.g. `graph-permission-missing`, `registration-forbidden`, `policy-lifetime`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** The app management policy as far as it concerns certificates. */
export interface CredentialPolicy {
  readonly name: string;
  /** Longest lifetime in days; 0: none may be added. */
  readonly longestCertificateDays?: number;
  /** Self-signed certificates are refused. */
  readonly trustedAuthorityNeeded?: boolean;
}

/** What an administrator needs to do an upload by hand. Text for people is made from it in the UI. */
export interface AdministratorCalls {
  /** Page "Certificates & secrets" of the registration, with its tenant; undefined where the cloud has no portal. */
  readonly portal?: string;
  /** Commands of the Azure CLI, in order, with POSIX quoting (which PowerShell reads too). */
  readonly az: readonly string[];
  /** Requests to Microsoft Graph, in order. */
  readonly graph: readonly { readonly method: string; readonly address: string; readonly body?: string }[];
}

/**
 * App registrations of one cloud. All calls reject with ExpectedError or CancelledError:
 * - signing in: `not-signed-in`, `sign-in-failed`
 * - finding: `registration-not-found`, `app-tenant-needed` (the tenant is a placeholder or names no single tenant)
 * - rights: `graph-permission-missing` (the token's scope), `registration-forbidden` (role or ownership), `graph-forbidden` (reading)
 * - policy: `policy-forbids-certificates`, `policy-lifetime`, `policy-untrusted-issuer`
 * - certificate: `not-a-public-certificate`, `key-is-ec`, `key-too-short`, `expired`, `certificate-refused`, `certificate-dates-refused`
 * - writing: `registration-keeps-changing`, `last-credential`, `certificate-encrypts-tokens`
 * - service: `graph-token-refused`, `graph-refused-request`, `graph-throttled`, `graph-unavailable`, `graph-unreachable`, `tls-not-trusted`,
 *   `answer-unreadable`, `request-timed-out`
 */
export interface Registrations {
  /** The registration with its credentials. */
  find(application: ApplicationName, options?: CallOptions): Promise<Registration>;
  search(request: SearchRequest, options?: CallOptions): Promise<FoundRegistrations>;
  /** @param certificateDer to hold it against the tenant's policy as well */
  preflight(application: ApplicationName, certificateDer?: Uint8Array, options?: CallOptions): Promise<Preflight>;
  /**
   * Adds the certificate beside what is there. Guarded: two agreeing reads, everything read is sent again, the result is
   * read back, and it begins anew when somebody else wrote meanwhile. Graph has no ETag: what a second writer adds
   * between our second read and our write cannot be seen. Resolves when reads show the certificate; the token
   * endpoint may know it only minutes later.
   * Aborting before the write changes nothing; after it the certificate is there and a second run says so.
   */
  upload(request: UploadRequest, options?: CallOptions): Promise<UploadOutcome>;
  /**
   * Removes client secrets. Refuses with `last-credential` when no other working credential would be left. From the first one that is gone on it resolves,
   * also when it is cancelled or fails, and says which are left.
   */
  removeSecrets(
    application: ApplicationName,
    keyIds: readonly string[],
    options?: CallOptions,
  ): Promise<RemovalOutcome>;
  /**
   * Removes one certificate, guarded as {@link upload}. Refuses with `last-credential`, `certificate-encrypts-tokens`. Resolves once Graph has accepted the
   * removal, also when it is cancelled or fails after that.
   */
  removeCertificate(application: ApplicationName, keyId: string, options?: CallOptions): Promise<RemovalOutcome>;
  /** Address of "Certificates & secrets" of the registration in the portal; undefined where the cloud has none. */
  portalLink(application: ApplicationName): string | undefined;
  /**
   * The upload as an administrator does it by hand. Asks nobody.
   * @param certificateFile name of the file with the PEM certificate, relative to where the commands are run
   */
  administratorCalls(request: UploadRequest, certificateFile: string): AdministratorCalls;
}
