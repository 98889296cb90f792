/** Contract of the azure room: clouds, tokens, vaults. The editor's account, settings and prompts come in through ports. */
import type { Clock, ProcessRunner } from '../base/ports.ts';

/** What a token is for; each is a resource of its own and needs a token of its own. */
export type Audience = 'resourceManager' | 'keyVault' | 'graph';

/** Endpoints of one cloud. Origins are `https://host[:port]` without a trailing slash. */
export interface Cloud {
  readonly name: 'public' | 'usGovernment' | 'china' | 'custom';
  /** e.g. `https://login.microsoftonline.com`. */
  readonly login: string;
  readonly graph: string;
  readonly resourceManager: string;
  /** e.g. `https://portal.azure.com`; undefined where there is none. */
  readonly portal?: string;
  /** Resource of Key Vault tokens, e.g. `https://vault.azure.net`. */
  readonly keyVaultResource: string;
  /** e.g. `vault.azure.net`; undefined in a custom cloud, which lists its vaults. */
  readonly keyVaultSuffix?: string;
  /** Custom cloud only: exactly the origins that may get a Key Vault token. */
  readonly vaultOrigins?: readonly string[];
}

/** How somebody can be signed in; the order is a setting. */
export type TokenSourceName = 'vscode' | 'azureCli' | 'environment' | 'browser' | 'deviceCode';

export interface TokenRequest {
  readonly audience: Audience;
  /** Tenant id or domain; undefined: the account's home tenant. */
  readonly tenant?: string;
  /** Base64 or JSON claims of a claims challenge, as received. */
  readonly claims?: string;
  /** The whole WWW-Authenticate header of the challenge, which VS Code's own account understands. */
  readonly challenge?: string;
  /** True only after a user's action: then a source may open a browser or ask. */
  readonly interactive: boolean;
  readonly signal?: AbortSignal;
}

/** A token in memory; never logged, never stored. */
export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresOn: number;
  readonly source: TokenSourceName;
  /** Tenant the token was issued by, from its `tid`; undefined when it cannot be read. */
  readonly tenant?: string;
  /** `scp` and `roles` of the token, empty when it has none. */
  readonly permissions: readonly string[];
  /** Who is signed in, for people: account name or application id. */
  readonly account?: string;
}

/** One way to get tokens. Rejects with ExpectedError whose message says why it cannot. */
export interface TokenSource {
  readonly name: TokenSourceName;
  getToken(request: TokenRequest, cloud: Cloud): Promise<AccessToken>;
}

/** The chain of sources behind one port. Rejects with `not-signed-in` (nothing tried may prompt) or `sign-in-failed`, which lists each source with its reason and the next thing to try. */
export interface SignIn {
  token(request: TokenRequest): Promise<AccessToken>;
  /** Forgets all tokens in memory and the source that worked last. */
  forget(): void;
}

/** VS Code's own accounts, as `vscode.authentication` offers them. */
export interface EditorAccounts {
  /** Undefined when there is no session and none may be asked for. */
  session(
    provider: 'microsoft' | 'microsoft-sovereign-cloud',
    scopes: readonly string[],
    options: { readonly interactive: boolean; readonly challenge?: string; readonly switchAccount?: boolean },
  ): Promise<{ readonly accessToken: string; readonly account: string } | undefined>;
}

/** What the sources need from outside. */
export interface SignInPorts {
  readonly clock: Clock;
  readonly processes: ProcessRunner;
  readonly editor: EditorAccounts;
  /** Environment variables that `environment` may read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Shows the device code and address; resolves when shown. */
  showDeviceCode(message: string, address: string, code: string, signal: AbortSignal): Promise<void>;
}

/** A vault as found or as added by hand. */
export interface Vault {
  readonly name: string;
  /** `https://name.vault.azure.net`, without a trailing slash. */
  readonly origin: string;
  /** Tenant that the vault's tokens must come from; undefined until its challenge tells. */
  readonly tenant?: string;
  readonly subscriptionId?: string;
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly resourceId?: string;
}

/** One row of a vault's list: cheap facts only. Times in ms since the epoch. */
export interface VaultCertificate {
  readonly vault: string;
  readonly name: string;
  readonly version?: string;
  readonly enabled: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
  readonly created?: number;
  readonly updated?: number;
  /** Upper-case hex SHA-1 as the service lists it. */
  readonly thumbprintSha1?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** A creation that is not completed. */
  readonly pending?: boolean;
  readonly deleted?: { readonly deletedOn?: number; readonly scheduledPurge?: number };
}
