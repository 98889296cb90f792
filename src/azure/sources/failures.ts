/** Why a sign-in library gave no token, in words and with a stable code. */
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError, isCancelled, isExpectedError } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import { isConnectionFailure, isTrustFailure } from '../networkErrors.ts';
import type { TokenSourceName } from '../types.ts';

/** What `details.data` of these errors holds. */
export interface SignInFailureData {
  /** e.g. `AADSTS50020`. */
  readonly aadsts?: string;
  /** The whole text of Entra, masked; the diagnosis room explains it. */
  readonly text?: string;
}

/** AADSTS numbers that have a remedy of their own here; facts/sign-in.md and facts/tokens.md section 4.3. */
const codes: Readonly<Record<string, string>> = {
  '50020': 'wrong-tenant',
  '50177': 'wrong-tenant',
  '90002': 'wrong-tenant',
  '90072': 'wrong-tenant',
  '700016': 'wrong-tenant',
  '65001': 'consent-needed',
  '65002': 'consent-needed',
  '90094': 'consent-needed',
  '50076': 'interaction-needed',
  '50079': 'interaction-needed',
  '50158': 'interaction-needed',
  '16000': 'interaction-needed',
  '50173': 'interaction-needed',
  '700082': 'interaction-needed',
  '70043': 'interaction-needed',
};

/**
 * An ExpectedError for a failure of VS Code, `@azure/identity` or MSAL; CancelledError for a cancellation. What is
 * neither (a TypeError) comes back as it is: it is a bug.
 */
export function explainFailure(source: TokenSourceName, error: unknown): Error {
  if (isCancelled(error)) return new CancelledError();
  if (isExpectedError(error)) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return error;
  const text = createMasker().text(textOf(error));
  const number = /AADSTS(\d+)/.exec(text)?.[1];
  if (number !== undefined) return refusedByEntra(number, text);
  if (source === 'azureCli') return cliFailure(text);
  if (/user_cancel|access_denied|authentication_canceled/i.test(text)) return new CancelledError();
  if (isTrustFailure(error, text)) return notTrusted();
  if (isConnectionFailure(error, text)) return unreachable();
  if (/AuthenticationRequired|interaction_required|no_account|login_required/i.test(`${error.name} ${text}`)) {
    return failure('interaction-needed', l10n.t('The account has to be confirmed. Run "Client Certificate: Sign In".'));
  }
  return failure('token-refused', l10n.t('No token came: {0} Sign in again, or in another way.', sentence(text)), {
    text,
  });
}

function refusedByEntra(number: string, text: string): ExpectedError {
  // "AADSTS50020: User account … Trace ID: … Correlation ID: … Timestamp: …"
  const words = /AADSTS\d+:?[^]*?(?=\s*(?:Trace ID|Correlation ID|Timestamp)\b|$)/.exec(text)?.[0] ?? text;
  const data = { aadsts: `AADSTS${number}`, text };
  const said = sentence(words);
  switch (codes[number]) {
    case 'wrong-tenant':
      return failure(
        'wrong-tenant',
        l10n.t('{0} Sign in with an account that is a member or guest of the tenant, or choose another tenant.', said),
        data,
      );
    case 'consent-needed':
      return failure(
        'consent-needed',
        l10n.t(
          '{0} This application may not get such a token here. Sign in in another way, or ask an administrator for consent.',
          said,
        ),
        data,
      );
    case 'interaction-needed':
      return failure('interaction-needed', l10n.t('{0} Run "Client Certificate: Sign In" to confirm it.', said), data);
    default:
      return failure('token-refused', l10n.t('{0} Sign in again, or in another way.', said), data);
  }
}

/** `@azure/identity` reports the program's failures by sentences of its own (azureCliPublicErrorMessages). */
function cliFailure(text: string): ExpectedError {
  if (/could not be found|ENOENT/.test(text)) {
    return failure(
      'cli-not-installed',
      l10n.t('The program "az" was not found. Install the Azure CLI, or sign in in another way.'),
    );
  }
  const claims = /az login --claims-challenge \S+.*/.exec(text)?.[0];
  if (claims !== undefined) {
    return failure(
      'interaction-needed',
      l10n.t('The service wants the account to be confirmed. Run in a terminal: {0}', claims),
    );
  }
  if (text.includes('az login')) {
    return failure('cli-not-signed-in', l10n.t('The Azure CLI is not signed in. Run "az login" in a terminal.'));
  }
  // A parser's error quotes what it read, which may be part of a token.
  if (/JSON|Expected "expiresOn"/.test(text)) {
    return failure('cli-answer-unreadable', l10n.t('The answer of "az" cannot be read. Update the Azure CLI.'));
  }
  return failure('token-refused', l10n.t('The Azure CLI gave no token: {0}', sentence(text)), { text });
}

function notTrusted(): ExpectedError {
  return failure(
    'tls-not-trusted',
    l10n.t(
      "The certificate of the sign-in server is not trusted. A proxy may inspect the connection. Add its certificate to the system's trusted certificates, and see VS Code's setting http.systemCertificates.",
    ),
  );
}

function unreachable(): ExpectedError {
  return failure(
    'sign-in-unreachable',
    l10n.t("The sign-in server cannot be reached. Check the network and VS Code's proxy settings, then try again."),
  );
}

function failure(code: string, message: string, data?: SignInFailureData): ExpectedError {
  return new ExpectedError(code, message, data === undefined ? {} : { data });
}

/** MSAL's own errors keep Entra's words apart from the message; some libraries wrap them as a cause. */
function textOf(error: Error): string {
  const { errorMessage, errorCode, cause } = error as { errorMessage?: unknown; errorCode?: unknown; cause?: unknown };
  const parts = [errorCode, error.message, errorMessage, cause instanceof Error ? cause.message : undefined];
  return [...new Set(parts.filter((part): part is string => typeof part === 'string' && part !== ''))].join(': ');
}

/** One line that ends as a sentence. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 600);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
