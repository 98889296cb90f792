/** Inspect Certificate: what is in a certificate or key file. Changes nothing and runs nothing. */
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { readWhole } from '../flows/certificateFile.ts';
import { openAsking, openingOf } from '../flows/opening.ts';
import type { Opening } from '../flows/opening.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
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
    const result = await openAsking(
      (opening) => inspect(bytes, opening, interactive, services),
      openingOf(options),
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

/** A caller learns from the problem `several-certificates` that there are more; a user is asked, which takes the error with the choice. */
async function inspect(
  bytes: Uint8Array,
  opening: Opening,
  interactive: boolean,
  services: Services,
): Promise<CertificateDescription> {
  const certificates = services.certificates();
  const dating = { now: services.setupPorts.clock.now(), thresholds: services.vaultTree.thresholds() };
  const options = { ...opening, ...dating };
  const description = await certificates.inspect(bytes, options);
  const hasSeveral = description.problems.some(({ code }) => code === 'several-certificates');
  return interactive && hasSeveral ? (await certificates.openCertificate(bytes, options)).description : description;
}
