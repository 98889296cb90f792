/** The check of whole folders: the same checks as in the editor, over ports. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, AppConfigs } from '../appConfig/types.ts';
import { isExpectedError, throwIfCancelled } from '../base/errors.ts';
import type { Clock, FileReader } from '../base/ports.ts';
import type { Certificates } from '../certificates/types.ts';
import type { Finding } from '../diagnosis/types.ts';
import { checkInFull } from '../setup/checkInFull.ts';
import type { CertificateSources, GivenCertificate } from '../setup/checkInFull.ts';
import type { Git } from '../setup/ports.ts';
import { exitCodes } from './arguments.ts';
import type { CheckRequest } from './arguments.ts';
import { readGiven } from './given.ts';
import type { NamedCertificates } from './given.ts';

export interface CheckTools {
  readonly appConfigs: AppConfigs;
  readonly certificates: Certificates;
  /** For the search: what cannot be read is passed over. */
  readonly files: FileReader;
  /** For credentials: says why a file cannot be read. Default {@link files}. */
  readonly keyFiles?: FileReader;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether git knows the key files. Absent: not asked. */
  readonly git?: Git;
  /** Setups made on this machine: they know certificates of which no file lies beside a key. Absent: none. */
  readonly journal?: NonNullable<CertificateSources['journal']>;
}

/** {@link CheckRequest} as the program or a task makes it. */
export type CheckTask = Pick<CheckRequest, 'failWithin' | 'ignored' | 'thresholds'> &
  NamedCertificates & {
    /** Absolute. */
    readonly folders: readonly string[];
    readonly signal?: AbortSignal;
  };

export interface CheckedApp {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly credential: AppConfig['credential'];
  readonly findings: readonly Finding[];
  /** Where the certificate was found. */
  readonly certificate?: { readonly thumbprintSha256: string; readonly notAfter: string; readonly daysLeft: number };
}

export interface CheckReport {
  readonly apps: readonly CheckedApp[];
  /** Why something could not be checked: sentences. */
  readonly problems: readonly { readonly code: string; readonly message: string; readonly file?: string }[];
}

const day = 86_400_000;

/** Checks every app config below the folders. Rejects with CancelledError. */
export async function check(request: CheckTask, tools: CheckTools): Promise<CheckReport> {
  const problems: { code: string; message: string; file?: string }[] = [];
  const note = (error: unknown) => {
    if (!isExpectedError(error)) throw error;
    const { file } = error.details;
    problems.push({ code: error.code, message: error.message, ...(file === undefined ? {} : { file }) });
  };
  const folders: string[] = [];
  for (const folder of request.folders) {
    if ((await tools.files.stat(folder))?.kind === 'folder') folders.push(folder);
    else problems.push(missingFolder(folder));
  }
  const { given, missing } = await readGiven(request, tools.files);
  problems.push(...missing.map(({ kind, path }) => (kind === 'folder' ? missingFolder(path) : missingFile(path))));
  const configs = await tools.appConfigs.findAppConfigs(folders, tools.files, request.signal);
  const apps: CheckedApp[] = [];
  for (const config of configs) {
    throwIfCancelled(request.signal);
    try {
      apps.push(await checkOne(config, given, { ...request, folders }, tools));
    } catch (error) {
      note(error);
    }
  }
  if (configs.length === 0 && problems.length === 0) {
    const message = l10n.t('No MSAL Node app config was found below {0}.', folders.join(', '));
    problems.push({ code: 'no-app-config', message });
  }
  return { apps, problems };
}

function missingFolder(folder: string) {
  return { code: 'folder-not-found', message: l10n.t('There is no folder {0}.', folder), file: folder };
}

function missingFile(file: string) {
  return { code: 'file-not-found', message: l10n.t('There is no file {0}.', file), file };
}

async function checkOne(
  config: AppConfig,
  given: readonly GivenCertificate[],
  { failWithin, ignored, folders, thresholds }: Pick<CheckTask, 'failWithin' | 'ignored' | 'folders' | 'thresholds'>,
  tools: CheckTools,
): Promise<CheckedApp> {
  const { certificates, appConfigs, keyFiles: files = tools.files, environment } = tools;
  const credential = { certificates, appConfigs, files, environment, announce: () => undefined, roots: folders };
  const { git, journal, clock } = tools;
  const checked = await checkInFull(
    config,
    credential,
    { given, ...(journal === undefined ? {} : { journal }) },
    { now: clock.now(), thresholds, ...(git === undefined ? {} : { git }) },
  );
  const { thumbprintSha256, notAfter } = checked.certificate ?? {};
  const findings = [...checked.findings];
  const app = { file: config.file, line: config.line, credential: config.credential };
  const kept = () => findings.filter(({ code }) => !ignored.includes(code));
  if (thumbprintSha256 === undefined || notAfter === undefined) return { ...app, findings: kept() };
  const daysLeft = Math.floor((Date.parse(notAfter) - clock.now()) / day);
  if (failWithin !== undefined && daysLeft >= 0 && daysLeft <= failWithin) {
    findings.unshift({
      code: 'expires-within-limit',
      severity: 'error',
      message: l10n.t(
        'The certificate ends in {0} days, on {1}. Rotate it: "Client Certificate: Rotate Certificate…" in VS Code.',
        daysLeft,
        notAfter.slice(0, 10),
      ),
      line: config.line,
    });
  }
  return { ...app, findings: kept(), certificate: { thumbprintSha256, notAfter, daysLeft } };
}

/** What the program and the task end with. */
export function exitCodeOf({ apps, problems }: CheckReport): number {
  const isError = apps.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
  if (isError) return exitCodes.findings;
  return problems.length > 0 ? exitCodes.notChecked : exitCodes.fine;
}
