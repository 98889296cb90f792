/** AADSTS numbers in terminals lead to their explanation. */
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';

class ErrorLink extends vscode.TerminalLink {
  /** @param text of the line from here on: what stands around the number tells which case it is */
  constructor(
    match: RegExpExecArray,
    readonly text: string,
  ) {
    super(match.index, match[0].length, vscode.l10n.t('Explain'));
  }
}

/** Asked for every line that is printed: one cheap search, nothing is loaded. */
export const errorLinks = {
  provideTerminalLinks: ({ line }: Pick<vscode.TerminalLinkContext, 'line'>): ErrorLink[] =>
    line.includes('AADSTS')
      ? [...line.matchAll(/AADSTS\d{4,8}/g)].map((match) => new ErrorLink(match, line.slice(match.index)))
      : [],
  handleTerminalLink: ({ text }: ErrorLink): void =>
    void vscode.commands.executeCommand(commands.explainError, { text, show: true }),
} satisfies vscode.TerminalLinkProvider<ErrorLink>;
