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
  /**
   * With progress where it takes time. Rejects with CancelledError, and with what is wrong with the settings of the cloud.
   * @param again somebody may have signed in since
   */
  ask(config: Pick<AppConfig, 'authority'>, again?: boolean): Promise<boolean>;
  /** Ends what is still under way. */
  dispose(): void;
}

/** @param tenant in which the app is registered, where the caller knows it; default the one of the authority */
export function createSignedInCheck(services: Services, tenant: string | undefined): SignedInCheck {
  const controller = new AbortController();
  const started = new Map<string | undefined, Promise<boolean>>();
  let known: boolean | undefined;
  const look = (config: Pick<AppConfig, 'authority'>, again = false): Promise<boolean> => {
    const where = tenant ?? tenantOf(config.authority?.value);
    const looking =
      (again ? undefined : started.get(where)) ??
      canRead(services, where, controller.signal).then((isSignedIn) => {
        known = isSignedIn;
        return isSignedIn;
      });
    started.set(where, looking);
    return looking;
  };
  const isLooked = (config: Pick<AppConfig, 'authority'>): boolean =>
    known !== undefined && started.has(tenant ?? tenantOf(config.authority?.value));
  return {
    begin(config) {
      // Whoever asks later gets the error.
      look(config).catch(() => undefined);
    },
    known: () => known,
    ask: async (config, again) =>
      // No progress for what is there already: the question before stays until the next one.
      again !== true && isLooked(config)
        ? look(config)
        : withProgress(vscode.l10n.t('Looking who is signed in'), (signal) => {
            signal.addEventListener('abort', () => controller.abort(), { once: true });
            return look(config, again);
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
