/** Which version of a certificate an app takes that follows its vault. */
import { ExpectedError } from '../../base/errors.ts';
import * as l10n from '@vscode/l10n';
import type { CallOptions, VaultCertificate, VaultClient } from '../../azure/types.ts';

/** A new version is left alone for so long, that it can be uploaded and proven before the app switches to it; milliseconds. */
export const grace = 24 * 60 * 60 * 1000;

/**
 * The newest version that is enabled, not expired and older than the grace period; where all are younger, the oldest of them: what the
 * module does that the app gets (src/appConfig/keyVault/template.ts). Rejects with `certificate-disabled` where there is none.
 */
export async function versionFollowed(
  client: Pick<VaultClient, 'versions'>,
  name: string,
  now: number,
  call: CallOptions,
): Promise<string> {
  const versions: VaultCertificate[] = [];
  for await (const page of client.versions(name, call)) versions.push(...page);
  const usable = versions
    .filter(({ enabled, expires, version }) => enabled && version !== undefined && (expires ?? now) >= now)
    .sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
  const chosen = usable.find(({ created = 0 }) => created <= now - grace) ?? usable.at(-1);
  if (chosen?.version !== undefined) return chosen.version;
  throw new ExpectedError(
    'certificate-disabled',
    l10n.t(
      'No version of the certificate {0} is enabled and not expired, so an app cannot use it. Enable one, or renew the certificate.',
      name,
    ),
  );
}
