/** Choices in, the whole setup as data out. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { AppConfig, RewritePlan, RewriteRequest, VaultReference } from '../appConfig/types.ts';
import { findExisting } from './existing.ts';
import { isVaultKind } from './keyFrom.ts';
import type { Journal } from './journal.ts';
import { chooseFileNames, defaultFolder } from './layout.ts';
import { assemblePlan } from './assemble.ts';
import type { PlanParts } from './assemble.ts';
import type { PlanTools } from './ports.ts';
import { temporaryPath } from './temporary.ts';
import type { PlannedFile, PlannedSetup, SetupChoices, SetupMaterial } from './types.ts';

/**
 * The whole setup as data: lays out the files, encrypts the key in memory and has the rewrite planned. Changes nothing.
 * Rejects with the ExpectedErrors of `planRewrite` (declines) and with `key-from-needs-vault`, `passphrase-not-usable`.
 */
export async function planSetup(choices: SetupChoices, tools: PlanTools): Promise<PlannedSetup> {
  const { config, material, keyFrom, vault, roots } = choices;
  if (isVaultKind(keyFrom) && vault === undefined) throw needsVault();
  const passphrase = keyFrom === 'file' ? passphraseOf(choices.passphrase, tools) : undefined;
  const folder = choices.folder ?? defaultFolder(config);
  const wanted = choices.name ?? tools.certificates.fileNameFor(material.description.subject ?? '');
  // A rotation's key lies beside the old one, wherever it was before.
  const existing = choices.rotates === undefined ? await findExisting(choices, passphrase, tools) : {};
  const endings = ['.passphrase', ...(existing.privateKey ? [] : ['.key']), ...(existing.certificate ? [] : ['.crt'])];
  const name = await chooseFileNames(folder, wanted, endings, tools.files);
  const pathOf = (extension: string) => join(folder, `${name}${extension}`);
  const pem = existing.privateKey
    ? Buffer.from(existing.privateKey.bytes).toString('utf8')
    : isVaultKind(keyFrom)
      ? undefined
      : await keyPem(material, tools, passphrase);
  const certificate = Buffer.from(tools.certificates.certificatePem(material.certificateDer));
  const files: PlannedFile[] = [
    ...(passphrase === undefined ? [] : [passphraseFile(pathOf('.passphrase'), passphrase)]),
    ...(pem === undefined ? [] : [existing.privateKey ?? keyFile(pathOf('.key'), pem, keyFrom === 'environment')]),
    existing.certificate ?? { path: pathOf('.crt'), role: 'certificate', mode: 0o644, bytes: certificate },
  ];
  const isOwnFolder = choices.folder === undefined && (await tools.files.stat(folder)) === undefined;
  const request = requestFor({
    config,
    keyFrom,
    material,
    roots,
    files,
    ...(vault === undefined ? {} : { vault }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(pem === undefined ? {} : { pem }),
    // Without a key there is nothing in it to keep out of version control.
    ...(isOwnFolder && pem !== undefined && existing.privateKey === undefined ? { ownFolder: folder } : {}),
  });
  const rewrite = await changeOf(request, choices.rotates, tools);
  return planned(rewrite, choices, { files, pem, passphrase }, tools);
}

function changeOf(request: RewriteRequest, rotates: SetupChoices['rotates'], tools: PlanTools): Promise<RewritePlan> {
  if (rotates === undefined) return tools.appConfigs.planRewrite(request, tools.files);
  const { version } = rotates;
  const replaced = version === undefined ? {} : { replacedVersion: version };
  return tools.appConfigs.planRotation({ ...request, ...replaced }, tools.files);
}

/** What a resumed setup goes on with. */
export interface FoundSetup {
  readonly material: SetupMaterial;
  /** As they are on disk, or would be, in the form of the plan. */
  readonly files: readonly PlannedFile[];
  readonly passphrase?: string;
  readonly config: AppConfig;
}

/** The rest of a setup that was stopped or interrupted, planned from the workspace as it stands. For resume. */
export async function planAgain(journal: Journal, found: FoundSetup, tools: PlanTools): Promise<PlannedSetup> {
  const { material, files, passphrase } = found;
  const { keyFrom, roots, vault, register, prove, rotates } = journal;
  const pem = isVaultKind(keyFrom) ? undefined : await keyPem(material, tools);
  const ofVault = vault === undefined ? {} : { vault };
  const request = requestFor({ ...found, ...ofVault, keyFrom, roots, ...(pem === undefined ? {} : { pem }) });
  const rewrite = await changeOf(request, rotates, tools);
  const ofRotation = rotates === undefined ? {} : { rotates };
  const choices = { material, ...ofVault, keyFrom, roots, register, prove, ...ofRotation };
  return planned(rewrite, choices, { files, pem, passphrase }, tools);
}

function keyPem(material: SetupMaterial, tools: PlanTools, passphrase?: string): Promise<string> {
  if (material.privateKeyPkcs8 === undefined) throw new Error('The key was not fetched for a way that needs it.');
  return tools.certificates.privateKeyPem(material.privateKeyPkcs8, passphrase);
}

interface RequestParts {
  readonly config: AppConfig;
  readonly keyFrom: SetupChoices['keyFrom'];
  readonly material: SetupMaterial;
  readonly vault?: VaultReference;
  readonly roots: readonly string[];
  readonly passphrase?: string;
  readonly files: readonly PlannedFile[];
  /** The private key's text; unencrypted for keyFrom `environment`. */
  readonly pem?: string;
  /** A folder that the setup itself makes: one line in `.gitignore` covers all that is in it. */
  readonly ownFolder?: string;
}

function requestFor(parts: RequestParts): RewriteRequest {
  const { config, material, keyFrom, files, passphrase, pem, vault } = parts;
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
    ...(keyFrom === 'environment' && pem !== undefined ? { privateKeyPem: pem } : {}),
    ...(isVaultKind(keyFrom) && vault !== undefined ? { vault } : {}),
    protect: protectedPaths(parts, privateFiles),
    temporaryOf: (path) => temporaryPath(path),
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
  choices: PlanParts['choices'],
  made: {
    readonly files: readonly PlannedFile[];
    readonly pem: string | undefined;
    readonly passphrase: string | undefined;
  },
  tools: PlanTools,
): PlannedSetup {
  if (rewrite.status === 'nothing-to-do') return rewrite;
  const { files, pem, passphrase } = made;
  const secrets = [
    ...(pem === undefined ? [] : [pem, Buffer.from(pem).toString('base64')]),
    ...(passphrase === undefined ? [] : [passphrase]),
  ];
  const { notBefore = '', notAfter = '' } = choices.material.description;
  const days = Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000);
  // A short life is told from what is left of it, see assemblePlan.
  const tooLong = days > 180 ? tools.certificates.validityWarning(days) : undefined;
  const now = tools.clock.now();
  return { status: 'plan', plan: assemblePlan({ rewrite, choices, files, secrets, now, tooLong }) };
}

function keyFile(path: string, pem: string, temporary: boolean): PlannedFile {
  const file = { path, role: 'privateKey', mode: 0o600, bytes: Buffer.from(pem) } as const;
  return temporary ? { ...file, temporary } : file;
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

function needsVault(): ExpectedError {
  return new ExpectedError(
    'key-from-needs-vault',
    l10n.t(
      'The app cannot take its key from Key Vault because the certificate is not in a vault. Choose a certificate of a vault, import this one into a vault first, or choose "file" or "environment" as the place of the key.',
    ),
  );
}
