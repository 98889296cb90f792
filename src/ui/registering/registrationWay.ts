/** How the certificate gets to the app registration. Asked only of a person, and only where nobody is signed in. */
import * as vscode from 'vscode';
import { isExpectedError, CancelledError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { tenantOf } from '../../setup/index.ts';
import { askTenant } from '../commands/prove.ts';
import { withProgress } from '../progress.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';

export interface RegistrationWay {
  /** False: the app is rewritten without an upload. */
  readonly register: boolean;
  /** Whether the upload may open a browser to sign in. */
  readonly interactive: boolean;
  readonly tenant?: string;
}

export interface RegistrationWish {
  readonly register?: boolean;
  readonly tenant?: string;
  readonly interactive: boolean;
}

type Answer = 'signIn' | 'handOver' | 'rewriteNow';

/** Rejects with CancelledError. */
export async function registrationWay(
  config: Pick<AppConfig, 'authority' | 'tenantKind'>,
  wish: RegistrationWish,
  services: Services,
): Promise<RegistrationWay> {
  if (wish.register === false) return { register: false, interactive: false };
  if (!wish.interactive) return { register: true, interactive: false, ...tenantIn(wish.tenant) };
  const known = wish.tenant ?? tenantOf(config.authority?.value);
  const isSignedIn = await withProgress(vscode.l10n.t('Looking who is signed in'), (signal) =>
    canRead(services, known, signal),
  );
  const answer = isSignedIn || wish.register === true ? 'signIn' : await ask(services);
  if (answer === 'rewriteNow') return { register: false, interactive: false };
  const tenant =
    wish.tenant ?? (answer === 'signIn' ? await askTenant(config, { interactive: true }, services) : undefined);
  return { register: true, interactive: answer === 'signIn', ...tenantIn(tenant) };
}

const tenantIn = (tenant: string | undefined) => (tenant === undefined ? {} : { tenant });

async function canRead(services: Services, tenant: string | undefined, signal: AbortSignal): Promise<boolean> {
  try {
    await services.azure().signIn.token({
      audience: 'graph',
      interactive: false,
      signal,
      ...(tenant === undefined ? {} : { tenant }),
    });
    return true;
  } catch (error) {
    if (!isExpectedError(error) || error.code.startsWith('custom-cloud')) throw error;
    return false;
  }
}

async function ask(services: Services): Promise<Answer> {
  const answer = await services.questions.pick<Answer>({
    title: vscode.l10n.t('Register the Certificate'),
    placeholder: vscode.l10n.t('Who adds the certificate to the app registration?'),
    prompt: vscode.l10n.t(
      'Nobody is signed in. The app can sign in only with a certificate that its registration knows.',
    ),
    choices: [
      {
        value: 'signIn',
        label: vscode.l10n.t('Sign In and Upload'),
        description: vscode.l10n.t('recommended'),
        detail: vscode.l10n.t('Adds it before the app is rewritten, then proves that sign-in works.'),
        icon: 'sign-in',
      },
      {
        value: 'handOver',
        label: vscode.l10n.t('Hand Over to an Administrator'),
        detail: vscode.l10n.t('Makes the key and stops. "Continue Setup" rewrites the app after the upload.'),
        icon: 'person',
      },
      {
        value: 'rewriteNow',
        label: vscode.l10n.t('Rewrite Now, Upload Myself'),
        detail: vscode.l10n.t('The app cannot sign in until you have uploaded the certificate.'),
        icon: 'edit',
      },
    ],
  });
  if (answer === back) throw new CancelledError();
  return answer;
}
