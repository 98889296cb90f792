/** The Azure CLI command that uploads a certificate: one form for everybody who is told to run it. */

export interface UploadCommand {
  readonly appId: string;
  /** Path of the public certificate, PEM. */
  readonly certificateFile: string;
  /** What the portal shows; absent leaves it to the CLI. */
  readonly displayName?: string;
  /** End of the certificate, milliseconds since the epoch; what is no number is left out. */
  readonly notAfter: number;
}

/**
 * Without `--append` the command would remove every other credential; without `--end-date` it would allow one year, however long the
 * certificate lives (facts/graph.md 3.1).
 */
export function uploadCommand({ appId, certificateFile, displayName, notAfter }: UploadCommand): string {
  const name = displayName === undefined || displayName === '' ? '' : ` --display-name ${quotedForShell(displayName)}`;
  const end = Number.isFinite(notAfter) ? ` --end-date ${quotedForShell(entryEnd(notAfter))}` : '';
  return `az ad app credential reset --append --id ${quotedForShell(appId)} --cert ${quotedForShell(`@${certificateFile}`)}${name}${end}`;
}

/** The end of a registration's entry: a second before the certificate's own, for fractions of a second already make Graph refuse it. */
export function entryEnd(notAfter: number): string {
  return toSeconds(notAfter - 1_000);
}

/** ISO 8601 in UTC without fractions of a second. */
export function toSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Single quotes hold in POSIX shells and in PowerShell; a quote within is what the two write differently, so it goes. */
export function quotedForShell(text: string): string {
  return `'${text.replaceAll(/['\r\n]/g, ' ')}'`;
}
