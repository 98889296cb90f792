/** What one does with a certificate of the view without changing it: look, copy, go to the portal. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../../base/errors.ts';
import type { VaultCertificateDetails, VaultClient } from '../../../azure/types.ts';
import type { CopiedResult, VaultCertificateFacts } from '../../automation/vaultView.ts';
import type { CommandName } from '../../../contributions.ts';
import { withProgress } from '../../progress.ts';
import type { Services } from '../../services.ts';
import { detailsReport } from '../../vaultTree/detailsReport.ts';
import { base64UrlThumbprint } from '../../vaultTree/facts.ts';
import { targetOf, vaultOf } from '../vault/target.ts';
import type { VaultRun } from '../vault/target.ts';
import type { Command } from '../run.ts';
import { vaultCertificateSchema } from '../schemas.vaultView.ts';

interface Given {
  readonly vault?: string;
  readonly name?: string;
  readonly version?: string;
}

interface Found {
  readonly client: VaultClient;
  readonly details: VaultCertificateDetails;
}

export const openVaultCertificate: Command<'openVaultCertificate'> = {
  schema: vaultCertificateSchema,
  changes: false,
  async run(run, services) {
    const { options, interactive } = run;
    const { client, details } = await find(run, vscode.l10n.t('Open Certificate Details'), services);
    const description = await services.vaultTree.describe(details.certificateDer);
    if (interactive) {
      const { vault } = client;
      services.reports.show(
        `${vault.origin}/${details.name}/${options.version ?? ''}`,
        detailsReport({
          vault,
          details,
          description,
          version: options.version,
          thresholds: services.vaultTree.thresholds(),
          portal: services.azure().portalLink(vault, details.name),
          now: services.setupPorts.clock.now(),
        }),
      );
    }
    const { subject, issuer, keyAlgorithm, keySize } = description ?? {};
    return {
      ...factsOf(client, details),
      ...(subject === undefined ? {} : { subject }),
      ...(issuer === undefined ? {} : { issuer }),
      ...(keyAlgorithm === undefined ? {} : { keyAlgorithm }),
      ...(keySize === undefined ? {} : { keySize }),
    };
  },
};

function copying<
  N extends Extract<
    CommandName,
    'copySha256Thumbprint' | 'copySha1Thumbprint' | 'copyBase64UrlThumbprint' | 'copyCertificateId'
  >,
>(title: () => string, textOf: (details: VaultCertificateDetails) => string | undefined): Command<N> {
  return {
    schema: vaultCertificateSchema,
    changes: false,
    async run(run: VaultRun<Given> & { interactive: boolean }, services: Services): Promise<CopiedResult> {
      const { details } = await find(run, title(), services);
      const text = textOf(details);
      if (text === undefined || text === '') {
        throw new ExpectedError(
          'certificate-pending',
          vscode.l10n.t(
            'The vault has no certificate {0} yet, so there is nothing to copy. Wait until it is created, or create it again.',
            details.name,
          ),
        );
      }
      await vscode.env.clipboard.writeText(text);
      if (run.interactive) vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) Copied: {0}', text), 5000);
      return { text };
    },
  };
}

export const copySha256Thumbprint = copying<'copySha256Thumbprint'>(
  () => vscode.l10n.t('Copy SHA-256 Thumbprint'),
  ({ thumbprintSha256 }) => thumbprintSha256,
);
export const copySha1Thumbprint = copying<'copySha1Thumbprint'>(
  () => vscode.l10n.t('Copy SHA-1 Thumbprint'),
  ({ thumbprintSha1 }) => thumbprintSha1,
);
export const copyBase64UrlThumbprint = copying<'copyBase64UrlThumbprint'>(
  () => vscode.l10n.t('Copy Base64url Thumbprint'),
  ({ thumbprintSha256 }) => (thumbprintSha256 === undefined ? undefined : base64UrlThumbprint(thumbprintSha256)),
);
export const copyCertificateId = copying<'copyCertificateId'>(
  () => vscode.l10n.t('Copy Certificate ID'),
  ({ id }) => id,
);

/** The vault itself where no certificate is named. */
export const showInPortal: Command<'showInPortal'> = {
  schema: vaultCertificateSchema,
  changes: false,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Show in Portal');
    const { vault } =
      options.vault === undefined
        ? await vaultOf(run, title, services)
        : { vault: services.vaultTree.store.vaultOf(options.vault) };
    const address = services.azure().portalLink(vault, options.name);
    if (address === undefined) {
      throw new ExpectedError(
        'no-portal-address',
        vscode.l10n.t(
          'There is no address of {0} in the portal: the cloud has none, or the vault was added by its name and is in no subscription that you can see. Open the portal and look for it there.',
          options.name ?? vault.name,
        ),
      );
    }
    if (interactive) await vscode.env.openExternal(vscode.Uri.parse(address, true));
    return { address };
  },
};

/** Asks for what the options leave open, and reads it anew: what was copied must not be of yesterday. */
async function find(run: VaultRun<Given>, title: string, services: Services): Promise<Found> {
  const { store } = services.vaultTree;
  const given = run.options;
  const listed = given.vault === undefined ? given : { ...given, vault: addressOf(given.vault, services) };
  const { client, name, call } = await targetOf({ ...run, options: listed }, title, {}, services);
  const { version } = given;
  const details = await withProgress(vscode.l10n.t('Reading {0}', name), (signal) =>
    store.read(client.vault, name, version, { ...call, signal }),
  );
  return { client, details };
}

/** The view knows vaults by names that say nothing about their address. */
function addressOf(vault: string, { vaultTree: { store } }: Services): string {
  const wanted = vault.trim().toLowerCase();
  return (
    [...store.records.values()].find((record) => record.vault.name.toLowerCase() === wanted)?.vault.origin ?? vault
  );
}

function factsOf({ vault }: VaultClient, details: VaultCertificateDetails): VaultCertificateFacts {
  const { name, version, id, enabled, notBefore, expires, thumbprintSha256, thumbprintSha1, policy, tags } = details;
  return {
    vault: vault.origin,
    name,
    ...(version === undefined ? {} : { version }),
    id,
    enabled,
    ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore).toISOString() }),
    ...(expires === undefined ? {} : { notAfter: new Date(expires).toISOString() }),
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    ...(policy === undefined ? {} : { exportable: policy.exportable }),
    tags: { ...tags },
  };
}
