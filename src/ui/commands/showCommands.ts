/** Shows the command of OpenSSL or PowerShell instead of running it, and opens what it made when the user has run it. */
import * as vscode from 'vscode';
import { relative } from './appConfigs.ts';
import { isExpectedError } from '../../base/errors.ts';
import type { ChosenCertificate, MadeByProgram } from '../flows/setUpFlow.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Questions } from '../questions.ts';
import type { Services } from '../services.ts';
import type { StepFrame } from '../steps.ts';
import { completeChoice } from './certificateFiles.ts';
import { fileOf, planOf } from './external.ts';
import type { Scratch } from './external.ts';

type Answer = 'copy' | 'terminal' | 'done';

/** Back leaves; the scratch folder that the command writes to is removed with the flow. */
export async function showCommands(
  wish: MadeByProgram,
  questions: Questions,
  frame: StepFrame,
  services: Services,
  tools: { readonly scratch: Scratch; readonly announce: (secret: string) => void },
): Promise<ChosenCertificate | Back> {
  const folder = await tools.scratch.folder();
  const plan = await planOf({ ...wish, keySize: wish.keySize ?? 2048 }, folder, services);
  const file = fileOf(plan);
  let said = plan.display;
  for (;;) {
    const answer = await questions.pick<Answer>({
      ...frame,
      canGoBack: true,
      placeholder: vscode.l10n.t('Run the command, then go on here'),
      prompt: said,
      choices: choicesFor(plan.display, wish.kind),
    });
    if (answer === back) return back;
    if (answer === 'copy') await vscode.env.clipboard.writeText(plan.display);
    if (answer === 'terminal') insert(plan.display, folder);
    if (answer !== 'done') continue;
    if ((await services.files.stat(file)) === undefined) {
      said = vscode.l10n.t('There is no {0} yet. Run the command to its end: {1}', relative(file), plan.display);
      continue;
    }
    try {
      const chosen = await completeChoice(file, questions, { ...frame, canGoBack: true }, services, tools.announce);
      if (chosen !== back) return chosen;
    } catch (error) {
      // What the command made cannot serve: said here, so that it can be run again.
      if (!isExpectedError(error)) throw error;
      said = error.message;
    }
  }
}

function choicesFor(command: string, kind: MadeByProgram['kind']): Choice<Answer>[] {
  const terminal: Choice<Answer> = {
    value: 'terminal',
    label: vscode.l10n.t('Insert into a Terminal'),
    detail: vscode.l10n.t('Enter runs it there; it asks for a new pass phrase.'),
    icon: 'terminal',
  };
  // Several lines for a POSIX shell would run while they are inserted; PowerShell waits for the end of the block.
  const isSafe = kind === 'powershell' || !command.includes('\n');
  return [
    ...(isSafe ? [terminal] : []),
    { value: 'copy', label: vscode.l10n.t('Copy the Command'), icon: 'copy' },
    {
      value: 'done',
      label: vscode.l10n.t('I Have Run It'),
      detail: vscode.l10n.t('Imports the certificate.'),
      icon: 'check',
    },
  ];
}

function insert(command: string, folder: string): void {
  const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('Client Certificate'), cwd: folder });
  terminal.show(true);
  terminal.sendText(command, false);
}
