/** Checks on a config as it stands: pure, on what the caller has read. */
import type { AppConfig } from '../appConfig/types.ts';
import { checkAuthority } from './authorityChecks.ts';
import { checkBlock } from './blockChecks.ts';
import { checkCredential, checkMisspelt } from './credentialChecks.ts';
import { checkKey } from './keyChecks.ts';
import { checkThumbprint } from './thumbprintChecks.ts';
import type { AppFacts, Finding } from './types.ts';
import { checkAssertion, checkVersion } from './versionChecks.ts';

/**
 * Everything that is wrong with a config, or will be, in a stable order. What was not looked up is not judged, and what
 * merely looks odd but works (facts/failure-modes.md F7, F14, F17) is not mentioned.
 */
export function checkApp(config: AppConfig, facts: AppFacts = {}): Finding[] {
  return [
    ...checkCredential(config),
    ...checkMisspelt(config),
    ...checkAssertion(config),
    ...checkVersion(config, facts),
    ...checkThumbprint(config, facts),
    ...checkBlock(config, facts),
    ...checkKey(config, facts),
    ...checkAuthority(config),
  ];
}
