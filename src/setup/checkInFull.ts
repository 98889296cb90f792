/** Checks an app config with all that is known of its certificate: the same for the editor, the commands, the tools, the task and the program for CI. */
import type { AppConfig } from '../appConfig/types.ts';
import type { CredentialTools } from './appCredential.ts';
import { certificateInVault } from './certificateInVault.ts';
import { checkConfig } from './checking.ts';
import type { CheckedConfig, CheckOptions } from './checking.ts';
import type { SetupPorts } from './ports.ts';
import { setupOf } from './setupOf.ts';
import type { AppliedSetup } from './setupOf.ts';

/** A certificate that the caller was handed because none lies beside the app's key. */
export interface GivenCertificate {
  /** Of its file, without extension: the name in the vault, for apps that take their key from one. */
  readonly name: string;
  /** PEM or DER. */
  readonly bytes: Uint8Array;
}

/** Where to learn which certificate an app uses whose key is in its environment or in a vault. */
export interface CertificateSources {
  /** Journals of the setups made on this machine. Absent: none are looked at. */
  readonly journal?: Pick<SetupPorts, 'files' | 'journalFolder'>;
  readonly given?: readonly GivenCertificate[];
}

export interface FullyChecked extends CheckedConfig {
  /** The setup that made the app what it is, where one was made on this machine. */
  readonly setup?: AppliedSetup;
}

/** As {@link checkConfig}, with the certificates of journal and caller. */
export async function checkInFull(
  config: AppConfig,
  tools: CredentialTools,
  { journal, given = [] }: CertificateSources,
  options: Omit<CheckOptions, 'inVault' | 'presumed'> = {},
): Promise<FullyChecked> {
  const setup = journal === undefined ? undefined : await setupOf(config.file, journal);
  const pem = setup?.certificate.pem ?? '';
  const known = [...(pem === '' ? [] : [Buffer.from(pem)]), ...given.map(({ bytes }) => bytes)];
  const inVault = certificateInVault(config, setup) ?? givenForVault(config, given);
  // Whose certificate is in a vault, that one is known by its name.
  const only = config.vault === undefined && given.length === 1 ? given[0] : undefined;
  const checked = await checkConfig(config, tools, known, {
    ...options,
    ...(inVault === undefined ? {} : { inVault }),
    ...(only === undefined ? {} : { presumed: only.bytes }),
  });
  return { ...checked, ...(setup === undefined ? {} : { setup }) };
}

/** The one that is called as in the vault; the only one where the name in the vault cannot be seen. */
function givenForVault({ vault }: AppConfig, given: readonly GivenCertificate[]): Uint8Array | undefined {
  if (vault === undefined) return undefined;
  const wanted = vault.certificate.value?.toLowerCase();
  if (wanted === undefined) return given.length === 1 ? given[0]?.bytes : undefined;
  return given.find(({ name }) => name.toLowerCase() === wanted)?.bytes;
}
