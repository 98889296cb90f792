/** The workforce sample in the open workspace, whose app registration is one of the sandbox's. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copySample } from '../host/samples.ts';
import type { Application } from '../sandbox/entra/directory.ts';
import { internalTool, workforceTenant } from './cloud.ts';
import type { CloudOfSuite } from './cloud.ts';

/** Makes the app with what it needs to sign in; answers with its config. @param folder does not exist yet */
export async function makeWorkforceApp({ sandbox }: CloudOfSuite, folder: string): Promise<string> {
  await mkdir(path.dirname(folder), { recursive: true });
  await copySample('workforce-esm', folder);
  const values = {
    CLOUD_INSTANCE: `${sandbox.entraOrigin}/`,
    TENANT_ID: workforceTenant,
    CLIENT_ID: internalTool,
    KNOWN_AUTHORITY: new URL(sandbox.entraOrigin).host,
    CLIENT_SECRET: sandbox.secrets['tool secret'] ?? '',
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
  await writeFile(path.join(folder, '.env'), lines.join(''));
  await writeFile(path.join(folder, 'ca.pem'), sandbox.ca.certificatePem);
  return path.join(folder, 'src', 'msalConfig.js');
}

export function applicationIn({ sandbox }: CloudOfSuite, appId: string): Application {
  const found = sandbox.state.directory.applications.find((one) => one.appId === appId);
  assert.ok(found);
  return found;
}

/** SHA-256 thumbprints of the certificates that an app registration has. */
export const registeredAt = ({ keyCredentials }: Application): string[] =>
  keyCredentials.map(({ key }) => createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').toUpperCase());
