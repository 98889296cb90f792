/** Fresh copies of the sample apps, and the msal-node versions that they run with. */
import { cp, copyFile, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { cached, projectRoot } from './cache.ts';
import { npm, run } from './run.ts';

export const sampleApps = ['external-id-commonjs', 'workforce-esm', 'workforce-typescript'] as const;
export type SampleApp = (typeof sampleApps)[number];

/** Each a folder of test/host/msal with a package.json and its lock. */
export const msalVersions = ['1.18.4', '2.16.3', '3.8.10', '5.6.0', '7.2.3'] as const;
export type MsalVersion = (typeof msalVersions)[number];

/** The version that copies get where nothing else is asked for. */
const newest: MsalVersion = '7.2.3';

/** A node_modules folder with that msal-node, really installed from the lock file, once. */
export async function installedMsal(version: MsalVersion): Promise<string> {
  const source = path.join(projectRoot, 'test', 'host', 'msal', version);
  const lock = await readFile(path.join(source, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 8);
  const folder = await cached(path.join('msal', `${version}-${digest}`), async (target) => {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(path.join(source, file), path.join(target, file));
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: target });
  });
  return path.join(folder, 'node_modules');
}

/**
 * Copies a sample app into `folder` as its developer has it: with a `.env` and with its packages. Its package.json then
 * names exactly the msal-node that is installed.
 */
export async function copySample(app: SampleApp, folder: string, version: MsalVersion = newest): Promise<string> {
  await cp(path.join(projectRoot, 'test', 'workspaces', app), folder, { recursive: true });
  await cp(path.join(folder, 'env.sample'), path.join(folder, '.env'));
  await rm(path.join(folder, 'env.sample'));
  const packageJson = path.join(folder, 'package.json');
  const text = await readFile(packageJson, 'utf8');
  await writeFile(packageJson, text.replace(/("@azure\/msal-node": )"[^"]*"/, `$1"${version}"`));
  await symlink(await installedMsal(version), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

/** A temporary folder that holds a copy of every sample app, each in a folder of its name. The caller removes it. */
export async function sampleWorkspace(): Promise<string> {
  const folder = await temporaryFolder();
  for (const app of sampleApps) await copySample(app, path.join(folder, app));
  return folder;
}

/** Makes the folder a git repository with everything that is not ignored committed; does nothing where git is missing. */
export async function commitAll(folder: string): Promise<void> {
  const git = (...args: string[]): Promise<unknown> =>
    run('git', ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.com', ...args], { cwd: folder });
  try {
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=Start');
  } catch {
    // Without git the sample is a plain folder.
  }
}

/** Short and without symbolic links in it, as the extension host names files. */
export async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(path.join(os.tmpdir(), 'ccg-')));
}
