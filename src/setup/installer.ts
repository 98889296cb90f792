/** Installs packages with the app's own package manager, and puts back what it changed when it fails. */
import { dirname, join } from 'node:path';
import { throwIfCancelled } from '../base/errors.ts';
import type { ProcessRunner } from '../base/ports.ts';
import { installFailed, unsavedChanges } from './errors.ts';
import type { Editor, Files, Installed, Installer } from './ports.ts';

/** A large app on a slow network. */
const timeout = 15 * 60_000;

/** What the package managers write beside node_modules. */
const manifests = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'bun.lockb',
  '.pnp.cjs',
  '.pnp.loader.mjs',
];

/** Nobody is there to read advertisements or to answer. */
const environment = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_yes: 'true',
};

export function createInstaller(processes: ProcessRunner, files: Files, editor: Editor): Installer {
  return {
    async install(install, roots, signal) {
      const { manager, args, devArgs, folder } = install;
      const kept = await keep(foldersUpTo(folder, roots), files);
      for (const { path, bytes } of kept) if (bytes !== undefined && editor.isDirty(path)) throw unsavedChanges(path);
      try {
        for (const run of [args, devArgs ?? []]) {
          if (run.length === 0) continue;
          throwIfCancelled(signal);
          const options = { cwd: folder, env: environment, timeout, ...(signal === undefined ? {} : { signal }) };
          const { exitCode, stdout, stderr } = await processes.run(manager, run, options);
          if (exitCode !== 0) throw installFailed(install, exitCode, reasonIn(stderr.trim() === '' ? stdout : stderr));
        }
        throwIfCancelled(signal);
      } catch (error) {
        await putBack(kept, files);
        throw error;
      }
      return { takeBack: () => putBack(kept, files) } satisfies Installed;
    },
  };
}

interface Kept {
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
  readonly mode: number;
}

/** The app's folder, and those above it to the workspace folder, where the lock file of a monorepo lies. */
function foldersUpTo(folder: string, roots: readonly string[]): string[] {
  const found = [folder];
  const isRoot = (path: string) => roots.includes(path);
  for (let at = folder; !isRoot(at); at = dirname(at)) {
    // Outside of all workspace folders: the app's folder alone.
    if (dirname(at) === at) return [folder];
    found.push(dirname(at));
  }
  return found;
}

async function keep(folders: readonly string[], files: Files): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const folder of folders) {
    for (const name of manifests) {
      const path = join(folder, name);
      const bytes = await files.read(path);
      kept.push({ path, bytes, mode: (await files.stat(path))?.mode ?? 0o644 });
    }
  }
  return kept;
}

async function putBack(kept: readonly Kept[], files: Files): Promise<void> {
  for (const { path, bytes, mode } of kept) {
    const now = await files.read(path);
    if (bytes === undefined) {
      if (now !== undefined) await files.remove(path);
    } else if (now === undefined || !Buffer.from(now).equals(bytes)) {
      await files.writeAtomically(path, bytes, mode);
    }
  }
}

/** The lines that name the error: npm's come first, before what surrounds them. Registries with a password in their address are shown without it. */
function reasonIn(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.replace(/^npm (?:error|ERR!)\s*/, 'error ').trim());
  const errors = lines.filter((line) => /\berror\b|\bERR_/i.test(line) && line !== 'error');
  const told = errors.length > 0 ? errors.slice(0, 4) : lines.filter((line) => line !== '').slice(-4);
  const text = told.map((line) => line.replace(/^error\s*/i, '')).join('; ');
  return `${text.replace(/:\/\/[^@\s/]+@/g, '://****@').slice(0, 400)}.`;
}
