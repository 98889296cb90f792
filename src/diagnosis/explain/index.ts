/** Explains error texts of Entra, Graph, MSAL, OpenSSL and Node as people paste them or as terminals print them. */
import * as l10n from '@vscode/l10n';
import { entraErrors } from './entra.ts';
import { errorFacts, numbersIn, plainText, textAround } from './errorText.ts';
import { graphErrors } from './graph.ts';
import { localErrors } from './local.ts';
import type { Explanation, KnownError } from './types.ts';

export type { Explanation } from './types.ts';

/**
 * Explains the first known error in the text. Never rejects: an unknown AADSTS code gets the number and where to look
 * it up, other text gets the code `unknown`.
 * @param text an error message, a stack trace, a JSON body, a log or a terminal's output
 */
export function explainError(text: string): Explanation {
  const plain = plainText(text);
  const numbers = numbersIn(plain);
  for (const number of numbers) {
    const known = byNumber.get(number.code);
    if (known !== undefined) return { code: known.code, ...known.explain(errorFacts(textAround(plain, number))) };
  }
  const [number] = numbers;
  if (number !== undefined) return unknownNumber(number.code);
  const lower = plain.toLowerCase();
  const local = [...localErrors, ...graphErrors].find(({ signs }) =>
    signs?.some((sign) => lower.includes(sign.toLowerCase())),
  );
  return local === undefined ? unknownText() : { code: local.code, ...local.explain(errorFacts(plain)) };
}

const byNumber: ReadonlyMap<string, KnownError> = new Map(entraErrors.map((error) => [error.code, error]));

/** True when the text names an error that {@link explainError} has more to say about than `unknown`. */
export function isExplainable(text: string): boolean {
  return explainError(text).code !== 'unknown';
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
    cause: l10n.t(
      'The text holds no error of Microsoft Entra, Microsoft Graph, MSAL, OpenSSL or Node.js that this extension knows.',
    ),
    remedies: [l10n.t('Paste the whole message, with its AADSTS number if there is one.')],
  };
}
