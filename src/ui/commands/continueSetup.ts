/** Continue Setup: the rest of a setup that was put off with Rewrite Later, or that a closed window left half-way. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import { resumeSetup, unfinishedSetups } from '../../setup/index.ts';
import type { SetupPlan, UnfinishedSetup } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { configsIn, relative, workspaceConfigs } from './appConfigs.ts';
import type { Command } from './run.ts';
import { continueSetupSchema } from './schemas.ts';
import { portsFor, proveApplied, resultSubject, showResult } from './setUpApply.ts';

export const continueSetup: Command<'continueSetup'> = {
  schema: continueSetupSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const config = run.options.config ?? (await chooseUnfinished(services)).config;
    const tools = {
      certificates: services.certificates(),
      appConfigs: services.appConfigs(),
      files: services.files,
      clock: services.setupPorts.clock,
    };
    const { register, tenant } = run.options;
    const way = { interactive: run.interactive, ...(tenant === undefined ? {} : { tenant }) };
    const configs = services.roots().length > 0 ? await workspaceConfigs(services) : [];
    let planned: SetupPlan | undefined;
    const resumed = await withProgress(vscode.l10n.t('Continuing the setup'), (signal, onProgress) =>
      resumeSetup(config, tools, portsFor(run.masker, services, way), {
        signal,
        onProgress,
        configs,
        ...(register === undefined ? {} : { register }),
        review: async (plan) => {
          planned = plan;
          run.masker.add(...plan.secrets);
          if (run.options.confirm === false) return true;
          return (await services.reviewer.review(plan, { canPutOff: false })) === 'apply';
        },
      }),
    );
    const result = planned === undefined ? resumed : await proveApplied(resumed, planned, run.masker, services, way);
    run.log(`continued the setup of ${config}; changed ${result.changed.join(', ')}`);
    // An open page that says "still uses its secret" would be wrong now, whoever continued.
    if (run.interactive || services.reports.isOpen(resultSubject(result.config))) {
      const [shown] = await configsIn(config, undefined, services).catch(() => []);
      showResult(result, shown, planned?.rotates !== undefined, services);
    }
    return result;
  },
};

/** Rejects with `nothing-to-resume` where no setup is unfinished. */
async function chooseUnfinished(services: Services): Promise<UnfinishedSetup> {
  const found = (await unfinishedSetups(services.roots(), services.setupPorts)).filter(
    (setup) => setup.problem === undefined,
  );
  const [only] = found;
  if (only === undefined) {
    throw new ExpectedError(
      'nothing-to-resume',
      vscode.l10n.t(
        'No setup in this workspace is unfinished. "Client Certificate: Set Up Client Certificate" begins one.',
      ),
    );
  }
  if (found.length === 1) return only;
  const chosen = await services.questions.pick({
    title: vscode.l10n.t('Continue Setup'),
    placeholder: vscode.l10n.t('Which setup is to be continued?'),
    choices: found.map((setup) => unfinishedChoice(setup)),
  });
  return chosen === back ? only : chosen;
}

export function unfinishedChoice(setup: UnfinishedSetup) {
  return {
    label: relative(setup.config),
    description: setup.subject,
    detail: vscode.l10n.t('Begun {0}', new Date(setup.startedAt).toLocaleString()),
    icon: 'debug-pause',
    value: setup,
  };
}
