/** Whether an app signs in at the cloud that the settings name. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { Cloud } from '../../azure/types.ts';
import { ExpectedError } from '../../base/errors.ts';
import { cloudOf } from '../../diagnosis/authorityFacts.ts';

/**
 * Nobody is asked, and no portal or command is named, for an app of another cloud than the settings': its tenant does not exist there. A custom cloud is
 * what its settings say, and an authority at a host of nobody's cloud tells nothing.
 * @param authority as the app config has it; undefined where it is not known
 * @throws ExpectedError `authority-in-other-cloud`
 */
export function checkCloud(authority: string | undefined, { name }: Pick<Cloud, 'name'>): void {
  if (authority === undefined || name === 'custom') return;
  const known = cloudOf(authority);
  if (known === undefined || known.cloud === name) return;
  const { cloud, host } = known;
  throw new ExpectedError(
    'authority-in-other-cloud',
    l10n.t(
      'The app signs in at {0}, which belongs to another cloud than the one that the setting clientCertificate.cloud names ({1}), so its app registration was not asked for. Set clientCertificate.cloud to {2}.',
      host,
      name,
      cloud === 'usGovernment' || cloud === 'china' || cloud === 'public'
        ? `"${cloud}"`
        : l10n.t('"custom", and give the addresses of that cloud in clientCertificate.customCloud'),
    ),
    { data: { authority: host, cloud, setting: name } },
  );
}
