/** Explains error texts of Entra, MSAL, OpenSSL and Node as people paste them or as terminals print them. */
import * as l10n from '@vscode/l10n';
import { entraErrors } from './entra.ts';
import { localErrors } from './local.ts';
import type { ErrorFacts, Explanation } from './types.ts';

export type { Explanation } from './types.ts';

/** Longer texts are cut: an error is at their start or end, and a pasted log must not cost time. In UTF-16 units. */
const longest = 200_000;

/**
 * Explains the first known error in the text. Never rejects: an unknown AADSTS code gets the number and where to look
 * it up, other text gets the code `unknown`.
 * @param text an error message, a stack trace, a JSON body or a terminal's output
 */
export function explainError(text: string): Explanation {
  const facts = errorFacts(text.length > longest ? text.slice(0, longest) : text);
  const numbers = [...facts.text.matchAll(/AADSTS(\d{4,8})/g)].map((match) => `AADSTS${match[1] ?? ''}`);
  // MSAL's ServerError and Entra's JSON body carry the number without its prefix, too.
  const bare =
    /"error_codes"\s*:\s*\[\s*(\d{4,8})/.exec(facts.text) ?? /errorNo:?\s*['"](\d{4,8})['"]/.exec(facts.text);
  if (bare !== null) numbers.push(`AADSTS${bare[1] ?? ''}`);
  for (const number of numbers) {
    const known = entraErrors.find(({ code }) => code === number);
    if (known !== undefined) return { code: known.code, ...known.explain(facts) };
  }
  const lower = facts.text.toLowerCase();
  const local = localErrors.find(({ signs }) => signs?.some((sign) => lower.includes(sign.toLowerCase())));
  if (local !== undefined && numbers.length === 0) return { code: local.code, ...local.explain(facts) };
  const number = numbers[0];
  return number === undefined ? unknownText() : unknownNumber(number);
}

/** True when the text names an error that {@link explainError} has more to say about than `unknown`. */
export function isExplainable(text: string): boolean {
  return explainError(text).code !== 'unknown';
}

function errorFacts(text: string): ErrorFacts {
  const trimmed = text.trim();
  const thumbprint = /Thumbprint of key used by client: '([^']*)'/i.exec(trimmed)?.[1];
  const clientId =
    /Application with identifier '([^']+)'/i.exec(trimmed)?.[1] ??
    /app(?:lication)? (?:Id )?'?([0-9a-f]{8}-[0-9a-f-]{27})'?/i.exec(trimmed)?.[1];
  const tenant = /in the directory '([^']+)'/i.exec(trimmed)?.[1] ?? /Tenant '([^']+)' not found/i.exec(trimmed)?.[1];
  const reason = /\[Reason - ([^.\]]*)/i.exec(trimmed)?.[1];
  return {
    text: trimmed,
    ...(thumbprint === undefined ? {} : { thumbprint: thumbprint.toUpperCase() }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function unknownNumber(number: string): Explanation {
  return {
    code: number,
    title: l10n.t('Microsoft Entra answered {0}', number),
    cause: l10n.t('The text after the number says what the directory objects to.'),
    remedies: [
      l10n.t('Look the number up at https://login.microsoftonline.com/error?code={0}', number.slice('AADSTS'.length)),
    ],
  };
}

function unknownText(): Explanation {
  return {
    code: 'unknown',
    title: l10n.t('No known error in this text'),
    cause: l10n.t('The text holds no error of Microsoft Entra, MSAL, OpenSSL or Node.js that this extension knows.'),
    remedies: [l10n.t('Paste the whole message, with its AADSTS number if there is one.')],
  };
}
