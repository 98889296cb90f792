/** The view as the result of a command: plain data without a secret. */
import type { WorkspaceApp } from '../automation/workspace.ts';
import type { Drift } from './join.ts';
import type { JudgedApp } from './rows.ts';
import { driftText } from './words.ts';

const grave: readonly Drift['code'][] = ['not-registered', 'expired'];

export function workspaceResult({ app, joined, steps }: JudgedApp): WorkspaceApp {
  const { registration, vault } = app.failures;
  return {
    config: app.file,
    line: app.line,
    credential: app.credential,
    steps: steps.map(({ id, state, text, action }) => ({
      step: id,
      state,
      text,
      ...(action === undefined ? {} : { command: action.command }),
    })),
    problems: [
      ...joined.drifts.map((drift) => ({
        code: drift.code,
        severity: grave.includes(drift.code)
          ? ('error' as const)
          : drift.code === 'registered-without-key'
            ? ('information' as const)
            : ('warning' as const),
        message: driftText(drift).long,
      })),
      ...app.findings.map(({ code, severity, message }) => ({ code, severity, message })),
    ],
    notAsked: [
      ...(registration === undefined ? [] : [{ what: 'registration' as const, ...told(registration) }]),
      ...(vault === undefined ? [] : [{ what: 'vault' as const, ...told(vault) }]),
    ],
  };
}

const told = ({ code, message }: { readonly code: string; readonly message: string }) => ({ code, message });
