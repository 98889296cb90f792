/** What proving needs, out of the services: the azure room for tokens and vaults, the journal for what a setup left. */
import * as vscode from 'vscode';
import { isCancelled } from '../../base/errors.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import type { Masker } from '../../base/masking.ts';
import { proveApp } from '../../setup/index.ts';
import type { ProveOptions, ProveResult, ProvingTools, SetupProof, SetupProver } from '../../setup/index.ts';
import { proofsOf, rewrittenOf } from '../../setup/index.ts';
import { configsIn } from '../commands/appConfigs.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { vaultIdentity } from './vaultIdentity.ts';

/** @param interactive whether a vault may ask to sign in; the proof itself never asks anybody */
export function provingTools(services: Services, masker: Masker, interactive: boolean): ProvingTools {
  const azure = services.azure();
  return {
    prover: azure.prover,
    certificates: services.certificates(),
    appConfigs: services.appConfigs(),
    files: services.files,
    environment: process.env,
    announce: (secret) => {
      masker.add(secret);
    },
    registered: (appId, tenant, signal) => registeredCertificates(services, appId, tenant, signal),
    vaultIdentity: (config, signal) =>
      vaultIdentity(config, services, { interactive, ...(signal === undefined ? {} : { signal }) }),
    ports: services.setupPorts,
  };
}

/** The certificates of a registration, where they can be read without asking anybody; else undefined. */
export async function registeredCertificates(
  services: Services,
  appId: string,
  tenant: string | undefined,
  signal?: AbortSignal,
): Promise<readonly RegisteredCertificate[] | undefined> {
  if (tenant === undefined) return undefined;
  try {
    const options = { interactive: false, ...(signal === undefined ? {} : { signal }) };
    return (await services.azure().registrations.find({ appId, tenant }, options)).certificates;
  } catch (error) {
    if (isCancelled(error)) throw error;
    // Nobody is signed in, or may not read: the proof goes on without knowing.
    return undefined;
  }
}

/** Shows how the proof goes on, in words that tell what is waited for. */
export async function proveWithProgress(
  prove: (options: Required<Pick<ProveOptions, 'signal' | 'onProgress'>>) => Promise<ProveResult>,
): Promise<ProveResult> {
  return withProgress(vscode.l10n.t('Proving sign-in'), (signal, report) =>
    prove({
      signal,
      onProgress: ({ successes, wanted, waitingFor, elapsed, left }) => {
        const seconds = Math.round(elapsed / 1000);
        report(
          waitingFor === 'replication'
            ? vscode.l10n.t(
                'The directory does not know the certificate everywhere yet; {0} s waited, at most {1} s more',
                seconds,
                Math.round(left / 1000),
              )
            : waitingFor === 'service'
              ? vscode.l10n.t('No answer; {0} s waited, at most {1} s more', seconds, Math.round(left / 1000))
              : vscode.l10n.t('{0} of {1} tokens in a row', successes, wanted),
        );
      },
    }),
  );
}

/** The proof at the end of a setup, with a progress of its own: leaving it leaves the setup as it is. */
export function setupProver(
  services: Services,
  masker: Masker,
  options: { readonly interactive: boolean; readonly tenant?: string },
): SetupProver {
  return {
    async prove({ file, line, registered, clientId }): Promise<SetupProof> {
      const found = await configsIn(file, undefined, services);
      const config = rewrittenOf(found, line, clientId);
      if (config === undefined) throw new Error('The config that was just rewritten is gone.');
      const tools = provingTools(services, masker, options.interactive);
      const tenant = options.tenant === undefined ? {} : { tenant: options.tenant };
      const result = await proveWithProgress((progress) =>
        proveApp(config, tools, { ...tenant, ...progress, registered }),
      );
      const [proof] = await proofsOf(file, services.setupPorts);
      if (result.ok && proof !== undefined) return { status: 'proven', proof: proof };
      const { code = 'not-proven', message = '' } = result.error ?? {};
      return { status: 'not-proven', reason: { code, message, file } };
    },
  };
}
