import type { PlanTools } from './ports.ts';
import type { PlannedSetup, SetupChoices } from './types.ts';

/**
 * The whole setup as data: lays out the files, encrypts the key in memory and has the rewrite planned. Changes nothing.
 * Rejects with the ExpectedErrors of `planRewrite` (declines) and with `key-from-not-available`, `passphrase-not-usable`.
 */
export function planSetup(choices: SetupChoices, tools: PlanTools): Promise<PlannedSetup> {
  throw new Error(`being built: ${choices.keyFrom} ${String(tools)}`);
}
