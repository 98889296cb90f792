/** From the choices to the applied setup: plan, review, apply, and the view of the result. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import { applySetup, planSetup } from '../../setup/index.ts';
import type { PlannedSetup, SetUpResult, SetupChoices } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { resultReport } from '../views/resultReport.ts';
import { relative } from './appConfigs.ts';
import type { Run } from './run.ts';
import type { SetUpOutcome } from './setUp.ts';

/**
 * Plans, shows the plan and applies it.
 * @param notice what has happened already, outside of this machine, and what Cancel does about it; for the review
 */
export async function planReviewApply(
  choices: SetupChoices,
  run: Run<'setUp'>,
  services: Services,
  notice?: string,
): Promise<SetUpOutcome> {
  const { config } = choices;
  const planned = await plan(choices, services);
  if (planned.status === 'nothing-to-do') return planned;
  run.masker.add(...planned.plan.secrets);
  const decision =
    run.options.confirm === false
      ? 'apply'
      : await services.reviewer.review(planned.plan, {
          canPutOff: true,
          ...(notice === undefined ? {} : { notice }),
        });
  const final = decision === 'later' ? await plan({ ...choices, rewriteNow: false }, services) : planned;
  if (final.status === 'nothing-to-do') return final;
  run.masker.add(...final.plan.secrets);

  const result = await withProgress(vscode.l10n.t('Applying the setup'), (signal, onProgress) =>
    applySetup(final.plan, services.setupPorts, { signal, onProgress }),
  );
  run.log(`applied to ${config.file}; changed ${result.changed.join(', ')}`);
  if (run.interactive) showResult(result, config, decision === 'later', services);
  return { status: 'done', result };
}

function plan(choices: SetupChoices, services: Services): Promise<PlannedSetup> {
  const tools = {
    certificates: services.certificates(),
    appConfigs: services.appConfigs(),
    files: services.files,
    clock: services.setupPorts.clock,
  };
  return withProgress(vscode.l10n.t('Planning the setup'), () => planSetup(choices, tools));
}

/** Subject of the result view; the view is closed when the setup is undone. */
export function resultSubject(config: string): string {
  return `setup ${config}`;
}

/** Opens the result view. */
export function showResult(
  result: SetUpResult,
  config: AppConfig | undefined,
  isStopped: boolean,
  services: Services,
): void {
  const clientId = config?.clientId?.value;
  const authority = config?.authority?.value;
  services.reports.show(
    resultSubject(result.config),
    resultReport({
      result,
      isStopped,
      now: services.setupPorts.clock.now(),
      relative,
      ...(clientId === undefined ? {} : { clientId }),
      ...(authority === undefined ? {} : { authority }),
    }),
  );
}
