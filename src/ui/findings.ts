/** What can be said about an app config from its text alone. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { AppFinding } from './automation.ts';

/** Findings on one config, gravest first; `[]` when all is well. */
export function findingsOf(config: AppConfig): AppFinding[] {
  const found: AppFinding[] = [];
  const add = (severity: AppFinding['severity'], code: string, message: string) => {
    found.push({ code, severity, message, line: config.line });
  };
  const { credential, secret, msal } = config;
  if (msal.version === '2.8.0') {
    add(
      'error',
      'msal-sends-no-assertion',
      l10n.t(
        'msal-node 2.8.0 sends no assertion when it has a certificate, so sign-in fails. Update @azure/msal-node.',
      ),
    );
  }
  if (credential === 'secretAndCertificate') {
    add(
      'error',
      'secret-and-certificate',
      l10n.t(
        'A client secret stands beside the certificate, and MSAL refuses to start with both. Remove the secret from this configuration.',
      ),
    );
  }
  if (credential === 'secret' && secret?.kind === 'literal') {
    add(
      'error',
      'secret-in-code',
      l10n.t(
        'The client secret stands in the code, where everybody reads it who reads the code. Set up a client certificate, and delete the secret from the app registration afterwards.',
      ),
    );
  } else if (credential === 'secret') {
    add(
      'warning',
      'uses-secret',
      l10n.t(
        'The app authenticates with a client secret. A client certificate is safer: "Client Certificate: Set Up Client Certificate" leads there.',
      ),
    );
  }
  if (credential === 'secret' && secret?.kind === 'environment' && secret.hasFallback) {
    add(
      'warning',
      'secret-fallback-in-code',
      l10n.t(
        'A text stands in the code beside the variable {0}. If it is the secret, everybody reads it who reads the code.',
        secret.variable,
      ),
    );
  }
  if (config.certificate !== undefined) checkCertificate(config, add);
  const order = ['error', 'warning', 'information'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

type Add = (severity: AppFinding['severity'], code: string, message: string) => void;

function checkCertificate({ certificate, msal }: AppConfig, add: Add): void {
  const property = certificate?.thumbprintProperty;
  const knowsSha256 = msal.version === undefined ? undefined : isAtLeast(msal.version, [2, 11, 0]);
  if (property === 'thumbprintSha256' && knowsSha256 === false) {
    add(
      'error',
      'thumbprint-not-supported',
      l10n.t(
        'msal-node {0} does not know thumbprintSha256; it needs 2.11.0. Update @azure/msal-node or use thumbprint.',
        msal.version ?? '',
      ),
    );
  }
  if (property === 'thumbprint' && knowsSha256 === true) {
    add(
      'information',
      'thumbprint-deprecated',
      l10n.t('thumbprint (SHA-1) is deprecated; this msal-node takes thumbprintSha256.'),
    );
  }
  const value = certificate?.thumbprint?.value;
  if (value === undefined || value === '') return;
  if (!/^[0-9a-f]*$/i.test(value)) {
    add(
      'error',
      'thumbprint-not-hex',
      l10n.t(
        'The thumbprint holds something other than hexadecimal digits, and MSAL silently stops reading there. Leave digits only, without colons and blanks.',
      ),
    );
    return;
  }
  const wanted = property === 'thumbprintSha256' ? 64 : 40;
  if (value.length === wanted) return;
  add(
    'error',
    'thumbprint-wrong-length',
    property === 'thumbprintSha256'
      ? l10n.t('thumbprintSha256 has {0} digits; a SHA-256 thumbprint has 64.', value.length)
      : l10n.t('thumbprint has {0} digits; a SHA-1 thumbprint has 40.', value.length),
  );
}

/** Compares numeric parts; what follows a hyphen does not count. */
function isAtLeast(version: string, floor: readonly number[]): boolean {
  const parts = (version.split('-')[0] ?? '').split('.').map(Number);
  for (const [index, least] of floor.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
