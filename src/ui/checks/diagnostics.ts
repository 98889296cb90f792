/** Findings as VS Code shows them: squiggles, entries of the Problems view, links to their explanation. */
import * as vscode from 'vscode';
import type { Finding } from '../../diagnosis/types.ts';
import type { CheckedDocument, ConfigDocuments } from './documents.ts';
import type { Explanations } from './explanations.ts';

/** Name of the collection, shown behind each message. */
export const source = 'Client Certificate';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** Keeps a collection in step with the checks. */
export function showDiagnostics(documents: ConfigDocuments, explanations: Explanations): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('clientCertificate');
  const listener = documents.onDidChange(({ uri, apps }: CheckedDocument) => {
    const findings = apps.flatMap((app) => app.findings);
    if (findings.length === 0) collection.delete(uri);
    else
      collection.set(
        uri,
        findings.map((finding) => toDiagnostic(finding, explanations)),
      );
  });
  return vscode.Disposable.from(collection, listener);
}

function toDiagnostic(finding: Finding, explanations: Explanations): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(finding), finding.message, severities[finding.severity]);
  diagnostic.source = source;
  const target = explanations.of(finding.code);
  diagnostic.code = target === undefined ? finding.code : { value: finding.code, target };
  const { envPlace } = finding;
  if (envPlace !== undefined) {
    const position = new vscode.Position(envPlace.line - 1, 0);
    const place = new vscode.Location(vscode.Uri.file(envPlace.file), position);
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(place, vscode.l10n.t('The value is set here.')),
    ];
  }
  return diagnostic;
}

/** The characters that a finding is about; its line where they are not known. */
export function rangeOf({ range, line }: Finding): vscode.Range {
  if (range === undefined) return new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  return new vscode.Range(range.line - 1, range.column - 1, range.endLine - 1, range.endColumn - 1);
}
