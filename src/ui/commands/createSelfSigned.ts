/** Create Self-Signed Certificate: certificate and key files, outside any app. */
import * as vscode from 'vscode';
import type { CertificateResult } from '../automation.ts';
import { withProgress } from '../progress.ts';
import { afterMaking, certificateReport } from '../views/certificateReport.ts';
import { freeStem, keyFiles, writeAll } from './newFiles.ts';
import { askForNewCertificate } from './newCertificate.ts';
import type { Command } from './run.ts';
import { createSelfSignedSchema } from './schemas.ts';

export const createSelfSigned: Command<'createSelfSigned'> = {
  schema: createSelfSignedSchema,
  changes: true,
  fromFile: (folder) => ({ folder }),
  async run({ options, interactive, masker }, services): Promise<CertificateResult> {
    const title = vscode.l10n.t('Create Self-Signed Certificate');
    const answers = await askForNewCertificate(title, options, { validity: true, interactive }, services);
    const { subject, validityDays, folder, passphrase } = answers;
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const certificates = services.certificates();
    const material = await withProgress(vscode.l10n.t('Making the certificate'), (signal) =>
      certificates.selfSigned({ subject, validityDays, keySize: options.keySize ?? 2048, signal }),
    );
    const stem = await freeStem(folder, subject, options.name, ['.crt', '.key', '.passphrase'], services);
    const key = { pkcs8: material.privateKeyPkcs8, passphrase, path: `${stem}.key` };
    const { files, passphraseFile } = await keyFiles(key, services, announce);
    const certificate = `${stem}.crt`;
    const bytes = Buffer.from(certificates.certificatePem(material.certificateDer));
    await writeAll([...files, { path: certificate, role: 'certificate', mode: 0o644, bytes }], title, services);
    if (interactive) {
      const now = services.setupPorts.clock.now();
      services.reports.show(
        certificate,
        certificateReport(certificate, material.description, now, afterMaking(certificate, key.path)),
      );
    }
    return {
      ...material.description,
      files: {
        certificate,
        privateKey: key.path,
        ...(passphraseFile === undefined ? {} : { passphrase: passphraseFile }),
      },
    };
  },
};
