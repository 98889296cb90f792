/** The check of one app config in this window: journals, settings and clock are the same whoever asks. */
import type { AppConfig } from '../../appConfig/types.ts';
import type { FileReader } from '../../base/ports.ts';
import { checkInFull } from '../../setup/index.ts';
import type { CheckOptions, CredentialTools, FullyChecked, Git } from '../../setup/index.ts';
import type { Services } from '../services.ts';

/** What reading a credential takes, in this window. */
function credentialTools(services: Services, announce: (secret: string) => void): CredentialTools {
  return {
    certificates: services.certificates(),
    appConfigs: services.appConfigs(),
    files: services.files,
    // The app is started in a terminal, which does not have what the editor itself was started with.
    environment: {},
    announce,
    roots: services.roots(),
  };
}

/**
 * Checks one config with all that this machine knows.
 * @param announce told every secret that is read
 * @param options git: see {@link gitOf}; absent it is not asked. files: what editors hold in place of what is saved
 */
export function checkHere(
  config: AppConfig,
  services: Services,
  announce: (secret: string) => void,
  options: Pick<CheckOptions, 'memory' | 'git'> & { readonly files?: FileReader } = {},
): Promise<FullyChecked> {
  const { files, ...others } = options;
  const { clock, journalFolder, files: journalFiles } = services.setupPorts;
  const tools = { ...credentialTools(services, announce), ...(files === undefined ? {} : { files }) };
  return checkInFull(
    config,
    tools,
    { journal: { journalFolder, files: journalFiles } },
    { now: clock.now(), thresholds: services.vaultTree.thresholds(), ...others },
  );
}

/** For spreading: git, where programs may be started. */
export function gitOf(services: Services): { readonly git?: Git } {
  return services.isTrusted() ? { git: services.setupPorts.git } : {};
}
