/** Contract of the checks in this room. */
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
}

/** What the caller has looked up for a config; absent means "not looked at", and then nothing is said about it. */
export interface AppFacts {
  /** The file at `config.certificate.keyFile`. */
  readonly keyFile?: KeyFileFacts;
  /** Description of the certificate the app uses, where the caller found it: a certificate file beside the key, or both in one file. */
  readonly certificate?: CertificateDescription;
  /** Whether the file's key belongs to {@link certificate}, where they are two files. */
  readonly keyMatches?: boolean;
  /** True when the variable of the pass phrase has a value in the app's `.env`; false when it has none. */
  readonly passphraseSet?: boolean;
}

export interface KeyFileFacts {
  readonly exists: boolean;
  /** POSIX mode bits; 0 on Windows. */
  readonly mode?: number;
  /** The private key in it is encrypted. */
  readonly encrypted?: boolean;
  /** What is in it; absent when it could not be described. */
  readonly description?: CertificateDescription;
}
