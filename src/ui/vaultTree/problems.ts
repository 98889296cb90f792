/** What could not be listed, as nodes; and what the view says when that is all there is. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { ProblemNode } from './nodes.ts';
import { shortReason, wantsSignIn } from './reasons.ts';
import type { VaultStore } from './storeTypes.ts';

/** What the view says while it has no rows. */
export type Welcome = 'signedOut' | 'noVaults' | 'noPermission' | 'noMatch' | 'none';

export type ProblemFacts = Omit<ProblemNode, 'kind' | 'commandOptions'>;

export interface Problems {
  /** One for each vault that refuses. */
  ofVaults(): ProblemNode[];
  /** Tenants that refuse, or the search itself; none where the welcome says it. */
  ofSearch(): ProblemNode[];
  welcome(): Welcome;
}

/** @param problem makes the node, the same one for the same id */
export function createProblems(
  store: Pick<VaultStore, 'records' | 'search' | 'searchProblem' | 'found'>,
  problem: (facts: ProblemFacts) => ProblemNode,
): Problems {
  const welcome = (): Welcome => {
    const { searchProblem, found, records } = store;
    if (records.size > 0 || store.search !== 'done') return 'none';
    if (searchProblem !== undefined) {
      if (wantsSignIn(searchProblem)) return 'signedOut';
      return searchProblem.code === 'azure-forbidden' ? 'noPermission' : 'none';
    }
    const problems = found?.problems ?? [];
    if (problems.length === 0) return 'noVaults';
    if (found?.tenants.length !== 0) return 'none';
    if (problems.every(wantsSignIn)) return 'signedOut';
    return problems.every(({ code }) => code === 'azure-forbidden') ? 'noPermission' : 'none';
  };
  return {
    welcome,
    ofVaults: (): ProblemNode[] =>
      [...store.records.values()].flatMap(({ vault, problem: reason }) =>
        reason === undefined
          ? []
          : problem({
              id: `problem:${vault.origin}`,
              label: vault.name,
              message: reason.message,
              reason: shortReason(reason),
              ...(wantsSignIn(reason) ? { signIn: { vault: vault.origin } } : {}),
            }),
      ),
    ofSearch: (): ProblemNode[] => {
      if (welcome() !== 'none') return [];
      const { searchProblem, found } = store;
      if (searchProblem !== undefined) {
        return [problem({ id: 'problem:search', label: l10n.t('Other vaults'), message: searchProblem.message })];
      }
      return (found?.problems ?? []).map(({ tenant, code, message }) =>
        problem({
          id: `problem:tenant ${tenant.id}`,
          label: tenant.displayName ?? tenant.domain ?? tenant.id,
          message,
          ...(wantsSignIn({ code }) ? { reason: shortReason({ code, message }) } : {}),
          ...(wantsSignIn({ code }) ? { signIn: { tenant: tenant.id } } : {}),
        }),
      );
    },
  };
}
