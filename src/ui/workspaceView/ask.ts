/** Asks the app registration and the vault of an app. Only ever on demand, and never with a question to the user. */
import * as l10n from '@vscode/l10n';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { AzureParts, Registration, VaultCertificateDetails } from '../../azure/types.ts';
import { versionFollowed } from '../commands/versionFollowed.ts';
import { openVault } from '../vaults/openVault.ts';
import type { Asked, CertificateFact, LocalFacts, RegistrationFact, VaultFact, VaultVersionFact } from './facts.ts';
import { certificateFact } from './gather.ts';

export interface AskTools {
  azure(): AzureParts;
  now(): number;
  /** Tenant in which this application was found before. */
  tenantOf(appId: string): string | undefined;
}

/** Rejects with CancelledError only. */
export async function askRegistration(
  { clientId, tenant }: LocalFacts,
  tools: AskTools,
  signal: AbortSignal,
): Promise<Asked<RegistrationFact>> {
  const known = tenant ?? (clientId === undefined ? undefined : tools.tenantOf(clientId));
  if (clientId === undefined || clientId === '') {
    return failed(
      tools,
      'client-id-needed',
      l10n.t('The client id of the app cannot be read without running its code.'),
    );
  }
  if (known === undefined) {
    return failed(
      tools,
      'app-tenant-needed',
      l10n.t(
        'The authority names no single tenant, so it is not known where the app is registered. Upload or prove once; the tenant is asked for there.',
      ),
    );
  }
  return asking(tools, async () => {
    const { registrations } = tools.azure();
    return registrationFact(
      await registrations.find({ appId: clientId, tenant: known }, { interactive: false, signal }),
    );
  });
}

/** Rejects with CancelledError only. */
export async function askVault({ vault }: LocalFacts, tools: AskTools, signal: AbortSignal): Promise<Asked<VaultFact>> {
  if (vault === undefined) return { status: 'notAsked' };
  const call = { interactive: false, signal };
  return asking(tools, async () => {
    const client = await openVault(tools, vault.origin, call);
    const name = vault.certificate;
    const newest = versionFact(await client.get({ name }, call));
    const version =
      vault.version === 'latest' ? await versionFollowed(client, name, tools.now(), call) : vault.version.toLowerCase();
    const used = version === newest.version ? newest : versionFact(await client.get({ name, version }, call));
    return { newest, used };
  });
}

async function asking<T>(tools: AskTools, work: () => Promise<T>): Promise<Asked<T>> {
  try {
    const value = await work();
    return { status: 'asked', at: tools.now(), value };
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return failed(tools, error.code, error.message);
  }
}

function failed<T>(tools: AskTools, code: string, message: string): Asked<T> {
  return { status: 'failed', at: tools.now(), code, message };
}

/** Only what can sign in; secrets without their hint, which nobody needs here. */
function registrationFact({ displayName, certificates, secrets }: Registration): RegistrationFact {
  return {
    name: displayName,
    certificates: certificates
      .filter(({ usage }) => usage === 'Verify')
      .map(({ certificateDer, displayName: name, thumbprintSha256, thumbprintSha1, notBefore, expires }) => {
        const told: CertificateFact = {
          ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
          ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
          ...(notBefore === undefined ? {} : { notBefore }),
          ...(expires === undefined ? {} : { expires }),
          ...(name === undefined ? {} : { name }),
        };
        return { ...(certificateDer === undefined ? {} : certificateFact(certificateDer, name)), ...told };
      }),
    secrets: secrets.map(({ displayName: name, expires }) => ({
      ...(name === undefined ? {} : { name }),
      ...(expires === undefined ? {} : { expires }),
    })),
  };
}

function versionFact({
  version,
  certificateDer,
  thumbprintSha256,
  thumbprintSha1,
  expires,
  name,
}: VaultCertificateDetails): VaultVersionFact {
  return {
    ...(certificateDer === undefined ? {} : certificateFact(certificateDer, name)),
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    ...(expires === undefined ? {} : { expires }),
    ...(version === undefined ? {} : { version }),
  };
}
