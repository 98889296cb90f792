/** Entry point of dist/cli.js, the program `client-certificate-guide`: the checks without an editor, for CI. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import { createMasker } from '../base/masking.ts';
import { createLazy } from '../lazy.ts';
import { forgiving } from '../ui/forgivingFiles.ts';
import { createGit } from '../setup/git.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { exitCodes, readArguments, usage } from './arguments.ts';
import type { CheckRequest } from './arguments.ts';
import { check, exitCodeOf } from './check.ts';
import { asJson, asSarif, asText } from './output.ts';

/** Where the program's output goes, and where it runs. */
export interface Terminal {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
}

/** Runs the program and resolves to its exit code. @param dist folder with the bundles */
export async function runCli(args: readonly string[], dist: string, terminal: Terminal): Promise<number> {
  const request = readArguments(args);
  switch (request.kind) {
    case 'help':
      terminal.out(usage);
      return exitCodes.fine;
    case 'version':
      terminal.out(`${versionOf(dist)}\n`);
      return exitCodes.fine;
    case 'wrong':
      terminal.error(`${request.message}\n\n${usage}`);
      return exitCodes.wrongUse;
    case 'check':
      return runCheck(request, dist, terminal);
  }
}

async function runCheck(request: CheckRequest, dist: string, terminal: Terminal): Promise<number> {
  const lazy = createLazy(dist, undefined, createRequire(path.join(dist, 'cli.js')));
  const { folder } = terminal;
  const report = await check(
    {
      ...request,
      folders: request.folders.map((each) => path.resolve(folder, each)),
      certificates: request.certificates.map((each) => path.resolve(folder, each)),
      certificateFolders: request.certificateFolders.map((each) => path.resolve(folder, each)),
    },
    {
      appConfigs: lazy.appConfigs(),
      certificates: lazy.certificates(),
      files: forgiving(nodeFiles, (_path, reason) => {
        terminal.error(`passed over: ${reason}\n`);
      }),
      keyFiles: nodeFiles,
      clock: { now: () => Date.now(), delay: () => Promise.resolve() },
      environment: terminal.environment,
      git: createGit(nodeProcesses, nodeFiles),
    },
  );
  if (request.format === 'json') terminal.out(asJson(report));
  else if (request.format === 'sarif') terminal.out(asSarif(report, folder, versionOf(dist)));
  else terminal.out(asText(report, folder));
  return exitCodeOf(report);
}

function versionOf(dist: string): string {
  const manifest = JSON.parse(readFileSync(path.join(dist, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** What went wrong, without a secret: a bug may carry anything. */
export function describeFailure(error: unknown): string {
  if (isExpectedError(error)) return `${error.message} [${error.code}]\n`;
  return createMasker().text(error instanceof Error ? `${error.stack ?? error.message}\n` : `${String(error)}\n`);
}
