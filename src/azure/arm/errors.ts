/**
 * What Resource Manager's refusals mean. Codes: `azure-forbidden`, `azure-token-refused`, `azure-refused-request`,
 * `azure-throttled`, `azure-unavailable`, `azure-unreachable`, `tls-not-trusted`, `answer-unreadable`.
 */
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import * as l10n from '@vscode/l10n';
import { CancelledError, isCancelled, isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import { isConnectionFailure, isTrustFailure } from '../networkErrors.ts';
import type { Cloud } from '../types.ts';
import { expected, sentence, serviceErrorOf } from '../vaults/serviceError.ts';

export function explainAnswer(response: PipelineResponse, cloud: Cloud): ExpectedError {
  const { status } = response;
  const said = serviceErrorOf(Object.assign(new Error(), { statusCode: status, response }));
  const words = sentence(said?.text === undefined || said.text === '' ? `HTTP ${status}` : said.text);
  const data = { status, code: said?.code };
  if (status === 401) {
    return expected(
      'azure-token-refused',
      l10n.t('Azure does not accept the token: {0} Sign out and sign in again.', words),
      data,
    );
  }
  if (status === 403) {
    return expected(
      'azure-forbidden',
      l10n.t(
        'You may not look for vaults here: {0} Ask for the role "Reader" on the subscription, or add the vault by its name.',
        words,
      ),
      data,
    );
  }
  if (status === 429) {
    return expected('azure-throttled', l10n.t('Azure gets too many requests and asks to wait. Try again in a minute.'));
  }
  if (status >= 500 || status === 408) {
    return expected(
      'azure-unavailable',
      l10n.t(
        '{0} cannot answer now (HTTP {1}). Try again later, or add the vault by its name.',
        new URL(cloud.resourceManager).host,
        status,
      ),
    );
  }
  return expected(
    'azure-refused-request',
    l10n.t('Azure refused: {0} Add the vault by its name instead.', words),
    data,
  );
}

/** ExpectedError or CancelledError for a service at `origin`; anything that is no failure of the network comes back as it is: a bug. */
export function explainFailure(error: unknown, origin: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true || isCancelled(error)) return new CancelledError();
  if (isExpectedError(error)) return error;
  const { host } = new URL(origin);
  if (isTrustFailure(error)) {
    return expected(
      'tls-not-trusted',
      l10n.t(
        "The certificate of the server {0} is not trusted. A proxy may inspect the connection. Add its certificate to the system's trusted certificates, and see VS Code's setting http.systemCertificates.",
        host,
      ),
    );
  }
  if (isConnectionFailure(error) || (error as { code?: unknown } | null)?.code === 'PARSE_ERROR') {
    return expected(
      'azure-unreachable',
      l10n.t("{0} cannot be reached. Check the network and VS Code's proxy settings, then try again.", host),
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

export function unreadable(origin: string): ExpectedError {
  return expected(
    'answer-unreadable',
    l10n.t(
      'What answered for {0} is not Azure. A proxy or a sign-in page of the network may stand in between. Check them and try again.',
      new URL(origin).host,
    ),
  );
}
