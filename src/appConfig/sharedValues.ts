/** Apps of the workspace that take their certificate from the same values as the one that is rotated, but are registered on their own. */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { findAppConfigs } from './find.ts';
import type { Place } from './rotatePlaces.ts';
import { searchFiles } from './search.ts';
import type { AppConfig, PlanWarning, ResolvedValue, ValueSource } from './types.ts';

/** A variable of a `.env` file. */
export interface SharedVariable {
  readonly variable: string;
  readonly envFile: string;
}

export interface Sharing {
  readonly config: AppConfig;
  /** The variables that it reads too; all of them where its code cannot be followed. */
  readonly variables: readonly string[];
}

/** Configs in the workspace of app registrations other than this one's; one whose client ID is not known counts as another. */
export async function otherRegistrations(
  config: AppConfig,
  roots: readonly string[],
  reader: FileReader,
): Promise<AppConfig[]> {
  const all = await findAppConfigs([...roots, config.appRoot], reader);
  return all.filter((other) => !isSamePlace(other, config) && !isSameRegistration(other, config));
}

function isSamePlace(a: AppConfig, b: AppConfig): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

export function isSameRegistration(a: AppConfig, b: AppConfig): boolean {
  const [one, two] = [a.clientId, b.clientId];
  if (one?.value !== undefined || two?.value !== undefined)
    return one?.value?.toLowerCase() === two?.value?.toLowerCase();
  return variableOf(one) !== undefined && variableOf(one) === variableOf(two);
}

const variableOf = (from: ResolvedValue | undefined): string | undefined =>
  from?.source.kind === 'environment' ? from.source.variable : undefined;

/** Which of the others read one of these variables. */
export async function findSharing(
  config: AppConfig,
  others: readonly AppConfig[],
  shared: readonly SharedVariable[],
  roots: readonly string[],
  reader: FileReader,
): Promise<Sharing[]> {
  const found: Sharing[] = [];
  const hidden: Sharing[] = [];
  for (const other of others) {
    const direct = shared.filter((each) => sourcesOf(other).some((from) => reads(from, each)));
    if (direct.length > 0) found.push({ config: other, variables: direct.map(({ variable }) => variable) });
    else if (isHidden(other) && shared.some(({ envFile }) => envFile === other.envFile))
      hidden.push({ config: other, variables: shared.map(({ variable }) => variable) });
  }
  if (hidden.length === 0) return found;
  // Through a module of settings, for instance: then that names the variables.
  const names = shared.map(({ variable }) => variable);
  const files = await searchFiles([...roots, config.appRoot], names, reader);
  const whole = new RegExp(String.raw`(?<![\w$])(?:${names.join('|')})(?![\w$])`.replaceAll('.', String.raw`\.`));
  const isNamed = files.some(({ path, text }) => path !== config.file && whole.test(text));
  return isNamed ? [...found, ...hidden] : found;
}

function sourcesOf({ certificate }: AppConfig): (ValueSource | undefined)[] {
  return [certificate?.thumbprint?.source, certificate?.privateKey, certificate?.keyPath];
}

function reads(from: ValueSource | undefined, { variable, envFile }: SharedVariable): boolean {
  return from?.kind === 'environment' && from.variable === variable && from.envFile === envFile;
}

/** The code does not tell where this certificate comes from. */
function isHidden({ certificate }: AppConfig): boolean {
  const isTold = (from: ValueSource | undefined): boolean => from?.kind === 'environment' || from?.kind === 'literal';
  if (certificate === undefined) return false;
  return certificate.keyFile === undefined && ![certificate.privateKey, certificate.keyPath].some(isTold);
}

/** Says why the app gets variables of its own. */
export function sharedWarnings(sharing: readonly Sharing[], renamed: ReadonlyMap<string, string>): PlanWarning[] {
  return sharing.map(({ config, variables }) => ({
    code: 'variables-shared',
    message: l10n.t(
      '{0} line {1} (client ID {2}) reads {3} too and keeps the old certificate. The app that is rotated reads new variables from now on, which every deployment of it needs: {4}.',
      basename(config.file),
      config.line,
      clientIdOf(config),
      variables.join(', '),
      [...renamed.values()].join(', '),
    ),
    file: config.file,
    line: config.line,
  }));
}

/** Apps that name the same version of the same vault's certificate in files that are changed. */
export function versionWarnings(
  others: readonly AppConfig[],
  { vault }: AppConfig,
  version: string,
  changed: readonly string[],
): PlanWarning[] {
  const sharing = others.filter(
    ({ file, vault: used }) =>
      used?.version.value === version &&
      used.certificate.value === vault?.certificate.value &&
      [file, used.module, envFileOf(used.version.source)].some((path) => path !== undefined && changed.includes(path)),
  );
  return sharing.map((config) => ({
    code: 'version-shared',
    message: l10n.t(
      '{0} line {1} (client ID {2}) uses the same version of the certificate and changes to the new one with this app. Upload the new certificate to its app registration as well, before you apply this.',
      basename(config.file),
      config.line,
      clientIdOf(config),
    ),
    file: config.file,
    line: config.line,
  }));
}

const envFileOf = (from: ValueSource): string | undefined => (from.kind === 'environment' ? from.envFile : undefined);

/**
 * Refuses where one edit of the code would change both apps.
 * @param places of the config that is rotated
 * @param others other configs of the same file, with their places
 * @throws ExpectedError `certificate-shared`
 */
export function refuseSharedCode(
  config: AppConfig,
  places: readonly Place[],
  others: readonly { readonly config: AppConfig; readonly places: readonly Place[] }[],
): void {
  const own = new Set(places.flatMap(nodesOf));
  const sharing = others.find(
    (other) => !isSameRegistration(other.config, config) && other.places.flatMap(nodesOf).some((node) => own.has(node)),
  );
  if (sharing === undefined) return;
  const { file, line } = sharing.config;
  throw new ExpectedError(
    'certificate-shared',
    l10n.t(
      '{0} line {1}: the app with client ID {2} takes its certificate from the same lines of code, so it would get the new one too, which its app registration does not have. Nothing was changed. Give each app lines of its own, then rotate.',
      file,
      line,
      clientIdOf(sharing.config),
    ),
    { file, line },
  );
}

const nodesOf = ({ at }: Place) => (at.kind === 'literal' ? [at.node] : at.names);

const clientIdOf = ({ clientId }: AppConfig): string => clientId?.value ?? l10n.t('not known');
