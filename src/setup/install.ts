/** What a plan says about the packages it installs, in words. */
import type { PackageInstall } from '../appConfig/types.ts';

/** `name@range` of each. */
export function packagesOf(install: PackageInstall): string[] {
  return install.packages.map(({ name, range }) => `${name}@${range}`);
}

/** The commands as a person would type them; for reading, never for a shell. */
export function commandOf({ manager, args, devArgs }: PackageInstall): string {
  const runs = [...(args.length > 0 ? [args] : []), ...(devArgs === undefined ? [] : [devArgs])];
  return runs.map((run) => [manager, ...run].join(' ')).join('; ');
}
