/** The check of the whole workspace as a task: what the command line program prints, with a problem matcher. */
import * as vscode from 'vscode';
import { isCancelled } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import { check } from '../../cli/check.ts';
import { asText } from '../../cli/output.ts';
import { taskType } from '../../contributions.ts';
import type { Services } from '../services.ts';
import { gitOf } from './checking.ts';

/** What a task in tasks.json may say. */
interface CheckTask extends vscode.TaskDefinition {
  readonly task: 'check';
  /** Days: a certificate that ends within so many is an error. */
  readonly failWithin?: number;
}

export function createTaskProvider(services: Services): vscode.TaskProvider {
  const taskOf = (definition: CheckTask, scope: vscode.WorkspaceFolder | vscode.TaskScope.Workspace): vscode.Task => {
    const run = new vscode.CustomExecution(() => Promise.resolve(terminalOf(definition, scope, services)));
    const name = vscode.l10n.t('check app configs');
    const task = new vscode.Task(definition, scope, name, vscode.l10n.t('Client Certificate'), run, [
      '$clientCertificate',
    ]);
    task.group = vscode.TaskGroup.Test;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent };
    return task;
  };
  return {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? []).map((folder) => taskOf({ type: taskType, task: 'check' }, folder)),
    resolveTask(task) {
      const { definition, scope } = task;
      if (definition.task !== 'check' || typeof scope !== 'object') return undefined;
      return taskOf(definition as CheckTask, scope);
    },
  };
}

function terminalOf(
  { failWithin }: CheckTask,
  scope: vscode.WorkspaceFolder | vscode.TaskScope.Workspace,
  services: Services,
): vscode.Pseudoterminal {
  const wrote = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number>();
  const stop = new AbortController();
  const folder = typeof scope === 'object' ? scope.uri.fsPath : (services.roots()[0] ?? '');
  const write = (text: string) => {
    wrote.fire(text.replaceAll('\n', '\r\n'));
  };
  const run = async (): Promise<number> => {
    const report = await check(
      {
        folders: [folder],
        certificates: [],
        certificateFolders: [],
        ignored: [],
        thresholds: services.vaultTree.thresholds(),
        ...(typeof failWithin === 'number' ? { failWithin } : {}),
        signal: stop.signal,
      },
      {
        appConfigs: services.appConfigs(),
        certificates: services.certificates(),
        files: services.searched,
        keyFiles: services.files,
        clock: services.setupPorts.clock,
        environment: {},
        journal: services.setupPorts,
        ...gitOf(services),
      },
    );
    write(asText(report, folder));
    return report.apps.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
  };
  return {
    onDidWrite: wrote.event,
    onDidClose: closed.event,
    open() {
      run().then(
        (code) => {
          closed.fire(code);
        },
        (error: unknown) => {
          if (!isCancelled(error))
            write(`${createMasker().text(error instanceof Error ? error.message : String(error))}\n`);
          closed.fire(3);
        },
      );
    },
    close() {
      stop.abort();
    },
  };
}
