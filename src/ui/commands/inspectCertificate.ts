/** Inspect Certificate: what is in a certificate or key file. Changes nothing and runs nothing. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import { readWhole, withPassword } from '../flows/certificateFile.ts';
import { back } from '../questions.ts';
import { certificateReport } from '../views/certificateReport.ts';
import { askFile } from './askFile.ts';
import { certificateExtensions } from './certificateFiles.ts';
import type { Command } from './run.ts';
import { inspectCertificateSchema } from './schemas.ts';

export const inspectCertificate: Command<'inspectCertificate'> = {
  schema: inspectCertificateSchema,
  changes: false,
  fromFile: (file) => ({ file }),
  async run({ options, interactive, masker }, services) {
    const title = vscode.l10n.t('Inspect Certificate');
    const placeholder = vscode.l10n.t('Certificate or key file');
    const file = await askFile(
      options.file,
      { title, placeholder, extensions: [...certificateExtensions, 'key'] },
      services,
    );
    const bytes = await readWhole(file, services.files);
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const result = await withPassword(
      (password) => services.certificates().inspect(bytes, password === undefined ? {} : { password }),
      options.password,
      file,
      interactive ? { questions: services.questions, frame: { title }, announce } : undefined,
    );
    if (result === back) throw new CancelledError();
    if (interactive) {
      services.reports.show(file, certificateReport(file, result.opened, services.setupPorts.clock.now()));
    }
    return result.opened;
  },
};
