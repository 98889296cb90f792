/** Which `openssl` program is there, and what it can do. */
import type { OpenSslProgram } from './types.ts';

/**
 * Reads what `openssl version` prints, e.g. `OpenSSL 3.0.19 27 Jan 2026 (Library: …)` or `LibreSSL 3.3.6`. BoringSSL
 * and whatever else answers is undefined.
 */
export function readOpenSslVersion(output: string): OpenSslProgram | undefined {
  const match = /^\s*(OpenSSL|LibreSSL) (\d+)\.(\d+)\.(\d+)([a-z]{0,2})(?=[\s-]|$)/.exec(output);
  if (match === null) return undefined;
  const [, kind, major = '', minor = '', patch = '', letter = ''] = match;
  const number = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
  const libre = kind === 'LibreSSL';
  return {
    kind: libre ? 'LibreSSL' : 'OpenSSL',
    version: `${major}.${minor}.${patch}${letter}`,
    supported: number >= (libre ? 20_800 : 10_101),
    needsConfiguration: libre || number < 30_000,
  };
}
