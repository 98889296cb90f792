/**
 * The one choke point of all commands: checks how it was called, runs it, and decides who hears of a failure.
 * With an options object the failure goes to the caller, as an Error with a stable `code`. Without one it is shown here,
 * once, and the command resolves to undefined, because VS Code rewraps and logs what commands reject with.
 */
import * as vscode from 'vscode';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import type { Masker } from '../../base/masking.ts';
import type { CommandName } from '../../contributions.ts';
import type { CommandOptions, CommandResults } from '../automation.ts';
import { callOf, checkOptions, file as checkFile, maySignIn } from '../options.ts';
import type { Schema } from '../options.ts';
import type { Services } from '../services.ts';
import { workspaceNotTrusted } from '../trustedProcesses.ts';
import { showError } from './showError.ts';

/** Options as handlers see them: Uris have become absolute paths. */
export type Checked<T> = T extends vscode.Uri ? never : T extends object ? { [K in keyof T]: Checked<T[K]> } : T;

/** One run of a command. */
export interface Run<N extends CommandName> {
  readonly options: Checked<CommandOptions[N]>;
  /** True without an options object: the command shows its result itself. */
  readonly interactive: boolean;
  /**
   * Whether somebody is there who may be asked to sign in: without an options object always, with one only where the command asks for a
   * confirmation too. Otherwise calls reject with `not-signed-in`; they would wait for ever for somebody at a browser.
   */
  readonly maySignIn: boolean;
  /** Tell it every secret before anything is done with it. */
  readonly masker: Masker;
  readonly log: (message: string) => void;
}

/** A command: what it takes, whether it changes anything, and what it does. */
export interface Command<N extends CommandName> {
  readonly schema: Schema;
  /** Writes files or runs programs: refused in an untrusted workspace, wherever it was called from. */
  readonly changes: boolean;
  /** The options that a file stands for when a menu passes one. */
  readonly fromFile?: (file: string) => CommandOptions[N];
  /**
   * The options that an item of a view stands for, where they are not the item's own (`vaultTree/nodes.ts`). A command in
   * the title of a view returns `{}`: VS Code hands it the item that happens to have the focus.
   */
  readonly fromItem?: (item: Readonly<Record<string, unknown>>) => CommandOptions[N];
  run(run: Run<N>, services: Services): Promise<CommandResults[N]>;
}

export type CommandTable = { readonly [N in CommandName]: Command<N> };

/** Runs one command with the arguments VS Code passed. Resolves to undefined when cancelled, or when a failure was shown. */
export async function runCommand<N extends CommandName>(
  name: N,
  command: Command<N>,
  args: readonly unknown[],
  services: Services,
  log: vscode.LogOutputChannel,
): Promise<CommandResults[N] | undefined> {
  const masker = createMasker();
  const say = (message: string) => {
    log.info(masker.text(`${name}: ${message}`));
  };
  const call = callOf(args);
  try {
    const given =
      call.kind === 'file'
        ? (command.fromFile?.(checkFile(call.file, 'file') as string) ?? {})
        : call.kind === 'item'
          ? (command.fromItem?.(call.options) ?? call.options)
          : call.kind === 'options'
            ? call.options
            : {};
    announcePasswords(given, masker);
    const options = checkOptions(given, command.schema) as Checked<CommandOptions[N]>;
    if (command.changes && !services.isTrusted()) throw workspaceNotTrusted();
    const interactive = call.kind !== 'options';
    const run = { options, interactive, maySignIn: maySignIn(call, command.schema, options), masker, log: say };
    return await command.run(run, services);
  } catch (error) {
    if (isCancelled(error)) return undefined;
    const failure = masker.error(asError(error));
    if (isExpectedError(failure)) say(`${failure.code}: ${failure.message}`);
    else log.error(`${name}: ${failure.stack ?? failure.message}`);
    if (call.kind === 'options') throw withCode(failure);
    // Not awaited: the command has ended, whenever its notification is read.
    showError(failure).catch((other: unknown) => {
      log.error(masker.text(String(other)));
    });
    return undefined;
  }
}

const secretOptions: readonly string[] = ['password', 'keyPassword', 'newPassword', 'pfxPassword', 'passphrase'];
const reserved: readonly string[] = ['generate', 'none'];

/** Passwords are masked from the start, also in what checking the options says. */
function announcePasswords(options: unknown, masker: Masker): void {
  if (typeof options !== 'object' || options === null) return;
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'object') announcePasswords(value, masker);
    else if (secretOptions.includes(name) && typeof value === 'string' && !reserved.includes(value)) masker.add(value);
  }
}

/** Bugs get a code of their own, so that callers can rely on there being one. */
function withCode(error: Error): Error {
  if (isExpectedError(error)) return error;
  return Object.assign(error, { code: 'unexpected-error' });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
