/** A report as text for people, as JSON, and as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0). Pure. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as l10n from '@vscode/l10n';
import { told } from '../diagnosis/finding.ts';
import type { Finding } from '../diagnosis/types.ts';
import type { CheckedApp, CheckReport } from './check.ts';

/** @param folder paths are shown relative to it */
export function asText({ apps, problems }: CheckReport, folder: string): string {
  const lines: string[] = [];
  for (const app of apps) {
    const file = relative(app.file, folder);
    lines.push(`${file}:${app.line}  ${credentialText(app)}`);
    // One line each in the form that editors and problem matchers read.
    for (const { code, severity, message, line } of app.findings) {
      lines.push(`${file}:${line}: ${severity}: ${message.replace(/\s*[\r\n]+\s*/g, ' ')} [${code}]`);
    }
  }
  for (const { code, message } of problems) lines.push(l10n.t('not checked: {0} [{1}]', message, code));
  const count = (severity: string) =>
    apps.reduce((sum, { findings }) => sum + findings.filter((each) => each.severity === severity).length, 0);
  lines.push(l10n.t('{0} app configs, {1} errors, {2} warnings', apps.length, count('error'), count('warning')));
  return `${lines.join('\n')}\n`;
}

function credentialText({ credential, certificate }: CheckedApp): string {
  if (certificate === undefined) return l10n.t('credential: {0}', credential);
  const { daysLeft, notAfter, thumbprintSha256 } = certificate;
  const until = notAfter.slice(0, 10);
  return daysLeft < 0
    ? l10n.t(
        'credential: {0}, until {1} (expired {2} days ago), SHA-256 {3}',
        credential,
        until,
        -daysLeft,
        thumbprintSha256,
      )
    : l10n.t('credential: {0}, until {1} ({2} days left), SHA-256 {3}', credential, until, daysLeft, thumbprintSha256);
}

/** The report without what would mend it; its fields are stable. */
export function asJson({ apps, problems }: CheckReport): string {
  const shown = apps.map((app) => ({ ...app, findings: app.findings.map(told) }));
  return `${JSON.stringify({ version: 1, apps: shown, problems }, undefined, 2)}\n`;
}

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** @param version of this program */
export function asSarif({ apps, problems }: CheckReport, folder: string, version: string): string {
  const findings = apps.flatMap(({ file, findings: all }) => all.map((finding) => ({ file, ...finding })));
  const rules = [...new Set(findings.map(({ code }) => code))].sort();
  const base = `${pathToFileURL(folder).href}/`;
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'client-certificate-guide', version, rules: rules.map((id) => ({ id })) } },
        originalUriBaseIds: { ROOT: { uri: base } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ file, code, severity, message, line, range }) => ({
          ruleId: code,
          ruleIndex: rules.indexOf(code),
          level: levels[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(relative(file, folder)), uriBaseId: 'ROOT' },
                region: regionOf(line, range),
              },
            },
          ],
        })),
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ code, message }) => ({
              level: 'error',
              message: { text: message },
              descriptor: { id: code },
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
}

/** Names may hold `#` and `?`, which mean something else in a URI. */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Columns count from 1 in SARIF too, and the end is the place after the last character. */
function regionOf(line: number, range: Finding['range']) {
  if (range === undefined) return { startLine: line };
  const { column: startColumn, endLine, endColumn } = range;
  return { startLine: range.line, startColumn, endLine, endColumn };
}

function relative(file: string, folder: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}
