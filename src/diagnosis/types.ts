/** Contract of the checks in this room. */
import type { TextEdit } from '../base/edits.ts';
import type { KeyTextProblem } from '../base/keyText.ts';
import type { SourceRange } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';

/** Something about a config that is wrong, will go wrong, or could be better. */
export interface Finding {
  /** kebab-case, stable, documented in the README. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** What is wrong, what follows from it, what to do now. */
  readonly message: string;
  /** 1-based line in the config's file. */
  readonly line: number;
  /** The characters in the config's file that it is about. */
  readonly range?: SourceRange;
  /** Where the value stands, when that is a `.env` file. */
  readonly envPlace?: { readonly file: string; readonly line: number };
  /** What would make it go away. */
  readonly fix?: FindingFix;
}

/**
 * `thumbprint`: the same one, as MSAL reads it; `own`: the one of the certificate that belongs to the key; `sha256`, `sha1`: its other
 * thumbprint, under the property for it; `name`: the property's right name.
 */
export type EditKind = 'thumbprint' | 'own' | 'sha256' | 'sha1' | 'name';

export type FindingFix =
  /** Edits to the config's file as it was when it was checked. */
  | { readonly kind: 'edit'; readonly what: EditKind; readonly edits: readonly TextEdit[] }
  /** Another value on one line of a `.env` file. Thumbprints only: nothing secret is ever part of a finding. */
  | {
      readonly kind: 'env';
      readonly what: Exclude<EditKind, 'name'>;
      readonly file: string;
      readonly line: number;
      readonly from: string;
      readonly to: string;
      /** Edits to the config's file that go with it. */
      readonly edits: readonly TextEdit[];
    }
  /**
   * A repair that is planned when it is asked for, because secrets are part of it: the pass phrase moves from the code to the `.env`
   * file; the key's value in a `.env` file is put in double quotes.
   */
  | { readonly kind: 'repair'; readonly what: 'passphrase' | 'lineEnds' | 'privateKey'; readonly line: number }
  /** The key file is to be readable by its owner only. */
  | { readonly kind: 'protect'; readonly file: string }
  /** The key file is to be ignored by git. */
  | { readonly kind: 'ignore'; readonly file: string }
  /** A command of this extension leads there. */
  | { readonly kind: 'command'; readonly command: 'setUp' | 'rotate' };

/** What the caller has looked up for a config; absent means "not looked at", and then nothing is said about it. */
export interface AppFacts {
  /** The file at `config.certificate.keyFile`. */
  readonly keyFile?: KeyFileFacts;
  /** Description of the certificate the app uses, where the caller found it: a certificate file beside the key, or both in one file. */
  readonly certificate?: CertificateDescription;
  /** Whether the file's key belongs to {@link certificate}, where they are two files. */
  readonly keyMatches?: boolean;
  /** True when the variable of the pass phrase has a value in the app's `.env`; false when it has none and nothing stands in for it. */
  readonly passphraseSet?: boolean;
  /** The app has a `.env` file, in which a variable of the pass phrase without a value is missing. Otherwise it may be set elsewhere. */
  readonly hasEnvFile?: boolean;
  /** Variables that the app needs and that have no value here. */
  readonly unset?: readonly UnsetVariable[];
  /** Why the key cannot be opened: an expected error of the certificates room. */
  readonly opening?: { readonly code: string; readonly message: string };
  /** The `.env` file that holds the private key itself, with its POSIX mode bits (0 on Windows). */
  readonly keyEnvFile?: { readonly path: string; readonly mode: number };
  /** What the key's variable or file holds, where it cannot be the key that the code expects. */
  readonly keyText?: KeyTextProblem;
}

export interface UnsetVariable {
  readonly variable: string;
  readonly role: 'thumbprint' | 'privateKey' | 'keyPath';
  /** The app has a `.env` file, so that it is the place where the variable is missing. Otherwise it may be set elsewhere. */
  readonly hasEnvFile: boolean;
}

export interface KeyFileFacts {
  readonly exists: boolean;
  /** POSIX mode bits; 0 on Windows. */
  readonly mode?: number;
  /** The private key in it is encrypted. */
  readonly encrypted?: boolean;
  /** What is in it; absent when it could not be described. */
  readonly description?: CertificateDescription;
  /** It lies outside the app and the opened folders. */
  readonly outside?: boolean;
  /** What git knows; absent where it was not asked or there is no repository. */
  readonly git?: { readonly tracked: boolean; readonly ignored: boolean };
}
