/** The cheap question before the parser: which documents may hold a config of MSAL Node? */

/** Languages that configs are written in. */
export const configLanguages: readonly string[] = [
  ...['javascript', 'typescript', 'javascriptreact', 'typescriptreact'],
  ...['json', 'jsonc'],
];

/** Larger files are data or bundles. */
const maximumLength = 500_000;

/** One pass over the text for words that every config has at least one of. */
export function mayHoldConfig(text: string): boolean {
  return (
    text.length <= maximumLength && /lient(?:Secret|Certificate|Assertion)|ConfidentialClientApplication/.test(text)
  );
}
