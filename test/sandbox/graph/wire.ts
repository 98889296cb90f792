/** The JSON that Graph answers (facts/graph.md 3.1 and 3.5). */
import type { Application, KeyCredential, PasswordCredential } from '../entra/directory.ts';

type Json = Record<string, unknown>;

/** `key` is null unless `keyCredentials` was selected. */
export const keyCredentialJson = (entry: KeyCredential, withKey: boolean): Json => ({
  customKeyIdentifier: entry.customKeyIdentifier,
  displayName: entry.displayName,
  endDateTime: entry.endDateTime,
  key: withKey ? entry.key : null,
  keyId: entry.keyId,
  startDateTime: entry.startDateTime,
  type: entry.type,
  usage: entry.usage,
});

export const passwordCredentialJson = (entry: PasswordCredential, secretText: string | null = null): Json => ({
  customKeyIdentifier: null,
  displayName: entry.displayName,
  endDateTime: entry.endDateTime,
  hint: entry.hint,
  keyId: entry.keyId,
  secretText,
  startDateTime: entry.startDateTime,
});

/** The application's own properties; `select` as in `$select`. */
export function applicationJson(application: Application, select: readonly string[] | undefined): Json {
  const withKey = select?.includes('keyCredentials') ?? false;
  const all: Json = {
    id: application.id,
    deletedDateTime: null,
    appId: application.appId,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    createdDateTime: application.createdDateTime,
    displayName: application.displayName,
    description: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isFallbackPublicClient: null,
    notes: null,
    publisherDomain: null,
    signInAudience: application.signInAudience,
    tags: [],
    tokenEncryptionKeyId: application.tokenEncryptionKeyId,
    requiredResourceAccess: [],
    keyCredentials: application.keyCredentials.map((entry) => keyCredentialJson(entry, withKey)),
    passwordCredentials: application.passwordCredentials.map((entry) => passwordCredentialJson(entry)),
    web: { homePageUrl: null, logoutUrl: null, redirectUris: application.redirectUris },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
  };
  return select === undefined ? all : Object.fromEntries(select.map((name) => [name, all[name] ?? null]));
}
