/** What Set Up and Use Certificate in App offer for an app that has a certificate already: another one in its place. */
import * as vscode from 'vscode';
import type { AppConfig } from '../../appConfig/types.ts';
import { offerRotation } from '../flows/replacement.ts';
import type { Services } from '../services.ts';
import { relative } from './appConfigs.ts';
import { rotateApp } from './rotate.ts';
import type { Run } from './run.ts';
import type { SetUpOutcome, SetUpWish } from './setUp.ts';

/** Rejects with CancelledError where it is not wanted, and as Rotate Certificate does. */
export async function rotateInstead(
  configs: readonly AppConfig[],
  reason: string,
  run: Run<'setUp'>,
  services: Services,
  { title, ways }: SetUpWish,
): Promise<SetUpOutcome> {
  const [first] = configs;
  const app =
    configs.length === 1 && first !== undefined ? relative(first.file) : vscode.l10n.t('All apps of this workspace');
  await offerRotation(title, reason, app, services.questions);
  const { certificate, tenant } = run.options;
  const options = {
    ...(certificate === undefined ? {} : { certificate }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  const wish = { title: vscode.l10n.t('Rotate Certificate'), ways };
  return { status: 'done', result: await rotateApp(configs, { ...run, options }, services, wish) };
}
