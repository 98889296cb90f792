/** A secret that two files give to one configuration: taking it from one of them leaves a secret beside the certificate, which MSAL refuses. */
import type { Node } from '@babel/types';
import { basename, dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { positionAt } from '../base/edits.ts';
import { ExpectedError } from '../base/errors.ts';
import { parseQuietly, type AppContext } from './app.ts';
import { findSites } from './code.ts';
import type { ConfigImport, ConfigSite, ParsedSource } from './code.types.ts';
import { importOf } from './exports.ts';
import { resolveImport } from './moduleFiles.ts';
import { isCall, isEmptyValue, isMember, memberName, pathOf, propertyOf, startOf, unwrap } from './nodes.ts';
import type { FoundFile } from './search.ts';

/** Another file's part in the secret of a configuration. */
interface Conflict {
  readonly file: string;
  readonly line: number;
}

/**
 * @param sources files of the workspace that hold `clientSecret`
 * @throws ExpectedError `secret-reassigned`
 */
export function declineConflicts(
  source: ParsedSource,
  site: ConfigSite,
  context: AppContext,
  sources: readonly FoundFile[],
): void {
  const conflict = settersOf(site, context, sources)[0] ?? given(source, site, context, sources);
  if (conflict === undefined) return;
  throw new ExpectedError(
    'secret-reassigned',
    l10n.t(
      '{0} line {1} and {2} line {3} both set the secret of one configuration. Nothing was changed, because MSAL refuses a secret beside a certificate. Keep only one of the two places and try again.',
      source.fileName,
      site.line,
      conflict.file,
      conflict.line,
    ),
    { file: source.fileName, line: site.line, data: { other: conflict } },
  );
}

/** Other files that set the secret of the configuration that this file exports, or that spread it beside a secret of their own. */
function settersOf(site: ConfigSite, context: AppContext, sources: readonly FoundFile[]): Conflict[] {
  const { exportedName } = site;
  if (exportedName === undefined) return [];
  const names = [exportedName, '*', 'default', ...(/^(?:\*|default)$/.test(exportedName) ? ['auth'] : [])];
  const found: Conflict[] = [];
  const name = moduleNameOf(context.file);
  for (const file of sources) {
    if (file.path === context.file || file.path.endsWith('.json')) continue;
    if (!file.text.includes('clientSecret') || !file.text.includes(name)) continue;
    const source = parseQuietly(file);
    if (source === undefined) continue;
    const isIt = (known: ConfigImport | undefined): boolean =>
      known !== undefined &&
      names.includes(known.exportedName) &&
      resolveImport(file.path, known.specifier, (path) => path === context.file) !== undefined;
    for (const node of settingNodes(source, isIt))
      found.push({ file: file.path, line: positionAt(source.text, startOf(node)).line });
  }
  return found;
}

/** The part of an import that names a file: `authConfig`, or the folder's name for an `index` file. */
export function moduleNameOf(file: string): string {
  const name = basename(file).replace(/\.[^.]+$/, '');
  return name === 'index' ? basename(dirname(file)) : name;
}

function settingNodes(source: ParsedSource, isIt: (known: ConfigImport | undefined) => boolean): Node[] {
  const found: Node[] = [];
  for (const node of source.all) {
    if (node.type === 'AssignmentExpression' && memberName(node.left) === 'clientSecret' && isMember(node.left)) {
      if (!isEmptyValue(node.right) && isIt(importOf(source, node.left.object))) found.push(node);
    } else if (node.type === 'ObjectExpression') {
      const secret = propertyOf(node, 'clientSecret');
      if (secret === undefined || isEmptyValue(secret.value)) continue;
      const isSpread = node.properties.some(
        (property) => property.type === 'SpreadElement' && isIt(importOf(source, property.argument)),
      );
      if (isSpread || isIt(assignedTo(source, node))) found.push(secret);
    }
  }
  return found;
}

/** `Object.assign(config.auth, { clientSecret })`. */
function assignedTo(source: ParsedSource, object: Node): ConfigImport | undefined {
  const call = source.parents.get(object);
  if (call === undefined || !isCall(call) || pathOf(call.callee)?.join('.') !== 'Object.assign') return undefined;
  const target = call.arguments.find((argument) => importOf(source, argument) !== undefined);
  return target && importOf(source, target);
}

/** The file whose configuration this one completes by an assignment or a spread, where that has a secret as well. */
function given(
  source: ParsedSource,
  site: ConfigSite,
  context: AppContext,
  sources: readonly FoundFile[],
): Conflict | undefined {
  for (const { specifier, exportedName } of completed(source, site)) {
    const path = resolveImport(context.file, specifier, (each) => sources.some((file) => file.path === each));
    const file = sources.find((each) => each.path === path);
    const other = file && parseQuietly(file);
    if (other === undefined || other.language === 'json') continue;
    const line = findSites(other, { configExports: [exportedName, '*', 'default'] }).find(
      ({ credential, exportedName: name, nodes: { secretValue } }) =>
        credential === 'secret' &&
        secretValue !== undefined &&
        !isEmptyValue(secretValue) &&
        name !== undefined &&
        [exportedName, '*', 'default'].includes(name),
    )?.line;
    if (line !== undefined) return { file: other.fileName, line };
  }
  return undefined;
}

/** What is imported and gets its secret here. */
function completed(source: ParsedSource, { nodes: { secret, auth } }: ConfigSite): ConfigImport[] {
  const parts: Node[] = [];
  if (secret?.type === 'AssignmentExpression' && isMember(secret.left)) parts.push(unwrap(secret.left.object));
  if (auth?.type === 'ObjectExpression')
    for (const property of auth.properties) if (property.type === 'SpreadElement') parts.push(property.argument);
  return parts.flatMap((part) => importOf(source, part) ?? []);
}
