/** Reads what a token says of itself. It is not verified: the service does that; we only explain and plan by it. */

export interface TokenFacts {
  /** Milliseconds since the epoch; undefined when the token does not say. */
  readonly expiresOn?: number;
  readonly tenant?: string;
  readonly permissions: readonly string[];
  readonly account?: string;
  /** Object id of who the token stands for. */
  readonly objectId?: string;
  /** It stands for an application itself and not for a person. */
  readonly appOnly?: true;
  /** Template ids of the directory roles that the person holds (`wids`); undefined when the token does not say. */
  readonly directoryRoles?: readonly string[];
}

/** @param token a JWT as the service issued it; anything else yields no facts */
export function tokenFacts(token: string): TokenFacts {
  const claims = payload(token);
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
  const roles = texts(claims.roles);
  const expiry = claims.exp;
  const tenant = text('tid');
  const account = text('upn') ?? text('preferred_username') ?? text('unique_name') ?? text('appid') ?? text('azp');
  const objectId = text('oid');
  return {
    ...(claims.idtyp === 'app' || (roles.length > 0 && text('scp') === undefined) ? { appOnly: true } : {}),
    ...(objectId === undefined ? {} : { objectId }),
    ...(Array.isArray(claims.wids) ? { directoryRoles: texts(claims.wids) } : {}),
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
