/** Which files a plan makes secret. */
import { applyEdits } from '../base/edits.ts';
import type { FileEdits } from '../appConfig/types.ts';
import type { SetupPlan } from './types.ts';

/** True for a `.env` file into which the plan writes a key, a pass phrase or a client secret. */
export function getsSecrets(edit: FileEdits, plan: Pick<SetupPlan, 'variables' | 'secrets'>): boolean {
  if (edit.role !== 'env') return false;
  // A quoted or escaped pass phrase is not found as text; its variable tells.
  if (plan.variables.passphrase !== undefined || plan.variables.privateKey !== undefined) return true;
  const before = edit.before ?? '';
  const after = applyEdits(before, edit.edits);
  return [...plan.secrets, ...edit.secrets.map(({ value }) => value)].some(
    (secret) => secret !== '' && after.includes(secret) && !before.includes(secret),
  );
}
