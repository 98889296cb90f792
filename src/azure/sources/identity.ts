/** The sources that `@azure/identity` and MSAL serve: Azure CLI, environment, browser, device code. */
import { throwIfCancelled } from '../../base/errors.ts';
import { scopeOf } from '../clouds.ts';
import type { Cloud, IdentityCredential, IdentityOptions, IdentityPart, TokenSourceName } from '../types.ts';
import { explainFailure } from './failures.ts';
import { accessToken, claimsJson } from './source.ts';
import type { ForgettingSource } from './source.ts';

/**
 * @param loadIdentity loads dist/identity.js; called with the first request, not before
 * @param options without the cloud, which comes with the request
 */
export function createIdentitySource(
  name: Exclude<TokenSourceName, 'vscode'>,
  loadIdentity: () => IdentityPart,
  options: Omit<IdentityOptions, 'cloud'>,
): ForgettingSource {
  let kept: { readonly cloud: Cloud; readonly credential: IdentityCredential } | undefined;
  const credentialFor = (cloud: Cloud): IdentityCredential => {
    if (kept?.cloud !== cloud) {
      kept = { cloud, credential: loadIdentity().createCredential(name, { ...options, cloud }) };
    }
    return kept.credential;
  };
  return {
    name,
    async getToken(request, cloud) {
      throwIfCancelled(request.signal);
      const tenant = request.tenant ?? options.tenant;
      try {
        const { token, expiresOn } = await credentialFor(cloud).getToken(scopeOf(cloud, request.audience), {
          interactive: request.interactive,
          ...(tenant === undefined ? {} : { tenant }),
          ...(request.claims === undefined ? {} : { claims: claimsJson(request.claims) }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
        return accessToken(name, token, expiresOn, request);
      } catch (error) {
        throw explainFailure(name, error);
      }
    },
    forget() {
      kept = undefined;
    },
  };
}
