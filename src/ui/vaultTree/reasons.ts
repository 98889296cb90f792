/** Why a vault or tenant shows nothing, in the few words that fit into a row. The whole reason is in the tooltip. */
import * as l10n from '@vscode/l10n';
import type { Problem } from './records.ts';

const wantSignIn: readonly string[] = ['not-signed-in', 'sign-in-failed', 'vault-wrong-tenant', 'vault-token-refused'];

/** Whether signing in may help. */
export function wantsSignIn({ code }: Pick<Problem, 'code'>): boolean {
  return wantSignIn.includes(code) || code === 'azure-token-refused';
}

export function shortReason(problem: Problem): string {
  if (wantsSignIn(problem)) return l10n.t('sign in to see it');
  const { role, permission } = (problem.data ?? {}) as { role?: unknown; permission?: unknown };
  switch (problem.code) {
    case 'vault-forbidden':
      if (typeof permission === 'string') return l10n.t('no access, needs the permission "{0}"', permission);
      return typeof role === 'string' ? l10n.t('no access, needs the role "{0}"', role) : l10n.t('no access');
    case 'azure-forbidden':
      return l10n.t('no access');
    case 'vault-firewall':
      return l10n.t('behind its firewall');
    case 'vault-private':
      return l10n.t('private endpoint only');
    case 'vault-not-found':
      return l10n.t('no such server');
    case 'vault-throttled':
    case 'azure-throttled':
      return l10n.t('too many requests, try again');
    case 'tls-not-trusted':
      return l10n.t('server certificate not trusted');
    case 'vault-unreachable':
    case 'azure-unreachable':
      return l10n.t('cannot be reached');
    default:
      return l10n.t('cannot answer');
  }
}
