/** A certificate or key file as a report. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions.ts';
import type { CertificateDescription, CertificateFacts } from '../../certificates/types.ts';
import type { Report, ReportAction, ReportNote, ReportRow, ReportSection } from './report.ts';

/** A button that copies a value. `what` completes the spoken label, e.g. "SHA-256 thumbprint". */
export function copyAction(text: string, what: string): ReportAction {
  return { label: l10n.t('Copy'), spoken: l10n.t('Copy {0}', what), does: { kind: 'copy', text } };
}

/** A date as people read it, in their own language, with the time zone named. */
export function dateText(iso: string): string {
  return (
    new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(
      new Date(iso),
    ) + ' UTC'
  );
}

/** @param now milliseconds since the epoch */
export function validityText(notAfter: string, now: number): string {
  const days = Math.round((Date.parse(notAfter) - now) / 86_400_000);
  if (Date.parse(notAfter) < now) return l10n.t('{0} (expired {1} days ago)', dateText(notAfter), -days);
  return l10n.t('{0} (in {1} days)', dateText(notAfter), days);
}

const severityTexts = {
  error: () => l10n.t('Error'),
  warning: () => l10n.t('Warning'),
  information: () => l10n.t('Note'),
  success: () => l10n.t('Good'),
};

export function note(
  severity: ReportNote['severity'],
  text: string,
  actions: readonly ReportAction[] = [],
): ReportNote {
  return { severity, severityText: severityTexts[severity](), text, actions };
}

/** What to do with a certificate that was just made; absolute paths. @param privateKey the file with the key, also one with both */
export function afterMaking(certificate: string, privateKey = certificate): ReportSection {
  const file = privateKey.endsWith('.pfx') ? { file: privateKey } : { file: certificate, privateKey };
  const item = { certificate: { kind: 'file', ...file } };
  return {
    heading: l10n.t('What to do next'),
    steps: [
      {
        title: l10n.t('Upload it, then use it in your app'),
        text: l10n.t(
          'Only the public certificate is uploaded. The app is rewritten after a review; its secret stays until the sign-in is proven.',
        ),
        actions: [
          {
            label: l10n.t('Upload'),
            primary: true,
            does: { kind: 'run', command: commands.upload, file: certificate },
          },
          { label: l10n.t('Use in App'), does: { kind: 'run', command: commands.useInApp, item } },
        ],
      },
    ],
  };
}

/**
 * @param now milliseconds since the epoch
 * @param next what follows from how the certificate came here
 */
export function certificateReport(
  file: string,
  description: CertificateDescription,
  now: number,
  next?: ReportSection,
): Report {
  const hasCertificate = description.thumbprintSha256 !== undefined;
  const sections: ReportSection[] = [
    ...(next === undefined ? [] : [next]),
    { heading: l10n.t('Can it serve as a client credential?'), notes: verdict(description) },
  ];
  if (hasCertificate) {
    sections.push({ heading: l10n.t('Certificate'), rows: certificateRows(description as CertificateFacts, now) });
  }
  sections.push({ heading: l10n.t('Private key'), rows: keyRows(description) });
  for (const [index, issuer] of description.chain.entries()) {
    sections.push({ heading: l10n.t('Issuer {0}', index + 1), rows: certificateRows(issuer, now) });
  }
  return {
    title: description.subject ?? l10n.t('Private key'),
    lead: file,
    sections,
    copied: l10n.t('Copied'),
  };
}

function verdict(description: CertificateDescription): ReportNote[] {
  const notes = description.problems.map((problem) => note(problem.severity, problem.message));
  if (notes.some(({ severity }) => severity === 'error')) return notes;
  if (description.thumbprintSha256 === undefined) {
    return [...notes, note('information', l10n.t('This file holds a private key and no certificate.'))];
  }
  if (!description.hasPrivateKey) return notes;
  if (description.keyEncrypted === true) {
    const text = l10n.t('The private key is encrypted, so it was not compared with the certificate.');
    return [...notes, note('information', text)];
  }
  return [...notes, note('success', l10n.t('Certificate and private key can be used by an app.'))];
}

/** All that a certificate says of itself. @param now milliseconds since the epoch */
export function certificateRows(facts: CertificateFacts, now: number): ReportRow[] {
  const text = (label: string, value: string): ReportRow => ({ label, value });
  const code = (label: string, value: string): ReportRow => ({
    label,
    value,
    code: true,
    actions: [copyAction(value, label)],
  });
  const rows = [
    text(l10n.t('Subject'), facts.subject),
    text(l10n.t('Issuer'), facts.selfSigned ? l10n.t('itself (self-signed)') : facts.issuer),
    text(l10n.t('Valid from'), dateText(facts.notBefore)),
    text(l10n.t('Valid until'), validityText(facts.notAfter, now)),
    code(l10n.t('SHA-256 thumbprint'), facts.thumbprintSha256),
    code(l10n.t('SHA-1 thumbprint'), facts.thumbprintSha1),
    code(l10n.t('Serial number'), facts.serialNumber),
  ];
  const lists: readonly (readonly [string, readonly string[]])[] = [
    [l10n.t('Alternative names'), facts.subjectAltNames],
    [l10n.t('Key usage'), facts.keyUsage],
    [l10n.t('Extended key usage'), facts.extendedKeyUsage],
  ];
  for (const [label, values] of lists) if (values.length > 0) rows.push(text(label, values.join(', ')));
  return rows;
}

function keyRows(description: CertificateDescription): ReportRow[] {
  const kind = { label: l10n.t('Kind'), value: l10n.t('{0}, {1} bits', description.keyAlgorithm, description.keySize) };
  return [kind, { label: l10n.t('In this file'), value: keyState(description) }];
}

function keyState(description: CertificateDescription): string {
  if (description.keyEncrypted === true) return l10n.t('yes, encrypted and not looked into');
  if (!description.hasPrivateKey) return l10n.t('no');
  if (description.keyMatches === true) return l10n.t('yes, it belongs to the certificate');
  return description.keyMatches === false ? l10n.t('yes, but it does not belong to the certificate') : l10n.t('yes');
}
