/** Which other app configs of the workspace lose their secret with this one. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, PlanWarning } from '../../appConfig/types.ts';

export interface SameRegistration {
  /** Sign in to the same app registration with a certificate: each has to be proven too. */
  readonly switched: readonly AppConfig[];
  /** The first that signs in to it with a secret, and would stop working. */
  readonly usesSecret?: AppConfig;
  /** Sign in with a secret, and nothing tells to which app registration. */
  readonly unclear: readonly AppConfig[];
}

/**
 * @param all configs of the workspace
 * @param own the one whose secret is to go
 */
export function sameRegistration(
  all: readonly AppConfig[],
  own: Pick<AppConfig, 'file' | 'line'>,
  appId: string,
): SameRegistration {
  const others = all.filter(({ file, line }) => file !== own.file || line !== own.line);
  const clientIdOf = ({ clientId }: AppConfig) => clientId?.value?.toLowerCase() ?? '';
  const mine = others.filter((one) => clientIdOf(one) === appId.toLowerCase());
  const usesSecret = mine.find(hasSecret);
  return {
    // An assertion that the app makes itself cannot be proven here, and needs no secret.
    switched: mine.filter(({ credential, vault }) => credential === 'certificate' || vault !== undefined),
    ...(usesSecret === undefined ? {} : { usesSecret }),
    unclear: others.filter((one) => hasSecret(one) && clientIdOf(one) === ''),
  };
}

const hasSecret = ({ credential }: AppConfig): boolean =>
  credential === 'secret' || credential === 'secretAndCertificate';

/** One warning for each app of which nobody knows whether it needs the secret. */
export function unclearWarnings(
  unclear: readonly AppConfig[],
  displayName: string,
  relative: (file: string) => string,
): PlanWarning[] {
  return unclear.map(({ file, line }) => ({
    code: 'client-id-not-known',
    message: l10n.t(
      '{0} line {1} signs in with a client secret, and its client ID is not known without running it. If it is that of {2}, this app stops signing in.',
      relative(file),
      line,
      displayName,
    ),
    file,
    line,
  }));
}
