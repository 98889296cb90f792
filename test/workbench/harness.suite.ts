import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startHost } from './harness.ts';
import type { Host } from './harness.ts';

describe('the workbench harness', function () {
  this.timeout(120_000);
  let host: Host;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
    await writeFile(path.join(folder, 'hello.txt'), 'hello');
    host = await startHost();
  });
  after(async () => {
    await host.stop();
    await rm(folder, { recursive: true });
  });

  it('opens a folder in a theme and runs commands by keyboard', async () => {
    const workbench = await host.open({ workspace: folder });
    await workbench.useTheme('highContrast');
    await workbench.command('File: New Untitled Text File');
    await workbench.tab('Untitled-1');
    await workbench.press('Control+p');
    await workbench.filter('hello.txt');
    await workbench.pick('hello.txt');
    await workbench.tab('hello.txt');
    assert.equal(await workbench.page.locator('.monaco-editor .view-line').first().textContent(), 'hello');
    await workbench.close();
  });
});
