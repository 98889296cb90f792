/** From the choices to the applied setup: plan, review, apply, and the view of the result. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import type { Masker } from '../../base/masking.ts';
import { applySetup, planSetup, proveResult } from '../../setup/index.ts';
import type { PlannedSetup, SetUpResult, SetupChoices, SetupPlan, SetupPorts } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import { setupProver } from '../registering/provingTools.ts';
import { createRegistrar } from '../registering/registrar.ts';
import type { RegistrationWay } from '../registering/registrationWay.ts';
import { uploadWarnings } from '../registering/uploadWarnings.ts';
import type { RegistrationAnswer } from '../flows/registrationStep.ts';
import type { ReviewAnswer } from '../review.ts';
import type { Services } from '../services.ts';
import { resultReport } from '../views/resultReport.ts';
import { relative } from './appConfigs.ts';
import type { Run } from './run.ts';
import type { SetUpOutcome } from './setUp.ts';

/** What else there is to applying. */
export interface Applying {
  /** What has happened already, outside of this machine, and what Cancel does about it; for the review. */
  readonly notice?: string;
  /** Present where the review asks who registers the certificate: what follows from the answer. Rejects with CancelledError. */
  readonly wayOf?: (answer: RegistrationAnswer) => Promise<RegistrationWay>;
  /** Called as soon as the files are as planned, or the setup has stopped after its key files: what it uses must stay from then on. */
  readonly onApplied: () => void;
}

/** Plans, shows the plan and applies it. */
export async function planReviewApply(
  choices: SetupChoices,
  run: Run<'setUp'>,
  services: Services,
  given: RegistrationWay,
  applying: Applying,
): Promise<SetUpOutcome> {
  const { config } = choices;
  const planned = await plan(choices, services);
  if (planned.status === 'nothing-to-do') return planned;
  run.masker.add(...planned.plan.secrets);
  const decision = run.options.confirm === false ? 'apply' : await reviewed(planned.plan, services, given, applying);
  const way = (await applying.wayOf?.(registrationBy[decision])) ?? given;
  const final = decision === 'apply' ? planned : await plan({ ...choices, ...changedBy[decision] }, services);
  if (final.status === 'nothing-to-do') return final;
  run.masker.add(...final.plan.secrets);

  const result = await withProgress(vscode.l10n.t('Applying the setup'), (signal, onProgress) =>
    applySetup(final.plan, portsFor(run.masker, services, way), { signal, onProgress }).then((applied) => {
      applying.onApplied();
      return applied;
    }),
  ).then((applied) => proveApplied(applied, final.plan, run.masker, services, way));
  run.log(`applied to ${config.file}; changed ${result.changed.join(', ')}`);
  if (run.interactive) showResult(result, config, final.plan.rotates !== undefined, services);
  return { status: 'done', result };
}

/** What the review's answers say about the app registration, where it asks. */
const registrationBy = { apply: 'signIn', later: 'handOver', withoutUpload: 'rewriteNow' } as const;
const changedBy = { later: { rewriteNow: false }, withoutUpload: { register: false } } as const;

async function reviewed(
  planned: SetupPlan,
  services: Services,
  way: RegistrationWay,
  { notice, wayOf }: Applying,
): Promise<ReviewAnswer> {
  // Nobody is signed in who could look at the app registration, and whether anybody will be is still asked.
  const uploading = wayOf === undefined ? await uploadWarnings(planned, way, services) : [];
  return services.reviewer.review(
    { ...planned, warnings: [...uploading, ...planned.warnings] },
    {
      canPutOff: planned.rewriteNow,
      ...(wayOf === undefined ? {} : { asksRegistration: true }),
      ...(notice === undefined ? {} : { notice }),
    },
  );
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

/** The ports of a setup that uploads as the user chose. */
export function portsFor(
  masker: Masker,
  services: Services,
  { interactive, tenant }: Pick<RegistrationWay, 'interactive' | 'tenant'>,
): SetupPorts {
  const registrar = createRegistrar(services, { interactive, masker, ...(tenant === undefined ? {} : { tenant }) });
  return { ...services.setupPorts, registrar };
}

/** After the files are written, with a progress of its own: leaving the proof leaves the setup as it is. */
export function proveApplied(
  applied: SetUpResult,
  plan: Pick<SetupPlan, 'prove' | 'config' | 'roots'>,
  masker: Masker,
  services: Services,
  { interactive, tenant }: Pick<RegistrationWay, 'interactive' | 'tenant'>,
): Promise<SetUpResult> {
  const prover = setupProver(services, masker, { interactive, ...(tenant === undefined ? {} : { tenant }) });
  return proveResult(applied, plan, { ...services.setupPorts, prover }, {});
}

/** Subject of the result view; the view is closed when the setup is undone. */
export function resultSubject(config: string): string {
  return `setup ${config}`;
}

/** Opens the result view. @param isRotation where the app had a certificate before */
export function showResult(
  result: SetUpResult,
  config: AppConfig | undefined,
  isRotation: boolean,
  services: Services,
): void {
  const clientId = config?.clientId?.value;
  const authority = config?.authority?.value;
  services.reports.show(
    resultSubject(result.config),
    resultReport({
      result,
      isStopped: result.stopped === true,
      isRotation,
      now: services.setupPorts.clock.now(),
      relative,
      ...(clientId === undefined ? {} : { clientId }),
      ...(authority === undefined ? {} : { authority }),
    }),
  );
}
