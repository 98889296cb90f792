/**
 * What is known of the apps of the workspace, kept up to date: searched once, then read anew file by file; asked over the network on
 * demand only. Knows no editor.
 */
import * as l10n from '@vscode/l10n';
import type { AppConfig, AppConfigs } from '../../appConfig/types.ts';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { FileReader } from '../../base/ports.ts';
import { createAnswers } from './answers.ts';
import { askRegistration, askVault } from './ask.ts';
import type { AskTools } from './ask.ts';
import type { AppFacts, Failed, LocalFacts } from './facts.ts';
import { gather } from './gather.ts';
import type { GatherTools } from './gather.ts';
import { withAnswers } from './judge.ts';
import type { Memory } from '../vaultTree/remembered.ts';

export interface StoreTools extends AskTools {
  appConfigs(): AppConfigs;
  readonly reader: FileReader;
  gatherTools(): GatherTools;
  readonly memory: Memory;
  roots(): readonly string[];
  /** Whether a token may be asked for with what this workspace's code names. */
  isTrusted(): boolean;
  /** A bug of ours: logged. */
  report(error: unknown): void;
  /** Called after every change of {@link WorkspaceStore.apps}. */
  changed(): void;
}

export interface WorkspaceStore {
  /** `unread` before the first search; `failed` when that could not be made; `noFolder` without one to search. */
  readonly status: 'unread' | 'reading' | 'ready' | 'failed' | 'noFolder';
  readonly apps: readonly AppFacts[];
  /** Searches the workspace, unless that was done. */
  load(): Promise<void>;
  /** Searches it again. */
  search(signal?: AbortSignal): Promise<void>;
  /** Reads these files anew, and everything that is told of apps; without files the known ones. */
  reread(files?: readonly string[]): Promise<void>;
  /** Asks app registrations and vaults, without any question to the user. Rejects with CancelledError only. */
  ask(signal: AbortSignal): Promise<void>;
}

const mostAlone = 3;

export function createWorkspaceStore(tools: StoreTools): WorkspaceStore {
  const answers = createAnswers(tools.memory);
  let status: WorkspaceStore['status'] = 'unread';
  let configs: readonly AppConfig[] = [];
  let local: readonly LocalFacts[] = [];
  let first: Promise<void> | undefined;
  // One after the other: a slow search must not overwrite what was read after it.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const gatherAll = async (): Promise<void> => {
    const gathering = tools.gatherTools();
    const gathered = await Promise.all(
      configs.map((config) =>
        gather(config, gathering).catch((error: unknown) => {
          // A bug with one app must not hide the others.
          tools.report(error);
          return undefined;
        }),
      ),
    );
    local = gathered.filter((one) => one !== undefined);
  };
  const search = (signal?: AbortSignal): Promise<void> =>
    inTurn(async () => {
      const roots = tools.roots();
      if (roots.length === 0) {
        configs = [];
        local = [];
        status = 'noFolder';
        tools.changed();
        return;
      }
      if (status === 'unread') status = 'reading';
      try {
        configs = await tools.appConfigs().findAppConfigs(roots, tools.reader, signal);
        await gatherAll();
        status = 'ready';
      } catch (error) {
        // After a failure the tree must not search by itself again and again.
        if (status === 'reading') status = isCancelled(error) ? 'unread' : 'failed';
        throw error;
      }
      tools.changed();
    });

  const readFile = async (file: string): Promise<readonly AppConfig[]> => {
    if ((await tools.reader.stat(file)) === undefined) return [];
    try {
      return await tools.appConfigs().readAppConfigs(file, tools.reader, [...tools.roots()]);
    } catch (error) {
      // Half-typed code does not parse: what was known of the file stays until it does.
      if (isExpectedError(error)) return configs.filter((config) => config.file === file);
      throw error;
    }
  };

  return {
    get status() {
      return status;
    },
    get apps() {
      return local.map((one) => withAnswers(one, answers.of(one)));
    },
    load() {
      first ??= search().catch((error: unknown) => {
        first = undefined;
        if (!isCancelled(error)) tools.report(error);
      });
      return first;
    },
    search,
    reread: (files = []) =>
      inTurn(async () => {
        if (status === 'unread' || status === 'noFolder') return;
        const wanted = [...new Set([...configs.map(({ file }) => file), ...files])].sort();
        // Each file read alone searches the workspace for who uses it; many are found faster by one search.
        configs =
          wanted.length > mostAlone
            ? await tools.appConfigs().findAppConfigs(tools.roots(), tools.reader)
            : (await Promise.all(wanted.map(readFile))).flat();
        await gatherAll();
        tools.changed();
      }),
    async ask(signal) {
      await Promise.all(
        local.map(async (one) => {
          const [registration, inVault] = tools.isTrusted()
            ? await Promise.all([askRegistration(one, tools, signal), askVault(one, tools, signal)])
            : [notTrusted(tools.now()), notTrusted(tools.now())];
          answers.keep(one, registration, inVault);
          tools.changed();
        }),
      );
      await answers.save();
    },
  };
}

/** The code of the workspace says where tokens go: nothing of that is believed before it is trusted. */
function notTrusted(at: number): Failed {
  const message = l10n.t(
    'Nobody was asked because this workspace is in Restricted Mode. Trust it with "Workspaces: Manage Workspace Trust" and refresh.',
  );
  return { status: 'failed', at, code: 'workspace-not-trusted', message };
}
