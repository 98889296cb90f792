/**
 * The change of certificate in an app that uses one already: new values where the old ones stand, in the code, in `.env`, or nowhere at all
 * because the code computes them. Everything that belongs together changes with one write: all in `.env`, or all in the code.
 */
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { TextEdit } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import { planGitignore } from './gitignore.ts';
import { readFile, type ReadConfig, type ReadFile } from './readConfigs.ts';
import { codeEdits, findPlaces, type ChangedValue, type Place } from './rotatePlaces.ts';
import { planEnvRotation } from './rotateEnv.ts';
import { planVersionRotation } from './rotateVersion.ts';
import type { FileEdits, KeptSecret, PlannedVariables, RewritePlan, RewriteRequest } from './types.ts';

/**
 * Plans the change; changes nothing. A new key file lies beside the old one, so that only its name changes.
 * @throws ExpectedError `no-app-config`, `nothing-to-rotate`, `x5c-in-config`, `value-not-changeable`, and as `.env` files are declined
 */
export async function planRotation(request: RewriteRequest, reader: FileReader): Promise<RewritePlan> {
  const file = await readFile(request.file, reader, request.roots);
  const chosen = file === undefined ? undefined : choose(file, request.line);
  if (file === undefined || chosen === undefined) throw noConfig(request.file);
  const { config } = chosen;
  const isVault = request.keyFrom === 'keyVault' || request.keyFrom === 'keyVaultSign';
  if (isVault) return planVersionRotation(config, request, reader);
  if (config.certificate === undefined) throw noConfig(request.file);
  const places = findPlaces(file, chosen, newValues(chosen, request));
  const inCode = places.filter(({ at }) => at.kind === 'literal');
  const inEnv = places.filter(
    (place): place is Place & { at: { kind: 'environment' } } => place.at.kind === 'environment',
  );
  if (places.length === 0) return { status: 'nothing-to-do', config, reason: computes(), warnings: [] };
  // A literal in the code and a value in .env cannot change with one write: then the code gets names of new variables.
  const env = inEnv.length === 0 ? [] : await planEnvRotation(inEnv, inCode.length > 0, file, reader);
  const renamed = new Map(env.flatMap(({ renamed: each }) => [...each]));
  const edits: TextEdit[] = codeEdits(file.source, places, renamed);
  const protect = [
    ...(request.protect ?? []),
    ...(request.privateKeyPath === undefined ? [] : [request.privateKeyPath]),
  ];
  const gitignore = await planGitignore(protect, file.context.appRoot, request.roots, reader);
  const secrets: KeptSecret[] = [];
  const files: FileEdits[] = [
    ...gitignore.files,
    ...env.map(({ edits: each }) => each),
    ...(edits.length === 0
      ? []
      : [{ path: file.source.fileName, role: 'config' as const, before: file.source.text, edits, secrets }]),
  ];
  return { status: 'rewrite', config, files, warnings: gitignore.warnings, variables: variablesOf(chosen) };
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
    // As the old one is written: base64 in one line, or the PEM text itself.
    values.push({
      what: 'key',
      to: (old) => (old.includes('-----BEGIN') ? pem.replace(/\n/g, '\\n') : Buffer.from(pem).toString('base64')),
    });
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
