/** Checks on the certificate block itself: what it lacks, and values that cannot be what they should be (facts/failure-modes.md F10, F16, F18, F31, F35). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import { at, envPlace } from './finding.ts';
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

/** F16, F18: MSAL says of each of these that the key "must be an asymmetric key". */
function checkKeyText(config: AppConfig, { keyText }: AppFacts): Finding[] {
  const { certificate, places } = config;
  if (keyText === undefined || certificate === undefined) return [];
  const variable = certificate.privateKey?.kind === 'environment' ? certificate.privateKey.variable : '';
  const place: Pick<Finding, 'line' | 'range' | 'envPlace'> = {
    ...at(config, places?.privateKey),
    ...envPlace(certificate.privateKey),
  };
  if (keyText === 'newlines') {
    return [
      {
        code: 'key-newlines-broken',
        severity: 'error',
        message: l10n.t(
          'The private key in {0} has lost its line ends, so MSAL cannot read it ("must be an asymmetric key"). Put the value in double quotes with \\n for each line end, or keep it as base64 in one line and decode it.',
          variable,
        ),
        ...place,
        ...(place.envPlace === undefined ? {} : { fix: { kind: 'repair', what: 'lineEnds', line: config.line } }),
      },
    ];
  }
  const texts = {
    base64: l10n.t(
      'The value of {0} is base64, but the code hands it to MSAL as it is. Decode it with Buffer.from(…, "base64"), or set the PEM text.',
      variable,
    ),
    pem: l10n.t(
      'The value of {0} is PEM text, but the code decodes it as base64, so MSAL gets no key. Set the base64 of the PEM text, or hand the value over as it is.',
      variable,
    ),
    path: l10n.t(
      'The value of {0} is the path of a file, but the code hands it to MSAL as the key. Read the file, or set the key itself.',
      variable,
    ),
    certificate: l10n.t(
      'The value of {0} is a certificate without its private key, so MSAL cannot sign. Set the private key.',
      variable,
    ),
    other: l10n.t('The value of {0} is no private key in PEM form, so MSAL cannot sign. Set the key again.', variable),
  } as const;
  return [{ code: 'key-variable-wrong', severity: 'error', message: texts[keyText], ...place }];
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
      // A rotation does not write a key into code, and could not bring the old one back.
      ...(config.envFile === undefined ? {} : { fix: { kind: 'repair', what: 'privateKey', line: config.line } }),
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
