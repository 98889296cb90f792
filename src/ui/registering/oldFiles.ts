/** What a rotation has left of the certificate before: nothing needs it once that is no longer registered, but keys are not removed unasked. */
import type { AppConfig } from '../../appConfig/types.ts';
import type { AppliedSetup } from '../../setup/index.ts';
import type { OldFile } from '../automation/proof.ts';
import { relative } from '../commands/appConfigs.ts';
import type { Services } from '../services.ts';
import { isStillRead } from './otherUsers.ts';

/**
 * Files that the setup before has made, and variables whose values a rotation has kept or the code no longer reads.
 * @param all the configs of the workspace: what one of them still reads is left out
 */
export async function findOldFiles(
  { envFile }: Pick<AppConfig, 'envFile'>,
  { files, variables, previous }: AppliedSetup,
  services: Services,
  all: readonly AppConfig[],
): Promise<OldFile[]> {
  const now = Object.values(files);
  const found: OldFile[] = [];
  for (const file of Object.values<string>({ ...previous?.files })) {
    if (now.includes(file) || (await services.files.stat(file)) === undefined) continue;
    found.push({ file });
  }
  if (envFile === undefined) return unread(found, all);
  const { secret } = variables;
  const names = new Set<string>(Object.values(variables));
  const before = Object.values<string>({ ...previous?.variables });
  const replaced = before.filter((name) => !names.has(name));
  for (const name of (await services.appConfigs().envValues(envFile, services.files)).keys()) {
    const base = /^(.+)_PREVIOUS(?:_\d+)?$/.exec(name)?.[1];
    const isKept = base !== undefined && (names.has(base) || before.includes(base));
    if (name !== secret && name !== previous?.variables.secret && (isKept || replaced.includes(name)))
      found.push({ file: envFile, variable: name });
  }
  return unread(found, all);
}

/** Another app of the workspace may take its certificate from the same place. */
function unread(found: readonly OldFile[], all: readonly AppConfig[]): OldFile[] {
  return found.filter((each) => !isStillRead(each, all));
}

export function describeOldFile({ file, variable }: OldFile): string {
  return variable === undefined ? relative(file) : `${variable} (${relative(file)})`;
}
