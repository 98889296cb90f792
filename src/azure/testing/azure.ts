/** The azure room against a sandbox over TLS, with the real SDKs. */
import assert from 'node:assert/strict';
import { CancelledError, isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import type { Clock, ProcessRunner } from '../../base/ports.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { resolveCloud } from '../clouds.ts';
import * as identity from '../identity.ts';
import { createAzure } from '../index.ts';
import type { AzureParts, AzurePorts, Cloud, EditorAccounts, VaultClient } from '../types.ts';

export const developer = 'dev@contoso.onmicrosoft.com';
export const home = 'aaaaaaaa-0000-4000-8000-000000000001';
export const external = 'eeeeeeee-0000-4000-8000-000000000002';

/** A sandbox is a custom cloud. */
export function cloudOf(sandbox: Sandbox): Cloud {
  return resolveCloud('custom', {
    login: sandbox.entraOrigin,
    graph: sandbox.graphOrigin,
    resourceManager: sandbox.armOrigin,
    portal: 'https://portal.example',
    keyVaultResource: 'https://vault.azure.net',
    vaults: sandbox.state.vaults.map(({ name }) => sandbox.vaultOrigin(name)),
  });
}

/** Waits by moving the sandbox's clock, at once; `waits` are the milliseconds that were asked for. */
export interface TestClock extends Clock {
  readonly waits: number[];
  /** Called at the beginning of every wait. */
  onWait: (() => void) | undefined;
}

export function testClock(sandbox: Sandbox): TestClock {
  const clock: TestClock = {
    waits: [],
    onWait: undefined,
    now: () => sandbox.clock.now(),
    async delay(milliseconds, signal) {
      clock.waits.push(milliseconds);
      clock.onWait?.();
      // As a real wait does, lets everything else happen first.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted === true) throw new CancelledError();
      sandbox.clock.advance(milliseconds);
    },
  };
  return clock;
}

/** VS Code's account as a port: the sandbox's user, whose tenant the scopes name. `asked` are the scopes of each request. */
export interface TestEditor extends EditorAccounts {
  user: string | undefined;
  readonly asked: { scopes: readonly string[]; interactive: boolean; challenge?: string; switchAccount?: boolean }[];
}

export function testEditor(sandbox: Sandbox, user: string | undefined = developer): TestEditor {
  const editor: TestEditor = {
    user,
    asked: [],
    session(_provider, scopes, options) {
      editor.asked.push({ scopes, ...options });
      if (editor.user === undefined) return Promise.resolve(undefined);
      const tenant = scopes.find((scope) => scope.startsWith('VSCODE_TENANT:'))?.slice('VSCODE_TENANT:'.length);
      const resource = (scopes[0] ?? '').replace(/\/\.default$/, '');
      const named = { user: editor.user, resource, ...(tenant === undefined ? {} : { tenant }) };
      return Promise.resolve({ accessToken: sandbox.userToken(named), account: editor.user });
    },
  };
  return editor;
}

/** Fails: the way to sign in under test starts programs by itself. */
const noProcesses: ProcessRunner = { run: () => Promise.reject(new Error('not used here')) };

export interface TestAzure extends AzureParts {
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  readonly editor: TestEditor;
  /** The client of a vault of the sandbox by its name. */
  vault(name: string): VaultClient;
}

export function azureOf(
  sandbox: Sandbox,
  ports: Partial<AzurePorts> = {},
  editor: TestEditor = testEditor(sandbox),
): TestAzure {
  const clock = testClock(sandbox);
  const parts = createAzure({
    cloud: cloudOf(sandbox),
    order: ['vscode'],
    clock,
    processes: noProcesses,
    editor,
    mayRunPrograms: () => true,
    environment: {},
    userAgent: 'client-certificate-guide/test',
    loadIdentity: () => identity,
    showDeviceCode: () => Promise.reject(new Error('not used here')),
    openBrowser: () => Promise.reject(new Error('not used here')),
    trustedCertificates: sandbox.ca.certificatePem,
    ...ports,
  });
  // A getter has to stay one.
  return Object.assign(Object.create(parts) as AzureParts, {
    sandbox,
    clock,
    editor,
    vault: (name: string) => parts.vaults.open({ name, origin: sandbox.vaultOrigin(name) }),
  });
}

/** The ExpectedError that the promise rejects with. Nobody may ever read a token in it. */
export async function failureOf(work: Promise<unknown>): Promise<ExpectedError> {
  try {
    await work;
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    const everything = `${error.message}\n${error.stack ?? ''}\n${JSON.stringify(error.details)}`;
    assert.doesNotMatch(everything, /eyJ[\w-]{10,}\.eyJ|Bearer /, 'a token stands in the error');
    return error;
  }
  throw new assert.AssertionError({ message: 'The call did not fail.' });
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await failureOf(work)).code;
}

/** Everything that pages yield. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
