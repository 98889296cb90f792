/** Reads what a token says of itself. It is not verified: the service does that; we only explain and plan by it. */

export interface TokenFacts {
  /** Milliseconds since the epoch; undefined when the token does not say. */
  readonly expiresOn?: number;
  readonly tenant?: string;
  readonly permissions: readonly string[];
  readonly account?: string;
}

/** @param token a JWT as the service issued it; anything else yields no facts */
export function tokenFacts(token: string): TokenFacts {
  const claims = payload(token);
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const roles = Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [];
  const expiry = claims.exp;
  const tenant = text('tid');
  const account = text('upn') ?? text('preferred_username') ?? text('unique_name') ?? text('appid') ?? text('azp');
  return {
    ...(typeof expiry === 'number' ? { expiresOn: expiry * 1000 } : {}),
    ...(tenant === undefined ? {} : { tenant }),
    permissions: [
      ...(text('scp')
        ?.split(' ')
        .filter((scope) => scope !== '') ?? []),
      ...roles,
    ],
    ...(account === undefined ? {} : { account }),
  };
}

function payload(token: string): Record<string, unknown> {
  const part = token.split('.')[1];
  if (part === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
