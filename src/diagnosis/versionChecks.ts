/** Checks that hold the config against the msal-node it runs with (facts/failure-modes.md 3.2, F32 to F34, F37). */
import * as l10n from '@vscode/l10n';
import { brokenVersion, firstWithSha256, isBrokenVersion } from '../appConfig/msalVersion.ts';
import type { AppConfig } from '../appConfig/types.ts';
import { atLeast } from '../appConfig/versions.ts';
import { at, fixedBy } from './finding.ts';
import { checkDeprecated, toSha1 } from './thumbprintChecks.ts';
import type { AppFacts, Finding } from './types.ts';

/** First msal-node that calls a function for its assertions (src/appConfig/keyVaultSign/plan.ts has the evidence). */
const firstWithFunction = '2.8.1';

/** A client assertion: a text expires, a function has to be called. */
export function checkAssertion(config: AppConfig): Finding[] {
  const { credential, assertion, msal, places, vault } = config;
  if (credential !== 'assertion') return [];
  const place = at(config, places?.assertion);
  if (assertion === 'text') {
    const message = l10n.t(
      'The client assertion is a text, which is good for ten minutes at most; then sign-in fails with AADSTS700024. Give MSAL a function that makes it anew, or a certificate.',
    );
    return [{ code: 'assertion-expires', severity: 'warning', message, ...place }];
  }
  // The module that has assertions signed in Key Vault exports a function.
  const isFunction = assertion === 'function' || vault?.keyFrom === 'keyVaultSign';
  if (!isFunction || msal.version === undefined || atLeast(msal.version, firstWithFunction)) return [];
  const certain = isCertain(msal);
  const message = certain
    ? l10n.t(
        'msal-node {0} does not call the function that makes the client assertion, and sign-in fails. Install 2.8.1 or later (npm install @azure/msal-node@latest).',
        msal.version,
      )
    : l10n.t(
        'package.json allows msal-node {0}, which does not call the function that makes the client assertion. Raise the range to 2.8.1 or later.',
        msal.version,
      );
  return [{ code: 'msal-node-too-old', severity: certain ? 'error' : 'warning', message, ...place }];
}

/** The thumbprint's property has to fit the version. */
export function checkVersion(config: AppConfig, facts: AppFacts): Finding[] {
  const { credential, certificate, msal, places } = config;
  if (credential !== 'certificate' && credential !== 'secretAndCertificate') return [];
  if (isBrokenVersion(msal)) {
    const message = l10n.t(
      'msal-node {0} sends no client assertion, so sign-in with a certificate fails with AADSTS7000216. Install a later version (npm install @azure/msal-node@latest).',
      brokenVersion,
    );
    return [{ code: 'msal-node-2-8-0', severity: 'error', message, ...at(config) }];
  }
  const property = certificate?.thumbprintProperty;
  if (msal.version === undefined || property === undefined) return [];
  const knowsSha256 = atLeast(msal.version, firstWithSha256);
  if (property === 'thumbprintSha256' && !knowsSha256) {
    const certain = isCertain(msal);
    const message = certain
      ? l10n.t(
          'msal-node {0} does not know "thumbprintSha256" and fails with invalid_assertion. Install 2.11.1 or later, or use "thumbprint" with the SHA-1 thumbprint.',
          msal.version,
        )
      : l10n.t(
          'package.json allows msal-node {0}, which does not know "thumbprintSha256". Raise the range to 2.11.1 or later.',
          msal.version,
        );
    const severity = certain ? 'error' : 'warning';
    // A range is raised instead: what will be installed may know both.
    const fix = certain ? toSha1(config, facts) : undefined;
    return [{ code: 'msal-node-too-old', severity, message, ...at(config, places?.thumbprintName), ...fixedBy(fix) }];
  }
  return property === 'thumbprint' && knowsSha256 ? checkDeprecated(config, facts) : [];
}

function isCertain(msal: AppConfig['msal']): boolean {
  return msal.source !== 'range' || msal.exact === true;
}
