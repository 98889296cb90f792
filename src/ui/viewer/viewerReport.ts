/** What the certificate viewer shows of a file, as a report: what is in it, what is wrong with it, or why it cannot be told. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { isExpectedError } from '../../base/errors.ts';
import { expiresSoon } from '../../base/expiry.ts';
import type { ExpiryThresholds } from '../../base/expiry.ts';
import type { CertificateDescription, CertificateFacts, Certificates } from '../../certificates/types.ts';
import { certificateReport, dateText, note, validityText } from '../views/certificateReport.ts';
import type { Report, ReportAction, ReportRow, ReportSection, ReportValidity } from '../views/report.ts';

/** Larger files are none that the viewer is for. Bytes. */
export const largestFile = 5 * 1024 * 1024;

export interface ViewedFile {
  /** As the user knows it. */
  readonly name: string;
  /** Absolute path, where it is a file of this machine: then commands are offered. */
  readonly path?: string;
  /** Bytes. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

export interface ViewerTools {
  readonly certificates: Pick<Certificates, 'inspect' | 'openCertificate' | 'certificatePem'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From when on a certificate expires soon. */
  readonly thresholds: ExpiryThresholds;
  /** Ids of the commands behind the buttons. */
  readonly commands: { readonly useInApp: string; readonly extractPrivateKey: string };
}

/**
 * @param password as typed in the page; undefined before
 */
export async function viewerReport(file: ViewedFile, tools: ViewerTools, password?: string): Promise<Report> {
  const options = { now: tools.now, thresholds: tools.thresholds, ...(password === undefined ? {} : { password }) };
  let description: CertificateDescription;
  try {
    description = await tools.certificates.inspect(file.bytes, options);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return refused(file, error.code, error.message, password !== undefined);
  }
  const report = certificateReport(file.name, description, tools.now);
  const pem = await publicPem(file, tools, options);
  const [verdict, certificate, ...rest] = report.sections;
  const lives = description.thumbprintSha256 === undefined ? undefined : (description as CertificateFacts);
  const sections: ReportSection[] = [
    ...(verdict === undefined ? [] : [withActions(verdict, actionsOf(file, description, pem, tools.commands))]),
    ...(certificate === undefined
      ? []
      : [lives === undefined ? certificate : withForms({ ...certificate, validity: validityOf(lives, tools) }, lives)]),
    ...rest,
    ...(description.keyEncrypted === true ? [passwordSection(password !== undefined)] : []),
  ];
  return { ...report, sections };
}

/** Too large to be looked at. */
export function tooLargeReport(name: string, size: number): Report {
  const text = l10n.t(
    'This file has {0} MB. Certificate and key files have a few kilobytes, so files above {1} MB are not opened here. Open it with another editor to look at it.',
    Math.round(size / 1024 / 1024),
    largestFile / 1024 / 1024,
  );
  return {
    title: name,
    lead: '',
    sections: [{ heading: l10n.t('Not opened'), notes: [note('information', text)] }],
    copied: '',
  };
}

function refused(file: ViewedFile, code: string, message: string, attempted: boolean): Report {
  const lead = l10n.t('{0} bytes', file.size);
  if (code === 'password-required' || code === 'wrong-password') {
    const text = l10n.t('What is in this file is protected by a password.');
    const section = { ...passwordSection(attempted), notes: [note('information', text)] };
    return { title: file.name, lead, sections: [section], copied: '' };
  }
  return {
    title: file.name,
    lead,
    sections: [
      { heading: l10n.t('This file cannot be read'), notes: [note('error', message)] },
      { heading: l10n.t('What can be said about it'), rows: appearance(file) },
    ],
    copied: '',
  };
}

function passwordSection(attempted: boolean): ReportSection {
  return {
    heading: l10n.t('Password'),
    question: {
      label: l10n.t('Password of this file. It is used to look inside and kept nowhere.'),
      button: l10n.t('Open'),
      ...(attempted ? { problem: l10n.t('This is not the password.') } : {}),
    },
  };
}

/** How it begins tells much about a damaged file. */
function appearance({ bytes, size }: ViewedFile): ReportRow[] {
  const start = Buffer.from(bytes.subarray(0, 16));
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(
    Buffer.from(bytes.subarray(0, 65_536)).toString('latin1'),
  )?.[1];
  const looks =
    size === 0
      ? l10n.t('empty')
      : label !== undefined
        ? l10n.t('PEM text with a block "{0}"', label)
        : start[0] === 0x30
          ? l10n.t('binary (DER), as PFX and certificate files are')
          : l10n.t('neither PEM text nor DER');
  return [
    { label: l10n.t('Looks like'), value: looks },
    { label: l10n.t('Size'), value: l10n.t('{0} bytes', size) },
    ...(size === 0 ? [] : [{ label: l10n.t('First bytes'), value: start.toString('hex').toUpperCase(), code: true }]),
  ];
}

async function publicPem(
  file: ViewedFile,
  { certificates }: ViewerTools,
  options: { readonly password?: string },
): Promise<string | undefined> {
  try {
    const { certificateDer } = await certificates.openCertificate(file.bytes, options);
    return certificates.certificatePem(certificateDer);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return undefined;
  }
}

function actionsOf(
  file: ViewedFile,
  description: CertificateDescription,
  pem: string | undefined,
  commands: ViewerTools['commands'],
): ReportAction[] {
  const { path } = file;
  const isUsable = description.hasPrivateKey && !description.problems.some(({ severity }) => severity === 'error');
  return [
    ...(path !== undefined && isUsable && description.thumbprintSha256 !== undefined
      ? [action(l10n.t('Use in App…'), commands.useInApp, path, true)]
      : []),
    ...(path !== undefined && description.hasPrivateKey
      ? [action(l10n.t('Extract Private Key…'), commands.extractPrivateKey, path, false)]
      : []),
    ...(pem === undefined
      ? []
      : [{ label: l10n.t('Copy Public Certificate'), does: { kind: 'copy' as const, text: pem } }]),
  ];
}

function action(label: string, command: string, file: string, primary: boolean): ReportAction {
  return { label, primary, does: { kind: 'run', command, file } };
}

function withActions(section: ReportSection, actions: readonly ReportAction[]): ReportSection {
  const notes = section.notes ?? [];
  const last = notes.at(-1) ?? note('information', l10n.t('This file holds a certificate without its private key.'));
  return { ...section, notes: [...notes.slice(0, -1), { ...last, actions: [...(last.actions ?? []), ...actions] }] };
}

/** Thumbprints are asked for with colons by some programs, and in base64url by tokens (RFC 7515, x5t). */
function withForms(section: ReportSection, facts: CertificateFacts): ReportSection {
  const form = (text: string, label: string, what: string): ReportAction => ({
    label,
    // Whoever speaks to the screen says what is on it.
    spoken: l10n.t('{0}: {1}', label, what),
    does: { kind: 'copy', text },
  });
  const forms = (hex: string, what: string): ReportAction[] => [
    form(hex.match(/../g)?.join(':') ?? hex, l10n.t('Copy with Colons'), what),
    form(Buffer.from(hex, 'hex').toString('base64url'), l10n.t('Copy as Base64url'), what),
  ];
  const rows = (section.rows ?? []).map((row) =>
    row.value === facts.thumbprintSha256 || row.value === facts.thumbprintSha1
      ? { ...row, actions: [...(row.actions ?? []), ...forms(row.value, row.label)] }
      : row,
  );
  const more: (readonly [string, string | undefined])[] = [
    [l10n.t('Signed with'), facts.signatureHash],
    [l10n.t('Friendly name'), facts.friendlyName],
    [l10n.t('Authority'), facts.isCa ? l10n.t('yes, it may sign other certificates') : undefined],
  ];
  return {
    ...section,
    rows: [
      ...rows,
      ...more.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }])),
    ],
  };
}

function validityOf(
  { notBefore, notAfter }: CertificateFacts,
  { now, thresholds }: Pick<ViewerTools, 'now' | 'thresholds'>,
): ReportValidity {
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  const today = Math.min(100, Math.max(0, ((now - start) / Math.max(end - start, 1)) * 100));
  const isSoon = expiresSoon({ notBefore: start, expires: end }, thresholds, now);
  const state = now < start ? 'notYetValid' : now > end ? 'expired' : isSoon ? 'expiring' : 'valid';
  return {
    from: dateText(notBefore),
    to: dateText(notAfter),
    today,
    state,
    spoken: l10n.t('Valid from {0} until {1}', dateText(notBefore), validityText(notAfter, now)),
  };
}
