/** The check of whole folders: the same checks as in the editor, over ports. */
import type { AppConfig, AppConfigs } from '../appConfig/types.ts';
import { isExpectedError, throwIfCancelled } from '../base/errors.ts';
import type { Clock, FileReader } from '../base/ports.ts';
import type { Certificates } from '../certificates/types.ts';
import type { Finding } from '../diagnosis/types.ts';
import { checkConfig } from '../setup/checking.ts';
import type { Git } from '../setup/ports.ts';
import type { CheckRequest } from './arguments.ts';

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
}

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

/** @param folders absolute */
export async function check(
  request: Pick<CheckRequest, 'failWithin' | 'ignored'> & {
    readonly folders: readonly string[];
    readonly certificates: readonly string[];
    readonly signal?: AbortSignal;
  },
  tools: CheckTools,
): Promise<CheckReport> {
  const problems: { code: string; message: string; file?: string }[] = [];
  const note = (error: unknown) => {
    if (!isExpectedError(error)) throw error;
    const { file } = error.details;
    problems.push({ code: error.code, message: error.message, ...(file === undefined ? {} : { file }) });
  };
  const folders: string[] = [];
  for (const folder of request.folders) {
    if ((await tools.files.stat(folder))?.kind === 'folder') folders.push(folder);
    else problems.push({ code: 'folder-not-found', message: `There is no folder ${folder}.`, file: folder });
  }
  const known: Uint8Array[] = [];
  for (const file of request.certificates) {
    const bytes = await tools.files.read(file);
    if (bytes !== undefined) known.push(bytes);
    else problems.push({ code: 'file-not-found', message: `There is no file ${file}.`, file });
  }
  const configs = await tools.appConfigs.findAppConfigs(folders, tools.files, request.signal);
  const apps: CheckedApp[] = [];
  for (const config of configs) {
    throwIfCancelled(request.signal);
    try {
      apps.push(await checkOne(config, known, { ...request, folders }, tools));
    } catch (error) {
      note(error);
    }
  }
  if (configs.length === 0 && problems.length === 0) {
    problems.push({ code: 'no-app-config', message: `No MSAL Node app config was found below ${folders.join(', ')}.` });
  }
  return { apps, problems };
}

async function checkOne(
  config: AppConfig,
  known: readonly Uint8Array[],
  { failWithin, ignored, folders }: Pick<CheckRequest, 'failWithin' | 'ignored' | 'folders'>,
  tools: CheckTools,
): Promise<CheckedApp> {
  const { certificates, appConfigs, keyFiles: files = tools.files, environment } = tools;
  const credential = { certificates, appConfigs, files, environment, announce: () => undefined, roots: folders };
  const checked = await checkConfig(config, credential, known, tools.git === undefined ? {} : { git: tools.git });
  const { thumbprintSha256, notAfter } = checked.certificate ?? {};
  const findings = [...checked.findings];
  const app = { file: config.file, line: config.line, credential: config.credential };
  const kept = () => findings.filter(({ code }) => !ignored.includes(code));
  if (thumbprintSha256 === undefined || notAfter === undefined) return { ...app, findings: kept() };
  const daysLeft = Math.floor((Date.parse(notAfter) - tools.clock.now()) / day);
  if (failWithin !== undefined && daysLeft >= 0 && daysLeft <= failWithin) {
    findings.unshift({
      code: 'expires-within-limit',
      severity: 'error',
      message: `The certificate ends in ${daysLeft} days, on ${notAfter.slice(0, 10)}. Rotate it: "Client Certificate: Rotate Certificate…" in VS Code.`,
      line: config.line,
    });
  }
  return { ...app, findings: kept(), certificate: { thumbprintSha256, notAfter, daysLeft } };
}

/** Whether an error was found. */
export function hasErrors({ apps }: CheckReport): boolean {
  return apps.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
}
