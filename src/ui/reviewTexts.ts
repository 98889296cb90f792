/** What the review shows of a plan: the files before and after, with every secret masked on both sides. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { applyEdits } from '../base/edits.ts';
import { createMasker } from '../base/masking.ts';
import type { PackageInstall, PlanWarning, VaultReference } from '../appConfig/types.ts';
import { packagesOf, tenantOf } from '../setup/index.ts';
import type { SetupPlan } from '../setup/types.ts';

export interface ReviewedFile {
  /** Absolute path. */
  readonly path: string;
  /** Undefined for a file that will be created. */
  readonly before: string | undefined;
  readonly after: string;
  /** Changed by Continue Setup only, after somebody else has uploaded the certificate. */
  readonly isLater?: true;
}

export interface ReviewTexts {
  readonly files: readonly ReviewedFile[];
  /** Files with key material or certificates: named, never shown. */
  readonly created: readonly { readonly path: string; readonly mode: string; readonly isPrivate: boolean }[];
  /** Packages that will be installed: the program with its first word, each package, and where it runs. */
  readonly installs?: { readonly command: string; readonly packages: readonly string[]; readonly folder: string };
  /** What the app uses of a vault: which certificate, and which version. */
  readonly vault?: { readonly certificate: string; readonly version: string };
  /** What gets the certificate before any file is changed, a line each; absent where nothing does. */
  readonly registration?: { readonly subject: string; readonly application: string; readonly tenant?: string };
  readonly warnings: readonly PlanWarning[];
}

/** @param plan as planned; nothing of its secrets is in the result */
export function reviewTexts(plan: SetupPlan): ReviewTexts {
  const masker = createMasker();
  masker.add(...plan.secrets, ...plan.edits.flatMap((file) => file.secrets.map((secret) => secret.value)));
  return {
    files: plan.edits.map((file) => ({
      path: file.path,
      before: file.before === undefined ? undefined : masker.text(file.before),
      after: masker.text(applyEdits(file.before ?? '', file.edits)),
      // What keeps the key out of version control comes before the key.
      ...(plan.rewriteNow || file.role === 'gitignore' ? {} : { isLater: true }),
    })),
    created: plan.files
      .filter((file) => file.temporary !== true && file.exists !== true)
      .map((file) => ({
        path: file.path,
        mode: `0${file.mode.toString(8)}`,
        isPrivate: (file.mode & 0o077) === 0,
      })),
    ...(plan.install === undefined ? {} : { installs: installText(plan.install) }),
    ...(plan.vault === undefined ? {} : { vault: vaultText(plan.vault) }),
    ...(plan.register && plan.rewriteNow ? { registration: registrationText(plan) } : {}),
    warnings: plan.warnings.map((warning) => ({ ...warning, message: masker.text(warning.message) })),
  };
}

function registrationText({ config, certificate }: SetupPlan): NonNullable<ReviewTexts['registration']> {
  const tenant = tenantOf(config.authority?.value);
  return {
    subject: certificate.subject ?? '',
    application: l10n.t('to app {0}', config.clientId?.value ?? l10n.t('<client ID of the app>')),
    ...(tenant === undefined ? {} : { tenant: l10n.t('in tenant {0}', tenant) }),
  };
}

function installText(install: PackageInstall): NonNullable<ReviewTexts['installs']> {
  const { manager, args, devArgs, folder } = install;
  const [word = ''] = args.length > 0 ? args : (devArgs ?? []);
  return { command: `${manager} ${word}`, packages: packagesOf(install), folder };
}

function vaultText({ certificate, origin, version }: VaultReference): NonNullable<ReviewTexts['vault']> {
  return {
    certificate: l10n.t('{0} of {1}', certificate, new URL(origin).host),
    version:
      version === 'latest'
        ? l10n.t('Always the newest version, once it is a day old')
        : l10n.t('Always version {0}', version),
  };
}

/** One line that says who may read a new file. */
export function accessOf(file: { readonly mode: string; readonly isPrivate: boolean }): string {
  return file.isPrivate
    ? l10n.t('New file, mode {0}: only you can read it', file.mode)
    : l10n.t('New file, mode {0}: public', file.mode);
}
