/** Why a certificate or key cannot serve as a client credential, or what will go wrong with it soon. */
import * as l10n from '@vscode/l10n';
import { defaultExpiryThresholds, expiresSoon } from '../base/expiry.ts';
import type { ExpiryThresholds } from '../base/expiry.ts';
import type { KeyFacts } from './publicKeys.ts';
import type { CertificateFacts, CertificateProblem } from './types.ts';

const day = 24 * 60 * 60 * 1000;

/** Problems of the key alone: of the certificate's, or of a key file's. */
export function keyProblems({ keyAlgorithm, keySize }: KeyFacts): CertificateProblem[] {
  if (keyAlgorithm === 'EC') {
    return [
      error(
        'key-is-ec',
        l10n.t(
          'The key is an elliptic-curve key. Microsoft Entra lets such a certificate be uploaded but refuses it at sign-in, and MSAL cannot sign with it. Make or order a certificate with an RSA key of 2048 bits or more.',
        ),
      ),
    ];
  }
  if (keyAlgorithm === 'RSA-PSS') {
    return [
      error(
        'key-is-not-rsa',
        l10n.t(
          'The certificate restricts its RSA key to PSS signatures (RSA-PSS), which MSAL and Microsoft Entra do not accept. Make or order a certificate with a plain RSA key of 2048 bits or more.',
        ),
      ),
    ];
  }
  if (keyAlgorithm !== 'RSA') {
    return [
      error(
        'key-is-not-rsa',
        l10n.t(
          'The key is of type {0}. Microsoft Entra accepts only RSA keys for client certificates. Make or order a certificate with an RSA key of 2048 bits or more.',
          keyAlgorithm,
        ),
      ),
    ];
  }
  if (keySize >= 2048) return [];
  return [
    error(
      'key-too-short',
      l10n.t(
        'The RSA key has {0} bits. MSAL signs only with 2048 bits or more. Make or order a certificate with a longer key.',
        keySize,
      ),
    ),
  ];
}

/** When its dates are judged, and by what. */
export interface Dating {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly thresholds: ExpiryThresholds;
}

/** As the caller wants it, else by the machine's clock and the settings' defaults. */
export function datingOf({ now, thresholds }: Partial<Dating>): Dating {
  return { now: now ?? Date.now(), thresholds: thresholds ?? defaultExpiryThresholds };
}

/** Problems of a certificate: its key, its signature and its dates. */
export function certificateProblems(facts: CertificateFacts, dating: Dating): CertificateProblem[] {
  return [...keyProblems(facts), ...signatureProblems(facts), ...dateProblems(facts, dating)];
}

function signatureProblems({ signatureHash }: CertificateFacts): CertificateProblem[] {
  if (signatureHash === undefined || !/^(?:MD[245]|SHA-1)$/.test(signatureHash)) return [];
  return [
    error(
      'sha1-signature',
      l10n.t(
        'The certificate is signed with {0}, which is broken and no longer accepted. Make or order a certificate that is signed with SHA-256.',
        signatureHash,
      ),
    ),
  ];
}

function dateProblems(facts: CertificateFacts, { now, thresholds }: Dating): CertificateProblem[] {
  const notBefore = Date.parse(facts.notBefore);
  const notAfter = Date.parse(facts.notAfter);
  if (now > notAfter) {
    return [
      error(
        'expired',
        l10n.t(
          'The certificate expired on {0}. Microsoft Entra refuses it. Make or order a new one.',
          dateOf(facts.notAfter),
        ),
      ),
    ];
  }
  if (now < notBefore) {
    return [
      error(
        'not-yet-valid',
        l10n.t(
          'The certificate is valid only from {0} on. Wait until then, or check the clock of this machine.',
          facts.notBefore.replace('T', ' ').replace(/\.000Z$/, ' UTC'),
        ),
      ),
    ];
  }
  if (!expiresSoon({ notBefore, expires: notAfter }, thresholds, now)) return [];
  const days = Math.floor((notAfter - now) / day);
  return [
    {
      code: 'expires-soon',
      severity: 'warning',
      message: l10n.t(
        'The certificate expires on {0}, in {1} days. Prepare its successor now.',
        dateOf(facts.notAfter),
        days,
      ),
    },
  ];
}

function error(code: string, message: string): CertificateProblem {
  return { code, severity: 'error', message };
}

function dateOf(time: string): string {
  return time.slice(0, 10);
}
