/** Download Certificate with Private Key: both as protected files that only the user can read. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../../base/errors.ts';
import type { CredentialMaterial } from '../../../certificates/types.ts';
import { commands } from '../../../contributions.ts';
import type { PlannedFile } from '../../../setup/index.ts';
import type { CreatedFiles } from '../../automation.ts';
import { askPassphrase, typeTwice } from '../../flows/passphrase.ts';
import { withProgress } from '../../progress.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { freeStem, keyFiles, writeAll } from '../newFiles.ts';
import type { Command, Run } from '../run.ts';
import { tellWritten } from '../tellWritten.ts';
import { downloadWithKeySchema } from './schemas.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';
import { folderFor } from './where.ts';

type Format = 'pfx' | 'pem';

const extensions: Readonly<Record<Format, readonly string[]>> = {
  pfx: ['.pfx'],
  pem: ['.key', '.crt', '.passphrase'],
};

export const downloadWithKey: Command<'downloadWithKey'> = {
  schema: downloadWithKeySchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Download Certificate with Private Key');
    const wish = {
      filter: ({ pending, enabled }: { pending?: boolean; enabled: boolean }) => pending !== true && enabled,
    };
    const target = await targetOf(run, title, wish, services);
    checkFileName(options.fileName, services);
    // First of all: nothing is asked or written for a key that cannot be had.
    const material = await fetch(target, run, services);
    const format = options.format ?? (await askFormat(title, interactive, services));
    const folder = await folderFor(options.folder, title, interactive, services);
    const stem =
      options.fileName === undefined
        ? await freeStem(folder, target.name, undefined, extensions[format], services)
        : path.join(folder, options.fileName);
    const { planned, files } =
      format === 'pfx'
        ? await asPfx(material, stem, run, title, services)
        : await asPem(material, stem, run, title, services);
    await writeAll(planned, title, services);
    run.log(`wrote ${planned.map(({ path: file }) => file).join(', ')}`);
    if (interactive) tellWritten(files.pfx ?? files.privateKey ?? stem, true);
    return { thumbprintSha256: material.description.thumbprintSha256 ?? '', files };
  },
};

async function fetch(
  target: Target,
  { options, interactive }: Run<'downloadWithKey'>,
  services: Services,
): Promise<CredentialMaterial> {
  const { client, name, call } = target;
  const { version } = options;
  const wanted = version === undefined ? { name } : { name, version };
  try {
    return await withProgress(vscode.l10n.t('Fetching {0} with its private key', name), async (signal) => {
      const { bytes } = await client.fetchCredential(wanted, { ...call, signal });
      return services.certificates().openCredential(bytes, { signal });
    });
  } catch (error) {
    const failure = asNotExportable(error, target);
    if (interactive && isExpectedError(failure) && otherKinds.includes(failure.code)) {
      void offerOtherKinds(failure, target, version);
      throw new CancelledError();
    }
    throw failure;
  }
}

/** A version made before the key was exportable has a secret without a key. */
function asNotExportable(error: unknown, { client, name }: Target): unknown {
  if (!isExpectedError(error) || error.code !== 'no-private-key') return error;
  return new ExpectedError(
    'key-not-exportable',
    vscode.l10n.t(
      'The vault {0} gives out this version of {1} without its private key, which was made not exportable. Have the vault sign for the app, or choose a version with an exportable key.',
      client.vault.name,
      name,
    ),
  );
}

const otherKinds: readonly string[] = ['key-not-exportable', 'secret-get-denied'];

/** The certificate alone can be had, and apps can use the key where it is. */
async function offerOtherKinds(error: ExpectedError, { client, name }: Target, version?: string): Promise<void> {
  const without = vscode.l10n.t('Download Without Key…');
  const use = vscode.l10n.t('Use in App…');
  const chosen = await vscode.window.showErrorMessage(error.message, without, use);
  const item = { vault: client.vault.origin, name, ...(version === undefined ? {} : { version }) };
  const command = chosen === without ? commands.downloadCertificate : chosen === use ? commands.useInApp : undefined;
  if (command !== undefined) await vscode.commands.executeCommand(command, { commandOptions: item });
}

async function askFormat(title: string, interactive: boolean, services: Services): Promise<Format> {
  if (!interactive) return 'pem';
  const format = await services.questions.pick<Format>({
    title,
    placeholder: vscode.l10n.t('In which form?'),
    choices: [
      {
        label: vscode.l10n.t('Key File and Certificate (.key, .crt)'),
        detail: vscode.l10n.t('Text; the key is encrypted with a pass phrase. What an app with a key file reads.'),
        icon: 'key',
        value: 'pem',
      },
      {
        label: vscode.l10n.t('One File (.pfx)'),
        detail: vscode.l10n.t('Encrypted with a password, for another program.'),
        icon: 'lock',
        value: 'pfx',
      },
    ],
  });
  if (format === back) throw new CancelledError();
  return format;
}

interface Download {
  readonly planned: readonly PlannedFile[];
  readonly files: CreatedFiles;
}

async function asPfx(
  material: CredentialMaterial,
  stem: string,
  run: Run<'downloadWithKey'>,
  title: string,
  services: Services,
): Promise<Download> {
  const { options, interactive, masker } = run;
  const password = options.newPassword ?? (interactive ? await typeTwice(services.questions, { title }) : undefined);
  if (password === back) throw new CancelledError();
  if (password === undefined || password === '') {
    throw new ExpectedError(
      'password-required',
      vscode.l10n.t('A PFX holds the private key, so it needs a password. Give one as the option "newPassword".'),
    );
  }
  masker.add(password);
  const pfx = `${stem}.pfx`;
  const bytes = await services.certificates().pkcs12(material, password);
  return { planned: [{ path: pfx, role: 'pfx', mode: 0o600, bytes }], files: { pfx } };
}

async function asPem(
  material: CredentialMaterial,
  stem: string,
  run: Run<'downloadWithKey'>,
  title: string,
  services: Services,
): Promise<Download> {
  const { options, interactive, masker } = run;
  const where = vscode.l10n.t('It is kept in a file beside the key that only you can read.');
  const frame = { title, step: 1, totalSteps: 1, canGoBack: false };
  const passphrase =
    options.passphrase ?? (interactive ? await askPassphrase(services.questions, frame, where, undefined) : 'generate');
  if (passphrase === back) throw new CancelledError();
  const privateKey = `${stem}.key`;
  const certificate = `${stem}.crt`;
  const key = await keyFiles({ pkcs8: material.privateKeyPkcs8, passphrase, path: privateKey }, services, (secret) => {
    masker.add(secret);
  });
  const certificates = services.certificates();
  const text = [material.certificateDer, ...material.chainDer].map((der) => certificates.certificatePem(der)).join('');
  return {
    planned: [...key.files, { path: certificate, role: 'certificate', mode: 0o644, bytes: Buffer.from(text) }],
    files: {
      certificate,
      privateKey,
      ...(key.passphraseFile === undefined ? {} : { passphrase: key.passphraseFile }),
    },
  };
}

function checkFileName(fileName: string | undefined, services: Services): void {
  const reason = fileName === undefined ? undefined : services.certificates().validateName(fileName);
  if (reason === undefined) return;
  throw new ExpectedError(
    'invalid-options',
    vscode.l10n.t('The option "{0}" cannot be used. {1}', 'fileName', reason),
    { data: { option: 'fileName' } },
  );
}
