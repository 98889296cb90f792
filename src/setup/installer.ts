/** Installs packages with the app's own package manager, and puts back what it changed when it fails. */
import { throwIfCancelled } from '../base/errors.ts';
import type { ProcessRunner } from '../base/ports.ts';
import { installFailed, unsavedChanges } from './errors.ts';
import { putBack, readManifests } from './manifests.ts';
import type { Editor, Files, Installed, Installer } from './ports.ts';

/** A large app on a slow network. */
const timeout = 15 * 60_000;

/** Nobody is there to read advertisements or to answer. */
const environment = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_yes: 'true',
};

export function createInstaller(processes: ProcessRunner, files: Files, editor: Editor): Installer {
  return {
    async install(install, roots, { signal, onKept } = {}) {
      const { manager, args, devArgs, folder } = install;
      const kept = await readManifests(folder, roots, files);
      for (const { path, bytes } of kept) if (bytes !== undefined && editor.isDirty(path)) throw unsavedChanges(path);
      await onKept?.(kept);
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

/** The lines that name the error: npm's come first, before what surrounds them. Registries with a password in their address are shown without it. */
function reasonIn(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.replace(/^npm (?:error|ERR!)\s*/, 'error ').trim());
  const errors = lines.filter((line) => /\berror\b|\bERR_/i.test(line) && line !== 'error');
  const told = errors.length > 0 ? errors.slice(0, 4) : lines.filter((line) => line !== '').slice(-4);
  const text = told.map((line) => line.replace(/^error\s*/i, '')).join('; ');
  return `${text.replace(/:\/\/[^@\s/]+@/g, '://****@').slice(0, 400)}.`;
}
