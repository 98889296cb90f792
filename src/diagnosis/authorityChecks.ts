/** Checks on the authority (facts/tokens.md 4.2). */
import * as l10n from '@vscode/l10n';
import { readAuthority } from '../appConfig/authority.ts';
import type { AppConfig } from '../appConfig/types.ts';
import { atLeast } from '../appConfig/versions.ts';
import { at, envPlace } from './finding.ts';
import type { Finding } from './types.ts';

/**
 * First msal-node whose msal-common (16.6.1) validates the issuer of an External ID tenant; `knownAuthorities` counts only from
 * msal-common 16.7.0 on. Read in the packages msal-common 16.5.2, 16.6.0 (no validation), 16.6.1, 16.6.2, 16.7.0 and 16.17.0.
 */
const firstWithIssuerCheck = '5.2.1';
const firstWithKnownIssuers = '5.2.3';

/**
 * An External ID tenant names itself `https://{tenant id}.ciamlogin.com/{tenant id}/v2.0`, whatever the authority says. Newer msal-node
 * accepts that only when the authority names the tenant by its id (facts/tokens.md 4.2).
 */
export function checkAuthority(config: AppConfig): Finding[] {
  const { authority, knownAuthorities, msal } = config;
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
  return [
    {
      code: 'authority-rejected',
      severity: msal.source === 'range' ? 'warning' : 'error',
      message,
      ...at(config, config.places?.authority),
      ...envPlace(authority.source),
    },
  ];
}

/** True also when the list cannot be read: it may hold what is needed. */
function namesIssuer(known: AppConfig['knownAuthorities']): boolean {
  if (known === 'unknown') return true;
  return (known ?? []).some((each) => isGuid(/^(?:https:\/\/)?([^./]+)\.ciamlogin\.com/i.exec(each.trim())?.[1] ?? ''));
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
