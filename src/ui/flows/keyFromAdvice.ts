/** Which way to its private key suits an app, from what lies in its project. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { KeyFromArgument } from '../automation.ts';

/** Where the app seems to run when it is no longer developed. */
export interface RunPlace {
  readonly kind: 'azure' | 'container';
  /** What says so: the path of a file relative to the app, or the name of a package. */
  readonly trace: string;
  readonly isPackage?: true;
}

export interface Advice {
  readonly keyFrom: KeyFromArgument;
  /** A few words to stand beside the choice, e.g. "recommended: runs in Azure (azure.yaml)". */
  readonly why: string;
}

/**
 * Recommends one way that works. In Azure, and where a vault has the certificate already, that is the strictest; as the
 * configuration stays as it is, it also changes least. A container elsewhere has no identity that a vault knows, and no disk to keep a
 * file on.
 * @param project.place undefined where nothing tells where the app runs
 * @param project.inVault whether a vault has the certificate
 * @param project.works whether the app can get its key in this way at all
 */
export function adviseKeyFrom({
  place,
  inVault,
  works,
}: {
  readonly place: RunPlace | undefined;
  readonly inVault: boolean;
  readonly works: (keyFrom: KeyFromArgument) => boolean;
}): Advice {
  const where = place?.kind === 'container' && inVault ? undefined : place;
  const keyFrom = order(where?.kind, inVault).find(works) ?? 'file';
  return { keyFrom, why: reason(where, keyFrom) };
}

function order(place: RunPlace['kind'] | undefined, inVault: boolean): readonly KeyFromArgument[] {
  if (place === 'azure' || inVault) return ['keyVaultSign', 'keyVault', 'environment', 'file'];
  return place === 'container'
    ? ['environment', 'file', 'keyVaultSign', 'keyVault']
    : ['file', 'environment', 'keyVaultSign', 'keyVault'];
}

function reason(place: RunPlace | undefined, keyFrom: KeyFromArgument): string {
  if (place?.isPackage === true) return l10n.t('recommended: uses {0}', place.trace);
  if (place?.kind === 'azure') return l10n.t('recommended: runs in Azure ({0})', place.trace);
  if (place?.kind === 'container') return l10n.t('recommended: runs in a container ({0})', place.trace);
  if (keyFrom === 'file') return l10n.t('recommended for one machine');
  return keyFrom === 'environment' ? l10n.t('recommended') : l10n.t('recommended for production');
}
