/** Looks, while the first questions are answered, whether anybody is signed in who can be asked about an app registration. */
import * as vscode from 'vscode';
import { isExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { tenantOf } from '../../setup/index.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

export interface SignedInCheck {
  /** Starts looking in the background, so that the answer is there when it is needed. */
  begin(config: Pick<AppConfig, 'authority'>): void;
  /** What is known by now; undefined while it is being looked up. */
  known(): boolean | undefined;
  /** With progress where it takes time. Rejects with CancelledError, and with what is wrong with the settings of the cloud. */
  ask(config: Pick<AppConfig, 'authority'>): Promise<boolean>;
  /** Ends what is still under way. */
  dispose(): void;
}

/** @param tenant in which the app is registered, where the caller knows it; default the one of the authority */
export function createSignedInCheck(services: Services, tenant: string | undefined): SignedInCheck {
  const controller = new AbortController();
  const started = new Map<string | undefined, Promise<boolean>>();
  let known: boolean | undefined;
  const look = (config: Pick<AppConfig, 'authority'>): Promise<boolean> => {
    const where = tenant ?? tenantOf(config.authority?.value);
    const looking =
      started.get(where) ??
      canRead(services, where, controller.signal).then((isSignedIn) => {
        known = isSignedIn;
        return isSignedIn;
      });
    started.set(where, looking);
    return looking;
  };
  return {
    begin(config) {
      // Whoever asks later gets the error.
      look(config).catch(() => undefined);
    },
    known: () => known,
    ask: async (config) =>
      known === false && started.has(tenant ?? tenantOf(config.authority?.value))
        ? false
        : withProgress(vscode.l10n.t('Looking who is signed in'), (signal) => {
            signal.addEventListener('abort', () => controller.abort(), { once: true });
            return look(config);
          }),
    dispose: () => controller.abort(),
  };
}

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
