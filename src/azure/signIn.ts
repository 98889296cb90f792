/**
 * Signing in: several ways tried in an order that a setting gives, behind one port per audience and tenant. Tokens live
 * in memory only.
 */
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError, isCancelled, isExpectedError, throwIfCancelled } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import { orCancelled } from './cancellation.ts';
import type { AccessToken, Cloud, SignIn, TokenRequest, TokenSource, TokenSourceName } from './types.ts';

/** A token is renewed when it has less than this left, in ms: longer than any single call to the services takes. */
const renewBefore = 5 * 60_000;

/** Why one source gave no token; shown to the user, so without secrets. */
export interface SourceFailure {
  readonly source: TokenSourceName;
  readonly code: string;
  readonly message: string;
}

/** The chain as its owner sees it. */
export interface SignInChain extends SignIn {
  /** From now on nobody gets a token silently, until somebody has signed in after being asked to. */
  leave(): void;
  readonly hasLeft: boolean;
}

/**
 * @param sources in the order in which they are tried
 * @returns a chain that shares one request among concurrent callers, and asks the source first that worked last for the tenant
 */
export function createSignIn(cloud: Cloud, sources: readonly TokenSource[], clock: Clock): SignInChain {
  const cache = new Map<string, AccessToken>();
  const inFlight = new Map<string, Promise<AccessToken>>();
  const worked = new Map<string, TokenSourceName>();
  let generation = 0;
  let leaves = 0;
  let hasLeft = false;

  const obtain = async (request: TokenRequest, key: string): Promise<AccessToken> => {
    const started = generation;
    const leavesBefore = leaves;
    const failures: SourceFailure[] = [];
    const { wants } = request;
    // Who may read a vault may not write to Graph: the source that did is remembered for such requests alone.
    const purpose = `${request.tenant ?? ''} ${wants === undefined ? '' : request.audience}`;
    const last = worked.get(purpose);
    let insufficient: AccessToken | undefined;
    const ordered = [...sources].sort((a, b) => Number(b.name === last) - Number(a.name === last));
    for (const source of ordered) {
      throwIfCancelled(request.signal);
      try {
        const token = await source.getToken(request, cloud);
        // VS Code tells of its new session, and so has tokens forgotten, while this one is on its way.
        if (request.interactive && leavesBefore === leaves) hasLeft = false;
        if (wants !== undefined && !token.permissions.some((permission) => wants.includes(permission))) {
          insufficient ??= token;
          continue;
        }
        // After "Sign Out" a request that was under way must not bring the token back.
        if (started === generation) {
          cache.set(key, token);
          worked.set(purpose, source.name);
        }
        return token;
      } catch (error) {
        if (isCancelled(error) || request.signal?.aborted === true) throw new CancelledError();
        if (!isExpectedError(error)) throw error;
        failures.push({ source: source.name, code: error.code, message: error.message });
      }
    }
    // Not kept: the next request finds out whether another source has become able.
    if (insufficient !== undefined) return insufficient;
    throw signInFailed(failures, request.interactive);
  };

  const token = async (request: TokenRequest): Promise<AccessToken> => {
    if (hasLeft && !request.interactive) throw signInFailed([], false);
    const key = JSON.stringify([request.audience, request.tenant ?? '', request.claims ?? '', request.wants ?? []]);
    const cached = cache.get(key);
    if (cached !== undefined && cached.expiresOn - clock.now() > renewBefore) return cached;
    // A silent request under way may fail where an interactive one would ask, so they are not shared.
    const flight = `${key}${request.interactive}`;
    const shared = inFlight.get(flight);
    if (shared !== undefined) {
      try {
        return await orCancelled(shared, request.signal);
      } catch (error) {
        // Whoever started the request has left; this caller has not.
        if (isCancelled(error) && request.signal?.aborted !== true) return token(request);
        throw error;
      }
    }
    const pending = obtain(request, key).finally(() => {
      if (inFlight.get(flight) === pending) inFlight.delete(flight);
    });
    inFlight.set(flight, pending);
    return pending;
  };

  return {
    token,
    forget() {
      generation++;
      cache.clear();
      worked.clear();
      inFlight.clear();
    },
    leave() {
      leaves++;
      hasLeft = true;
    },
    get hasLeft() {
      return hasLeft;
    },
  };
}

function signInFailed(failures: readonly SourceFailure[], interactive: boolean): ExpectedError {
  const list = failures.map(({ source, message }) => `${sourceTitle(source)}: ${message}`).join('\n');
  return interactive
    ? new ExpectedError(
        'sign-in-failed',
        l10n.t(
          'Signing in did not work. No way to sign in gave a token:\n{0}\nCorrect one of them, or change their order in the setting clientCertificate.signIn.order.',
          list,
        ),
        { data: failures },
      )
    : new ExpectedError('not-signed-in', l10n.t('You are not signed in to Azure. Run "Client Certificate: Sign In".'), {
        data: failures,
      });
}

/** Name of a source for people. */
export function sourceTitle(source: TokenSourceName): string {
  switch (source) {
    case 'vscode':
      return l10n.t('VS Code account');
    case 'azureCli':
      return l10n.t('Azure CLI');
    case 'environment':
      return l10n.t('Environment variables');
    case 'browser':
      return l10n.t('Browser');
    case 'deviceCode':
      return l10n.t('Device code');
  }
}
