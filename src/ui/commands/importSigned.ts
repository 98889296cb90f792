/** Import Signed Certificate: joins a certificate authority's answer to the key of the request. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../base/errors.ts';
import type { CertificateResult } from '../automation.ts';
import { keyBeside, readWhole } from '../flows/certificateFile.ts';
import { openAsking } from '../flows/opening.ts';
import { back } from '../questions.ts';
import { afterMaking, certificateReport } from '../views/certificateReport.ts';
import { askFile } from './askFile.ts';
import { certificateExtensions } from './certificateFiles.ts';
import { freeStem, withoutExtension, writeAll } from './newFiles.ts';
import type { Command } from './run.ts';
import { importSignedSchema } from './schemas.ts';

export const importSigned: Command<'importSigned'> = {
  schema: importSignedSchema,
  changes: true,
  fromFile: (file) => ({ file }),
  async run({ options, interactive, masker }, services): Promise<CertificateResult> {
    const title = vscode.l10n.t('Import Signed Certificate');
    const file = await askFile(
      options.file,
      { title, placeholder: vscode.l10n.t('Signed certificate'), extensions: certificateExtensions },
      services,
    );
    const privateKey = await askFile(
      options.privateKey ?? (interactive ? await keyBeside(file, services.files) : undefined),
      { title, placeholder: vscode.l10n.t('Key file of the request'), extensions: ['key', 'pem'] },
      services,
    );
    const signed = await readWhole(file, services.files);
    const key = await readWhole(privateKey, services.files);
    const certificates = services.certificates();
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const joined = await openAsking(
      ({ password }) => certificates.joinSigned(signed, key, password),
      options.passphrase === undefined ? {} : { password: options.passphrase },
      privateKey,
      interactive ? { questions: services.questions, frame: { title }, announce } : undefined,
    );
    if (joined === back) throw new CancelledError();
    const { description, certificateDer, chainDer } = joined.opened;
    const name = path.basename(withoutExtension(privateKey));
    const stem = await freeStem(path.dirname(privateKey), name, undefined, ['.crt'], services);
    const certificate = `${stem}.crt`;
    const pem = [certificateDer, ...chainDer].map((der) => certificates.certificatePem(der)).join('');
    await writeAll([{ path: certificate, role: 'certificate', mode: 0o644, bytes: Buffer.from(pem) }], title, services);
    if (interactive) {
      const now = services.setupPorts.clock.now();
      services.reports.show(
        certificate,
        certificateReport(certificate, description, now, afterMaking(certificate, privateKey)),
      );
    }
    return { ...description, files: { certificate, privateKey } };
  },
};
