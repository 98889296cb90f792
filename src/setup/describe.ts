/** A plan for eyes: in the review, in logs, in tests. */
import * as l10n from '@vscode/l10n';
import { commandOf, packagesOf } from './install.ts';
import type { PlanDescription, SetupPlan } from './types.ts';

/** A printable form of the plan without any secret: names and numbers of files, never what stands in them. */
export function describePlan(plan: SetupPlan): PlanDescription {
  const creates = plan.files
    .filter((file) => file.temporary !== true && file.exists !== true)
    .map(({ path, role, mode }) => ({ path, role, mode: `0${mode.toString(8)}` }));
  const edits = plan.edits.map((file) => ({ path: file.path, role: file.role, isNew: file.before === undefined }));
  const { subject = '', thumbprintSha256 = '', notAfter = '' } = plan.certificate;
  const lines = [
    l10n.t('Certificate {0}, valid until {1}, SHA-256 thumbprint {2}', subject, notAfter, thumbprintSha256),
    ...vaultLine(plan),
    ...(plan.install === undefined ? [] : [l10n.t('Run {0} in {1}', commandOf(plan.install), plan.install.folder)]),
    ...creates.map(({ path, mode }) => l10n.t('Make {0} (mode {1})', path, mode)),
    ...edits.map(({ path, isNew }) => (isNew ? l10n.t('Make {0}', path) : l10n.t('Change {0}', path))),
    ...(plan.rewriteNow ? [] : [l10n.t('Stop after the key files; the rewrite is resumed later')]),
    ...plan.warnings.map(({ message }) => l10n.t('Note: {0}', message)),
  ];
  return {
    config: plan.config.file,
    subject,
    thumbprintSha256,
    notAfter,
    keyFrom: plan.keyFrom,
    creates,
    edits,
    installs: plan.install === undefined ? [] : packagesOf(plan.install),
    warnings: plan.warnings,
    rewriteNow: plan.rewriteNow,
    text: mask(lines.join('\n'), plan.secrets),
  };
}

function vaultLine({ vault }: SetupPlan): string[] {
  if (vault === undefined) return [];
  const { certificate, origin, version } = vault;
  return [l10n.t('The app uses the certificate {0} of {1}, version {2}', certificate, origin, version)];
}

/** Warnings come from other rooms and may quote code; a secret that they quote by mistake is not printed. */
function mask(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => (secret.length < 4 ? masked : masked.replaceAll(secret, '****')), text);
}
