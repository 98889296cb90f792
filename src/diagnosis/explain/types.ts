/** Contract of `explainError`: an error text as people paste it, turned into title, cause and remedies. */

export interface Explanation {
  /** `AADSTS700027`, an MSAL error code such as `invalid_client_credential`, an OpenSSL/Node code, or `unknown`. */
  readonly code: string;
  readonly title: string;
  readonly cause: string;
  /** What to do, the likeliest first. */
  readonly remedies: readonly string[];
}

/** What could be read out of the error text beside its code. */
export interface ErrorFacts {
  /** The whole text, trimmed. */
  readonly text: string;
  /** Upper-case hex thumbprint that the server saw; `''` when the server saw an empty one; undefined when the text names none. */
  readonly thumbprint?: string;
  /** Application (client) id in the text. */
  readonly clientId?: string;
  /** Tenant id or name in the text. */
  readonly tenant?: string;
  /** The sentence after `Reason -`, without its final comma. */
  readonly reason?: string;
}

/** One known error: how it is recognised and what is said about it. Texts are made on demand, after the language is known. */
export interface KnownError {
  readonly code: string;
  /** Recognises the error in text without an AADSTS number; plain substrings, compared case-insensitively, any of them. */
  readonly signs?: readonly string[];
  explain(facts: ErrorFacts): Omit<Explanation, 'code'>;
}
