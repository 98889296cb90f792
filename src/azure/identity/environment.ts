/** A service principal from environment variables, with the names of `EnvironmentCredential`. */
import { ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { orCancelled } from '../cancellation.ts';
import type { IdentityCredential, IdentityOptions } from '../types.ts';
import { observedHttp } from './network.ts';

type Request = Parameters<IdentityCredential['getToken']>[1];

/**
 * Reads AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH (with
 * AZURE_CLIENT_CERTIFICATE_PASSWORD) from the given variables. The library's own `EnvironmentCredential` reads those of
 * the process, and also a user's password, which no longer works with multi-factor authentication.
 * The returned credential rejects with `environment-not-set`.
 */
export function createEnvironmentCredential(options: IdentityOptions): IdentityCredential {
  const { cloud, environment } = options;
  const http = observedHttp(options.trustedCertificates);
  const read = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const settings = {
    authorityHost: cloud.login,
    disableInstanceDiscovery: cloud.name === 'custom',
    additionallyAllowedTenants: ['*'],
    userAgentOptions: { userAgentPrefix: options.userAgent },
    httpClient: http.client,
  };
  const make = () => {
    const tenant = read('AZURE_TENANT_ID');
    const clientId = read('AZURE_CLIENT_ID');
    const secret = read('AZURE_CLIENT_SECRET');
    const certificatePath = read('AZURE_CLIENT_CERTIFICATE_PATH');
    if (tenant === undefined) throw notSet('AZURE_TENANT_ID');
    if (clientId === undefined) throw notSet('AZURE_CLIENT_ID');
    if (secret !== undefined) return new ClientSecretCredential(tenant, clientId, secret, settings);
    if (certificatePath === undefined) throw notSet('AZURE_CLIENT_SECRET');
    const certificatePassword = read('AZURE_CLIENT_CERTIFICATE_PASSWORD');
    const certificate = { certificatePath, ...(certificatePassword === undefined ? {} : { certificatePassword }) };
    return new ClientCertificateCredential(tenant, clientId, certificate, settings);
  };
  let credential: ClientSecretCredential | ClientCertificateCredential | undefined;
  return {
    getToken: http.sayingWhy(async (scope: string, { tenant, claims, signal }: Request) => {
      credential ??= make();
      const pending = credential.getToken(scope, {
        enableCae: true,
        ...(tenant === undefined ? {} : { tenantId: tenant }),
        ...(claims === undefined ? {} : { claims }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      });
      const { token, expiresOnTimestamp } = await orCancelled(pending, signal).catch((error: unknown) => {
        throw isUnreadableFile(error) ? fileUnreadable(read('AZURE_CLIENT_CERTIFICATE_PATH') ?? '') : error;
      });
      return { token, expiresOn: expiresOnTimestamp };
    }),
  };
}

/** The library reads the certificate's file with the first request. */
const isUnreadableFile = (error: unknown): boolean =>
  error instanceof Error && /\b(?:ENOENT|EACCES|EPERM|EISDIR|ENOTDIR)\b/.test(error.message);

function fileUnreadable(path: string): ExpectedError {
  const variable = 'AZURE_CLIENT_CERTIFICATE_PATH';
  return new ExpectedError(
    'environment-not-set',
    l10n.t(
      'The environment variable {0} names the file {1}, which is not there or cannot be read. Correct it before starting VS Code.',
      variable,
      path,
    ),
    { data: { variable } },
  );
}

function notSet(variable: string): ExpectedError {
  return new ExpectedError(
    'environment-not-set',
    l10n.t(
      'The environment variable {0} is not set. Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH before starting VS Code.',
      variable,
    ),
    { data: { variable } },
  );
}
