/** What the task that checks the whole workspace prints: the same as the command line program. A problem matcher reads it. */
import * as vscode from 'vscode';
import { isCancelled } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import { exitCodes } from '../../cli/arguments.ts';
import { check, exitCodeOf } from '../../cli/check.ts';
import { asText } from '../../cli/output.ts';
import type { Services } from '../services.ts';
import type { CheckTask, TaskScope } from '../startup/checkTasks.ts';
import { gitOf } from './checking.ts';

/** The terminal of a running task ({@link CheckTask}): it checks when it is opened. */
export function checkTerminal({ failWithin }: CheckTask, scope: TaskScope, services: Services): vscode.Pseudoterminal {
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
    return exitCodeOf(report);
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
          closed.fire(exitCodes.notChecked);
        },
      );
    },
    close() {
      stop.abort();
    },
  };
}
