/** Claims challenges: what a client asks for after a resource wanted more. */

/** The authentication contexts that a claims parameter asks for (`{"access_token":{"acrs":{"value":"c1"}}}`). */
export function contextsOf(claims: string | null): string[] | undefined {
  if (claims === null) return undefined;
  const value = /"acrs"\s*:\s*{[^}]*"value"\s*:\s*"(\w+)"/.exec(claims)?.[1];
  return value === undefined ? undefined : [value];
}
