/**
 * Contract of the code side of the room: one source text in, configurations and range edits out. Nothing here knows
 * files, `.env` or versions; the workspace side finds those and hands them in. The functions are exported by `code.ts`:
 *
 * - `parseSource(text, fileName): ParsedSource`
 * - `findSites(source, hints?): ConfigSite[]`
 * - `findConfigImports(source): ConfigImport[]`
 * - `resolveExpression(source, expression, env): CodeValue`
 * - `rewriteSite(source, site, request): CodeRewrite`
 * - `secretReaders(source, site): SecretReader[]`, `findSecretReaders(source, query): SecretReader[]`
 */
import type { Node } from '@babel/types';
import type { TextEdit } from '../base/edits.ts';
import type { Scopes } from './scope.ts';
import type { CredentialKind, KeyFrom, ModuleKind, PlanWarning, ResolvedValue } from './types.ts';

/** A parsed file. Made by `parseSource` only; offsets count UTF-16 units of `text`, a BOM included. */
export interface ParsedSource {
  readonly text: string;
  /** As given to `parseSource`; errors and warnings carry it. */
  readonly fileName: string;
  readonly language: 'javascript' | 'typescript' | 'json';
  /** What the text's own syntax says: `import`/`export` or `require`/`module.exports`; undefined when neither occurs. */
  readonly syntax: ModuleKind | undefined;
  /** The whole tree: a babel `File`, or an expression for JSON. */
  readonly ast: Node;
  /** Comments in order of their offset. */
  readonly comments: readonly { readonly start: number; readonly end: number; readonly value: string }[];
  readonly parents: ReadonlyMap<Node, Node>;
  /** Every node in order of the text, parents first: looping over it is far cheaper than walking the tree again. */
  readonly all: readonly Node[];
  /** Declarations of every block, for the code side. */
  readonly scopes: Scopes;
}

/** An expression of a {@link ParsedSource}, to be handed back to `resolveExpression`. */
export type ExpressionHandle = Node;

/** Why an object counts as a configuration of MSAL Node. */
export type SiteEvidence =
  | 'constructor' // it reaches `new ConfidentialClientApplication(...)` in this file
  | 'type' // it is typed with a type of @azure/msal-node
  | 'wrapper' // it is handed to a known wrapper of MSAL Node
  | 'hint' // another file says so, see SiteHints
  | 'structure'; // nothing but its shape: `auth` with clientId, authority and a credential

/** What the workspace knows from other files. */
export interface SiteHints {
  /** Names this file exports that other files hand to `new ConfidentialClientApplication`; `default` and `*` (module.exports itself) too. */
  readonly configExports?: readonly string[];
}

/** A string literal that holds a secret. `text.slice(start, end)` is what stands between the quotes. */
export interface SecretLiteral {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** True when the text between the quotes is the value itself (no escapes). */
  readonly rawEqualsValue: boolean;
  /** The literal is sample text (`Enter_the_Client_Secret_Here`, `<secret>`, empty): nothing to keep. */
  readonly placeholder: boolean;
  /** The rewrite removes it from the code; false when it stands in a constant of its own that stays. */
  readonly removed: boolean;
}

/** One MSAL Node configuration (its `auth` object) or one assignment to its secret. */
export interface ConfigSite {
  /** Of the credential, else of the `auth` object; line and column 1-based. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly credential: CredentialKind;
  readonly evidence: SiteEvidence;
  /** `object`: a property of an object literal; `assignment`: `config.auth.clientSecret = ...`. */
  readonly form: 'object' | 'assignment';
  /** Where the secret's value comes from. For kind `environment` the `.env` file is not filled in, for `settings` `file` is the module specifier as written. */
  readonly secret?: ResolvedValue['source'];
  /** Literals that hold the secret: the value itself, or the fall-back after `||`/`??` (then `secret.kind` is `environment`). */
  readonly secretLiteral?: SecretLiteral;
  readonly clientId?: ExpressionHandle;
  readonly authority?: ExpressionHandle;
  /** `tenantId` of wrapper settings that have no authority. */
  readonly tenantId?: ExpressionHandle;
  readonly certificate?: {
    readonly thumbprintProperty?: 'thumbprint' | 'thumbprintSha256';
    readonly thumbprint?: ExpressionHandle;
    readonly privateKey?: ExpressionHandle;
    /** The property's whole value. */
    readonly value: ExpressionHandle;
  };
  /** Value of `clientAssertion`, where there is one. */
  readonly assertion?: ExpressionHandle;
  /** Name under which the file exports the configuration, for readers in other files; `default` and `*` as in SiteHints. */
  readonly exportedName?: string;
  /** The nodes the rewriter works on; of no use to others. */
  readonly nodes: SiteNodes;
}

/** Internal to the code side. */
export interface SiteNodes {
  /** The object with clientId, authority and the credential; undefined when an assignment's target is not in this file. */
  readonly auth?: Node;
  /** The object property or the assignment with the secret. */
  readonly secret?: Node;
  readonly secretValue?: Node;
  /** The certificate's property or assignment. */
  readonly certificate?: Node;
  /** Why this site cannot be rewritten although it has a secret. */
  readonly obstacle?: SiteObstacle;
}

export interface SiteObstacle {
  readonly kind: 'spread' | 'reassigned' | 'both' | 'misspelt';
  readonly node: Node;
}

/** `import { msalConfig } from './authConfig'` (or require) whose binding reaches `new ConfidentialClientApplication`: the config lies there. */
export interface ConfigImport {
  readonly specifier: string;
  /** Exported name there; `default`; `*` for the whole of module.exports or the namespace. */
  readonly exportedName: string;
  readonly line: number;
}

/** Where a value of the new certificate block comes from. */
export type CodeValueSource =
  { readonly kind: 'environment'; readonly variable: string } | { readonly kind: 'literal'; readonly value: string };

/** A credential that a module beside the config makes: the config imports one name of it. */
export interface ImportedCredential {
  readonly property: 'clientCertificate' | 'clientAssertion';
  /** As the config's import names the module, e.g. `./keyVaultCertificate.js`. */
  readonly specifier: string;
  readonly name: string;
  /** Further names that the file's other edits use. */
  readonly also?: readonly string[];
  /**
   * What stands as the property's value: `reference` `name`; `call` `name()`; `await` `await name()`; `constant` a constant
   * of the file that `await name()` sets above the first statement, for places where nothing can be awaited.
   */
  readonly use: 'reference' | 'call' | 'await' | 'constant';
  /** TypeScript type of the property, for an interface of the app's own that declares the secret. */
  readonly type: string;
  /** Environment variables that the module reads. */
  readonly variables: readonly string[];
}

/** What is to be written; decided by the workspace side. */
export interface CodeRewriteRequest {
  readonly keyFrom: KeyFrom;
  readonly thumbprintProperty: 'thumbprint' | 'thumbprintSha256';
  /** For `file` and `environment`. */
  readonly thumbprint?: CodeValueSource;
  /** For `keyVault` and `keyVaultSign`. */
  readonly imported?: ImportedCredential;
  /** For `file`. A literal is a path as it shall stand in the code, with `/`. */
  readonly keyPath?: CodeValueSource;
  /**
   * For `file`: what a relative path counts from. `cwd`: the folder the app is started in. Otherwise the folder with
   * this path relative to the config file's own folder, with `/` (`.`, `..`, `../certs`).
   */
  readonly keyPathBase?: 'cwd' | { readonly relativeFolder: string };
  /** For `file`: the key is encrypted and its pass phrase is in this variable. Absent: the key is not encrypted. A pass phrase never becomes a literal. */
  readonly passphraseVariable?: string;
  /** For `environment`: the variable with the PEM as base64 in one line. */
  readonly keyVariable?: string;
  readonly moduleKind: ModuleKind;
}

/** Settings keys the user may want to add, where the secret came from a settings module. */
export interface SettingsNeed {
  /** The settings expression the secret came from, e.g. `settings.azure.clientSecret`. */
  readonly expression: string;
  /** Module specifier as written, when the settings are imported. */
  readonly module?: string;
  readonly variables: readonly string[];
}

/**
 * The rewrite of one site. `edits` are sorted, do not overlap and are empty exactly when `nothingToDo` says why.
 * Declines are thrown as ExpectedError with file, line and one of the codes in `declines.ts`.
 */
export interface CodeRewrite {
  readonly edits: readonly TextEdit[];
  readonly warnings: readonly PlanWarning[];
  readonly nothingToDo?: string;
  readonly settings?: SettingsNeed;
}

/** A line that still reads, checks or uses the old secret after the rewrite. */
export interface SecretReader {
  /**
   * `guard`: refuses to start without it; `config`: reads it back from the config; `constant`: a constant nobody else uses;
   * `name`: names the variable in a list or schema; `write`: sets it; `use`: any other use.
   */
  readonly kind: 'guard' | 'config' | 'constant' | 'name' | 'write' | 'use';
  readonly offset: number;
  readonly line: number;
}

/** What to look for in a file that does not hold the config. */
export interface SecretReaderQuery {
  /** Environment variables of the secret. */
  readonly variables?: readonly string[];
  /** Exported name of the config (see ConfigSite.exportedName): reads of `<it>.auth.clientSecret`. */
  readonly exportedName?: string;
}

/** What `resolveExpression` finds; `value` is absent when it cannot be told without running code. */
export type CodeValue = ResolvedValue;
