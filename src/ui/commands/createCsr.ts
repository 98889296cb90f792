/** Create Certificate Signing Request: a key, and the request that a certificate authority signs. */
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import { withProgress } from '../progress.ts';
import { openAt } from '../openAt.ts';
import { freeStem, keyFiles, writeAll } from './newFiles.ts';
import { askForNewCertificate } from './newCertificate.ts';
import type { Command } from './run.ts';
import { createCsrSchema } from './schemas.ts';

export const createCsr: Command<'createCsr'> = {
  schema: createCsrSchema,
  changes: true,
  fromFile: (folder) => ({ folder }),
  async run({ options, interactive, masker }, services) {
    const title = vscode.l10n.t('Create Certificate Signing Request');
    const asks = { validity: false, interactive };
    const { subject, folder, passphrase } = await askForNewCertificate(title, options, asks, services);
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const material = await withProgress(vscode.l10n.t('Making the key'), (signal) =>
      services.certificates().csr({ subject, keySize: options.keySize ?? 2048, signal }),
    );
    const stem = await freeStem(folder, subject, options.name, ['.csr', '.key', '.passphrase'], services);
    const key = { pkcs8: material.privateKeyPkcs8, passphrase, path: `${stem}.key` };
    const { files, passphraseFile } = await keyFiles(key, services, announce);
    const csr = `${stem}.csr`;
    await writeAll(
      [...files, { path: csr, role: 'csr', mode: 0o644, bytes: Buffer.from(material.csrPem) }],
      title,
      services,
    );
    if (interactive) void tellNext(csr);
    return {
      files: { csr, privateKey: key.path, ...(passphraseFile === undefined ? {} : { passphrase: passphraseFile }) },
    };
  },
};

async function tellNext(csr: string): Promise<void> {
  const open = vscode.l10n.t('Open Request');
  const importIt = vscode.l10n.t('Import Signed Certificate…');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Send {0} to your certificate authority. When it has answered, import the signed certificate.', csr),
    open,
    importIt,
  );
  if (chosen === open) await openAt(csr);
  if (chosen === importIt) await vscode.commands.executeCommand(commands.importSigned);
}
