/** Checks on a config as it stands: pure, on what the caller has read. */
import * as l10n from '@vscode/l10n';
import { readAuthority } from '../appConfig/authority.ts';
import { brokenVersion, firstWithSha256, isBrokenVersion } from '../appConfig/msalVersion.ts';
import type { AppConfig } from '../appConfig/types.ts';
import { atLeast } from '../appConfig/versions.ts';
import { checkKey } from './keyChecks.ts';
import { checkThumbprint } from './thumbprintChecks.ts';
import type { AppFacts, Finding } from './types.ts';

/**
 * First msal-node whose msal-common (16.6.1) validates the issuer of an External ID tenant; `knownAuthorities` counts only from
 * msal-common 16.7.0 on. Read in the packages msal-common 16.5.2, 16.6.0 (no validation), 16.6.1, 16.6.2, 16.7.0 and 16.17.0.
 */
const firstWithIssuerCheck = '5.2.1';
const firstWithKnownIssuers = '5.2.3';

/**
 * Everything that is wrong with a config, or will be, in a stable order. What was not looked up is not judged, and what
 * merely looks odd but works (facts/failure-modes.md F7, F14, F17) is not mentioned.
 */
export function checkApp(config: AppConfig, facts: AppFacts = {}): Finding[] {
  return [
    ...checkCredential(config),
    ...checkMisspelt(config),
    ...checkAssertion(config),
    ...checkVersion(config),
    ...checkThumbprint(config),
    ...checkKey(config, facts),
    ...checkAuthority(config),
  ];
}

function checkCredential({ credential, secretInCode, line }: AppConfig): Finding[] {
  const findings: Finding[] = [];
  if (secretInCode === true) {
    findings.push({
      code: 'secret-in-code',
      severity: 'error',
      message: l10n.t(
        'A client secret stands in the code and therefore in every copy of it and in its history. Set up a client certificate, then delete this secret from the app registration.',
      ),
      line,
    });
  } else if (credential === 'secret') {
    findings.push({
      code: 'secret-in-use',
      severity: 'warning',
      message: l10n.t(
        'This app signs in with a client secret. A client certificate is safer: its private key never leaves this app. Run "Client Certificate: Set Up Client Certificate…".',
      ),
      line,
    });
  }
  if (credential === 'secretAndCertificate') {
    findings.push({
      code: 'secret-and-certificate',
      severity: 'warning',
      message: l10n.t(
        'A client secret and a client certificate are both configured. MSAL refuses to start when both have a value. Remove the secret once sign-in with the certificate works.',
      ),
      line,
    });
  }
  return findings;
}

function checkMisspelt({ misspelt }: AppConfig): Finding[] {
  if (misspelt === undefined) return [];
  const message = l10n.t(
    'MSAL ignores "{0}": the property is called "clientCertificate". Correct its name.',
    misspelt.name,
  );
  return [{ code: 'certificate-misspelt', severity: 'error', message, line: misspelt.line }];
}

/** First msal-node that calls a function for its assertions (src/appConfig/keyVaultSign/plan.ts has the evidence). */
const firstWithFunction = '2.8.1';

function checkAssertion({ credential, assertion, msal, line }: AppConfig): Finding[] {
  if (credential !== 'assertion') return [];
  if (assertion === 'text') {
    const message = l10n.t(
      'The client assertion is a text, which is good for ten minutes at most; then sign-in fails with AADSTS700024. Give MSAL a function that makes it anew, or a certificate.',
    );
    return [{ code: 'assertion-expires', severity: 'warning', message, line }];
  }
  if (assertion !== 'function' || msal.version === undefined || atLeast(msal.version, firstWithFunction)) return [];
  const certain = msal.source !== 'range' || msal.exact === true;
  const message = certain
    ? l10n.t(
        'msal-node {0} does not call the function that makes the client assertion, and sign-in fails. Install 2.8.1 or later (npm install @azure/msal-node@latest).',
        msal.version,
      )
    : l10n.t(
        'package.json allows msal-node {0}, which does not call the function that makes the client assertion. Raise the range to 2.8.1 or later.',
        msal.version,
      );
  return [{ code: 'msal-node-too-old', severity: certain ? 'error' : 'warning', message, line }];
}

function checkVersion({ credential, certificate, msal, line }: AppConfig): Finding[] {
  if (credential !== 'certificate' && credential !== 'secretAndCertificate') return [];
  if (isBrokenVersion(msal)) {
    const message = l10n.t(
      'msal-node {0} sends no client assertion, so sign-in with a certificate fails with AADSTS7000216. Install a later version (npm install @azure/msal-node@latest).',
      brokenVersion,
    );
    return [{ code: 'msal-node-2-8-0', severity: 'error', message, line }];
  }
  const property = certificate?.thumbprintProperty;
  if (msal.version === undefined || property === undefined) return [];
  const knowsSha256 = atLeast(msal.version, firstWithSha256);
  if (property === 'thumbprintSha256' && !knowsSha256) {
    const certain = msal.source !== 'range' || msal.exact === true;
    const message = certain
      ? l10n.t(
          'msal-node {0} does not know "thumbprintSha256" and fails with invalid_assertion. Install 2.11.1 or later, or use "thumbprint" with the SHA-1 thumbprint.',
          msal.version,
        )
      : l10n.t(
          'package.json allows msal-node {0}, which does not know "thumbprintSha256". Raise the range to 2.11.1 or later.',
          msal.version,
        );
    return [{ code: 'msal-node-too-old', severity: certain ? 'error' : 'warning', message, line }];
  }
  if (property === 'thumbprint' && knowsSha256) {
    const message = l10n.t(
      'This app uses the SHA-1 thumbprint, which msal-node {0} calls deprecated. Use "thumbprintSha256" with the SHA-256 thumbprint.',
      msal.version,
    );
    return [{ code: 'thumbprint-sha1', severity: 'information', message, line }];
  }
  return [];
}

/**
 * An External ID tenant names itself `https://{tenant id}.ciamlogin.com/{tenant id}/v2.0`, whatever the authority says. Newer msal-node
 * accepts that only when the authority names the tenant by its id (facts/tokens.md 4.2).
 */
function checkAuthority({ authority, knownAuthorities, msal, line }: AppConfig): Finding[] {
  if (authority?.value === undefined || msal.version === undefined) return [];
  const { kind, host, tenantForm } = readAuthority(authority.value);
  if (kind !== 'externalId' || !atLeast(msal.version, firstWithIssuerCheck)) return [];
  const subdomain = host?.split('.')[0] ?? '';
  if (tenantForm === 'guid' || tenantForm === 'placeholder' || !/^[0-9a-z-]+$/.test(subdomain)) return [];
  if (isGuid(subdomain) || /^enter|_here$/i.test(subdomain)) return [];
  if (atLeast(msal.version, firstWithKnownIssuers) && namesIssuer(knownAuthorities)) return [];
  const message = l10n.t(
    'msal-node {0} rejects this authority with endpoints_resolution_error: the tenant answers under its id, not under its name. Write https://{1}.ciamlogin.com/ followed by the tenant id.',
    msal.version,
    subdomain,
  );
  return [{ code: 'authority-rejected', severity: msal.source === 'range' ? 'warning' : 'error', message, line }];
}

/** True also when the list cannot be read: it may hold what is needed. */
function namesIssuer(known: AppConfig['knownAuthorities']): boolean {
  if (known === 'unknown') return true;
  return (known ?? []).some((each) => isGuid(/^(?:https:\/\/)?([^./]+)\.ciamlogin\.com/i.exec(each.trim())?.[1] ?? ''));
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
