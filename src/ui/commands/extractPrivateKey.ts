/** Extract Private Key: the key of a PFX or PEM file as a PKCS#8 PEM file of its own. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import { readWhole } from '../flows/certificateFile.ts';
import { openAsking, openingOf } from '../flows/opening.ts';
import { askPassphrase } from '../flows/passphrase.ts';
import { back } from '../questions.ts';
import { askFile } from './askFile.ts';
import { freeStem, keyFiles, withoutExtension, writeAll } from './newFiles.ts';
import type { Command } from './run.ts';
import { extractPrivateKeySchema } from './schemas.ts';
import { tellWritten } from './tellWritten.ts';

export const extractPrivateKey: Command<'extractPrivateKey'> = {
  schema: extractPrivateKeySchema,
  changes: true,
  fromFile: (file) => ({ file }),
  async run({ options, interactive, masker }, services) {
    const title = vscode.l10n.t('Extract Private Key');
    const extensions = ['pfx', 'p12', 'pem', 'key'];
    const file = await askFile(
      options.file,
      { title, placeholder: vscode.l10n.t('File with the key'), extensions },
      services,
    );
    const bytes = await readWhole(file, services.files);
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const result = await openAsking(
      (opening) => services.certificates().openPrivateKey(bytes, opening),
      openingOf(options),
      file,
      interactive ? { questions: services.questions, frame: { title }, announce } : undefined,
    );
    if (result === back) throw new CancelledError();
    const where = vscode.l10n.t('It is kept in a file beside the key that only you can read.');
    const frame = { title, step: 1, totalSteps: 1, canGoBack: false };
    const passphrase =
      options.passphrase ??
      (interactive ? await askPassphrase(services.questions, frame, where, undefined) : 'generate');
    if (passphrase === back) throw new CancelledError();
    const name = path.basename(withoutExtension(file));
    const output =
      options.output ?? `${await freeStem(path.dirname(file), name, undefined, ['.key', '.passphrase'], services)}.key`;
    const { files, passphraseFile } = await keyFiles(
      { pkcs8: result.opened, passphrase, path: output },
      services,
      announce,
    );
    await writeAll(files, title, services);
    if (interactive) tellWritten(output, true);
    return {
      file: output,
      encrypted: passphrase !== 'none',
      files: { privateKey: output, ...(passphraseFile === undefined ? {} : { passphrase: passphraseFile }) },
      ...(passphraseFile === undefined ? {} : { passphraseFile }),
    };
  },
};
