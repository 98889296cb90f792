/** Lines in other files of the workspace that stay behind after the rewrite: they read, check or use the old secret. */
import type { Node } from '@babel/types';
import { dirname } from 'node:path';
import { parseQuietly, type AppContext } from './app.ts';
import { findSecretReaders, readerWarning } from './code.ts';
import type { SecretReader } from './code.types.ts';
import { moduleNameOf } from './conflicts.ts';
import { isBelow } from './gitignore.ts';
import { endOf, startOf } from './nodes.ts';
import type { ReadConfig } from './readConfigs.ts';
import type { FoundFile } from './search.ts';
import type { PlanWarning, ValueSource } from './types.ts';
import { variablesOf } from './valueParts.ts';

/** Texts to search the workspace for, before {@link warnElsewhere} and `declineConflicts` can say anything. */
export function readerTexts(secrets: readonly (ValueSource | undefined)[]): string[] {
  return secrets.flatMap((secret) => (secret === undefined ? [] : [...variablesOf(secret), 'clientSecret']));
}

/**
 * Warnings for every such line, by file and line. The variable is looked for in the app and where its `.env` lies (another app of the
 * workspace can have a variable of that name with another value); reads of the config in every file that imports it.
 * @param sources files of the workspace with {@link readerTexts}
 */
export function warnElsewhere(
  { site, config, setting }: ReadConfig,
  context: AppContext,
  envFile: string | undefined,
  sources: readonly FoundFile[],
): PlanWarning[] {
  const variables = variablesOf(config.secret);
  const { exportedName } = site;
  const own = [context.appRoot, ...(envFile === undefined ? [] : [dirname(envFile)])];
  const moduleName = moduleNameOf(context.file);
  const warnings: PlanWarning[] = [];
  for (const file of sources) {
    if (file.path === context.file || file.path.endsWith('.json')) continue;
    const named = variables.filter((variable) => file.text.includes(variable));
    const readsVariable = named.length > 0 && own.some((folder) => isBelow(file.path, folder));
    const readsConfig =
      exportedName !== undefined && file.text.includes('clientSecret') && file.text.includes(moduleName);
    const source = readsVariable || readsConfig ? parseQuietly(file) : undefined;
    if (source === undefined) continue;
    const readers = findSecretReaders(source, {
      ...(readsVariable ? { variables: named } : {}),
      ...(readsConfig ? { exportedName } : {}),
    });
    // The settings themselves only name the variable: nobody needs its value there any more.
    const isSetting = ({ offset, kind }: SecretReader): boolean =>
      kind === 'use' && setting?.at?.source.fileName === file.path && isWithin(offset, setting.at.node);
    warnings.push(
      ...readers.map((each) => readerWarning(file.path, isSetting(each) ? { ...each, kind: 'name' } : each)),
    );
  }
  return warnings;
}

const isWithin = (offset: number, node: Node): boolean => offset >= startOf(node) && offset < endOf(node);
