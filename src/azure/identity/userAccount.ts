/**
 * A user's account, signed in by browser or by device code. MSAL itself instead of `@azure/identity`'s credentials for
 * these: they open a browser on this machine, which in a remote window is the wrong one, and ask again for every tenant,
 * because their silent requests ignore the tenant.
 */
import { InteractionRequiredAuthError, PublicClientApplication } from '@azure/msal-node';
import type { AccountInfo, AuthenticationResult } from '@azure/msal-node';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { orCancelled } from '../cancellation.ts';
import type { IdentityCredential, IdentityOptions } from '../types.ts';
import { createMsalNetwork, observedHttp } from './network.ts';

/** The Azure CLI's own registration, which `@azure/identity` uses as well: known in every tenant, any port on localhost. */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

type Request = Parameters<IdentityCredential['getToken']>[1];

export function createUserAccount(kind: 'browser' | 'deviceCode', options: IdentityOptions): IdentityCredential {
  const { cloud } = options;
  const http = observedHttp(options.trustedCertificates);
  const authority = (tenant: string | undefined) => `${cloud.login}/${tenant ?? options.tenant ?? 'organizations'}`;
  const application = new PublicClientApplication({
    auth: {
      clientId: options.clientId ?? azureCli,
      authority: authority(undefined),
      // Otherwise MSAL would ask the public cloud whether it knows the host.
      knownAuthorities: cloud.name === 'custom' ? [new URL(cloud.login).host] : [],
      // Tells that claims challenges are understood: tokens live longer and end as soon as access does.
      clientCapabilities: ['cp1'],
    },
    system: { networkClient: createMsalNetwork(http.client, options.userAgent) },
  });
  let account: AccountInfo | undefined;

  const silently = async (scope: string, request: Request): Promise<AuthenticationResult | undefined> => {
    if (account === undefined) return undefined;
    try {
      return await application.acquireTokenSilent({
        // MSAL looks for a token of the account's tenant, whatever the authority says.
        account: { ...account, tenantId: request.tenant ?? account.tenantId },
        scopes: [scope],
        authority: authority(request.tenant),
        ...(request.claims === undefined ? {} : { claims: request.claims }),
      });
    } catch (error) {
      if (request.interactive && error instanceof InteractionRequiredAuthError) return undefined;
      throw error;
    }
  };

  const interactively = (scope: string, request: Request): Promise<AuthenticationResult | null> => {
    const common = {
      scopes: [scope],
      authority: authority(request.tenant),
      ...(request.claims === undefined ? {} : { claims: request.claims }),
    };
    if (kind === 'browser') {
      return application.acquireTokenInteractive({
        ...common,
        openBrowser: (url) => options.openBrowser(url),
        ...(account === undefined ? { prompt: 'select_account' } : { loginHint: account.username }),
        successTemplate: l10n.t('You are signed in. You can close this window and go back to VS Code.'),
        errorTemplate: l10n.t('Signing in did not work. Go back to VS Code, which names the reason.'),
      });
    }
    const shown = new AbortController();
    let close: (reason: unknown) => void = () => undefined;
    const closed = new Promise<never>((_, reject) => (close = reject));
    const deviceCode = {
      ...common,
      cancel: false,
      deviceCodeCallback: (answer: { message: string; verificationUri: string; userCode: string }) => {
        options
          .showDeviceCode(answer.message, answer.verificationUri, answer.userCode, shown.signal)
          .catch((error: unknown) => {
            deviceCode.cancel = true;
            close(error);
          });
      },
    };
    request.signal?.addEventListener('abort', () => (deviceCode.cancel = true), { once: true });
    const work = application.acquireTokenByDeviceCode(deviceCode).finally(() => shown.abort());
    return Promise.race([work, closed]);
  };

  return {
    getToken: http.sayingWhy(async (scope: string, request: Request) => {
      const known = await orCancelled(silently(scope, request), request.signal);
      if (known === undefined && !request.interactive) throw nobodySignedIn();
      // MSAL cannot stop waiting for the browser; what comes after the user has left is not heard.
      const result = known ?? (await orCancelled(interactively(scope, request), request.signal));
      if (result === null || result.accessToken === '') throw nobodySignedIn();
      // The home account: its refresh token serves every tenant.
      account ??= result.account ?? undefined;
      return { token: result.accessToken, expiresOn: result.expiresOn?.getTime() ?? 0 };
    }),
  };
}

function nobodySignedIn(): ExpectedError {
  return new ExpectedError(
    'no-account',
    l10n.t('Nobody is signed in this way. Run "Client Certificate: Sign In" to be asked.'),
  );
}
