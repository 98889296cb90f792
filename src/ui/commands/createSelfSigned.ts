/** Create Self-Signed Certificate: certificate and key files, outside any app. */
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { CertificateDescription, CredentialMaterial } from '../../certificates/types.ts';
import type { CertificateResult, CreateSelfSignedOptions } from '../automation.ts';
import { openCredential } from '../flows/certificateFile.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { afterMaking, certificateReport } from '../views/certificateReport.ts';
import { createScratch, makeExternally } from './external.ts';
import { writeAll } from './newFiles.ts';
import type { Checked, Command } from './run.ts';
import { createSelfSignedSchema } from './schemas.ts';
import { chooseSelfSigned } from './selfSignedChoose.ts';
import type { SelfSignedChoice } from './selfSignedChoose.ts';
import { selfSignedFiles } from './selfSignedFiles.ts';

export const createSelfSigned: Command<'createSelfSigned'> = {
  schema: createSelfSignedSchema,
  changes: true,
  fromFile: (folder) => ({ folder }),
  async run(run, services): Promise<CertificateResult> {
    const { options, interactive, masker } = run;
    const title = vscode.l10n.t('Create Self-Signed Certificate');
    checkFormats(options);
    const announce = (secret: string) => {
      masker.add(secret);
    };
    const scratch = createScratch();
    try {
      const choice = await chooseSelfSigned(title, run, services, { scratch, announce });
      if (choice.pfxPassword !== undefined) announce(choice.pfxPassword);
      const material = await withProgress(vscode.l10n.t('Making the certificate'), (signal) =>
        materialFor(choice, services, announce, signal),
      );
      const layout = { ...choice, ...(options.name === undefined ? {} : { name: options.name }) };
      const { planned, files } = await selfSignedFiles(material, layout, services, announce);
      await writeAll(planned, title, services);
      const { certificate = files.pfx ?? '', privateKey } = files;
      const description = judged(material.description, services);
      if (interactive) {
        const now = services.setupPorts.clock.now();
        const next = afterMaking(certificate, privateKey ?? files.pfx);
        services.reports.show(certificate, certificateReport(certificate, description, now, next));
      }
      return { ...description, files };
    } finally {
      await scratch.dispose();
    }
  },
};

/** Nothing is wrong with a long life as such, but many directories refuse it, as a setup says too. */
function judged(description: CertificateDescription, services: Services): CertificateDescription {
  const { notBefore = '', notAfter = '', problems } = description;
  const days = Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000);
  const message = days > 180 ? services.certificates().validityWarning(days) : undefined;
  if (message === undefined) return description;
  return { ...description, problems: [...problems, { code: 'validity-long', severity: 'warning', message }] };
}

async function materialFor(
  { kind, subject, validityDays, keySize, made }: SelfSignedChoice,
  services: Services,
  announce: (secret: string) => void,
  signal: AbortSignal,
): Promise<CredentialMaterial> {
  if (made?.kind === 'file') return openCredential(made, services);
  if (kind !== 'selfSigned')
    return makeExternally({ kind, subject, validityDays, keySize }, services, announce, signal);
  return services.certificates().selfSigned({ subject, validityDays, keySize, signal });
}

/** Rejects with `invalid-options` where the key would be lost, and with `password-required` for a PFX without a password. */
function checkFormats({ formats = ['crt'], passphrase, pfxPassword }: Checked<CreateSelfSignedOptions>): void {
  if (!formats.includes('crt') && !formats.includes('pfx')) {
    throw new ExpectedError(
      'invalid-options',
      vscode.l10n.t(
        'The option "formats" cannot be used: the private key would be lost. Add "crt" (certificate and key file) or "pfx".',
      ),
      { data: { option: 'formats' } },
    );
  }
  if (formats.includes('pfx') && (pfxPassword === '' || (passphrase === 'none' && pfxPassword === undefined))) {
    throw new ExpectedError(
      'password-required',
      vscode.l10n.t('A PFX holds the private key, so it needs a password. Give one as the option "pfxPassword".'),
    );
  }
}
