/**
 * The clouds of Microsoft Azure and a custom one. Hosts: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * and shared facts/tokens.md section 4.4.
 */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { Audience, Cloud, Vault } from './types.ts';

const publicCloud: Cloud = {
  name: 'public',
  login: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com',
  resourceManager: 'https://management.azure.com',
  portal: 'https://portal.azure.com',
  keyVaultResource: 'https://vault.azure.net',
  keyVaultSuffix: 'vault.azure.net',
};

const usGovernment: Cloud = {
  name: 'usGovernment',
  login: 'https://login.microsoftonline.us',
  graph: 'https://graph.microsoft.us',
  resourceManager: 'https://management.usgovcloudapi.net',
  portal: 'https://portal.azure.us',
  keyVaultResource: 'https://vault.usgovcloudapi.net',
  keyVaultSuffix: 'vault.usgovcloudapi.net',
};

const china: Cloud = {
  name: 'china',
  login: 'https://login.partner.microsoftonline.cn',
  graph: 'https://microsoftgraph.chinacloudapi.cn',
  resourceManager: 'https://management.chinacloudapi.cn',
  portal: 'https://portal.azure.cn',
  keyVaultResource: 'https://vault.azure.cn',
  keyVaultSuffix: 'vault.azure.cn',
};

/** The setting `clientCertificate.customCloud`: all endpoints are given, nothing is guessed. */
export interface CustomCloudSetting {
  readonly login: string;
  readonly graph: string;
  readonly resourceManager: string;
  readonly portal?: string;
  readonly keyVaultResource: string;
  /** Exactly the origins that may get a Key Vault token. */
  readonly vaults: readonly string[];
}

/**
 * The cloud that the settings name.
 * @param custom the setting for `custom`, unchecked
 * @throws ExpectedError `custom-cloud-invalid` naming the field that is missing or no https origin
 */
export function resolveCloud(name: Cloud['name'], custom?: unknown): Cloud {
  switch (name) {
    case 'public':
      return publicCloud;
    case 'usGovernment':
      return usGovernment;
    case 'china':
      return china;
    case 'custom':
      return customCloud(custom);
  }
}

function customCloud(setting: unknown): Cloud {
  const given = (typeof setting === 'object' && setting !== null ? setting : {}) as Partial<
    Record<keyof CustomCloudSetting, unknown>
  >;
  const origin = (field: Exclude<keyof CustomCloudSetting, 'vaults'>) => originOf(given[field], field);
  if (!Array.isArray(given.vaults)) throw invalidField('vaults');
  return {
    name: 'custom',
    login: origin('login'),
    graph: origin('graph'),
    resourceManager: origin('resourceManager'),
    ...(given.portal === undefined ? {} : { portal: origin('portal') }),
    keyVaultResource: origin('keyVaultResource'),
    vaultOrigins: given.vaults.map((vault: unknown) => originOf(vault, 'vaults')),
  };
}

function originOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || !URL.canParse(value)) throw invalidField(field);
  const url = new URL(value);
  // A token sent over http, or a host hidden behind credentials in the address, would be given away.
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') throw invalidField(field);
  return url.origin;
}

function invalidField(field: string): ExpectedError {
  return new ExpectedError(
    'custom-cloud-invalid',
    l10n.t(
      'The custom cloud cannot be used. Its field "{0}" is missing or is not an https address. Correct the setting clientCertificate.customCloud.',
      field,
    ),
  );
}

/** Scope of a token for one audience, as a `.default` scope. */
export function scopeOf(cloud: Cloud, audience: Audience): string {
  switch (audience) {
    case 'keyVault':
      return `${cloud.keyVaultResource}/.default`;
    case 'graph':
      return `${cloud.graph}/.default`;
    case 'resourceManager':
      return `${cloud.resourceManager}/.default`;
  }
}

/**
 * A vault from what a person types: its name, its address, or the address of one of its certificates.
 * @throws ExpectedError `vault-name-invalid`, or `vault-not-in-cloud` for a host that must not get a token
 */
export function vaultFromInput(cloud: Cloud, input: string): Vault {
  const text = input.trim();
  if (/^https?:\/\//i.test(text)) return vaultFromAddress(cloud, text);
  if (cloud.keyVaultSuffix !== undefined) {
    const name = text.endsWith(`.${cloud.keyVaultSuffix}`) ? text.slice(0, -cloud.keyVaultSuffix.length - 1) : text;
    // 3 to 24 letters, digits and single hyphens, beginning with a letter (about-keys-secrets-certificates).
    if (/^[a-z](?:-?[a-z0-9]){2,23}$/i.test(name) && name.length <= 24) {
      return { name: name.toLowerCase(), origin: `https://${name.toLowerCase()}.${cloud.keyVaultSuffix}` };
    }
  } else {
    const known = cloud.vaultOrigins?.find((origin) => vaultName(origin) === text || new URL(origin).host === text);
    if (known !== undefined) return { name: vaultName(known), origin: known };
  }
  throw new ExpectedError(
    'vault-name-invalid',
    l10n.t(
      '"{0}" is no vault. A vault name has 3 to 24 letters, digits and hyphens. Give the name or the address of the vault.',
      text,
    ),
  );
}

function vaultFromAddress(cloud: Cloud, address: string): Vault {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isVaultOrigin(cloud, url.origin)) return { name: vaultName(url.origin), origin: url.origin };
  throw new ExpectedError(
    'vault-not-in-cloud',
    l10n.t(
      "{0} is no vault of this cloud. A token is sent to the cloud's own vaults only. Check the address and the setting clientCertificate.cloud.",
      address,
    ),
  );
}

/** Whether a Key Vault token may be sent to this origin. */
export function isVaultOrigin(cloud: Cloud, origin: string): boolean {
  if (cloud.vaultOrigins !== undefined) return cloud.vaultOrigins.includes(origin);
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol !== 'https:' || url.port !== '' || cloud.keyVaultSuffix === undefined) return false;
  const name = url.hostname.endsWith(`.${cloud.keyVaultSuffix}`)
    ? url.hostname.slice(0, -cloud.keyVaultSuffix.length - 1)
    : '';
  // One label only; `name.privatelink.vault.azure.net` is an alias that the service does not serve itself.
  return /^[a-z0-9-]+$/.test(name);
}

/** Name for people: the first label of the host; with a port, as on loopback, host and port. */
function vaultName(origin: string): string {
  const url = new URL(origin);
  return url.port === '' ? (url.hostname.split('.')[0] ?? url.hostname) : url.host;
}
