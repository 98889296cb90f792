/** The whole rewrite of one config as data: `.gitignore`, `.env`, examples, the config itself, and what stays behind. */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { rewriteSite, findConfigImports } from './code.ts';
import type { ParsedSource } from './code.types.ts';
import { declineConflicts } from './conflicts.ts';
import { compiledOutput, declineIfLost } from './declines.ts';
import { readerTexts, warnElsewhere } from './elsewhere.ts';
import { planGitignore } from './gitignore.ts';
import { firstWithSha256, isBrokenVersion, thumbprintProperty } from './msalVersion.ts';
import { compiledFrom } from './outDir.ts';
import { placeValues, type Placement } from './placement.ts';
import { planEnvFile, planExamples, warnNotLoaded } from './planEnv.ts';
import { planKeyVault } from './keyVault/plan.ts';
import { planKeyVaultSign } from './keyVaultSign/plan.ts';
import { readFile, type ReadConfig, type ReadFile } from './readConfigs.ts';
import { rememberingReader } from './rememberingReader.ts';
import { searchFiles } from './search.ts';
import { readText } from './textFiles.ts';
import type { VaultPlan } from './vaultPlan.ts';
import { atLeast } from './versions.ts';
import type { FileEdits, KeptSecret, PlanWarning, RewritePlan, RewriteRequest } from './types.ts';

/**
 * Plans the rewrite; changes nothing.
 * @throws ExpectedError with a code that tells why it is declined; `no-app-config`, `file-not-found` and `msal-node-too-old` among them
 */
export async function planRewrite(request: RewriteRequest, disk: FileReader): Promise<RewritePlan> {
  // The config's readers and, for the vault kinds, its clients are looked for in the same files.
  const reader = rememberingReader(disk);
  const file = await readFile(request.file, reader, request.roots, { texts: readerTexts });
  if (file === undefined) throw fileNotFound(request.file);
  const { source, context } = file;
  const chosen = await choose(file, request, reader);
  const { site, config } = chosen;
  if (config.credential === 'secret') {
    await declineJson(source, config.line, request, reader);
    const compiled = await compiledFrom(source.fileName, reader);
    if (compiled !== undefined) throw compiledOutput(source, config.line, compiled);
    declineConflicts(source, site, context, file.sources);
  }
  const vaultPlan = config.credential === 'secret' ? await planVault(file, chosen, request, reader) : undefined;
  const placement: Placement | undefined =
    config.credential === 'secret'
      ? (vaultPlan?.placement ?? placeValues(source, site, config, context, request))
      : undefined;
  const rewrite = rewriteSite(source, site, placement?.code ?? unplaced(config, request));
  if (rewrite.nothingToDo !== undefined || placement === undefined) {
    return { status: 'nothing-to-do', config, reason: rewrite.nothingToDo ?? '', warnings: rewrite.warnings };
  }
  const { env, variables } = placement;
  const edits = [...rewrite.edits, ...(vaultPlan?.configEdits ?? [])].sort((a, b) => a.offset - b.offset);
  // Once more with what is really kept: a secret must be lost neither by one part's mistake nor by another's.
  declineIfLost(source, site, edits, env?.kept === undefined ? [] : [env.kept.value]);
  // A file that is there but cannot be decoded must not be taken for one to be made.
  if (env !== undefined && env.text === undefined) await readText(env.path, reader);
  const envFile = env === undefined ? undefined : planEnvFile(env, variables, source.text);
  const protect = [
    ...(request.protect ?? []),
    ...(request.privateKeyPath === undefined || request.keyFrom !== 'file' ? [] : [request.privateKeyPath]),
    ...(env === undefined ? [] : [env.path]),
    ...(envFile === undefined || request.temporaryOf === undefined ? [] : [request.temporaryOf(envFile.path)]),
  ];
  const gitignore = await planGitignore(protect, context.appRoot, request.roots, reader);
  const examples = env === undefined ? [] : await planExamples(env, reader);
  const files: FileEdits[] = [
    ...gitignore.files,
    ...(envFile === undefined ? [] : [envFile]),
    ...examples,
    ...(vaultPlan?.files ?? []),
    {
      path: source.fileName,
      role: 'config',
      before: source.text,
      edits,
      secrets: literals(placement),
    },
  ];
  const warnings: PlanWarning[] = [
    ...rewrite.warnings,
    ...warnElsewhere(chosen, context, env?.path ?? config.envFile, file.sources),
    ...(env === undefined ? [] : warnNotLoaded(env, config, context)),
    ...(request.keyFrom === 'keyVaultSign' ? [] : warnVersion(config)),
    ...(vaultPlan?.warnings ?? []),
    ...gitignore.warnings,
  ];
  const install = vaultPlan?.install;
  return { status: 'rewrite', config, files, warnings, variables, ...(install === undefined ? {} : { install }) };
}

/** What the vault kinds plan beyond the config; undefined for the kinds with a key of the app's own. */
async function planVault(
  file: ReadFile,
  chosen: ReadConfig,
  request: RewriteRequest,
  reader: FileReader,
): Promise<VaultPlan | undefined> {
  const { keyFrom, vault } = request;
  if (keyFrom === 'file' || keyFrom === 'environment') return undefined;
  if (vault === undefined) throw new RangeError('vault is missing.');
  // What cannot be rewritten at all is said first, whatever the kind: nothing else about it matters.
  const plain = { ...unplaced(chosen.config, request), keyPath: { kind: 'literal', value: '.' } } as const;
  rewriteSite(file.source, chosen.site, plain);
  const input = { file, chosen, request, vault, reader };
  return keyFrom === 'keyVault' ? planKeyVault(input) : planKeyVaultSign(input);
}

/** By line where one is given (the nearest one, as the text may have moved), else the first with a secret. */
async function choose(file: ReadFile, request: RewriteRequest, reader: FileReader): Promise<ReadConfig> {
  const { configs, source } = file;
  const distance = ({ config }: ReadConfig): number => Math.abs(config.line - (request.line ?? 0));
  const [nearest] = [...configs].sort((a, b) => distance(a) - distance(b));
  const withSecret = configs.find(({ config }) => config.credential.startsWith('secret'));
  const chosen = request.line === undefined ? (withSecret ?? nearest) : nearest;
  if (chosen !== undefined) return chosen;
  await declineJson(source, 1, request, reader);
  throw noAppConfig(source);
}

/** The file was read as code but holds no config: the one it imports may. */
function noAppConfig(source: ParsedSource): ExpectedError {
  const [used] = source.language === 'json' ? [] : findConfigImports(source);
  const details = { file: source.fileName, ...(used === undefined ? {} : { line: used.line }) };
  if (used === undefined) {
    return new ExpectedError(
      'no-app-config',
      l10n.t(
        '{0} holds no MSAL Node configuration. Choose the file with the object that is handed to ConfidentialClientApplication.',
        source.fileName,
      ),
      details,
    );
  }
  return new ExpectedError(
    'no-app-config',
    l10n.t(
      '{0} holds no MSAL Node configuration: line {2} uses one from "{1}". Choose that file.',
      source.fileName,
      used.specifier,
      used.line,
    ),
    details,
  );
}

/** JSON cannot read a key from a file; the code that loads it is where the credential belongs. */
async function declineJson(
  source: ParsedSource,
  line: number,
  request: RewriteRequest,
  reader: FileReader,
): Promise<void> {
  if (source.language !== 'json') return;
  const name = basename(source.fileName);
  const found = await searchFiles(request.roots, [name], reader);
  const loader = found.find(({ path }) => !path.endsWith('.json'));
  if (loader === undefined) return;
  throw new ExpectedError(
    'config-is-json',
    l10n.t(
      '{0} line {1}: the secret stands in a JSON file. JSON cannot read a key from a file and must not hold one. {2} loads this file: set "clientCertificate" there, in code, and remove the secret here.',
      source.fileName,
      line,
      loader.path,
    ),
    { file: source.fileName, line, data: { loader: loader.path } },
  );
}

/** What stands in the config as a literal secret, for masking and for undo. */
function literals(placement: Placement): KeptSecret[] {
  const { env } = placement;
  if (env?.kept === undefined) return [];
  return [{ value: env.kept.value, envFile: env.path, variable: env.kept.name }];
}

/** For a config without a secret: the code side then declines or has nothing to do, whatever is asked for. */
function unplaced(config: ReadConfig['config'], request: RewriteRequest): Placement['code'] {
  const thumbprint = { kind: 'literal', value: request.thumbprintSha256 } as const;
  const property = isBrokenVersion(config.msal) ? 'thumbprint' : thumbprintProperty(config.msal);
  return { keyFrom: 'file', thumbprintProperty: property, thumbprint, moduleKind: config.moduleKind };
}

function warnVersion(config: ReadConfig['config']): PlanWarning[] {
  const { msal, file, line } = config;
  const isFloor = msal.source === 'range' && msal.exact !== true && !atLeast(msal.version ?? '', firstWithSha256);
  if (msal.source !== 'unknown' && !isFloor) return [];
  const message =
    msal.source === 'unknown'
      ? l10n.t(
          'The version of @azure/msal-node is not known here, so the SHA-1 thumbprint is used, which every version understands. Install the packages and set up again for SHA-256.',
        )
      : l10n.t(
          'The packages are not installed and there is no lock file, so the SHA-1 thumbprint is used: the oldest version that package.json allows ({0}) knows no other. Install the packages and set up again for SHA-256.',
          msal.version ?? '',
        );
  return [
    {
      code: 'msal-version-unknown',
      message,
      file: msal.packageJson ?? file,
      ...(msal.packageJson === undefined ? { line } : {}),
    },
  ];
}

function fileNotFound(file: string): ExpectedError {
  return new ExpectedError(
    'file-not-found',
    l10n.t('There is no file {0}. Choose the file with the MSAL configuration again.', file),
    { file },
  );
}
