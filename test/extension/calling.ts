/** Commands by their options, and the app that suites call them on. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CommandOptions, CommandResults } from '../../src/ui/automation.ts';
import type { CommandName } from '../../src/contributions.ts';

export const secret = 'Sec8Q~of.this.suite-only';
const env = `# settings\nCLIENT_SECRET=${secret}\nPORT=3000\n`;
export const code = `require('dotenv').config();

const msalConfig = {
    auth: {
        clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        authority: 'https://contoso.ciamlogin.com/',
        clientSecret: process.env.CLIENT_SECRET,
    },
};

const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication(msalConfig);
`;

export function call<N extends CommandName>(
  name: N,
  ...options: [CommandOptions[N]] | []
): Thenable<CommandResults[N] | undefined> {
  return vscode.commands.executeCommand(`clientCertificate.${name}`, ...options);
}

export async function done<N extends CommandName>(name: N, options: CommandOptions[N]): Promise<CommandResults[N]> {
  const result = await call(name, options);
  assert.ok(result, `${name} was cancelled`);
  // Results are plain data: what JSON loses would be lost to callers elsewhere.
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
  return result;
}

export async function refused<N extends CommandName>(
  name: N,
  options: CommandOptions[N],
  expected: string,
): Promise<Error> {
  let failure: unknown;
  await call(name, options).then(
    (result) => assert.fail(`${name} resolved to ${JSON.stringify(result)}`),
    (error: unknown) => (failure = error),
  );
  assert.ok(failure instanceof Error);
  assert.equal((failure as Error & { code?: string }).code, expected, failure.stack);
  assert.ok(failure.message.length > 20);
  return failure;
}

/** An app of its own in the open workspace, whose secret is in `.env`. */
export async function makeApp(workspace: string): Promise<{ folder: string; config: string }> {
  const folder = await mkdtemp(path.join(workspace, 'app-'));
  const config = path.join(folder, 'authConfig.js');
  await writeFile(config, code);
  await writeFile(path.join(folder, '.env'), env);
  const packageJson = { name: '@contoso/web-app', dependencies: { '@azure/msal-node': '7.2.3' } };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(packageJson));
  return { folder, config };
}

/** Every file below a folder with its bytes, to hold "as it was" against. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) found[path.relative(folder, file)] = (await readFile(file)).toString('base64');
  }
  return found;
}
