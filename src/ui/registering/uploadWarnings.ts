/** What the upload will meet, found out before the review: a missing role or a policy is read there, before any key is written. */
import * as vscode from 'vscode';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { Preflight } from '../../azure/types.ts';
import type { SetupPlan } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { applicationOf, isCurable } from './registrar.ts';
import type { RegistrationWay } from './registrationWay.ts';

/** Warnings for the review; none where the plan uploads nothing now. Signs in where the way says so. Rejects with CancelledError. */
export async function uploadWarnings(
  plan: SetupPlan,
  { interactive, tenant }: RegistrationWay,
  services: Services,
): Promise<PlanWarning[]> {
  if (!plan.register || !plan.rewriteNow) return [];
  const title = vscode.l10n.t('Looking whether the certificate can be registered');
  try {
    const found = await withProgress(title, (signal) =>
      services
        .azure()
        .registrations.preflight(applicationOf(plan, tenant), plan.certificateDer, { interactive, signal }),
    );
    return isRegistered(found, plan) ? [] : warningsOf(found.problems, plan.config.file);
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return warningsOf([error], plan.config.file);
  }
}

/** Then nothing is written, so that nobody has to be allowed to. */
function isRegistered({ registration }: Preflight, { certificate }: SetupPlan): boolean {
  return registration.certificates.some(
    ({ thumbprintSha256, usage }) => usage === 'Verify' && thumbprintSha256 === certificate.thumbprintSha256,
  );
}

/** Each problem, and what Apply does about them. */
function warningsOf(problems: readonly { readonly code: string; readonly message: string }[], file: string) {
  if (problems.length === 0) return [];
  const message = problems.every(({ code }) => isCurable(code))
    ? vscode.l10n.t(
        'Unless that changes, Apply makes key and certificate and stops before the app is rewritten. Then "Hand Over to an Administrator" prepares the upload, and "Continue Setup" rewrites the app after it.',
      )
    : vscode.l10n.t(
        'Unless that changes, the upload is refused, and Apply takes back what it has made. "Rewrite Later" keeps key and certificate until an administrator has allowed them.',
      );
  return [
    ...problems.map((problem) => ({ code: problem.code, message: problem.message, file })),
    { code: 'upload-in-doubt', message, file },
  ];
}
