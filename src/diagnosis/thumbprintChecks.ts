/** Checks on the text of a thumbprint as it stands in a config (facts/failure-modes.md F1 to F8). */
import * as l10n from '@vscode/l10n';
import { firstWithSha256 } from '../appConfig/msalVersion.ts';
import type { AppConfig } from '../appConfig/types.ts';
import { atLeast } from '../appConfig/versions.ts';
import { at, envPlace, fixedBy, newThumbprint, renamed } from './finding.ts';
import type { AppFacts, Finding, FindingFix } from './types.ts';

/**
 * msal-node reads a thumbprint with `Buffer.from(text, 'hex')`, which stops at the first character that is no hex digit
 * and says nothing: the token request then fails with AADSTS700027. Upper and lower case are both fine (F7).
 */
export function checkThumbprint(config: AppConfig, facts: AppFacts = {}): Finding[] {
  const property = config.certificate?.thumbprintProperty;
  const text = config.certificate?.thumbprint?.value;
  if (property === undefined || text === undefined || isSample(text)) return [];
  const place = { ...at(config, config.places?.thumbprint), ...envPlace(config.certificate?.thumbprint?.source) };
  const digits = property === 'thumbprint' ? 40 : 64;
  if (/^[0-9a-f]+$/i.test(text)) return checkLength(config, facts, text, property, place);
  const clean = cleaned(text);
  const fix = clean.length === digits ? newThumbprint(config, clean, 'thumbprint') : ownThumbprint(config, facts);
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
        ...place,
        ...fixedBy(fix),
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
      ...place,
      ...fixedBy(fix),
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
  config: AppConfig,
  facts: AppFacts,
  text: string,
  property: 'thumbprint' | 'thumbprintSha256',
  place: Pick<Finding, 'line' | 'range' | 'envPlace'>,
): Finding[] {
  const digits = property === 'thumbprint' ? 40 : 64;
  if (text.length === digits) return [];
  if (property === 'thumbprintSha256' && text.length === 40) {
    return [
      {
        code: 'thumbprint-sha1-as-sha256',
        severity: 'error',
        message: l10n.t(
          'This is a SHA-1 thumbprint (40 digits) under "thumbprintSha256". Sign-in fails with AADSTS700027. Use the SHA-256 thumbprint (64 digits).',
        ),
        ...place,
        ...fixedBy(sha256Of(config, facts, text)),
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
        ...place,
        ...fixedBy(renamedToSha256(config) ?? sha1Of(config, facts, text)),
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
      ...place,
      ...fixedBy(ownThumbprint(config, facts)),
    },
  ];
}

/** Where the text tells nothing: the thumbprint of the certificate that certainly belongs to the key. */
function ownThumbprint(config: AppConfig, { certificate, keyMatches }: AppFacts): FindingFix | undefined {
  const { thumbprintSha1, thumbprintSha256 } = certificate ?? {};
  const right = config.certificate?.thumbprintProperty === 'thumbprint' ? thumbprintSha1 : thumbprintSha256;
  return keyMatches === true && right !== undefined ? newThumbprint(config, right, 'own') : undefined;
}

/** The SHA-256 thumbprint of the certificate whose SHA-1 thumbprint stands there. */
function sha256Of(config: AppConfig, { certificate }: AppFacts, sha1: string): FindingFix | undefined {
  if (certificate?.thumbprintSha256 === undefined || certificate.thumbprintSha1 !== sha1.toUpperCase())
    return undefined;
  return newThumbprint(config, certificate.thumbprintSha256, 'own');
}

/** The SHA-1 thumbprint of the certificate whose SHA-256 thumbprint stands there. */
function sha1Of(config: AppConfig, { certificate }: AppFacts, sha256: string): FindingFix | undefined {
  if (certificate?.thumbprintSha1 === undefined || certificate.thumbprintSha256 !== sha256.toUpperCase())
    return undefined;
  return newThumbprint(config, certificate.thumbprintSha1, 'own');
}

/** Both together: the older property, and the thumbprint that goes with it. Undefined where the certificate is not known. */
export function toSha1(config: AppConfig, { certificate }: AppFacts): FindingFix | undefined {
  const edit = renamed(config.places?.thumbprintName, 'thumbprintSha256', 'thumbprint');
  const text = config.certificate?.thumbprint?.value?.toUpperCase();
  if (edit === undefined || certificate?.thumbprintSha1 === undefined || certificate.thumbprintSha256 !== text)
    return undefined;
  return newThumbprint(config, certificate.thumbprintSha1, 'sha1', [edit]);
}

function renamedToSha256({ places, msal }: AppConfig): FindingFix | undefined {
  if (msal.version !== undefined && !atLeast(msal.version, firstWithSha256)) return undefined;
  const edit = renamed(places?.thumbprintName, 'thumbprint', 'thumbprintSha256');
  return edit === undefined ? undefined : { kind: 'edit', what: 'name', edits: [edit] };
}

/**
 * The SHA-1 property where the installed msal-node has the SHA-256 one (F33: not before 2.11.0). Works, so it is no more than a hint.
 */
export function checkDeprecated(config: AppConfig, { certificate }: AppFacts): Finding[] {
  const { msal, places } = config;
  const text = config.certificate?.thumbprint?.value;
  // Sample text is no thumbprint yet, and another mistake has a finding of its own.
  if (text !== undefined && !/^[0-9a-f]{40}$/i.test(text)) return [];
  const edit = renamed(places?.thumbprintName, 'thumbprint', 'thumbprintSha256');
  const isKnown = certificate?.thumbprintSha1 !== undefined && certificate.thumbprintSha1 === text?.toUpperCase();
  const fix =
    isKnown && edit !== undefined && certificate.thumbprintSha256 !== undefined
      ? newThumbprint(config, certificate.thumbprintSha256, 'sha256', [edit])
      : undefined;
  const message = l10n.t(
    'This app uses the SHA-1 thumbprint, which msal-node {0} calls deprecated. Use "thumbprintSha256" with the SHA-256 thumbprint.',
    msal.version ?? '',
  );
  return [
    {
      code: 'thumbprint-sha1',
      severity: 'information',
      message,
      ...at(config, places?.thumbprintName),
      ...fixedBy(fix),
    },
  ];
}

/** `YOUR_CERT_THUMBPRINT` and the like: the app is not set up yet, which is no mistake. */
function isSample(text: string): boolean {
  return text.trim() === '' || /^(?:enter|your|add|<|\{|replace|insert)|_here$|thumbprint$/i.test(text.trim());
}
