/** What an answer of the token endpoint means for a proof: done, wait, or stop. */
import * as l10n from '@vscode/l10n';
import { createMasker } from '../../base/masking.ts';
import type { ProofFailure } from './types.ts';

export type Verdict =
  | { readonly kind: 'token' }
  /** Waiting may help: the credential, or the service, is not there yet. */
  | {
      readonly kind: 'wait';
      readonly waitingFor: 'replication' | 'service';
      readonly failure: ProofFailure;
      /** Milliseconds that the service wants us to wait. */
      readonly retryAfter?: number;
    }
  /** Waiting does not help. */
  | { readonly kind: 'stop'; readonly failure: ProofFailure };

/** Codes with which Entra asks to come again (service unavailable, throttled, transient). */
const passing = new Set(['AADSTS90024', 'AADSTS90025', 'AADSTS90033']);

/** An answer as it came over the wire. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** The body. */
  readonly text: string;
  /** Milliseconds that the service wants us to wait. */
  readonly retryAfter?: number;
}

/**
 * @param sentThumbprint upper-case hex, as the assertion named it
 */
export function judge({ status, text, retryAfter }: Answer, sentThumbprint: string): Verdict {
  const body = parsed(text);
  if (status === 200 && typeof body.access_token === 'string' && body.access_token !== '') return { kind: 'token' };
  const description = typeof body.error_description === 'string' ? body.error_description : '';
  const code = /AADSTS\d+/.exec(description)?.[0] ?? (typeof body.error === 'string' ? body.error : '');
  const seen = /Thumbprint of key used by client: '([0-9A-Fa-f]*)'/.exec(description)?.[1]?.toUpperCase();
  const failure: ProofFailure = {
    kind: 'refused',
    code: code !== '' ? code : status === 200 ? 'answer-unreadable' : `http-${status}`,
    text: said(
      description === ''
        ? l10n.t('The sign-in service answered with HTTP status {0} and no token.', status)
        : description,
    ),
    ...(seen === undefined ? {} : { seenThumbprint: seen }),
  };
  if (isNotFound(code, description) && (seen === undefined || seen === sentThumbprint))
    return { kind: 'wait', waitingFor: 'replication', failure: { ...failure, kind: 'not-replicated' } };
  if (
    status === 200 ||
    status === 429 ||
    status >= 500 ||
    status === 408 ||
    passing.has(code) ||
    body.error === 'temporarily_unavailable'
  )
    return {
      kind: 'wait',
      waitingFor: 'service',
      failure: { ...failure, kind: 'unreachable' },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  return { kind: 'stop', failure };
}

/** The one refusal that a new certificate gets until the directory has it everywhere; a wrong signature or an old certificate reads otherwise. */
function isNotFound(code: string, description: string): boolean {
  return (
    code === 'AADSTS700027' &&
    /key was not found|not registered on application/i.test(description) &&
    !/expired/i.test(description)
  );
}

/** Without the lines of traces, in one line. */
function said(text: string): string {
  return createMasker().text(text).replace(/\s+/g, ' ').trim().slice(0, 2_000);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
