/**
 * The check of the whole workspace as a task. VS Code asks every provider for its tasks in every window, whether anybody
 * wants one or not: a task is only named here, and what runs it is loaded when it runs.
 */
import * as vscode from 'vscode';
import { taskType } from '../../contributions.ts';

/** What a task in tasks.json may say. */
export interface CheckTask extends vscode.TaskDefinition {
  readonly task: 'check';
  /** Days: a certificate that ends within so many is an error. */
  readonly failWithin?: number;
}

export type TaskScope = vscode.WorkspaceFolder | vscode.TaskScope.Workspace;

/** @param run called when a task is run */
export function checkTasks(
  run: (definition: CheckTask, scope: TaskScope) => vscode.Pseudoterminal,
): vscode.TaskProvider {
  const taskOf = (definition: CheckTask, scope: TaskScope): vscode.Task => {
    const execution = new vscode.CustomExecution(() => Promise.resolve(run(definition, scope)));
    const name = vscode.l10n.t('check app configs');
    const task = new vscode.Task(definition, scope, name, vscode.l10n.t('Client Certificate'), execution, [
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
