/** Certificates made by a program of this machine, in a private temporary folder, ending in the same import as a file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { CredentialMaterial, ExternalPlan, ExternalRequest } from '../../certificates/types.ts';
import { openCredential } from '../flows/certificateFile.ts';
import type { Services } from '../services.ts';

/** Key generation takes seconds; a program that asks a question instead waits for ever. */
const timeout = 120_000;

/** Private folders that live as long as a flow. */
export interface Scratch {
  /** Makes a folder with mode 0700. */
  folder(): Promise<string>;
  /** Removes all of them, whatever is in them. */
  dispose(): Promise<void>;
}

export function createScratch(): Scratch {
  const made: string[] = [];
  return {
    async folder() {
      // mkdtemp makes folders with mode 0700.
      const folder = await mkdtemp(path.join(os.tmpdir(), 'client-certificate-'));
      made.push(folder);
      return folder;
    },
    async dispose() {
      for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface ExternalWish {
  readonly kind: 'openssl' | 'powershell';
  readonly subject: string;
  readonly validityDays: number;
  readonly keySize: 2048 | 3072 | 4096;
}

/**
 * Runs the program and reads what it made. Nothing of it stays behind.
 * Rejects with `program-not-found`, `program-too-old`, `program-failed`, `program-timed-out`, and as `openCredential` does.
 */
export async function makeExternally(
  wish: ExternalWish,
  services: Services,
  announce: (secret: string) => void,
  signal: AbortSignal,
): Promise<CredentialMaterial> {
  const scratch = createScratch();
  try {
    const plan = await planOf(wish, await scratch.folder(), services, signal);
    announce(plan.passphrase);
    await runPlan(plan, services, signal);
    const file = fileOf(plan);
    const privateKey = plan.files.pfx === undefined ? plan.files.privateKey : undefined;
    return await openCredential({ file, privateKey, password: plan.passphrase }, services);
  } finally {
    await scratch.dispose();
  }
}

/** The plan to make this certificate in this folder, fitting the program of this machine. */
export async function planOf(
  wish: ExternalWish,
  folder: string,
  services: Services,
  signal?: AbortSignal,
): Promise<ExternalPlan> {
  const { subject, validityDays, keySize } = wish;
  const request: ExternalRequest = { subject, validityDays, keySize, folder, name: 'certificate' };
  const certificates = services.certificates();
  if (wish.kind === 'powershell') return certificates.powerShellPlan({ ...request, removeFromStore: true });
  return certificates.openSslPlan({ ...request, libreSsl: await needsConfiguration(services, signal) });
}

/** The file to open when the plan's program has ended. */
export function fileOf({ files, program }: ExternalPlan): string {
  const file = files.pfx ?? files.certificate;
  if (file === undefined) throw new Error(`The plan for ${program} makes no file.`);
  return file;
}

async function runPlan(plan: ExternalPlan, services: Services, signal: AbortSignal): Promise<void> {
  if (plan.configuration !== undefined)
    await writeFile(plan.configuration.path, plan.configuration.text, { mode: 0o600 });
  const result = await services.processes.run(plan.program, plan.args, {
    signal,
    timeout,
    ...(plan.input === undefined ? {} : { input: plan.input }),
    ...(plan.env === undefined ? {} : { env: plan.env }),
  });
  if (result.exitCode !== 0) {
    throw new ExpectedError(
      'program-failed',
      vscode.l10n.t(
        '{0} made no certificate; it ended with exit code {1} and said: {2} Choose "Create Self-Signed Certificate", which needs no program.',
        plan.program,
        result.exitCode,
        lastLines(result.stderr === '' ? result.stdout : result.stderr),
      ),
    );
  }
}

function lastLines(output: string): string {
  return output.trim().split(/\r?\n/).slice(-4).join(' ');
}

/** Rejects with `program-too-old` where `openssl` cannot make what is needed. */
async function needsConfiguration(services: Services, signal?: AbortSignal): Promise<boolean> {
  const options = signal === undefined ? { timeout } : { timeout, signal };
  const { stdout } = await services.processes.run('openssl', ['version'], options);
  const program = services.certificates().readOpenSslVersion(stdout);
  if (program?.supported !== true) {
    throw new ExpectedError(
      'program-too-old',
      vscode.l10n.t(
        'The openssl of this machine cannot be used: it is "{0}", and OpenSSL 1.1.1 or LibreSSL 2.8 is needed. Update it, or choose "Create Self-Signed Certificate", which needs no program.',
        stdout.trim().slice(0, 80),
      ),
    );
  }
  return program.needsConfiguration;
}
