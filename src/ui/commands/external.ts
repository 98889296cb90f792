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
  const libreSsl = wish.kind === 'openssl' && (await needsConfiguration(services, signal));
  // mkdtemp makes folders with mode 0700.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'client-certificate-'));
  try {
    const { subject, validityDays, keySize } = wish;
    const request: ExternalRequest = { subject, validityDays, keySize, folder, name: 'certificate', libreSsl };
    const certificates = services.certificates();
    const plan =
      wish.kind === 'openssl'
        ? certificates.openSslPlan(request)
        : certificates.powerShellPlan({ ...request, removeFromStore: true });
    announce(plan.passphrase);
    await runPlan(plan, services, signal);
    const { pfx, certificate, privateKey } = plan.files;
    const file = pfx ?? certificate;
    if (file === undefined) throw new Error('The plan makes no file.');
    return await openCredential(
      { file, privateKey: pfx === undefined ? privateKey : undefined, password: plan.passphrase },
      services,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
async function needsConfiguration(services: Services, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await services.processes.run('openssl', ['version'], { signal, timeout });
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
