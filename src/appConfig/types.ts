/** Contract of the appConfig room: MSAL Node configurations in a workspace, read and rewritten. */
import type { FileReader } from '../base/ports.ts';
import type { TextEdit } from '../base/edits.ts';
import type { KeyTextProblem } from '../base/keyText.ts';
import type { KnownLoads } from './knownLoads.ts';
import type { Leftover, LeftoverRequest } from './leftovers.ts';
import type { OldSecret, OldSecretRequest, RetirePlan, RetireRequest } from './retire.ts';

export type { Leftover, LeftoverPlace, LeftoverRequest } from './leftovers.ts';
export type { OldSecret, OldSecretRequest, RetirePlan, RetireRequest } from './retire.ts';

export type CredentialKind = 'secret' | 'certificate' | 'assertion' | 'secretAndCertificate' | 'none';
export type KeyFrom = 'file' | 'environment' | 'keyVault' | 'keyVaultSign';
export type ModuleKind = 'commonjs' | 'esm';

/** Where a value in the config comes from, as far as parsing tells. Code is never run. */
export type ValueSource =
  | { readonly kind: 'literal' }
  | {
      readonly kind: 'environment';
      readonly variable: string;
      /** A literal stands beside the variable: after `||` or `??`, in the other branch of a choice, as a reader's second argument. */
      readonly hasFallback: boolean;
      /** Variables that are read instead of it: after `||` or `??`, or in the other branch of a choice. */
      readonly others?: readonly string[];
      /** Absolute path and 1-based line of the `.env` line that sets it, when there is one. */
      readonly envFile?: string;
      readonly envLine?: number;
    }
  | { readonly kind: 'settings'; readonly expression: string; readonly file?: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'expression'; readonly expression: string };

/** A value read by resolving literals, constants, template strings and `.env` files, never by running code. */
export interface ResolvedValue {
  readonly value?: string;
  readonly source: ValueSource;
}

export type TenantKind = 'workforce' | 'externalId' | 'b2c' | 'unknown';

export interface MsalVersion {
  /** Exact version, or the floor of the range where nothing better is known. */
  readonly version?: string;
  readonly source: 'installed' | 'lockFile' | 'range' | 'unknown';
  /** The range in package.json names this one version, so that nothing else will be installed. */
  readonly exact?: true;
  readonly packageJson?: string;
}

/** One MSAL Node configuration as it stands in a workspace file. Secret values are not part of it. */
export interface AppConfig {
  /** Absolute path. */
  readonly file: string;
  /** 1-based line of the credential, else of the `auth` object. */
  readonly line: number;
  readonly column: number;
  readonly credential: CredentialKind;
  /** Source of the secret where there is one. */
  readonly secret?: ValueSource;
  /** What the certificate block refers to, where there is one. */
  readonly certificate?: {
    /** Of two the one that the app's msal-node sends. */
    readonly thumbprintProperty?: 'thumbprint' | 'thumbprintSha256';
    readonly thumbprint?: ResolvedValue;
    readonly privateKey?: ValueSource;
    /** Absolute path of the file the key is read from, where reading the code tells it. */
    readonly keyFile?: string;
    /** Where the key's pass phrase comes from, when the code hands one to `createPrivateKey`. */
    readonly passphrase?: ValueSource;
    /** A pass phrase that stands in the code, or sample text in its place. */
    readonly passphraseLiteral?: 'value' | 'sample';
    /** A private key that stands in the code itself. */
    readonly keyInCode?: true;
    /** What is wrong with a text in the code that stands where the private key belongs. */
    readonly keyLiteral?: KeyTextProblem;
    /** What the code does with the key's variable or file before MSAL gets it; absent where that cannot be told. */
    readonly keyForm?: KeyForm;
    /** The code hands the key to `createPrivateKey` as binary. */
    readonly keyIsDer?: true;
    /** Where the path of {@link keyFile} comes from. */
    readonly keyPath?: ValueSource;
    /** Certificate chain to send along, where there is one and it can be read. */
    readonly x5c?: ResolvedValue;
    /** Properties that MSAL needs and that the block, all of which is seen, does not have. */
    readonly lacks?: readonly ('thumbprint' | 'privateKey')[];
  };
  /**
   * What MSAL is given as client assertion: a `text`, which is good for ten minutes and then no longer, or a `function` that makes
   * it anew; `unknown` where the code does not tell.
   */
  readonly assertion?: 'text' | 'function' | 'unknown';
  /** The certificate of a vault that the app uses through a module of ours. */
  readonly vault?: VaultUse;
  /** The secret stands in the code as a literal that is no sample text (also as a fall-back). */
  readonly secretInCode?: true;
  /** Whether the secret has a value: false where the code or the `.env` files certainly give none; absent where that cannot be told. */
  readonly secretSet?: boolean;
  /** What the secret's value looks like and should not. */
  readonly secretShape?: 'id' | 'pem';
  /** Secret and certificate stand in branches of a choice, so that MSAL gets one of them. */
  readonly alternatives?: true;
  /** A property that MSAL ignores because of its spelling, e.g. `ClientCertificate`; `meant` is what it is called. */
  readonly misspelt?: { readonly name: string; readonly line: number; readonly meant?: string };
  /** Where in {@link file} these things stand. */
  readonly places?: ConfigPlaces;
  /** Literal entries of `knownAuthorities`; `unknown` when it is there but cannot be read. */
  readonly knownAuthorities?: readonly string[] | 'unknown';
  readonly clientId?: ResolvedValue;
  readonly authority?: ResolvedValue;
  readonly tenantKind: TenantKind;
  readonly moduleKind: ModuleKind;
  readonly language: 'javascript' | 'typescript' | 'json';
  readonly msal: MsalVersion;
  /** Folder of the nearest package.json: relative key paths count from where the app's `.env` lies, else from here. */
  readonly appRoot: string;
  /** The `.env` file that the app loads, when it exists or when the app loads dotenv. */
  readonly envFile?: string;
}

/** `raw`: as it is; `base64`: decoded; `repaired`: `\\n` turned into line ends; `parsed`: handed to `createPrivateKey` as it is. */
export type KeyForm = 'raw' | 'base64' | 'repaired' | 'parsed';

/** Characters of a text. Lines and columns are 1-based, the end is the place after the last character. */
export interface SourceRange extends SourcePosition {
  /** UTF-16 units, a BOM included. */
  readonly offset: number;
  readonly length: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Where the parts of a config stand in its file. Of a value it is the literal that holds it, quotes included, also where that
 * is a constant elsewhere in the file; else the expression in the config.
 */
export interface ConfigPlaces {
  /** Name of the credential's property, or the target of the assignment to it; else the `auth` object's first character. */
  readonly credential: SourceRange;
  readonly secret?: SourceRange;
  readonly misspelt?: SourceRange;
  /** Name of the thumbprint's property. */
  readonly thumbprintName?: SourceRange;
  readonly thumbprint?: SourceRange;
  readonly privateKey?: SourceRange;
  readonly keyPath?: SourceRange;
  readonly passphrase?: SourceRange;
  readonly x5c?: SourceRange;
  readonly authority?: SourceRange;
  readonly assertion?: SourceRange;
}

/** How an app uses a certificate of a vault, read from the module that a setup has written beside the config. */
export interface VaultUse {
  readonly keyFrom: 'keyVault' | 'keyVaultSign';
  /** Absolute path of the module. */
  readonly module: string;
  /** As {@link VaultReference}; a value is absent where its variable is not set in the app's `.env`. */
  readonly origin: ResolvedValue;
  readonly certificate: ResolvedValue;
  readonly version: ResolvedValue;
}

export interface PlanWarning {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

/** What a file edit is for; apply orders by it: gitignore, (key files), env, envExample, config. */
export type EditRole = 'gitignore' | 'env' | 'envExample' | 'config' | 'module';

/** Edits to one file. `before` is undefined when the file is to be created (then there is one edit at offset 0). */
export interface FileEdits {
  readonly path: string;
  readonly role: EditRole;
  /** Whole text before, BOM included, or undefined for a new file. */
  readonly before: string | undefined;
  readonly edits: readonly TextEdit[];
  /** POSIX mode of a new file; existing files keep theirs. `.env` files are made with 0o600. */
  readonly mode?: number;
  /** Secret values that stand in `before` or in the edits: masked wherever the text is shown, never journalled. */
  readonly secrets: readonly KeptSecret[];
  /** Values of an `.env` file that the edits replace and that are no secret: thumbprints, and paths under any name. Undo may know them. */
  readonly publicValues?: readonly string[];
}

/** A secret value and the `.env` variable that holds it after apply, so that undo can restore a literal without the journal knowing it. */
export interface KeptSecret {
  readonly value: string;
  readonly envFile?: string;
  readonly variable?: string;
}

export interface RewriteRequest {
  /** Absolute path of the file with the config. */
  readonly file: string;
  /** 1-based line of the config, where the file has several; default the first with a secret. */
  readonly line?: number;
  readonly keyFrom: KeyFrom;
  readonly thumbprintSha256: string;
  readonly thumbprintSha1: string;
  /** For keyFrom `file`: absolute path the private key will have. */
  readonly privateKeyPath?: string;
  /** For keyFrom `file`: value for `.env` when the key is encrypted; undefined when it is not. */
  readonly passphrase?: string;
  /** For keyFrom `environment`: the PEM text, unencrypted, goes to `.env` as base64 in one line. */
  readonly privateKeyPem?: string;
  /** Further absolute paths (PFX, pass phrase file) that `.gitignore` must cover. */
  readonly protect?: readonly string[];
  /** Where a file lies half-written while it is replaced. `.gitignore` covers that of a `.env` file as it covers the file itself: all its secrets are in it. */
  readonly temporaryOf?: (path: string) => string;
  /** For the vault kinds: which certificate the app fetches, or signs with, at run time. */
  readonly vault?: VaultReference;
  /** For `planRotation` of the vault kinds: the version that the app names now. */
  readonly replacedVersion?: string;
  /** Workspace folders, absolute; readers outside the config file are looked for here. */
  readonly roots: readonly string[];
}

/** A certificate of a vault, as the app's code names it. */
export interface VaultReference {
  /** `https://name.vault.azure.net[:port]`, without a trailing slash. */
  readonly origin: string;
  /** Name of the certificate. */
  readonly certificate: string;
  /** Version (32 hex digits) or the reserved word `latest`, as the design's "Latest" defines it. */
  readonly version: string;
  /** Tenant of the vault (GUID), where it is another than the one the app's own credential belongs to by default. */
  readonly tenant?: string;
}

/** A small repair of how an app gets its private key (`planKeyFix`). */
export interface KeyFixRequest {
  readonly what: 'passphrase' | 'lineEnds' | 'privateKey';
  /** Absolute path of the file with the config. */
  readonly file: string;
  /** 1-based line of the config. */
  readonly line: number;
  /** Workspace folders, absolute. */
  readonly roots: readonly string[];
}

export type RewritePlan =
  | {
      readonly status: 'rewrite';
      readonly config: AppConfig;
      readonly files: readonly FileEdits[];
      readonly warnings: readonly PlanWarning[];
      readonly variables: PlannedVariables;
      /** Packages that the rewritten app needs and does not have: to be installed before the files are changed. */
      readonly install?: PackageInstall;
    }
  | {
      readonly status: 'nothing-to-do';
      readonly config: AppConfig;
      readonly reason: string;
      readonly warnings: readonly PlanWarning[];
    };

export type PackageManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

/** One run of the app's own package manager; never a shell string. */
export interface PackageInstall {
  /** Program to run. */
  readonly manager: PackageManager;
  /** Its arguments. They change package.json and the manager's lock file in `folder` or above it. */
  readonly args: readonly string[];
  /** Arguments of a second run, for packages that only development needs (types). */
  readonly devArgs?: readonly string[];
  /** Absolute folder to run it in: the one of the app's package.json. */
  readonly folder: string;
  /** What is missing, with the ranges that the app's Node supports. */
  readonly packages: readonly NeededPackage[];
}

export interface NeededPackage {
  readonly name: string;
  readonly range: string;
  /** Needed by the type check alone. */
  readonly dev?: true;
}

/** Names chosen for the environment variables, where the app keeps such things in the environment. */
export interface PlannedVariables {
  readonly thumbprint?: string;
  readonly keyPath?: string;
  readonly passphrase?: string;
  readonly privateKey?: string;
  readonly vaultUrl?: string;
  readonly certificateName?: string;
  readonly certificateVersion?: string;
  readonly vaultTenant?: string;
  /** Variable of the old secret, kept active until it is retired. */
  readonly secret?: string;
}

export interface ReadAppOptions {
  /**
   * Keeps what a search of the app's folder found, for the next reading: an empty map of the caller's, thrown away when files
   * other than the one that is read have changed.
   */
  readonly searched?: Map<string, Promise<unknown>>;
  /** Keeps what files say about `.env` files, for the next reading: an empty map of the caller's, which need not be thrown away. */
  readonly loads?: KnownLoads;
  /** A file that a compiler or bundler wrote counts as having no config, as in a search. */
  readonly skipGenerated?: boolean;
}

/** Facade of the room: `src/appConfig/index.ts` exports exactly these (plus `configureText`); esbuild entry `dist/appConfig.js`. */
export interface AppConfigs {
  /** All configs below the roots, by content, node_modules, build output and near misses left out. */
  findAppConfigs(roots: readonly string[], reader: FileReader, signal?: AbortSignal): Promise<AppConfig[]>;
  /** Configs in one file; empty when there is none. Rejects with `config-does-not-parse` (line, column). `text` stands for the file's content where an editor has it open. */
  readAppConfigs(
    file: string,
    reader: FileReader,
    roots: readonly string[],
    options?: ReadAppOptions,
  ): Promise<AppConfig[]>;
  /** The whole rewrite as data. Rejects with an ExpectedError whose code tells why it is declined. */
  planRewrite(request: RewriteRequest, reader: FileReader): Promise<RewritePlan>;
  /** Every line of the app's `.env` files that sets the old secret. Holds secrets. */
  oldSecrets(request: OldSecretRequest, reader: FileReader): Promise<OldSecret[]>;
  /** The edits that take a retired secret out of the app, and what stays with the reason. */
  planRetire(request: RetireRequest, reader: FileReader): Promise<RetirePlan>;
  /** Source files below the roots that hold one of these texts, sorted; generated ones and other people's left out. */
  filesNaming(
    roots: readonly string[],
    texts: readonly string[],
    reader: FileReader,
    signal?: AbortSignal,
  ): Promise<string[]>;
  /** Lines of all text files below the roots that hold a value or name a variable: CI, containers, launch configurations, documents. */
  findLeftovers(request: LeftoverRequest, reader: FileReader, signal?: AbortSignal): Promise<Leftover[]>;
  /** The change of certificate of an app that has one, as data: new values where the old ones stand. Rejects with an ExpectedError whose code tells why it is declined. */
  planRotation(request: RewriteRequest, reader: FileReader): Promise<RewritePlan>;
  /** Edits after which git ignores every path; none where it does already. Rejects with `not-utf-8`. */
  planIgnore(
    paths: readonly string[],
    appRoot: string,
    roots: readonly string[],
    reader: FileReader,
  ): Promise<readonly FileEdits[]>;
  /** Edits of a small repair; none where it cannot be made without a doubt. They hold secrets. */
  planKeyFix(request: KeyFixRequest, reader: FileReader): Promise<readonly FileEdits[]>;
  /** The variables of a `.env` file as dotenv hands them out; empty when there is no such file. Holds secrets. */
  envValues(file: string, reader: FileReader): Promise<ReadonlyMap<string, string>>;
}
