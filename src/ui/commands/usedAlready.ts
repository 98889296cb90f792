/** Tells whether the certificate of an app is the one that somebody asks for. Knows no editor. */
import type { VaultReference } from '../../appConfig/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';

/** `unknown`: what the app uses cannot be seen without running it. */
export type Use = 'same' | 'other' | 'unknown';

type Thumbprints = Pick<CertificateDescription, 'thumbprintSha256' | 'thumbprintSha1'>;

export interface UsedNow {
  /** SHA-256 or SHA-1 as the code or the `.env` has it. */
  readonly named?: string;
  /** The certificate that was found on this machine. */
  readonly certificate?: Thumbprints;
  /** Whether that belongs to the app's key, where both were found. */
  readonly keyMatches?: boolean;
}

/** By what the app will send: the thumbprint that it names, else the certificate of its key. A key of another certificate is no use of this one. */
export function useOf(asked: Thumbprints, { named, certificate, keyMatches }: UsedNow): Use {
  const own = [asked.thumbprintSha256, asked.thumbprintSha1];
  if (named !== undefined && named !== '')
    return own.includes(named.toUpperCase()) && keyMatches !== false ? 'same' : 'other';
  if (certificate === undefined) return 'unknown';
  return keyMatches !== false && own.includes(certificate.thumbprintSha256) ? 'same' : 'other';
}

/** A certificate of a vault as a caller names it; the origin is the vault's own. */
export interface AskedInVault {
  readonly origin: string;
  readonly name: string;
  /** As it was given: a version, `latest`, or undefined for the newest. */
  readonly version?: string;
  /** What {@link version} stands for now, where that is known. */
  readonly exact?: string;
}

/** For an app that takes its certificate from a vault: by the names alone. An app that follows the vault uses its newest version. */
export function useInVault(asked: AskedInVault, used: VaultReference): Use {
  const plain = (text: string) => text.toLowerCase().replace(/\/+$/, '');
  if (plain(asked.origin) !== plain(used.origin) || plain(asked.name) !== plain(used.certificate)) return 'other';
  const follows = used.version === 'latest';
  if (asked.version === 'latest' || (follows && asked.version === undefined)) return follows ? 'same' : 'other';
  return !follows && asked.exact !== undefined && plain(asked.exact) === plain(used.version) ? 'same' : 'other';
}
