/** What the upload will meet, found out before the review: a missing role or a policy is read there, before any key is written. */
import * as vscode from 'vscode';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { PlanWarning } from '../../appConfig/types.ts';
import type { SetupPlan } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { checkCloud } from './otherCloud.ts';
import { preflightWarnings, problemWarnings } from './preflightWarnings.ts';
import { applicationOf } from './registrar.ts';
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
    checkCloud(plan.config.authority?.value, services.azure().cloud);
    const found = await withProgress(title, (signal) =>
      services
        .azure()
        .registrations.preflight(applicationOf(plan, tenant), plan.certificateDer, { interactive, signal }),
    );
    return preflightWarnings(found, plan.certificate.thumbprintSha256, plan.config.file);
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return problemWarnings([error], plan.config.file);
  }
}
