/** Checks on the certificate block itself: what it lacks, and values that cannot be what they should be (facts/failure-modes.md F10, F16, F18, F31, F35). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import { at, envPlace } from './finding.ts';
import { checkKeyText } from './keyTextChecks.ts';
import type { AppFacts, Finding, UnsetVariable } from './types.ts';

/** What stands in the way in the block, the key's own file left aside. */
export function checkBlock(config: AppConfig, facts: AppFacts): Finding[] {
  if (config.certificate === undefined) return [];
  return [
    ...checkLacking(config),
    ...checkUnset(config, facts),
    ...checkKeyText(config, facts),
    ...checkKeyInCode(config),
    ...checkChain(config),
  ];
}

/** A misspelt property has a finding of its own, which says the same more exactly. */
function checkLacking(config: AppConfig): Finding[] {
  const { certificate, misspelt } = config;
  if (misspelt !== undefined) return [];
  return (certificate?.lacks ?? []).map((what): Finding =>
    what === 'thumbprint'
      ? {
          code: 'thumbprint-missing',
          severity: 'error',
          message: l10n.t(
            'The certificate has no thumbprint, so MSAL fails with state_not_found or invalid_assertion. Add "thumbprintSha256" (msal-node 2.11 or later) or "thumbprint".',
          ),
          ...at(config),
        }
      : {
          code: 'private-key-missing',
          severity: 'error',
          message: l10n.t(
            'The certificate has no private key, so MSAL fails with invalid_client_credential. Add "privateKey" with the key in PEM form.',
          ),
          ...at(config),
        },
  );
}

/** F31. Where the app has no `.env` file here, or may take its secret instead, its variables are set elsewhere, which is no mistake. */
function checkUnset(config: AppConfig, { unset = [] }: AppFacts): Finding[] {
  return unset.map(({ variable, role, hasEnvFile }) => ({
    code: 'variable-not-set',
    severity: hasEnvFile && config.alternatives !== true ? 'error' : 'information',
    message: unsetText(variable, role),
    ...at(config, config.places?.[role]),
  }));
}

function unsetText(variable: string, role: UnsetVariable['role']): string {
  switch (role) {
    case 'thumbprint':
      return l10n.t(
        'The variable {0} has no value in the app’s .env file, so the app sends no thumbprint and MSAL fails. Set the variable.',
        variable,
      );
    case 'keyPath':
      return l10n.t(
        'The variable {0} has no value in the app’s .env file, so the app does not find its private key file and does not start. Set the variable.',
        variable,
      );
    case 'privateKey':
      return l10n.t(
        'The variable {0} has no value in the app’s .env file, so MSAL gets no private key and fails with invalid_client_credential. Set the variable.',
        variable,
      );
  }
}

function checkKeyInCode(config: AppConfig): Finding[] {
  if (config.certificate?.keyInCode !== true) return [];
  return [
    {
      code: 'private-key-in-code',
      severity: 'warning',
      message: l10n.t(
        'The private key stands in the code and therefore in every copy of it and in its history. Move it to an environment variable, then rotate the certificate, so that the app gets a new key, and remove the old certificate from the app registration.',
      ),
      ...at(config, config.places?.privateKey),
      // A rotation does not write a key into code, and could not bring the old one back. What is no whole key gains nothing by a move.
      ...(config.envFile === undefined || config.certificate.keyLiteral !== undefined
        ? {}
        : { fix: { kind: 'repair', what: 'privateKey', line: config.line } }),
    },
  ];
}

/** MSAL takes the certificates out with this pattern and sends an empty list when none fits (F35; ClientAssertion.ts). */
const chainPattern = /-----BEGIN CERTIFICATE-----\r*\n(.+?)\r*\n-----END CERTIFICATE-----/s;

function checkChain(config: AppConfig): Finding[] {
  const x5c = config.certificate?.x5c;
  if (x5c?.value === undefined || x5c.value.trim() === '' || chainPattern.test(x5c.value)) return [];
  // Sample text, or what another program fills in.
  if (!/BEGIN|^MII/.test(x5c.value)) return [];
  return [
    {
      code: 'x5c-without-newlines',
      severity: 'warning',
      message: l10n.t(
        'The certificate in "x5c" has no line ends after its BEGIN and before its END line, so MSAL silently sends none. Give it as PEM text with real line ends, or leave "x5c" out, which ordinary app registrations do not need.',
      ),
      ...at(config, config.places?.x5c),
      ...envPlace(x5c.source),
    },
  ];
}
