/** Checks on the key file and the certificate that a config uses (facts/failure-modes.md F8, F11 to F22). */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import { at, envPlace, fixedBy, newThumbprint } from './finding.ts';
import type { AppFacts, Finding, FindingFix } from './types.ts';

/** Problems of a certificate or key that matter here; "no certificate in a key file" and the like are as they should be. */
export const passedOn: ReadonlySet<string> = new Set([
  ...['key-is-ec', 'key-is-not-rsa', 'key-too-short', 'sha1-signature', 'expired', 'not-yet-valid', 'expires-soon'],
  'key-does-not-match',
]);
const rotate = { kind: 'command', command: 'rotate' } as const;

/** What stands in the way of the key file and the certificate. Bag Attributes, CRLF, a BOM and PKCS#1 all work (F14, F17). */
export function checkKey(config: AppConfig, facts: AppFacts): Finding[] {
  const { certificate, places } = config;
  // Where a vault signs there is no key to look at, but a certificate that ends.
  if (certificate === undefined) return config.vault === undefined ? [] : checkCertificate(config, facts);
  return [
    ...checkKeyFile(config, facts),
    ...checkKeyEnvFile(config, facts),
    ...checkEncryption(config, facts),
    ...(isPassphraseInCode(certificate)
      ? [
          {
            code: 'passphrase-in-code',
            severity: 'warning' as const,
            message: l10n.t(
              'The pass phrase of the private key stands in the code. Move it to an environment variable.',
            ),
            ...at(config, places?.passphrase),
            ...fixedBy(movedPassphrase(config)),
          },
        ]
      : []),
    ...checkCertificate(config, facts),
    ...checkOpening(config, facts),
  ];
}

/** Why the key cannot be opened, where no other finding says it more exactly. */
function checkOpening(config: AppConfig, facts: AppFacts): Finding[] {
  const { opening } = facts;
  const passphrase = config.certificate?.passphrase;
  if (opening === undefined) return [];
  // A pass phrase that is not in the environment is not read, so that nothing can be said about it.
  const isHidden = passphrase !== undefined && (passphrase.kind !== 'environment' || facts.passphraseSet === undefined);
  const isNamed = opening.code === 'password-required' && checkEncryption(config, facts).length > 0;
  if (isNamed || (isHidden && /^(?:password-required|wrong-password)$/.test(opening.code))) return [];
  const { code, message } = opening;
  return [{ code, severity: 'error', message, ...at(config, config.places?.privateKey) }];
}

/** A fall-back beside a variable is for its developer to take out: what the variable holds elsewhere is not known. */
function movedPassphrase({ certificate, envFile, line }: AppConfig): FindingFix | undefined {
  const isLiteral = certificate?.passphrase?.kind === 'literal' && envFile !== undefined;
  return isLiteral ? { kind: 'repair', what: 'passphrase', line } : undefined;
}

function isPassphraseInCode({ passphrase, passphraseLiteral }: NonNullable<AppConfig['certificate']>): boolean {
  return passphraseLiteral === undefined ? passphrase?.kind === 'literal' : passphraseLiteral === 'value';
}

function checkKeyFile(config: AppConfig, { keyFile }: AppFacts): Finding[] {
  const { certificate, places } = config;
  const file = certificate?.keyFile;
  if (keyFile === undefined || file === undefined) return [];
  const place = { ...at(config, places?.keyPath, places?.privateKey), ...envPlace(certificate?.keyPath) };
  if (!keyFile.exists) {
    return [
      {
        code: 'key-file-missing',
        severity: 'error',
        message: l10n.t(
          'The private key file {0} does not exist, so the app does not start. Put the key there or correct the path.',
          file,
        ),
        ...place,
      },
    ];
  }
  const findings: Finding[] = [];
  if (keyFile.git?.tracked === true) {
    findings.push({
      code: 'key-file-tracked',
      severity: 'warning',
      message: l10n.t(
        'The private key file is under version control and therefore in every copy of the repository and in its history. Rotate the certificate, then take the old key out ("git rm --cached") and the old certificate off the app registration.',
      ),
      ...place,
      fix: rotate,
    });
  } else if (keyFile.git?.ignored === false) {
    findings.push({
      code: 'key-file-not-ignored',
      severity: 'warning',
      message: l10n.t(
        'Git does not ignore the private key file, so that it is committed with the next "git add". Add it to .gitignore.',
      ),
      ...place,
      fix: { kind: 'ignore', file },
    });
  }
  if (keyFile.mode !== undefined && (keyFile.mode & 0o077) !== 0) {
    findings.push({
      code: 'key-file-readable',
      severity: 'warning',
      message: l10n.t(
        'Other users of this machine can read the private key file. Allow it to its owner only (chmod 600).',
      ),
      ...place,
      fix: { kind: 'protect', file },
    });
  }
  if (keyFile.outside === true) {
    findings.push({
      code: 'key-file-outside',
      severity: 'information',
      message: l10n.t(
        'The private key file {0} lies outside the app and the opened folders: other machines that run this app need a key under the same path.',
        file,
      ),
      ...place,
    });
  }
  return findings;
}

function checkKeyEnvFile(config: AppConfig, { keyEnvFile }: AppFacts): Finding[] {
  if (keyEnvFile === undefined || (keyEnvFile.mode & 0o077) === 0) return [];
  const { certificate, places } = config;
  return [
    {
      code: 'key-file-readable',
      severity: 'warning',
      message: l10n.t(
        'Other users of this machine can read {0}, which holds the private key. Allow it to its owner only (chmod 600).',
        basename(keyEnvFile.path),
      ),
      ...at(config, places?.privateKey),
      ...envPlace(certificate?.privateKey),
      fix: { kind: 'protect', file: keyEnvFile.path },
    },
  ];
}

function checkEncryption(config: AppConfig, facts: AppFacts): Finding[] {
  const { certificate, places } = config;
  const { keyFile } = facts;
  const isEncrypted = keyFile?.encrypted === true || keyFile?.description?.keyEncrypted === true;
  const hasNone = certificate?.passphrase === undefined;
  if (!isEncrypted || (!hasNone && facts.passphraseSet !== false)) return [];
  return [
    {
      code: 'key-encrypted',
      // As with every variable: without a `.env` file here it is set elsewhere, which is no mistake.
      severity: hasNone || (facts.hasEnvFile !== false && config.alternatives !== true) ? 'error' : 'information',
      message: hasNone
        ? l10n.t(
            'The private key is encrypted, but the code gives no pass phrase for it, so it cannot be read. Decrypt it with createPrivateKey and its pass phrase from the environment.',
          )
        : l10n.t(
            'The private key is encrypted, but the variable of its pass phrase has no value, so it cannot be read. Set the variable in the app’s .env file.',
          ),
      ...at(config, places?.passphrase, places?.privateKey),
    },
  ];
}

function checkCertificate(config: AppConfig, facts: AppFacts): Finding[] {
  const { certificate, places } = config;
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
    ...(code.startsWith('key-') ? at(config, places?.privateKey) : at(config)),
    ...(code === 'expired' || code === 'expires-soon' ? { fix: rotate } : {}),
  }));
  if (facts.keyMatches === false && !problems.has('key-does-not-match')) {
    findings.push({
      code: 'key-does-not-match',
      severity: 'error',
      message: l10n.t(
        'The private key does not belong to the certificate, so sign-in fails with AADSTS700027. Use the key that was made with this certificate.',
      ),
      ...at(config, places?.privateKey),
    });
  }
  const own = descriptions.find(({ thumbprintSha256 }) => thumbprintSha256 !== undefined);
  if (own !== undefined && isOther(own, certificate)) {
    const right = (certificate?.thumbprintProperty === 'thumbprint' ? own.thumbprintSha1 : own.thumbprintSha256) ?? '';
    findings.push({
      code: 'thumbprint-of-other-certificate',
      severity: 'error',
      message: l10n.t(
        'The thumbprint is not the one of the certificate that belongs to this key, so sign-in fails with AADSTS700027. It must be {0}',
        right,
      ),
      ...at(config, places?.thumbprint),
      ...envPlace(certificate?.thumbprint?.source),
      ...fixedBy(facts.keyMatches === false ? undefined : newThumbprint(config, right, 'own')),
    });
  }
  return findings;
}

/** Compared only when the thumbprint is well formed: what is malformed has a finding of its own. */
function isOther(own: CertificateDescription, certificate: AppConfig['certificate']): boolean {
  // Of several certificates with keys the description is that of the one that ends last, and the thumbprint may be another's.
  if (own.problems.some(({ code }) => code === 'several-certificates')) return false;
  const text = certificate?.thumbprint?.value?.toUpperCase();
  const expected = certificate?.thumbprintProperty === 'thumbprint' ? own.thumbprintSha1 : own.thumbprintSha256;
  if (text === undefined || expected === undefined || !/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(text)) return false;
  return text.length === expected.length && text !== expected;
}
