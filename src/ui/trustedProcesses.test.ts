import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGit } from '../setup/index.ts';
import { nodeProcesses } from './nodeProcesses.ts';
import { onlyTrusted } from './trustedProcesses.ts';

describe('programs in Restricted Mode', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trust-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are refused until the workspace is trusted, git too', async () => {
    let isTrusted = false;
    const started: string[] = [];
    const counting = {
      run: (program: string, ...rest: [readonly string[], object?]) => {
        started.push(program);
        return nodeProcesses.run(program, ...rest);
      },
    };
    const processes = onlyTrusted(counting, () => isTrusted);
    const git = createGit(processes, {
      stat: () => Promise.resolve({ kind: 'folder', size: 0, mode: 0 } as const),
    });
    await assert.rejects(processes.run(process.execPath, ['--version']), { code: 'workspace-not-trusted' });
    await assert.rejects(git.check([path.join(folder, 'key.pem')]), { code: 'workspace-not-trusted' });
    assert.deepEqual(started, []);
    isTrusted = true;
    assert.equal((await processes.run(process.execPath, ['--version'])).stdout.trim(), process.version);
    assert.equal((await git.check([path.join(folder, 'key.pem')]))[0]?.inRepository, false);
    assert.deepEqual(started, [process.execPath, 'git']);
  });
});
