/** Holds a row of the tables of findings against a real editor. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { done } from '../calling.ts';
import { applied, closeAll, codeOf, fixesOf, open, reread, saveAll, shown, stateShown } from '../editing.ts';
import { FindingApp } from './app.ts';
import type { Material } from './app.ts';
import type { NearMiss } from './nearMisses.ts';
import type { Row } from './row.ts';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** The finding is shown where and as the row says, and its quick fix makes it go away. */
export async function checkRow(row: Row, app: FindingApp): Promise<void> {
  const text = await row.make(app);
  const file = app.path(row.file ?? 'authConfig.js');
  const document = await open(file, text);
  const expected = [row.code, ...(row.with ?? [])];
  const found = (await shown(document.uri, ...expected)).find((each) => codeOf(each) === row.code);
  assert.ok(found);
  const where = typeof row.where === 'string' ? row.where : row.where(app);
  assert.equal(document.getText(found.range), where);
  assert.equal(found.severity, severities[row.severity]);
  assert.ok(found.message.length > 40, found.message);
  assert.doesNotMatch(found.message, /\{\d\}|undefined/);
  await explained(found);
  const [related] = found.relatedInformation ?? [];
  assert.deepEqual(
    related && [related.location.uri.fsPath, related.location.range.start.line + 1],
    row.env === undefined ? undefined : [app.path('.env'), row.env],
  );
  // The command sees what the editor shows.
  const byCommand = (await done('checkApp', { config: file })).map(({ code }) => code);
  assert.deepEqual(byCommand.sort(), expected.sort());

  const fixes = await fixesOf(document, found);
  const { fix } = row;
  const titles = fixes.map(({ title }) => title);
  if (fix === undefined) {
    assert.deepEqual(titles, []);
    return;
  }
  const action = fixes.find(({ title }) => title === fix.title);
  assert.ok(action, `"${fix.title}" is not among ${JSON.stringify(titles)}`);
  if (fix.command !== undefined) {
    assert.equal(action.command?.command, `clientCertificate.${fix.command}`);
    assert.deepEqual(action.command.arguments, [document.uri]);
    if (fix.command === 'rotate') return;
    const certificate = { kind: 'selfSigned', subject: 'CN=set up' } as const;
    const options = { keyFrom: 'file', passphrase: 'none', register: false, confirm: false } as const;
    await done('setUp', { config: file, certificate, ...options });
    await reread(document);
  } else {
    await applied(action);
    await saveAll();
  }
  await shown(document.uri, ...(fix.left ?? row.with ?? []));
  assert.equal(await readFile(file, 'utf8'), document.getText());
  await stillLoads(file, fix.startsNot !== true);
  await fix.check?.(app);
}

/** Nothing is shown of it, and that is right: it starts. */
export async function checkNearMiss({ make, startsNot }: NearMiss, app: FindingApp): Promise<void> {
  const file = app.path('authConfig.js');
  const document = await open(file, await make(app));
  // The lens comes with the findings.
  await stateShown(document);
  await shown(document.uri);
  assert.deepEqual(await done('checkApp', { config: file }), []);
  await stillLoads(file, startsNot !== true);
  await shown(document.uri);
}

/** Makes an app, and takes it away again with the editors on it. */
export async function withApp(material: Material, act: (app: FindingApp) => Promise<void>): Promise<void> {
  const app = await FindingApp.make(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', material);
  try {
    await act(app);
  } finally {
    await closeAll();
    await app.close();
  }
}

/** The link of the code leads to the line of the README that explains it. */
async function explained(finding: vscode.Diagnostic): Promise<void> {
  const { code } = finding;
  assert.ok(typeof code === 'object', `${codeOf(finding)} is explained nowhere`);
  const lines = (await readFile(code.target.fsPath, 'utf8')).split('\n');
  const line = lines[Number(code.target.fragment.slice(1)) - 1] ?? '';
  assert.ok(line.startsWith(`- \`${String(code.value)}\`: `), line);
}

/** The file is still a config, and a real Node with the real MSAL makes a client of it. */
async function stillLoads(file: string, starts: boolean): Promise<void> {
  const configs = (await done('findAppConfigs', {})).filter((each) => each.file === file);
  assert.equal(configs.length, 1);
  if (!starts) return;
  const cwd = vscode.Uri.joinPath(vscode.Uri.file(file), '..').fsPath;
  const env = { PATH: process.env.PATH };
  await promisify(execFile)(
    process.env.CCG_NODE ?? 'node',
    ['--no-warnings', '-e', `require(${JSON.stringify(file)})`],
    { cwd, env },
  );
}
