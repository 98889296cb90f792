/** The pure heart of planning: files, rewrite and choices become one plan with its warnings. */
import * as l10n from '@vscode/l10n';
import { uploadCommand } from '../base/azCli.ts';
import type { PlanWarning, RewritePlan } from '../appConfig/types.ts';
import type { CertificateDescription } from '../certificates/types.ts';
import { isVaultKind } from './keyFrom.ts';
import type { PlannedFile, SetupChoices, SetupPlan } from './types.ts';

export interface PlanParts {
  readonly rewrite: Extract<RewritePlan, { status: 'rewrite' }>;
  readonly choices: Pick<
    SetupChoices,
    'material' | 'keyFrom' | 'vault' | 'roots' | 'rewriteNow' | 'rotates' | 'register' | 'prove'
  >;
  readonly files: readonly PlannedFile[];
  /** Pass phrase and key as text; those of the rewrite are added. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is to be said about a certificate that lives longer than directories commonly allow. */
  readonly tooLong: string | undefined;
}

/** Puts a plan together. Pure: the same parts give the same plan. */
export function assemblePlan(parts: PlanParts): SetupPlan {
  const { rewrite, choices } = parts;
  const { description } = choices.material;
  const hasPassphraseVariable = rewrite.variables.passphrase !== undefined;
  const files = parts.files.map((file) =>
    file.role === 'passphrase' ? { ...file, temporary: hasPassphraseVariable } : file,
  );
  const register = choices.register ?? true;
  const rewriteNow = choices.rewriteNow ?? true;
  const secrets = [...parts.secrets, ...rewrite.files.flatMap((file) => file.secrets.map(({ value }) => value))];
  return {
    config: rewrite.config,
    certificate: description,
    keyFrom: choices.keyFrom,
    ...(isVaultKind(choices.keyFrom) && choices.vault !== undefined ? { vault: choices.vault } : {}),
    ...(rewrite.install === undefined ? {} : { install: rewrite.install }),
    files,
    edits: rewrite.files,
    variables: rewrite.variables,
    warnings: [
      ...(register && rewriteNow
        ? []
        : [notRegistered({ config: rewrite.config, certificate: description, files }, rewriteNow)]),
      ...validityWarnings(description, parts.now),
      ...(parts.tooLong === undefined ? [] : [{ code: 'validity-long', message: parts.tooLong }]),
      ...rewrite.warnings,
    ],
    rewriteNow,
    ...(choices.rotates === undefined ? {} : { rotates: choices.rotates }),
    register,
    prove: choices.prove ?? register,
    certificateDer: choices.material.certificateDer,
    ...(choices.material.privateKeyPkcs8 === undefined ? {} : { privateKeyPkcs8: choices.material.privateKeyPkcs8 }),
    roots: choices.roots,
    secrets: [...new Set(secrets)].filter((secret) => secret !== ''),
  };
}

/** What its user has to do by hand where the extension does not upload, or could not. */
export function notRegistered(
  { config, certificate: { subject = '', notAfter = '' }, files }: Pick<SetupPlan, 'config' | 'certificate' | 'files'>,
  rewriteNow: boolean,
): PlanWarning {
  const certificate = files.find((file) => file.role === 'certificate')?.path ?? '';
  const appId = config.clientId?.value ?? l10n.t('<client ID of the app>');
  const end = Date.parse(notAfter);
  const command = uploadCommand({ appId, certificateFile: certificate, displayName: subject, notAfter: end });
  const how = [appId, certificate, command] as const;
  return {
    code: 'not-registered',
    message: rewriteNow
      ? l10n.t(
          'The app signs in with the certificate only once the certificate is uploaded to its app registration ({0}). In the Microsoft Entra admin center choose App registrations, the app, Certificates & secrets, Certificates, Upload certificate, and select {1}. Or run: {2}',
          ...how,
        )
      : l10n.t(
          'Upload the certificate to the app registration ({0}) before the rewrite is resumed. In the Microsoft Entra admin center choose App registrations, the app, Certificates & secrets, Certificates, Upload certificate, and select {1}. Or run: {2}',
          ...how,
        ),
    file: certificate,
  };
}

const day = 24 * 60 * 60 * 1000;

function validityWarnings(description: CertificateDescription, now: number): PlanWarning[] {
  const told = description.problems
    .filter((problem) => problem.severity === 'warning')
    .map(({ code, message }) => ({ code, message }));
  const left = Math.floor((Date.parse(description.notAfter ?? '') - now) / day);
  // The guide's openssl call gives 30 days unless one is careful (failure mode L2).
  if (!Number.isFinite(left) || left >= 60 || told.some(({ code }) => /expir|valid/.test(code))) return told;
  const message =
    left < 0
      ? l10n.t(
          'The certificate expired on {0}. The app cannot sign in with it; choose or make another one.',
          description.notAfter ?? '',
        )
      : l10n.t(
          'The certificate is valid for {0} more days only. The app stops signing in then; choose or make one that lives longer.',
          left,
        );
  return [...told, { code: left < 0 ? 'certificate-expired' : 'certificate-expires-soon', message }];
}
