/** What still holds the retired value or names its variable, in words. */
import * as vscode from 'vscode';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { Leftover, LeftoverPlace, PlanWarning } from '../../appConfig/types.ts';
import { searchHistory } from '../../setup/index.ts';
import type { LeftOver } from '../automation.ts';
import { nodeStreams } from '../nodeStreams.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

export interface LeftOverRequest {
  readonly roots: readonly string[];
  /** Folder of the app, whose repository is searched. */
  readonly folder: string;
  /** Secret. */
  readonly values: readonly string[];
  readonly variables: readonly string[];
}

/** Searches files and history. Leaving the search leaves what it would have found unsaid; the secret is gone already. */
export async function findLeftOvers(
  request: LeftOverRequest,
  planned: readonly PlanWarning[],
  services: Services,
): Promise<LeftOver[]> {
  const left: LeftOver[] = planned.map(({ message, file, line }) => ({
    kind: 'variable',
    place: 'file',
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    message,
  }));
  const told = new Set(left.map(({ file, line }) => `${file ?? ''}:${line ?? 0}`));
  try {
    await withProgress(vscode.l10n.t('Looking for what is left of the secret'), async (signal) => {
      const files = await services.appConfigs().findLeftovers(request, services.files, signal);
      left.push(
        ...files
          .filter(({ file, line }) => !told.has(`${file}:${line}`))
          .map(({ kind, place, file, line }): LeftOver => ({
            kind,
            place: 'file',
            file,
            line,
            message: said(kind, place),
          })),
      );
      left.push(...(await inHistory(request, services, signal)));
    });
  } catch (error) {
    if (!isCancelled(error)) throw error;
  }
  return left;
}

async function inHistory(
  { folder, values }: LeftOverRequest,
  services: Services,
  signal: AbortSignal,
): Promise<LeftOver[]> {
  if (values.length === 0) return [];
  try {
    const tools = { processes: services.processes, streams: nodeStreams, files: services.files };
    const found = await searchHistory(folder, values, tools, signal);
    return (found?.findings ?? []).map(({ file, commits }) => ({
      kind: 'value',
      place: 'gitHistory',
      ...(file === undefined ? {} : { file }),
      commits,
      message:
        commits.length === 0
          ? vscode.l10n.t(
              'An object of the git repository that no commit reaches holds the value. "git gc" removes it in time.',
            )
          : file === undefined
            ? vscode.l10n.t(
                'A commit message holds the value. It is of no use any more, now that the secret is removed.',
              )
            : vscode.l10n.t(
                'The git history holds the value. It is of no use any more, now that the secret is removed.',
              ),
    }));
  } catch (error) {
    if (isCancelled(error) || !isExpectedError(error)) throw error;
    return [{ kind: 'value', place: 'gitHistory', message: error.message }];
  }
}

/** What to do about a line, by what kind of file it stands in. */
function said(kind: Leftover['kind'], place: LeftoverPlace): string {
  if (kind === 'value') {
    return place === 'container' || place === 'ci' || place === 'infrastructure'
      ? vscode.l10n.t("The removed value stands here. Delete it, and give this deployment the certificate's variables.")
      : vscode.l10n.t('The removed value stands here. Delete it.');
  }
  switch (place) {
    case 'ci':
      return vscode.l10n.t(
        "The pipeline sets the variable of the secret. Delete it there and among the pipeline's secrets.",
      );
    case 'container':
      return vscode.l10n.t(
        "The container gets the variable of the secret. Give it the certificate's variables instead.",
      );
    case 'infrastructure':
      return vscode.l10n.t(
        "The deployment sets the variable of the secret. Give it the certificate's variables instead.",
      );
    case 'editor':
      return vscode.l10n.t('The launch configuration sets the variable of the secret. Delete it.');
    case 'document':
      return vscode.l10n.t(
        'The text tells people to set the variable of the secret. Tell them about the certificate instead.',
      );
    case 'environment':
      return vscode.l10n.t('The variable of the secret is set here. Delete the line.');
    case 'code':
      return vscode.l10n.t('The variable of the secret is named here. Look whether it is still needed.');
  }
}
