/** Uploads the certificate of a setup, or finds that somebody else has. */
import * as vscode from 'vscode';
import type { ApplicationName } from '../../azure/types.ts';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { Masker } from '../../base/masking.ts';
import { proveIdentity, tenantOf } from '../../setup/index.ts';
import type { Registrar, RegistrationOutcome, RegistrationSubject, SetupPlan } from '../../setup/index.ts';
import type { Services } from '../services.ts';
import { checkCloud } from './otherCloud.ts';
import { isCurable } from './preflightWarnings.ts';
import { provingTools, registeredCertificates } from './provingTools.ts';

export interface RegistrarOptions {
  /** Whether signing in may open a browser. */
  readonly interactive: boolean;
  /** Tenant of the registration, where the authority names none. */
  readonly tenant?: string;
  readonly masker: Masker;
}

/** For one setup: it remembers what it has added. */
export function createRegistrar(services: Services, options: RegistrarOptions): Registrar {
  let added: (ApplicationName & { readonly keyId: string }) | undefined;
  return {
    async register(plan, signal): Promise<RegistrationOutcome> {
      const application = applicationOf(plan, options.tenant);
      const onWrite = (keyId: string) => {
        added = { ...application, keyId };
      };
      const call = { interactive: options.interactive, ...(signal === undefined ? {} : { signal }) };
      try {
        checkCloud(plan.config.authority?.value, services.azure().cloud);
        const { certificateDer } = plan;
        await services.azure().registrations.upload({ ...application, certificateDer, onWrite }, call);
        return { status: 'confirmed' };
      } catch (error) {
        if (isCancelled(error) || !isExpectedError(error) || !isCurable(error.code)) throw error;
        if (await isThere(plan, application, services, options, signal)) return { status: 'confirmed' };
        return { status: 'unconfirmed', reason: { code: error.code, message: error.message, file: plan.config.file } };
      }
    },
    async takeBack(wasCancelled) {
      if (added === undefined) return undefined;
      const { keyId, ...application } = added;
      try {
        await services.azure().registrations.removeCertificate(application, keyId, { interactive: false });
        added = undefined;
        return undefined;
      } catch (error) {
        if (!isExpectedError(error)) throw error;
        if (wasCancelled) void vscode.window.showWarningMessage(stays(application, error.message));
        return error.message;
      }
    },
  };
}

function stays({ appId }: ApplicationName, reason: string): string {
  return vscode.l10n.t(
    'The setup was cancelled, but its certificate was uploaded before and stays registered at {0} without its private key, because it could not be removed again: {1} Remove it under "Certificates & secrets" of the app registration.',
    appId,
    reason,
  );
}

/** The registration that a config belongs to; missing parts are left empty, and the upload says what is missing. */
export function applicationOf({ config }: Pick<SetupPlan, 'config'>, tenant: string | undefined): ApplicationName {
  return { appId: config.clientId?.value ?? '', tenant: tenant ?? tenantOf(config.authority?.value) ?? 'common' };
}

/** An administrator may have uploaded it: the registration shows it, or else a token does. */
async function isThere(
  plan: RegistrationSubject,
  { appId, tenant }: ApplicationName,
  services: Services,
  options: RegistrarOptions,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { thumbprintSha256 = '', thumbprintSha1 = '' } = plan.certificate;
  const listed = await registeredCertificates(services, appId, tenant, signal);
  if (listed !== undefined) return listed.some((each) => each.thumbprintSha256 === thumbprintSha256);
  if (plan.privateKeyPkcs8 === undefined || appId === '') return false;
  const tools = provingTools(services, options.masker, false);
  try {
    const identity = {
      sign: tools.prover.localSigner(plan.privateKeyPkcs8),
      thumbprintProperty: 'thumbprintSha256',
      configured: thumbprintSha256,
      certificate: { thumbprintSha256, thumbprintSha1 },
    } as const;
    const { clientId, authority, knownAuthorities, msal } = plan.config;
    const app = {
      msal,
      ...(clientId === undefined ? {} : { clientId }),
      ...(authority === undefined ? {} : { authority }),
      ...(knownAuthorities === undefined ? {} : { knownAuthorities }),
    };
    const how = {
      patience: 0,
      ...(signal === undefined ? {} : { signal }),
      ...(tenant === 'common' ? {} : { tenant }),
    };
    return (await proveIdentity(app, identity, tools, how)).ok;
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return false;
  }
}
