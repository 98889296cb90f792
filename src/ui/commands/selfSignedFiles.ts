/** Lays out the files of a new self-signed certificate. */
import type { CredentialMaterial } from '../../certificates/types.ts';
import type { PlannedFile } from '../../setup/index.ts';
import type { CertificateFormat, CreatedFiles } from '../automation.ts';
import type { Services } from '../services.ts';
import { freeStem, keyFiles, keptPassphrase } from './newFiles.ts';

export interface SelfSignedLayout {
  readonly folder: string;
  readonly subject: string;
  /** Without extension; default from the subject. */
  readonly name?: string;
  readonly formats: readonly CertificateFormat[];
  /** Text, 'generate' or 'none'. */
  readonly passphrase: string;
  /** Default the pass phrase. */
  readonly pfxPassword?: string;
}

/** The files, and where each will be. Nothing is written. */
export async function selfSignedFiles(
  material: CredentialMaterial,
  { folder, subject, name, formats, passphrase, pfxPassword }: SelfSignedLayout,
  services: Services,
  announce: (secret: string) => void,
): Promise<{ readonly planned: readonly PlannedFile[]; readonly files: CreatedFiles }> {
  const certificates = services.certificates();
  const extensions = ['.crt', '.key', '.cer', '.pfx', '.passphrase'];
  const stem = await freeStem(folder, subject, name, extensions, services);
  const kept = keptPassphrase(passphrase, stem, services, announce);
  const planned: PlannedFile[] = [];
  const files: CreatedFiles = {};
  const isKept = formats.includes('crt') || pfxPassword === undefined;
  if (isKept && kept.file !== undefined) {
    planned.push(kept.file);
    files.passphrase = kept.file.path;
  }
  if (formats.includes('crt')) {
    const key = { pkcs8: material.privateKeyPkcs8, passphrase: kept.secret ?? 'none', path: `${stem}.key` };
    planned.push(...(await keyFiles(key, services, announce)).files);
    const pem = [material.certificateDer, ...material.chainDer].map((der) => certificates.certificatePem(der)).join('');
    planned.push({ path: `${stem}.crt`, role: 'certificate', mode: 0o644, bytes: Buffer.from(pem) });
    files.privateKey = key.path;
    files.certificate = `${stem}.crt`;
  }
  if (formats.includes('cer')) {
    planned.push({ path: `${stem}.cer`, role: 'certificate', mode: 0o644, bytes: material.certificateDer });
    files.cer = `${stem}.cer`;
    files.certificate ??= files.cer;
  }
  const password = pfxPassword ?? kept.secret;
  if (formats.includes('pfx') && password !== undefined) {
    const bytes = await certificates.pkcs12(material, password);
    planned.push({ path: `${stem}.pfx`, role: 'pfx', mode: 0o600, bytes });
    files.pfx = `${stem}.pfx`;
  }
  return { planned, files };
}
