/**
 * The change of certificate in an app that uses one already: new values where the old ones stand, in the code, in `.env`, or nowhere at all
 * because the code computes them. Everything that belongs together changes with one write: all in `.env`, or all in the code.
 */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { isGitIgnored, planGitignore } from './gitignore.ts';
import { readFile, type ReadConfig, type ReadFile } from './readConfigs.ts';
import { codeEdits, findPlaces, type ChangedValue, type Place } from './rotatePlaces.ts';
import { envFileOf, planEnvRotation, type EnvPlaceOf } from './rotateEnv.ts';
import { keyLike } from './rotateKey.ts';
import { planVersionRotation } from './rotateVersion.ts';
import { findSharing, otherRegistrations, refuseSharedCode, sharedWarnings, type Sharing } from './sharedValues.ts';
import type { AppConfig, FileEdits, KeptSecret, PlannedVariables, RewritePlan, RewriteRequest } from './types.ts';

/**
 * Plans the change; changes nothing. A new key file lies beside the old one, so that only its name changes.
 * @throws ExpectedError `nothing-to-rotate`, `x5c-in-config`, `value-not-changeable`, `certificate-shared`, and as `.env` files are declined
 */
export async function planRotation(request: RewriteRequest, reader: FileReader): Promise<RewritePlan> {
  const file = await readFile(request.file, reader, request.roots);
  const chosen = file === undefined ? undefined : choose(file, request.line);
  if (file === undefined || chosen === undefined) throw noConfig(request.file);
  const { config } = chosen;
  const isVault = request.keyFrom === 'keyVault' || request.keyFrom === 'keyVaultSign';
  if (isVault) return planVersionRotation(config, request, reader);
  if (config.certificate === undefined) throw noConfig(request.file);
  const values = newValues(chosen, request);
  const places = findPlaces(file, chosen, values);
  const inCode = places.filter(({ at }) => at.kind === 'literal');
  const inEnv = places.filter((place): place is EnvPlaceOf => place.at.kind === 'environment');
  if (places.length === 0) return { status: 'nothing-to-do', config, reason: computes(), warnings: [] };
  const sharing = await sharingOf(config, inEnv, file, request, reader);
  // A literal in the code and a value in .env cannot change with one write: then the code gets names of new variables.
  const asNew = inCode.length > 0 || sharing.length > 0;
  const env = inEnv.length === 0 ? [] : await planEnvRotation(inEnv, asNew, file, reader);
  const renamed = new Map(env.flatMap(({ renamed: each }) => [...each]));
  if (asNew) refuseSharedCode(config, places, inSameFile(file, chosen, values));
  const edits: TextEdit[] = codeEdits(file.source, places, renamed);
  const protect = [
    ...(request.protect ?? []),
    ...(request.privateKeyPath === undefined ? [] : [request.privateKeyPath]),
    ...(await halfWritten(env, request, reader)),
  ];
  const gitignore = await planGitignore(protect, file.context.appRoot, request.roots, reader);
  const secrets: KeptSecret[] = [];
  const files: FileEdits[] = [
    ...gitignore.files,
    ...env.map(({ edits: each }) => each).filter((each) => each.edits.length > 0),
    ...(edits.length === 0
      ? []
      : [{ path: file.source.fileName, role: 'config' as const, before: file.source.text, edits, secrets }]),
  ];
  const warnings = [...sharedWarnings(sharing, renamed), ...gitignore.warnings];
  return {
    status: 'rewrite',
    config,
    files,
    warnings,
    variables: { ...variablesOf(chosen), ...newNames(inEnv, renamed) },
  };
}

/** Of `.env` files that git ignores; one that is in version control on purpose has nothing to hide. */
async function halfWritten(
  env: readonly { readonly edits: FileEdits }[],
  { temporaryOf, roots }: RewriteRequest,
  reader: FileReader,
): Promise<string[]> {
  const found: string[] = [];
  for (const { edits } of env)
    if (temporaryOf !== undefined && edits.edits.length > 0 && (await isGitIgnored(edits.path, roots, reader)))
      found.push(temporaryOf(edits.path));
  return found;
}

/** Apps of other registrations that would get the new values of these variables too. */
async function sharingOf(
  config: AppConfig,
  places: readonly EnvPlaceOf[],
  file: ReadFile,
  { roots }: RewriteRequest,
  reader: FileReader,
): Promise<Sharing[]> {
  if (places.length === 0) return [];
  const shared = places.map((place) => ({ variable: place.at.variable, envFile: envFileOf(place, file) }));
  return findSharing(config, await otherRegistrations(config, roots, reader), shared, roots, reader);
}

/** The other configs of the file, with the places of those whose values can be followed. */
function inSameFile(
  file: ReadFile,
  chosen: ReadConfig,
  values: readonly ChangedValue[],
): { config: AppConfig; places: Place[] }[] {
  return file.configs.flatMap((other) => {
    if (other === chosen || other.config.certificate === undefined) return [];
    try {
      return [{ config: other.config, places: findPlaces(file, other, values) }];
    } catch (error) {
      if (isExpectedError(error)) return [];
      throw error;
    }
  });
}

/** Which values change, and to what. */
function newValues({ config }: ReadConfig, request: RewriteRequest): ChangedValue[] {
  const { keyFile } = config.certificate ?? {};
  const values: ChangedValue[] = [
    { what: 'thumbprintSha256', to: () => request.thumbprintSha256 },
    { what: 'thumbprint', to: () => request.thumbprintSha1 },
  ];
  if (request.keyFrom === 'environment' && request.privateKeyPem !== undefined) {
    const pem = request.privateKeyPem;
    values.push({ what: 'key', to: (old) => keyLike(old, pem) });
  }
  if (request.keyFrom === 'file') {
    const [from, to] = [basename(keyFile ?? ''), basename(request.privateKeyPath ?? '')];
    values.push({
      what: 'keyPath',
      to: (old) => (from !== '' && old.endsWith(from) ? old.slice(0, -from.length) + to : undefined),
    });
  }
  return values;
}

/** The variable of the pass phrase keeps its value, and with it the key can be opened however far apply has come. */
function variablesOf({ config }: ReadConfig): PlannedVariables {
  const { passphrase, privateKey } = config.certificate ?? {};
  return {
    ...(passphrase?.kind === 'environment' ? { passphrase: passphrase.variable } : {}),
    ...(privateKey?.kind === 'environment' ? { privateKey: privateKey.variable } : {}),
  };
}

/** For the journal and for what deployments need: the variables that the code reads from now on. */
function newNames(places: readonly EnvPlaceOf[], renamed: ReadonlyMap<string, string>): PlannedVariables {
  const purposes = {
    thumbprint: 'thumbprint',
    thumbprintSha256: 'thumbprint',
    keyPath: 'keyPath',
    key: 'privateKey',
  } as const;
  return Object.fromEntries(
    places.flatMap(({ what, at: { variable } }) => {
      const name = renamed.get(variable);
      return name === undefined ? [] : [[purposes[what], name]];
    }),
  );
}

function choose({ configs }: ReadFile, line: number | undefined): ReadConfig | undefined {
  const using = configs.filter(
    ({ config }) => config.credential === 'certificate' || config.credential === 'assertion',
  );
  const distance = ({ config }: ReadConfig): number => Math.abs(config.line - (line ?? 0));
  return [...using].sort((a, b) => distance(a) - distance(b))[0];
}

const computes = (): string => l10n.t('The code computes its values from the certificate itself.');

function noConfig(file: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-rotate',
    l10n.t(
      '{0} holds no MSAL configuration with a certificate, so there is nothing to rotate. "Client Certificate: Set Up Client Certificate" gives an app its first one.',
      file,
    ),
    { file },
  );
}
