/** Export Certificate: the public certificate for uploading, or a PFX with the key for another program. */
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, ExpectedError } from '../../base/errors.ts';
import type { PlannedFile } from '../../setup/index.ts';
import type { ExportFormat } from '../automation.ts';
import { keyBeside, openCredential, readWhole } from '../flows/certificateFile.ts';
import { openAsking, openingOf } from '../flows/opening.ts';
import { typeTwice } from '../flows/passphrase.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { askFile } from './askFile.ts';
import { certificateExtensions } from './certificateFiles.ts';
import { freeStem, withoutExtension, writeAll } from './newFiles.ts';
import type { Command, Run } from './run.ts';
import { exportCertificateSchema } from './schemas.ts';
import { tellWritten } from './tellWritten.ts';

export const exportCertificate: Command<'exportCertificate'> = {
  schema: exportCertificateSchema,
  changes: true,
  fromFile: (file) => ({ file }),
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Export Certificate');
    const placeholder = vscode.l10n.t('Certificate file');
    const file = await askFile(options.file, { title, placeholder, extensions: certificateExtensions }, services);
    const format = options.format ?? (await askFormat(title, services));
    const bytes =
      format === 'pfx' ? await pfxOf(file, run, title, services) : await publicPart(file, format, run, title, services);
    const name = path.basename(withoutExtension(file));
    const output =
      options.output ?? `${await freeStem(path.dirname(file), name, undefined, [`.${format}`], services)}.${format}`;
    const planned: PlannedFile =
      format === 'pfx'
        ? { path: output, role: 'pfx', mode: 0o600, bytes }
        : { path: output, role: 'certificate', mode: 0o644, bytes };
    await writeAll([planned], title, services);
    if (interactive) tellWritten(output, format === 'pfx');
    return { file: output };
  },
};

async function askFormat(title: string, services: Services): Promise<ExportFormat> {
  const answer = await services.questions.pick<ExportFormat>({
    title,
    placeholder: vscode.l10n.t('In which form?'),
    choices: [
      {
        value: 'cer',
        label: vscode.l10n.t('Certificate (.cer)'),
        detail: vscode.l10n.t('Public, DER: what an app registration takes.'),
        icon: 'file-binary',
      },
      {
        value: 'pem',
        label: vscode.l10n.t('Certificate and Chain (.pem)'),
        detail: vscode.l10n.t('Public, text.'),
        icon: 'file-text',
      },
      {
        value: 'pfx',
        label: vscode.l10n.t('Certificate and Private Key (.pfx)'),
        detail: vscode.l10n.t('Private, encrypted with a password.'),
        icon: 'lock',
      },
    ],
  });
  if (answer === back) throw new CancelledError();
  return answer;
}

async function publicPart(
  file: string,
  format: 'cer' | 'pem',
  run: Run<'exportCertificate'>,
  title: string,
  services: Services,
): Promise<Uint8Array> {
  const bytes = await readWhole(file, services.files);
  const certificates = services.certificates();
  const result = await openAsking(
    (opening) => certificates.openCertificate(bytes, opening),
    openingOf(run.options),
    file,
    asking(run, title, services),
  );
  if (result === back) throw new CancelledError();
  const { certificateDer, chainDer } = result.opened;
  if (format === 'cer') return certificateDer;
  return Buffer.from([certificateDer, ...chainDer].map((der) => certificates.certificatePem(der)).join(''));
}

async function pfxOf(
  file: string,
  run: Run<'exportCertificate'>,
  title: string,
  services: Services,
): Promise<Uint8Array> {
  const hasKey = /\.(pfx|p12)$/i.test(file);
  const privateKey = hasKey ? undefined : await besideUnlessInside(file, services);
  const result = await openAsking(
    (opening) => openCredential({ file, privateKey, ...opening }, services),
    openingOf(run.options),
    privateKey ?? file,
    asking(run, title, services),
  );
  if (result === back) throw new CancelledError();
  const password =
    run.options.newPassword ?? (run.interactive ? await typeTwice(services.questions, { title }) : undefined);
  if (password === back) throw new CancelledError();
  if (password === undefined || password === '') {
    throw new ExpectedError(
      'password-required',
      vscode.l10n.t('A PFX holds the private key, so it needs a password. Give one as the option "newPassword".'),
    );
  }
  run.masker.add(password);
  return services.certificates().pkcs12(result.opened, password);
}

async function besideUnlessInside(file: string, services: Services): Promise<string | undefined> {
  const description = await services.certificates().inspect(await readWhole(file, services.files));
  return description.hasPrivateKey ? undefined : keyBeside(file, services.files);
}

function asking(run: Run<'exportCertificate'>, title: string, services: Services) {
  if (!run.interactive) return undefined;
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  return { questions: services.questions, frame: { title }, announce };
}
