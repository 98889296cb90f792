/** How the certificate gets to the app registration. Asked only of a person, and only where nobody is signed in. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { askTenant } from '../commands/prove.ts';
import { askRegistration } from '../flows/registrationStep.ts';
import type { RegistrationAnswer } from '../flows/registrationStep.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { createSignedInCheck } from './signedIn.ts';

export interface RegistrationWay {
  /** False: the app is rewritten without an upload. */
  readonly register: boolean;
  /** False: the app is rewritten later, by Continue Setup, as somebody else uploads first. */
  readonly rewriteNow?: false;
  /** Whether the upload may open a browser to sign in. */
  readonly interactive: boolean;
  readonly tenant?: string;
}

export interface RegistrationWish {
  readonly register?: boolean;
  readonly tenant?: string;
  readonly interactive: boolean;
  /** What was answered already. */
  readonly answer?: RegistrationAnswer;
}

/** Rejects with CancelledError. */
export async function registrationWay(
  config: Pick<AppConfig, 'authority' | 'tenantKind'>,
  wish: RegistrationWish,
  services: Services,
): Promise<RegistrationWay> {
  if (wish.register === false) return { register: false, interactive: false };
  if (!wish.interactive) return { register: true, interactive: false, ...tenantIn(wish.tenant) };
  const answer = wish.answer ?? (wish.register === true ? 'signIn' : await answerFor(config, wish.tenant, services));
  if (answer === 'rewriteNow') return { register: false, interactive: false };
  if (answer === 'handOver') return { register: true, interactive: false, rewriteNow: false, ...tenantIn(wish.tenant) };
  const tenant = wish.tenant ?? (await askTenant(config, { interactive: true }, services));
  return { register: true, interactive: true, ...tenantIn(tenant) };
}

const tenantIn = (tenant: string | undefined) => (tenant === undefined ? {} : { tenant });

async function answerFor(
  config: Pick<AppConfig, 'authority'>,
  tenant: string | undefined,
  services: Services,
): Promise<RegistrationAnswer> {
  const check = createSignedInCheck(services, tenant);
  try {
    if (await check.ask(config)) return 'signIn';
  } finally {
    check.dispose();
  }
  const answer = await askRegistration(services.questions, { title: vscode.l10n.t('Register the Certificate') });
  if (answer === back) throw new CancelledError();
  return answer;
}
