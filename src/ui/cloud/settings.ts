/** The settings that signing in depends on, checked. */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AzurePart, Cloud, TokenSourceName } from '../../azure/types.ts';
import { settings } from '../../contributions.ts';

export interface AzureSettings {
  readonly cloud: Cloud;
  readonly order: readonly TokenSourceName[];
  readonly clientId?: string;
  /** Ids or domains; empty for all of the account. */
  readonly tenants: readonly string[];
  /** PEM. */
  readonly trustedCertificates?: string;
}

const clouds: readonly Cloud['name'][] = ['public', 'usGovernment', 'china', 'custom'];
const sources: readonly TokenSourceName[] = ['vscode', 'azureCli', 'environment', 'browser', 'deviceCode'];

/** The settings whose change makes another account or cloud of it. */
export const azureSettingNames: readonly string[] = [
  settings.cloud,
  settings.customCloud,
  settings.signInOrder,
  settings.signInClientId,
  settings.signInTenants,
];

/**
 * Values of a wrong type, which only settings.json written by hand has, count as not set.
 * @throws ExpectedError `custom-cloud-invalid`, `cloud-certificates-unreadable`
 */
export function readAzureSettings(azure: Pick<AzurePart, 'resolveCloud'>): AzureSettings {
  const configuration = vscode.workspace.getConfiguration();
  const read = (name: string): unknown => configuration.get(name);
  const custom = read(settings.customCloud);
  const cloud = azure.resolveCloud(clouds.find((name) => name === read(settings.cloud)) ?? 'public', custom);
  const wanted = texts(read(settings.signInOrder));
  const order = sources.filter((name) => wanted.includes(name)).sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
  const clientId = read(settings.signInClientId);
  const trustedCertificates = cloud.name === 'custom' ? certificatesOf(custom) : undefined;
  return {
    cloud,
    order: order.length > 0 ? order : sources,
    tenants: texts(read(settings.signInTenants)),
    ...(typeof clientId === 'string' && clientId !== '' ? { clientId } : {}),
    ...(trustedCertificates === undefined ? {} : { trustedCertificates }),
  };
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((entry): entry is string => typeof entry === 'string' && entry.trim() !== '')
    .map((t) => t.trim());
}

function certificatesOf(custom: unknown): string | undefined {
  const file = (custom as { certificateFile?: unknown }).certificateFile;
  if (typeof file !== 'string' || file === '') return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw unreadable(file);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unreadable(file);
  return text;
}

function unreadable(file: string): ExpectedError {
  return new ExpectedError(
    'cloud-certificates-unreadable',
    vscode.l10n.t(
      'The custom cloud cannot be used because {0} cannot be read as a PEM file of certificates. Correct "certificateFile" in the setting clientCertificate.customCloud.',
      file,
    ),
    { file },
  );
}
