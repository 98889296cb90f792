/** Builds the view "This Workspace": store, rows, what makes them change, and the facts that complete the walkthrough. */
import * as vscode from 'vscode';
import { isCancelled } from '../../base/errors.ts';
import type { CommandName } from '../../contributions.ts';
import { workspaceView } from '../../contributions.ts';
import type { ContextKeys } from '../contextKeys.ts';
import type { VaultTreeService } from '../vaults/vaultTree.ts';
import type { RegisteredWorkspaceView, WorkspaceProvider } from '../views/workspaceTreeView.ts';
import { createWorkspaceProvider } from '../views/workspaceTreeView.ts';
import type { CertificateFact } from '../workspaceView/facts.ts';
import { judge } from '../workspaceView/judge.ts';
import { provenBy, reached } from '../workspaceView/milestones.ts';
import type { Milestone } from '../workspaceView/milestones.ts';
import { appRows } from '../workspaceView/rows.ts';
import type { JudgedApp } from '../workspaceView/rows.ts';
import { createWorkspaceStore } from '../workspaceView/store.ts';
import type { StoreTools } from '../workspaceView/store.ts';
import { watchWorkspace } from './watch.ts';

export interface WorkspaceViewTools extends Omit<StoreTools, 'changed'> {
  readonly registered: RegisteredWorkspaceView;
  readonly subscriptions: { dispose(): unknown }[];
  readonly contextKeys: ContextKeys;
  readonly vaults: Pick<VaultTreeService, 'store' | 'thresholds'>;
}

export interface WorkspaceViewService {
  readonly provider: WorkspaceProvider;
  /** The apps and what is to be said of them, as they are known now. */
  judged(): JudgedApp[];
  /** Searches the workspace again and, if wanted, asks app registrations and vaults without any question. Rejects with CancelledError. */
  refresh(ask: boolean, signal: AbortSignal): Promise<void>;
  /** Reads anew what a command of ours may have changed. */
  commandEnded(command: CommandName, result: unknown): void;
}

/** Commands after which apps stand differently. */
const changing: ReadonlySet<CommandName> = new Set([
  'setUp',
  'continueSetup',
  'undoSetup',
  'useInApp',
  'upload',
  'prove',
  'rotate',
  'removeOldCertificate',
  'retireSecret',
  'findAppConfigs',
  'openWalkthrough',
]);
/** Of these, the ones that have changed an app registration: an answer of before is no longer true. */
const registering: ReadonlySet<CommandName> = new Set([
  'setUp',
  'continueSetup',
  'upload',
  'rotate',
  'removeOldCertificate',
  'retireSecret',
]);

export function createWorkspaceView(tools: WorkspaceViewTools): WorkspaceViewService {
  const { registered, contextKeys, vaults } = tools;
  const earned = new Set<Milestone>();
  let isWatching = false;
  const store = createWorkspaceStore({ ...tools, changed });

  const judged = (): JudgedApp[] =>
    judge(store.apps, { listed: listed(), thresholds: vaults.thresholds(), now: tools.now() });
  function listed(): CertificateFact[] {
    return [...vaults.store.records.values()].flatMap(({ live }) =>
      [...live.values()].flatMap(({ thumbprintSha1 }) => (thumbprintSha1 === undefined ? [] : [{ thumbprintSha1 }])),
    );
  }
  const inBackground = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      if (!isCancelled(error)) tools.report(error);
    });
  };

  function changed(): void {
    registered.changed.fire(undefined);
    const apps = judged();
    const actions = apps.filter(({ steps }) => steps.some(({ state }) => state === 'problem')).length;
    registered.view.badge =
      actions === 0
        ? undefined
        : {
            value: actions,
            tooltip:
              actions === 1 ? vscode.l10n.t('1 app needs action') : vscode.l10n.t('{0} apps need action', actions),
          };
    if (store.status === 'noFolder') void contextKeys.workspace('noFolder');
    if (store.status === 'ready') void contextKeys.workspace(apps.length === 0 ? 'noApp' : 'apps');
    void contextKeys.milestones(facts(apps));
  }
  const facts = (apps: readonly JudgedApp[]): ReadonlySet<Milestone> =>
    new Set([...reached(apps.map(({ steps }) => steps)), ...earned]);

  /** Only from the first look on: a window in which nobody looks pays nothing. */
  function watch(): void {
    if (isWatching) return;
    isWatching = true;
    const reread = (files: readonly string[]) => {
      inBackground(store.reread(files));
    };
    const search = () => {
      inBackground(store.search());
    };
    tools.subscriptions.push(
      ...watchWorkspace(registered.view, { reread, search, redraw: changed }, (error) => {
        tools.report(error);
      }),
    );
  }

  return {
    provider: createWorkspaceProvider(async () => {
      watch();
      if (store.status === 'unread') {
        await vscode.window.withProgress({ location: { viewId: workspaceView } }, () => store.load());
      }
      const apps = judged();
      const files = apps.map(({ app }) => app.file);
      return apps.map((one) => appRows(one, files.filter((file) => file === one.app.file).length > 1, tools.now()));
    }),
    judged,
    async refresh(ask, signal) {
      await store.search(signal);
      if (ask) await vscode.window.withProgress({ location: { viewId: workspaceView } }, () => store.ask(signal));
    },
    commandEnded(command, result) {
      for (const each of provenBy(command, result)) earned.add(each);
      void contextKeys.milestones(facts(judged()));
      const isSignedIn = (command === 'signIn' || command === 'switchAccount') && result !== undefined;
      const wasAsked = store.apps.some(({ registration }) => registration.status !== 'notAsked');
      if (isSignedIn && wasAsked) inBackground(store.ask(new AbortController().signal));
      if (!changing.has(command)) return;
      inBackground(
        (async () => {
          const config = configOf(result);
          await store.load();
          await store.reread(config === undefined ? [] : [config]);
          // Who was asked before is asked again; nobody else is.
          if (registering.has(command) && result !== undefined && wasAsked) {
            await store.ask(new AbortController().signal);
          }
          await contextKeys.milestones(facts(judged()));
        })(),
      );
    },
  };
}

function configOf(result: unknown): string | undefined {
  const config = typeof result === 'object' && result !== null && 'config' in result ? result.config : undefined;
  return typeof config === 'string' ? config : undefined;
}
