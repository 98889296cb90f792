/** VS Code's own Microsoft account (facts/sign-in.md section 6). */
import * as l10n from '@vscode/l10n';
import { CancelledError, ExpectedError, isCancelled } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { orCancelled } from '../cancellation.ts';
import { scopeOf } from '../clouds.ts';
import type { Cloud, EditorAccounts, TokenRequest } from '../types.ts';
import { explainFailure } from './failures.ts';
import { accessToken } from './source.ts';
import type { ForgettingSource } from './source.ts';

/** VS Code does not tell when its tokens end; those that are no JWT are asked for again after this, in ms. */
const unknownLifetime = 5 * 60_000;

export interface EditorAccountSource extends ForgettingSource {
  /** The next request after a user's action lets the user choose another account. */
  switchAccount(): void;
}

/** @param options.clientId application to sign in with instead of VS Code's own */
export function createEditorAccount(
  editor: EditorAccounts,
  clock: Clock,
  options: { readonly clientId?: string; readonly tenant?: string } = {},
): EditorAccountSource {
  let switching = false;
  const ask = (request: TokenRequest, cloud: Cloud) => {
    const switchAccount = switching && request.interactive;
    if (switchAccount) switching = false;
    return editor.session(provider(cloud), scopes(request, cloud, options), {
      interactive: request.interactive,
      // The header repeats the resource but not the tenant, so it is of use for claims only.
      ...(request.claims === undefined || request.challenge === undefined ? {} : { challenge: request.challenge }),
      ...(switchAccount ? { switchAccount } : {}),
    });
  };
  return {
    name: 'vscode',
    async getToken(request, cloud) {
      const session = await orCancelled(ask(request, cloud), request.signal).catch((error: unknown) => {
        throw translate(error);
      });
      if (session === undefined) throw noSession();
      return accessToken('vscode', session.accessToken, clock.now() + unknownLifetime, request, session.account);
    },
    switchAccount() {
      switching = true;
    },
    forget() {
      switching = false;
    },
  };
}

function provider(cloud: Cloud): 'microsoft' | 'microsoft-sovereign-cloud' {
  return cloud.name === 'public' ? 'microsoft' : 'microsoft-sovereign-cloud';
}

/** The whole list is the key of VS Code's session, so it is the same for the same request. Each element is free of blanks. */
function scopes(
  request: TokenRequest,
  cloud: Cloud,
  options: { readonly clientId?: string; readonly tenant?: string },
): string[] {
  const tenant = request.tenant ?? options.tenant;
  return [
    scopeOf(cloud, request.audience),
    ...(options.clientId === undefined ? [] : [`VSCODE_CLIENT_ID:${options.clientId}`]),
    ...(tenant === undefined ? [] : [`VSCODE_TENANT:${tenant}`]),
  ];
}

/** Whoever closes VS Code's own question has decided; no other way to sign in must then open. */
function translate(error: unknown): Error {
  if (isCancelled(error)) return new CancelledError();
  if (error instanceof Error && (error.name === 'Canceled' || /did not consent|cancel+ed/i.test(error.message))) {
    return new CancelledError();
  }
  return explainFailure('vscode', error);
}

function noSession(): ExpectedError {
  return new ExpectedError(
    'no-session',
    l10n.t('No Microsoft account of VS Code is signed in for this tenant. Run "Client Certificate: Sign In".'),
  );
}
