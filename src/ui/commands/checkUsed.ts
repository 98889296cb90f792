/** For a caller who asks for a certificate in an app that has one already: whether it is that one. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import type { VaultCertificateChoice } from '../automation.ts';
import { checkHere } from '../checks/checking.ts';
import { readWhole } from '../flows/certificateFile.ts';
import { openingOf } from '../flows/opening.ts';
import { withProgress } from '../progress.ts';
import { usedVault } from '../registering/vaultIdentity.ts';
import type { Services } from '../services.ts';
import { openVault } from '../vaults/openVault.ts';
import type { Run } from './run.ts';
import { useInVault, useOf } from './usedAlready.ts';
import type { Use } from './usedAlready.ts';

/**
 * Resolves where all of the apps use the certificate of the options, or none is asked for. Changes nothing.
 * Rejects with `app-has-other-certificate` and `app-certificate-unknown`, and as reading the certificate does.
 */
export async function checkUsed(
  configs: readonly AppConfig[],
  { options, masker, maySignIn }: Run<'setUp'>,
  services: Services,
): Promise<void> {
  const { certificate } = options;
  if (certificate === undefined) return;
  const announce = (secret: string) => {
    masker.add(secret);
  };
  const useBy = await asked();
  for (const config of configs) {
    const use = await useBy(config);
    if (use !== 'same') throw use === 'other' ? hasOther(config) : unknown(config);
  }

  async function asked(): Promise<(config: AppConfig) => Promise<Use>> {
    switch (certificate?.kind) {
      case 'file': {
        const bytes = await readWhole(certificate.file, services.files);
        const { description } = await services.certificates().openCertificate(bytes, openingOf(certificate));
        return (config) => useByThumbprint(config, description, services, announce);
      }
      case 'vault': {
        const found = await readInVault(certificate, services, maySignIn);
        return async (config) => {
          const used = await usedVault(config, services);
          if (used !== undefined) return useInVault(found, used.reference);
          return useByThumbprint(config, found, services, announce);
        };
      }
      default:
        // Made for this call: no app has it.
        return () => Promise.resolve('other');
    }
  }
}

async function useByThumbprint(
  config: AppConfig,
  asked: Pick<CertificateDescription, 'thumbprintSha256' | 'thumbprintSha1'>,
  services: Services,
  announce: (secret: string) => void,
): Promise<Use> {
  const named = config.certificate?.thumbprint?.value;
  const { certificate, keyMatches } = await checkHere(config, services, announce);
  return useOf(asked, {
    ...(named === undefined ? {} : { named }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(keyMatches === undefined ? {} : { keyMatches }),
  });
}

async function readInVault({ vault, name, version }: VaultCertificateChoice, services: Services, interactive: boolean) {
  return withProgress(vscode.l10n.t('Reading {0} from Key Vault', name), async (signal) => {
    const call = { interactive, signal };
    const client = await openVault(services, vault, call);
    const isExact = version !== undefined && version !== 'latest';
    const found = await client.get({ name, ...(isExact ? { version } : {}) }, call);
    return {
      origin: client.vault.origin,
      name,
      ...(version === undefined ? {} : { version }),
      ...(found.version === undefined ? {} : { exact: found.version }),
      thumbprintSha256: found.thumbprintSha256 ?? '',
      thumbprintSha1: found.thumbprintSha1 ?? '',
    };
  });
}

function hasOther(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'app-has-other-certificate',
    vscode.l10n.t(
      '{0} has a certificate already, and it is another one than this. Nothing was changed. "Client Certificate: Rotate Certificate" puts another certificate in its place.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}

function unknown(config: AppConfig): ExpectedError {
  return new ExpectedError(
    'app-certificate-unknown',
    vscode.l10n.t(
      '{0} authenticates with a certificate or with client assertions already, and whether it is this certificate cannot be told without running the app. Nothing was changed. "Client Certificate: Check App Config" tells what is known of it, "Client Certificate: Rotate Certificate" puts another certificate in its place.',
      config.file,
    ),
    { file: config.file, line: config.line },
  );
}
