/** Who else in the workspace still signs in with a certificate that is about to be removed. Knows no editor. */
import { dirname, join, parse } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { RegisteredCertificate } from '../../azure/types.ts';
import type { OldFile } from '../automation/proof.ts';

/**
 * Rejects with `certificate-still-used` where another config names the certificate by one of its thumbprints, in code or in `.env`.
 * Another registration may have the same certificate: only configs of this one, or of one that the code does not tell, count.
 * @param all configs of the workspace
 * @param own the one whose certificate was rotated
 */
export function checkCertificateUnused(
  all: readonly AppConfig[],
  own: AppConfig,
  { thumbprintSha256, thumbprintSha1 }: RegisteredCertificate,
  relative: (file: string) => string,
): void {
  const names = [thumbprintSha256, thumbprintSha1].flatMap((each) => (each === undefined ? [] : [plain(each)]));
  const appId = own.clientId?.value?.toLowerCase();
  const other = all.find(({ file, line, clientId, certificate }) => {
    if (file === own.file && line === own.line) return false;
    const isElsewhere = appId !== undefined && clientId?.value !== undefined && clientId.value.toLowerCase() !== appId;
    const named = certificate?.thumbprint?.value;
    return !isElsewhere && named !== undefined && names.includes(plain(named));
  });
  if (other === undefined) return;
  throw new ExpectedError(
    'certificate-still-used',
    l10n.t(
      '{0} still signs in with the old certificate, so it was not removed. Rotate that app config too, prove it, then try again.',
      relative(other.file),
    ),
    { file: other.file, line: other.line },
  );
}

/** Whether a config still reads this variable, this key file, or what lies beside that under its name, so that it is no left-over. */
export function isStillRead({ file, variable }: OldFile, all: readonly AppConfig[]): boolean {
  return all.some(({ certificate }) => {
    if (certificate === undefined) return false;
    const { thumbprint, privateKey, keyPath, passphrase, keyFile } = certificate;
    if (variable === undefined) return keyFile !== undefined && stem(keyFile) === stem(file);
    return [thumbprint?.source, privateKey, keyPath, passphrase].some(
      (from) => from?.kind === 'environment' && from.variable === variable && from.envFile === file,
    );
  });
}

const stem = (file: string): string => join(dirname(file), parse(file).name);

const plain = (thumbprint: string): string => thumbprint.replaceAll(/[^0-9a-f]/gi, '').toUpperCase();
