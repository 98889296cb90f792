/** Explain Error: what an error of Entra, MSAL, OpenSSL or Node means for an app with a certificate, and what to do. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import { explainError as explain, isExplainable } from '../../diagnosis/explain/index.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { explanationReport } from '../views/proofReport.ts';
import type { Command } from './run.ts';
import { explainErrorSchema } from './schemas.ts';

export const explainError: Command<'explainError'> = {
  schema: explainErrorSchema,
  changes: false,
  async run({ options, interactive, masker }, services) {
    const text = options.text ?? (await askText(services));
    const { code, title, cause, remedies } = explain(masker.text(text));
    const result = { code, title, cause, remedies };
    if (interactive || options.show === true) services.reports.show('error', explanationReport(result));
    return result;
  },
};

/** The selection, else what was copied, is offered where it holds an error. */
async function askText(services: Services): Promise<string> {
  const selected = selection();
  const copied = selected === undefined ? await vscode.env.clipboard.readText() : '';
  const offered = selected ?? (copied.length <= 100_000 && isExplainable(copied) ? copied : '');
  const answer = await services.questions.text({
    title: vscode.l10n.t('Explain Error'),
    prompt: vscode.l10n.t('Paste the error message; the whole of it, with its AADSTS number if there is one.'),
    placeholder: 'AADSTS700027: …',
    value: offered.replace(/\s+/g, ' ').trim(),
    validate: (value) =>
      value.trim() === '' ? { message: vscode.l10n.t('There is no text to explain.'), severity: 'error' } : undefined,
  });
  if (answer === back) throw new CancelledError();
  return answer;
}

function selection(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection).slice(0, 100_000) ?? '';
  return text.trim() === '' ? undefined : text;
}
