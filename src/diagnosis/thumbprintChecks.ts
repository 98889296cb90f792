/** Checks on the text of a thumbprint as it stands in a config (facts/failure-modes.md F1 to F8). */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import type { Finding } from './types.ts';

/**
 * msal-node reads a thumbprint with `Buffer.from(text, 'hex')`, which stops at the first character that is no hex digit
 * and says nothing: the token request then fails with AADSTS700027. Upper and lower case are both fine (F7).
 */
export function checkThumbprint(config: AppConfig): Finding[] {
  const property = config.certificate?.thumbprintProperty;
  const text = config.certificate?.thumbprint?.value;
  if (property === undefined || text === undefined || isSample(text)) return [];
  const { line } = config;
  const digits = property === 'thumbprint' ? 40 : 64;
  if (/^[0-9a-f]+$/i.test(text)) return checkLength(text, property, digits, line);
  const clean = cleaned(text);
  const found = invisible.exec(text);
  if (found !== null) {
    const name = `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return [
      {
        code: 'thumbprint-invisible-character',
        severity: 'error',
        message: l10n.t(
          'The thumbprint holds an invisible character ({0}), as Windows puts it there when a thumbprint is copied from its dialog. MSAL then sends a wrong thumbprint and sign-in fails with AADSTS700027. Type it anew: {1}',
          name,
          clean,
        ),
        line,
      },
    ];
  }
  return [
    {
      code: 'thumbprint-not-hex',
      severity: 'error',
      message:
        clean.length === 40 || clean.length === 64
          ? l10n.t(
              'The thumbprint holds characters that are no hexadecimal digits. MSAL stops reading at the first one and sends a wrong thumbprint, so that sign-in fails with AADSTS700027. Write {0}',
              clean,
            )
          : l10n.t(
              'The thumbprint is not written in hexadecimal digits. MSAL then sends a wrong thumbprint, so that sign-in fails with AADSTS700027. Write its {0} hexadecimal digits without separators.',
              digits,
            ),
      line,
    },
  ];
}

const invisible = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/;

/** Separators and a prefix such as `sha1 Fingerprint=` removed; base64 of a hash turned into hex. */
function cleaned(text: string): string {
  const bytes = /^[0-9A-Za-z+/_-]{27}=?$|^[0-9A-Za-z+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (bytes?.length === 20 || bytes?.length === 32) return bytes.toString('hex').toUpperCase();
  return text
    .replace(/^.*[=]\s*/, '')
    .replace(/[^0-9a-f]/gi, '')
    .toUpperCase();
}

function checkLength(
  text: string,
  property: 'thumbprint' | 'thumbprintSha256',
  digits: number,
  line: number,
): Finding[] {
  if (text.length === digits) return [];
  if (property === 'thumbprintSha256' && text.length === 40) {
    return [
      {
        code: 'thumbprint-sha1-as-sha256',
        severity: 'error',
        message: l10n.t(
          'This is a SHA-1 thumbprint (40 digits) under "thumbprintSha256". Sign-in fails with AADSTS700027. Use the SHA-256 thumbprint (64 digits).',
        ),
        line,
      },
    ];
  }
  if (property === 'thumbprint' && text.length === 64) {
    return [
      {
        code: 'thumbprint-sha256-as-sha1',
        severity: 'error',
        message: l10n.t(
          'This is a SHA-256 thumbprint (64 digits) under "thumbprint", which is for SHA-1. Sign-in fails with AADSTS700027. Rename the property to "thumbprintSha256" (msal-node 2.11 or later), or use the SHA-1 thumbprint (40 digits).',
        ),
        line,
      },
    ];
  }
  return [
    {
      code: 'thumbprint-wrong-length',
      severity: 'error',
      message: l10n.t(
        'The thumbprint has {0} digits instead of {1}, so sign-in fails with AADSTS700027. Copy it again.',
        text.length,
        digits,
      ),
      line,
    },
  ];
}

/** `YOUR_CERT_THUMBPRINT` and the like: the app is not set up yet, which is no mistake. */
function isSample(text: string): boolean {
  return text.trim() === '' || /^(?:enter|your|add|<|\{|replace|insert)|_here$|thumbprint$/i.test(text.trim());
}
