/** Checks on the key file and the certificate that a config uses (facts/failure-modes.md F8, F11 to F22). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import type { AppFacts, Finding } from './types.ts';

/** Problems of a certificate or key that matter here; "no certificate in a key file" and the like are as they should be. */
const passedOn = new Set([
  ...['key-is-ec', 'key-is-not-rsa', 'key-too-short', 'sha1-signature', 'expired', 'not-yet-valid', 'expires-soon'],
  'key-does-not-match',
]);

/** What stands in the way of the key file and the certificate. Bag Attributes, CRLF, a BOM and PKCS#1 all work (F14, F17). */
export function checkKey(config: AppConfig, facts: AppFacts): Finding[] {
  const { line, certificate } = config;
  if (certificate === undefined) return [];
  const findings: Finding[] = [];
  const error = (code: string, message: string): number => findings.push({ code, severity: 'error', message, line });
  const { keyFile } = facts;
  if (certificate.keyFile !== undefined && keyFile?.exists === false) {
    error(
      'key-file-missing',
      l10n.t(
        'The private key file {0} does not exist, so the app does not start. Put the key there or correct the path.',
        certificate.keyFile,
      ),
    );
  }
  if (isEncrypted(facts) && (certificate.passphrase === undefined || facts.passphraseSet === false)) {
    error(
      'key-encrypted',
      certificate.passphrase === undefined
        ? l10n.t(
            'The private key is encrypted, but the code gives no pass phrase for it, so it cannot be read. Decrypt it with createPrivateKey and its pass phrase from the environment.',
          )
        : l10n.t(
            'The private key is encrypted, but the variable of its pass phrase has no value, so it cannot be read. Set the variable in the app’s .env file.',
          ),
    );
  }
  if (keyFile?.mode !== undefined && keyFile.exists && (keyFile.mode & 0o077) !== 0) {
    findings.push({
      code: 'key-file-readable',
      severity: 'warning',
      message: l10n.t(
        'Other users of this machine can read the private key file. Allow it to its owner only (chmod 600).',
      ),
      line,
    });
  }
  if (certificate.passphrase?.kind === 'literal') {
    findings.push({
      code: 'passphrase-in-code',
      severity: 'warning',
      message: l10n.t('The pass phrase of the private key stands in the code. Move it to an environment variable.'),
      line,
    });
  }
  findings.push(...checkCertificate(config, facts));
  return findings;
}

function isEncrypted({ keyFile }: AppFacts): boolean {
  return keyFile?.encrypted === true || keyFile?.description?.keyEncrypted === true;
}

function checkCertificate({ line, certificate }: AppConfig, facts: AppFacts): Finding[] {
  const descriptions = [facts.keyFile?.description, facts.certificate].filter((each) => each !== undefined);
  const problems = new Map(
    descriptions.flatMap(({ problems: all }) =>
      all.filter(({ code }) => passedOn.has(code)).map((each) => [each.code, each]),
    ),
  );
  const findings: Finding[] = [...problems.values()].map(({ code, severity, message }) => ({
    code,
    severity,
    message,
    line,
  }));
  if (facts.keyMatches === false && !problems.has('key-does-not-match')) {
    findings.push({
      code: 'key-does-not-match',
      severity: 'error',
      message: l10n.t(
        'The private key does not belong to the certificate, so sign-in fails with AADSTS700027. Use the key that was made with this certificate.',
      ),
      line,
    });
  }
  const own = descriptions.find(({ thumbprintSha256 }) => thumbprintSha256 !== undefined);
  if (own !== undefined && isOther(own, certificate)) {
    findings.push({
      code: 'thumbprint-of-other-certificate',
      severity: 'error',
      message: l10n.t(
        'The thumbprint is not the one of the certificate that belongs to this key, so sign-in fails with AADSTS700027. It must be {0}',
        (certificate?.thumbprintProperty === 'thumbprint' ? own.thumbprintSha1 : own.thumbprintSha256) ?? '',
      ),
      line,
    });
  }
  return findings;
}

/** Compared only when the thumbprint is well formed: what is malformed has a finding of its own. */
function isOther(own: CertificateDescription, certificate: AppConfig['certificate']): boolean {
  const text = certificate?.thumbprint?.value?.toUpperCase();
  const expected = certificate?.thumbprintProperty === 'thumbprint' ? own.thumbprintSha1 : own.thumbprintSha256;
  if (text === undefined || expected === undefined || !/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text)) return false;
  return text.length === expected.length && text !== expected;
}
