/** Contract of the azure room: clouds, tokens, vaults. The editor's account, settings and prompts come in through ports. */
import type { Clock, ProcessRunner } from '../base/ports.ts';
import type { Registrations } from './registrations/types.ts';
import type { Prover } from './proof/types.ts';
import type { CallOptions, Vaults } from './vaults/types.ts';

export type * from './proof/types.ts';
export type * from './registrations/types.ts';
export type * from './vaults/types.ts';

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
  /**
   * Permissions of which one is enough (`scp` or `roles`). A source whose token has none of them is passed over for the
   * next one; where no source has one, the first token comes all the same and its `permissions` tell.
   */
  readonly wants?: readonly string[];
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
  /** False in a workspace that is not trusted: then no program of this machine, such as `az`, is started. */
  mayRunPrograms(): boolean;
  /** Environment variables that `environment` may read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Shows the device code and address; resolves when shown. */
  showDeviceCode(message: string, address: string, code: string, signal: AbortSignal): Promise<void>;
  /** Opens an address in the user's own browser, which may be on another machine than this code. */
  openBrowser(address: string): Promise<void>;
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
  /** There is no certificate yet: its first creation is under way, or has failed or was cancelled. */
  readonly pending?: boolean;
  /** With `pending`: its creation is under way. Lists do not tell; who asked {@link VaultClient.creation} may note it here. */
  readonly creating?: boolean;
  readonly deleted?: { readonly deletedOn?: number; readonly scheduledPurge?: number };
}

/** A tenant that the account can sign in to. */
export interface AzureTenant {
  readonly id: string;
  readonly displayName?: string;
  readonly domain?: string;
}

export interface Subscription {
  readonly id: string;
  readonly displayName: string;
  readonly tenant: string;
}

/** Why one tenant could not be asked; the others were. */
export interface TenantProblem {
  readonly tenant: AzureTenant;
  readonly code: string;
  readonly message: string;
}

export interface FoundVaults {
  /** Sorted by name. */
  readonly vaults: readonly Vault[];
  /** Tenants that answered. */
  readonly tenants: readonly AzureTenant[];
  readonly problems: readonly TenantProblem[];
}

/** Finds what the account can see, through Resource Manager. */
export interface Discovery {
  tenants(options?: CallOptions): Promise<readonly AzureTenant[]>;
  subscriptions(tenant: string, options?: CallOptions): Promise<readonly Subscription[]>;
  /**
   * All vaults of all tenants: one Resource Graph query per tenant, three tenants at a time. A tenant that fails becomes a
   * problem; only when the tenants themselves cannot be listed does the call reject.
   */
  vaults(
    options?: CallOptions & {
      /** Ids or domains; default all tenants of the account. */
      readonly tenants?: readonly string[];
      /** What is known so far, after each tenant. */
      readonly onFound?: (found: FoundVaults) => void;
    },
  ): Promise<FoundVaults>;
}

/** What `createAzure` needs from outside. */
export interface AzurePorts extends SignInPorts {
  readonly cloud: Cloud;
  /** In the order in which they are tried; a setting. */
  readonly order: readonly TokenSourceName[];
  /** Application id to sign in with instead of VS Code's and the Azure CLI's own; a setting. */
  readonly clientId?: string;
  /** Home tenant (id or domain) where it is not the account's own; a setting. */
  readonly tenant?: string;
  /** What requests call themselves, e.g. `client-certificate-guide/0.1.0`; at most 24 characters are of use. */
  readonly userAgent: string;
  /** Loads dist/identity.js on first use. */
  readonly loadIdentity: () => IdentityPart;
  /** PEM certificates to trust besides the machine's; for a custom cloud on loopback. */
  readonly trustedCertificates?: string;
}

/** Facade of the room: `createAzure(ports)` of `src/azure/index.ts`, the entry point dist/azure.js. */
export interface AzureParts {
  readonly cloud: Cloud;
  readonly signIn: SignIn;
  readonly discovery: Discovery;
  readonly vaults: Vaults;
  /** Requests tokens with a certificate as an app would; needs nobody to be signed in. */
  readonly prover: Prover;
  /** App registrations in Microsoft Graph; the app tenant comes with every call. */
  readonly registrations: Registrations;
  /** Forgets every token, client and the source that worked last: who is signed in may have changed. Accounts stay. */
  forgetTokens(): void;
  /** Forgets accounts, too, and gets no token silently any more until somebody signs in after being asked to. */
  signOut(): void;
  /** Signed out, and nobody has signed in since. */
  readonly isSignedOut: boolean;
  /** Signs in with the user's next choice of account in VS Code; forgets what was there before. */
  switchAccount(options?: CallOptions): Promise<AccessToken>;
  /** Address of a vault or of one of its certificates in the portal; undefined where the cloud has no portal. */
  portalLink(vault: Vault, certificate?: string): string | undefined;
}

/** What dist/azure.js exports. */
export interface AzurePart {
  createAzure(ports: AzurePorts): AzureParts;
  /** @throws ExpectedError `custom-cloud-invalid` */
  resolveCloud(name: Cloud['name'], custom?: unknown): Cloud;
  /** A way to sign in, for people. */
  sourceTitle(name: TokenSourceName): string;
}

/** What dist/identity.js exports: the sources that `@azure/identity` and MSAL serve. */
export interface IdentityPart {
  createCredential(kind: Exclude<TokenSourceName, 'vscode'>, options: IdentityOptions): IdentityCredential;
}

export interface IdentityOptions {
  readonly cloud: Cloud;
  readonly clientId?: string;
  readonly tenant?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly trustedCertificates?: string;
  readonly userAgent: string;
  /** Shows the device code and address; the signal ends with the sign-in. */
  readonly showDeviceCode: SignInPorts['showDeviceCode'];
  readonly openBrowser: SignInPorts['openBrowser'];
}

/** A way to sign in that a library serves; rejects with the library's own errors, or ExpectedError where it is ours. */
export interface IdentityCredential {
  getToken(
    scope: string,
    options: {
      readonly tenant?: string;
      /** JSON. */
      readonly claims?: string;
      readonly interactive: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<{ readonly token: string; readonly expiresOn: number }>;
}
