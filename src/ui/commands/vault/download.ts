/** Download Certificate: the public part of a vault certificate as a file. */
import * as vscode from 'vscode';
import { CancelledError, ExpectedError, isExpectedError } from '../../../base/errors.ts';
import type { CallOptions, VaultCertificateDetails } from '../../../azure/types.ts';
import { withProgress } from '../../progress.ts';
import { back } from '../../questions.ts';
import type { Services } from '../../services.ts';
import { writeAll } from '../newFiles.ts';
import type { Command } from '../run.ts';
import { tellWritten } from '../tellWritten.ts';
import { downloadCertificateSchema } from './schemas.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';
import { assertFree, folderFor, freeFile } from './where.ts';

export const downloadCertificate: Command<'downloadCertificate'> = {
  schema: downloadCertificateSchema,
  changes: true,
  async run(run, services) {
    const { options, interactive } = run;
    const title = vscode.l10n.t('Download Certificate');
    if (options.output !== undefined) await assertFree(options.output, services);
    const wish = { filter: ({ pending }: { readonly pending?: boolean }) => pending !== true };
    const target = await targetOf(run, title, wish, services);
    const { client, name, call } = target;
    const { version } = options;
    const details = await withProgress(vscode.l10n.t('Reading {0}', name), (signal) =>
      client.get(version === undefined ? { name } : { name, version }, { ...call, signal }),
    );
    const { certificateDer, thumbprintSha256 } = details;
    if (certificateDer === undefined || thumbprintSha256 === undefined) throw stillPending(target);
    const format = options.format ?? (await askFormat(title, interactive, services));
    const all =
      format === 'cer'
        ? [certificateDer]
        : await withProgress(vscode.l10n.t('Reading the issuers of {0}', name), (signal) =>
            withIssuers(target, details, certificateDer, { ...call, signal }, services),
          );
    const extension = format === 'cer' ? '.cer' : '.pem';
    const output =
      options.output ??
      (await freeFile(await folderFor(undefined, title, interactive, services), name, extension, services));
    const pem = (der: Uint8Array) => services.certificates().certificatePem(der);
    const bytes = format === 'cer' ? certificateDer : Buffer.from(all.map(pem).join(''));
    await writeAll([{ path: output, role: 'certificate', mode: 0o644, bytes }], title, services);
    if (interactive) tellWritten(output, false);
    return { file: output, thumbprintSha256, certificates: all.length };
  },
};

async function askFormat(title: string, interactive: boolean, services: Services): Promise<'cer' | 'pem'> {
  if (!interactive) return 'cer';
  const format = await services.questions.pick<'cer' | 'pem'>({
    title,
    placeholder: vscode.l10n.t('In which form?'),
    choices: [
      {
        label: vscode.l10n.t('Certificate (.cer)'),
        detail: vscode.l10n.t('Public, DER: what an app registration takes.'),
        icon: 'file-binary',
        value: 'cer',
      },
      {
        label: vscode.l10n.t('Certificate and Chain (.pem)'),
        detail: vscode.l10n.t('Public, text.'),
        icon: 'file-text',
        value: 'pem',
      },
    ],
  });
  if (format === back) throw new CancelledError();
  return format;
}

/** These keep the issuers from us, but not the certificate. */
const withoutIssuers: readonly string[] = [
  'secret-get-denied',
  'vault-forbidden',
  'key-not-exportable',
  'key-not-found',
  'certificate-disabled',
];

/** A vault gives out the issuers only with the secret; of a self-signed certificate there are none. Leaf first. */
async function withIssuers(
  { client, name }: Target,
  { version, policy }: VaultCertificateDetails,
  certificateDer: Uint8Array,
  options: CallOptions,
  services: Services,
): Promise<readonly Uint8Array[]> {
  const { selfSigned } = (await services.certificates().openCertificate(certificateDer)).description;
  if (selfSigned === true || policy?.exportable === false) return [certificateDer];
  try {
    const { bytes } = await client.fetchCredential(version === undefined ? { name } : { name, version }, options);
    const { chainDer } = await services.certificates().openCertificate(bytes);
    return [certificateDer, ...chainDer];
  } catch (error) {
    if (isExpectedError(error) && withoutIssuers.includes(error.code)) return [certificateDer];
    throw error;
  }
}

export function stillPending({ client, name }: Target): ExpectedError {
  return new ExpectedError(
    'creation-pending',
    vscode.l10n.t(
      'The creation of {0} in {1} is not completed, so there is no certificate yet. Wait for it, or merge the answer of the certificate authority.',
      name,
      client.vault.name,
    ),
  );
}
