import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isCancelled } from '../base/errors.ts';
import type { ProcessRunner, StreamingRunner } from '../base/ports.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { nodeStreams } from '../ui/nodeStreams.ts';
import { searchHistory } from './gitHistory.ts';

const secret = 'abc8Q~value-in-the-history-0123456789';

describe('the history of a git repository', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'history-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root }).toString();
  const write = (name: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  const commit = (message: string): string => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD').trim();
  };
  const search = (streams: StreamingRunner = nodeStreams, signal?: AbortSignal) =>
    searchHistory(root, [secret], { processes: nodeProcesses, streams, files: nodeFiles }, signal);

  it('is none outside a repository', async () => {
    assert.equal(await search(), undefined);
  });

  it('is not silently left out where git refuses the repository, cannot read it, or is missing', async () => {
    git('init', '-q');
    const processes: ProcessRunner = {
      run: (program, args, options) =>
        nodeProcesses.run(program, args, {
          ...options,
          env: { ...options?.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
        }),
    };
    const refused = searchHistory(root, [secret], { processes, streams: nodeStreams, files: nodeFiles });
    await assert.rejects(refused, { code: 'git-history-failed', message: /dubious ownership/ });
    const missing: ProcessRunner = {
      run: (_, args, options) => nodeProcesses.run('no-such-git', args, options),
    };
    for (const folder of [root, join(root, 'src')])
      await assert.rejects(
        searchHistory(folder, [secret], { processes: missing, streams: nodeStreams, files: nodeFiles }),
        { code: 'git-history-failed', message: /no-such-git/ },
      );
    rmSync(join(root, '.git', 'HEAD'));
    await assert.rejects(search(), { code: 'git-history-failed', message: /not a git repository/ });
    rmSync(join(root, '.git'), { recursive: true });
    assert.equal(
      await searchHistory(root, [secret], { processes: missing, streams: nodeStreams, files: nodeFiles }),
      undefined,
    );
  });

  it('is empty in a repository without commits', async () => {
    git('init', '-q');
    assert.deepEqual((await search())?.findings, []);
  });

  it('tells files with the commits that brought and took the value, packed or not', async () => {
    git('init', '-q');
    write('a file/ümlaut.js', `const secret = '${secret}'\n`);
    // Objects of all sizes before and after it in the stream.
    for (let index = 0; index < 60; index++) write(`data/${index}.txt`, 'x'.repeat(index * 3001));
    const first = commit('first');
    write('a file/ümlaut.js', 'const secret = process.env.SECRET\n');
    write('copy.env', `A=1\nSECRET=${secret}\n`);
    const second = commit('second');
    const places = async () =>
      Object.fromEntries(
        (await search())?.findings.map(({ file, commits }) => [file ?? '', [...commits].sort()]) ?? [],
      );
    const expected = { 'a file/ümlaut.js': [first, second].sort(), 'copy.env': [second] };
    assert.deepEqual(await places(), expected);
    git('gc', '-q', '--aggressive');
    assert.deepEqual(await places(), expected);
  });

  it('tells base64, as in Kubernetes manifests, and what JSON escapes, as files are searched too', async () => {
    git('init', '-q');
    write('secret.yaml', `data:\n  secret: ${Buffer.from(secret).toString('base64')}\n`);
    const first = commit('first');
    write('secret.yaml', 'data: {}\n');
    const second = commit('second');
    assert.deepEqual((await search())?.findings, [{ file: 'secret.yaml', commits: [second, first] }]);
    const quoted = 'quoted"value\\with escapes';
    write('settings.json', JSON.stringify({ quoted }));
    const third = commit('third');
    const found = await searchHistory(root, [quoted], {
      processes: nodeProcesses,
      streams: nodeStreams,
      files: nodeFiles,
    });
    assert.deepEqual(found?.findings, [{ file: 'settings.json', commits: [third] }]);
  });

  it('finds what no commit reaches any more, and commit messages', async () => {
    git('init', '-q');
    commit('start');
    write('lost.txt', secret);
    git('hash-object', '-w', 'lost.txt');
    rmSync(join(root, 'lost.txt'));
    const message = commit(`use ${secret}`);
    const findings = (await search())?.findings ?? [];
    assert.deepEqual(findings, [{ commits: [message] }]);
  });

  it('never has the value on a command line or in an environment, and stops when cancelled', async () => {
    git('init', '-q');
    write('x', secret);
    commit('one');
    const calls: string[] = [];
    const spied: StreamingRunner = {
      stream: (program, args, options, onData) => {
        calls.push(JSON.stringify([args, options.env, options.input]));
        return nodeStreams.stream(program, args, options, onData);
      },
    };
    const found = await search(spied);
    assert.equal(found?.findings.length, 1);
    assert.ok(calls.length > 0 && calls.every((call) => !call.includes(secret)));
    assert.doesNotMatch(JSON.stringify(found), /value-in-the-history/);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(search(nodeStreams, controller.signal), isCancelled);
  });
});
