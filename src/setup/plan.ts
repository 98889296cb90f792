/** Choices in, the whole setup as data out. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { AppConfig, RewritePlan, RewriteRequest } from '../appConfig/types.ts';
import type { CredentialMaterial } from '../certificates/types.ts';
import type { Journal } from './journal.ts';
import { chooseFileNames, defaultFolder } from './layout.ts';
import { assemblePlan } from './assemble.ts';
import type { PlanTools } from './ports.ts';
import { temporaryPath } from './temporary.ts';
import type { PlannedFile, PlannedSetup, SetupChoices } from './types.ts';

/**
 * The whole setup as data: lays out the files, encrypts the key in memory and has the rewrite planned. Changes nothing.
 * Rejects with the ExpectedErrors of `planRewrite` (declines) and with `key-from-not-available`, `passphrase-not-usable`.
 */
export async function planSetup(choices: SetupChoices, tools: PlanTools): Promise<PlannedSetup> {
  const { config, material, keyFrom } = choices;
  if (keyFrom !== 'file' && keyFrom !== 'environment')
    throw new ExpectedError(
      'key-from-not-available',
      l10n.t(
        'This version cannot make an app take its key from Key Vault. Choose "file" or "environment" as the place of the key.',
      ),
    );
  const passphrase = keyFrom === 'file' ? passphraseOf(choices.passphrase, tools) : undefined;
  const folder = choices.folder ?? defaultFolder(config);
  const wanted = choices.name ?? tools.certificates.fileNameFor(material.description.subject ?? '');
  const name = await chooseFileNames(folder, wanted, ['.crt', '.key', '.passphrase'], tools.files);
  const pathOf = (extension: string) => join(folder, `${name}${extension}`);
  const pem = await tools.certificates.privateKeyPem(material.privateKeyPkcs8, passphrase);
  const key: PlannedFile = { path: pathOf('.key'), role: 'privateKey', mode: 0o600, bytes: Buffer.from(pem) };
  const files: PlannedFile[] = [
    ...(passphrase === undefined ? [] : [passphraseFile(pathOf('.passphrase'), passphrase)]),
    keyFrom === 'environment' ? { ...key, temporary: true } : key,
    {
      path: pathOf('.crt'),
      role: 'certificate',
      mode: 0o644,
      bytes: Buffer.from(tools.certificates.certificatePem(material.certificateDer)),
    },
  ];
  const rewrite = await tools.appConfigs.planRewrite(
    requestFor({
      config,
      keyFrom,
      material,
      roots: choices.roots,
      ...(passphrase === undefined ? {} : { passphrase }),
      files,
      pem,
      ...((await tools.files.stat(folder)) === undefined && choices.folder === undefined ? { ownFolder: folder } : {}),
    }),
    tools.files,
  );
  return planned(rewrite, choices, files, pem, passphrase, tools);
}

/**
 * The rest of a setup whose key files exist, planned from the workspace as it stands. For resume.
 * @param files the key files as they are on disk, in the form of the plan
 * @param pem the private key's text, unencrypted; for keyFrom `environment`
 */
export async function planAgain(
  journal: Journal,
  found: {
    readonly material: CredentialMaterial;
    readonly files: readonly PlannedFile[];
    readonly passphrase?: string;
    readonly config: AppConfig;
  },
  tools: PlanTools,
): Promise<PlannedSetup> {
  const { material, files, passphrase } = found;
  const pem = await tools.certificates.privateKeyPem(material.privateKeyPkcs8);
  const request = requestFor({ ...found, keyFrom: journal.keyFrom, roots: journal.roots, pem });
  const rewrite = await tools.appConfigs.planRewrite(request, tools.files);
  const choices = {
    material,
    keyFrom: journal.keyFrom,
    roots: journal.roots,
    register: journal.register,
    prove: journal.prove,
  };
  return planned(rewrite, choices, files, pem, passphrase, tools);
}

interface RequestParts {
  readonly config: AppConfig;
  readonly keyFrom: SetupChoices['keyFrom'];
  readonly material: CredentialMaterial;
  readonly roots: readonly string[];
  readonly passphrase?: string;
  readonly files: readonly PlannedFile[];
  readonly pem: string;
  /** A folder that the setup itself makes: one line in `.gitignore` covers all that is in it. */
  readonly ownFolder?: string;
}

function requestFor(parts: RequestParts): RewriteRequest {
  const { config, material, keyFrom, files, passphrase } = parts;
  const key = files.find((file) => file.role === 'privateKey');
  const privateFiles = files.filter((file) => file.mode === 0o600).map((file) => file.path);
  return {
    file: config.file,
    line: config.line,
    keyFrom,
    thumbprintSha256: material.description.thumbprintSha256 ?? '',
    thumbprintSha1: material.description.thumbprintSha1 ?? '',
    roots: parts.roots,
    ...(keyFrom === 'file' && key !== undefined ? { privateKeyPath: key.path } : {}),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(keyFrom === 'environment' ? { privateKeyPem: parts.pem } : {}),
    protect: protectedPaths(parts, privateFiles),
  };
}

/** Everything private, and its half-written forms: a killed process may leave one behind. */
function protectedPaths(parts: RequestParts, privateFiles: readonly string[]): string[] {
  const { config, ownFolder } = parts;
  const { secret } = config;
  const isLiteral = secret?.kind === 'literal' || (secret?.kind === 'environment' && secret.hasFallback);
  const envGetsSecrets = parts.passphrase !== undefined || parts.keyFrom === 'environment' || isLiteral;
  return [
    ...(ownFolder === undefined ? [...privateFiles, ...privateFiles.map((path) => temporaryPath(path))] : [ownFolder]),
    ...(envGetsSecrets ? [temporaryPath(config.envFile ?? join(config.appRoot, '.env'))] : []),
  ];
}

function planned(
  rewrite: RewritePlan,
  choices: Pick<SetupChoices, 'material' | 'keyFrom' | 'roots' | 'rewriteNow' | 'register' | 'prove'>,
  files: readonly PlannedFile[],
  pem: string,
  passphrase: string | undefined,
  tools: PlanTools,
): PlannedSetup {
  if (rewrite.status === 'nothing-to-do') return rewrite;
  const secrets = [pem, Buffer.from(pem).toString('base64'), ...(passphrase === undefined ? [] : [passphrase])];
  const { notBefore = '', notAfter = '' } = choices.material.description;
  const days = Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000);
  // A short life is told from what is left of it, see assemblePlan.
  const tooLong = days > 180 ? tools.certificates.validityWarning(days) : undefined;
  const now = tools.clock.now();
  return { status: 'plan', plan: assemblePlan({ rewrite, choices, files, secrets, now, tooLong }) };
}

function passphraseFile(path: string, passphrase: string): PlannedFile {
  return { path, role: 'passphrase', mode: 0o600, bytes: Buffer.from(`${passphrase}\n`) };
}

/** Undefined for 'none'. Rejects with `passphrase-not-usable`. */
function passphraseOf(choice: string, tools: PlanTools): string | undefined {
  if (choice === 'none') return undefined;
  if (choice === 'generate') return tools.certificates.generatePassphrase();
  if (choice === '' || /\p{Cc}/u.test(choice) || choice !== choice.trim())
    throw new ExpectedError(
      'passphrase-not-usable',
      l10n.t(
        'The pass phrase cannot be used because it is empty, begins or ends with a blank, or holds a control character such as a line break; a .env file does not keep those. Choose another one.',
      ),
    );
  return choice;
}
