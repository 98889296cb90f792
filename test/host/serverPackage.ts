/** VS Code's server from the npm registry, for machines that cannot download VS Code itself. */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.ts';
import { npm, runOrThrow } from './run.ts';

/** code-server 4.139.1 carries VS Code 1.139.1. */
const version = '4.139.1';
/** Counts the changes of what is done to it below, so that folders made before are not taken. */
const recipe = 2;

/**
 * The folder of VS Code's server, fetched on first use (about 15 s).
 * The package is unpacked and not installed: its own install script compiles native modules that no suite needs.
 */
export function serverPackage(): Promise<string> {
  return cached(`server-${version}-${recipe}`, async (folder) => {
    console.log(`Getting the VS Code server (code-server ${version}) from the npm registry, once.`);
    await npm(['pack', `code-server@${version}`, '--silent', '--pack-destination', folder], { cwd: folder });
    const tarball = path.join(folder, `code-server-${version}.tgz`);
    await runOrThrow('tar', ['-xzf', tarball, '-C', folder, 'package/lib/vscode']);
    const server = path.join(folder, 'package', 'lib', 'vscode');
    const install = [
      'install',
      '--omit=dev',
      '--omit=optional',
      '--ignore-scripts',
      '--force',
      '--no-audit',
      '--no-fund',
    ];
    await npm(install, { cwd: server });
    // TypeScript, without which a notification complains in every window with JavaScript in it.
    await npm(install, { cwd: path.join(server, 'extensions') });
    await rename(server, path.join(folder, 'vscode'));
    await rm(tarball);
    await rm(path.join(folder, 'package'), { recursive: true });
  });
}
