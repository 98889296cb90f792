/** What the review says about an upload that will be refused, or may be. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { Preflight } from '../../azure/types.ts';

/**
 * What an administrator, a sign-in or a network can cure: then the setup waits. Everything else (a policy, a certificate that the directory
 * refuses) would meet the administrator too.
 */
const curable: ReadonlySet<string> = new Set([
  ...['not-signed-in', 'sign-in-failed', 'wrong-tenant'],
  ...['registration-not-found', 'app-tenant-needed', 'authority-in-other-cloud'],
  ...['graph-permission-missing', 'registration-forbidden', 'graph-forbidden', 'graph-token-refused'],
  ...[
    'graph-throttled',
    'graph-unavailable',
    'graph-unreachable',
    'tls-not-trusted',
    'answer-unreadable',
    'request-timed-out',
  ],
  ...['registration-keeps-changing', 'write-not-visible'],
]);

/** Whether a setup waits for this to change, rather than be taken back. */
export const isCurable = (code: string): boolean => curable.has(code);

/** @param file absolute path of the app config */
export function preflightWarnings(
  { registration, problems }: Pick<Preflight, 'registration' | 'problems'>,
  thumbprintSha256: string | undefined,
  file: string,
): PlanWarning[] {
  const isThere = registration.certificates.some(
    (each) => each.usage === 'Verify' && each.thumbprintSha256 === thumbprintSha256,
  );
  // Then nothing is written, so that nobody has to be allowed to.
  return isThere ? [] : problemWarnings(problems, file);
}

/** Each problem, and what Apply does about them. @param problems also what kept the preflight from looking */
export function problemWarnings(
  problems: readonly { readonly code: string; readonly message: string }[],
  file: string,
): PlanWarning[] {
  if (problems.length === 0) return [];
  const isWaitedFor = problems.every(({ code }) => isCurable(code));
  const whatApplyDoes = isWaitedFor
    ? {
        code: 'upload-in-doubt',
        message: l10n.t(
          'Unless that changes, Apply makes key and certificate and stops before the app is rewritten. Then "Hand Over to an Administrator" prepares the upload, and "Continue Setup" rewrites the app after it.',
        ),
      }
    : {
        code: 'upload-refused',
        message: l10n.t(
          'Unless that changes, the upload is refused, and Apply takes back what it has made. "Rewrite Later" keeps key and certificate until an administrator has allowed them.',
        ),
      };
  return [
    ...problems.map((problem) => ({ code: problem.code, message: problem.message, file })),
    { ...whatApplyDoes, file },
  ];
}
