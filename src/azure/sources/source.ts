/** What the token sources have in common. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { tokenFacts } from '../tokenFacts.ts';
import type { AccessToken, TokenRequest, TokenSource } from '../types.ts';

/** A source that the user can leave: `forget` drops accounts and whatever else was kept. */
export interface ForgettingSource extends TokenSource {
  forget(): void;
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The token with what it says of itself.
 * @param expiresOn ms since the epoch, used where the token does not say
 * @throws ExpectedError `wrong-tenant` when another tenant issued it than the one asked for
 */
export function accessToken(
  source: TokenSource['name'],
  token: string,
  expiresOn: number,
  request: TokenRequest,
  accountName?: string,
): AccessToken {
  const facts = tokenFacts(token);
  const { tenant: wanted } = request;
  if (wanted !== undefined && guid.test(wanted) && facts.tenant !== undefined && !sameText(facts.tenant, wanted)) {
    throw new ExpectedError(
      'wrong-tenant',
      l10n.t(
        'The account gave a token of the tenant {0} instead of {1}. Sign in with an account that is a member or guest of that tenant.',
        facts.tenant,
        wanted,
      ),
      { data: { wanted, found: facts.tenant } },
    );
  }
  const account = accountName ?? facts.account;
  return {
    token,
    expiresOn: facts.expiresOn ?? expiresOn,
    source,
    permissions: facts.permissions,
    ...(facts.tenant === undefined ? {} : { tenant: facts.tenant }),
    ...(account === undefined ? {} : { account }),
  };
}

/** Claims as JSON: a challenge carries them in base64, the libraries want JSON. */
export function claimsJson(claims: string): string {
  return claims.trimStart().startsWith('{') ? claims : Buffer.from(claims, 'base64').toString('utf8');
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
