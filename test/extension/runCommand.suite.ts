/** The choke point of all commands, inside the extension host: who hears of what, and what nobody hears. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../src/base/errors.ts';
import { commands } from '../../src/contributions.ts';
import type { CommandName } from '../../src/contributions.ts';
import { runCommand } from '../../src/ui/commands/run.ts';
import type { Command } from '../../src/ui/commands/run.ts';
import { commandTable } from '../../src/ui/commands/table.ts';
import { password, text } from '../../src/ui/options.ts';
import type { Services } from '../../src/ui/services.ts';
import { suite } from './runner.ts';

type Inspect = Command<'inspectCertificate'>;

export const run = suite(() => {
  const logged: string[] = [];
  const log = {
    info: (message: string) => logged.push(message),
    error: (message: string) => logged.push(message),
  } as unknown as vscode.LogOutputChannel;
  const trusted = { isTrusted: () => true } as Services;
  const untrusted = { isTrusted: () => false } as Services;
  const doing = (work: Inspect['run'], more: Partial<Inspect> = {}): Inspect => ({
    schema: { file: text, password },
    changes: false,
    fromFile: (file) => ({ file }),
    run: work,
    ...more,
  });
  const call = (command: Inspect, args: readonly unknown[], services = trusted): Promise<unknown> =>
    runCommand('inspectCertificate', command, args, services, log);

  beforeEach(() => {
    logged.length = 0;
  });
  afterEach(() => vscode.commands.executeCommand('notifications.clearAll'));

  const fails = (message: string): Inspect => doing(() => Promise.reject(new ExpectedError('wrong-password', message)));

  describe('a command', () => {
    it('with options rejects with the error and its code', async () => {
      await assert.rejects(call(fails('It is wrong.'), [{}]), { code: 'wrong-password', message: 'It is wrong.' });
    });

    it('without options, or from a menu, shows the error itself and resolves to undefined', async () => {
      assert.equal(await call(fails('It is wrong.'), []), undefined);
      assert.equal(await call(fails('It is wrong.'), [vscode.Uri.file('/a.pfx'), []]), undefined);
    });

    it('resolves to undefined when it is cancelled, whoever called, and says nothing', async () => {
      const cancelled = doing(() => Promise.reject(new CancelledError()));
      for (const args of [[], [{}]]) assert.equal(await call(cancelled, args), undefined);
      assert.deepEqual(logged, []);
    });

    it('never lets a password out: not in the error, its stack, nor the log', async () => {
      const leaks = doing(({ options }) => Promise.reject(new TypeError(`bug with ${options.password ?? ''}`)));
      const failure = await call(leaks, [{ password: 'h unter2' }]).catch((error: unknown) => error as Error);
      assert.ok(failure instanceof Error);
      assert.equal((failure as Error & { code?: string }).code, 'unexpected-error');
      for (const seen of [failure.message, failure.stack ?? '', ...logged]) assert.ok(!seen.includes('h unter2'), seen);
      const illTyped = await call(leaks, [{ passwort: 'h unter2' }]).catch((error: unknown) => error as Error);
      assert.ok(illTyped instanceof Error && !illTyped.message.includes('h unter2'));
    });

    it('gives its work the path of the file that a menu passed', async () => {
      let seen: unknown;
      const looks = doing(({ options, interactive }) => {
        seen = [options, interactive];
        return Promise.reject(new CancelledError());
      });
      await call(looks, [vscode.Uri.file('/folder/a.pfx'), [vscode.Uri.file('/folder/a.pfx')]]);
      assert.deepEqual(seen, [{ file: path.normalize('/folder/a.pfx') }, true]);
    });

    it('that changes something is refused in an untrusted workspace; one that looks is not', async () => {
      let ran = 0;
      const counts: Inspect['run'] = () => {
        ran++;
        return Promise.reject(new CancelledError());
      };
      await assert.rejects(call(doing(counts, { changes: true }), [{}], untrusted), { code: 'workspace-not-trusted' });
      assert.equal(ran, 0);
      await call(doing(counts), [{}], untrusted);
      assert.equal(ran, 1);
    });
  });

  it('every command but those that look, arrange a view or sign in is refused in an untrusted workspace', () => {
    const looking = (Object.keys(commands) as CommandName[]).filter((name) => !commandTable[name].changes);
    assert.deepEqual(looking.sort(), [
      'addVault',
      'checkApp',
      'checkWorkspace',
      'clearVaultFilter',
      'copyBase64UrlThumbprint',
      'copyCertificateId',
      'copySha1Thumbprint',
      'copySha256Thumbprint',
      'explainError',
      'filterVaultCertificates',
      'findAppConfigs',
      'groupVaultCertificates',
      'hideDeletedCertificates',
      'inspectCertificate',
      'listVaultCertificates',
      'openVaultCertificate',
      'openWalkthrough',
      'pinVault',
      'refreshVaultItem',
      'refreshVaults',
      'refreshWorkspace',
      'removeVault',
      'showAllCertificates',
      'showDeletedCertificates',
      'showExpiryTimeline',
      'showInPortal',
      'showOnlyExpiring',
      'signIn',
      'signOut',
      'sortVaultCertificates',
      'switchAccount',
      'unpinVault',
    ]);
  });
});
