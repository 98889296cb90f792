/** Finds the app config that a command is about. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

/** All configs of the workspace; remembers their files for the context menus. */
export async function workspaceConfigs(services: Services): Promise<AppConfig[]> {
  const roots = services.roots();
  if (roots.length === 0) {
    throw new ExpectedError(
      'no-workspace',
      vscode.l10n.t(
        'No folder is open, so there is no app to look at. Open the folder of your app and run the command again.',
      ),
    );
  }
  const configs = await withProgress(vscode.l10n.t('Looking for app configs'), (signal) =>
    services.appConfigs().findAppConfigs(roots, services.searched, signal),
  );
  await services.contextKeys.appConfigFiles([...new Set(configs.map((config) => config.file))]);
  return configs;
}

/** Configs in one file; rejects with `no-app-config` when there is none, and with `file-not-found`. */
export async function configsIn(file: string, line: number | undefined, services: Services): Promise<AppConfig[]> {
  if ((await services.files.stat(file)) === undefined) {
    throw new ExpectedError('file-not-found', vscode.l10n.t('There is no file {0}. Check the path.', file), { file });
  }
  const roots = services.roots();
  const found = await services
    .appConfigs()
    .readAppConfigs(file, services.files, roots.length > 0 ? roots : [path.dirname(file)]);
  const configs = line === undefined ? found : found.filter((config) => config.line === line);
  if (configs.length > 0) return configs;
  throw new ExpectedError(
    'no-app-config',
    found.length > 0
      ? vscode.l10n.t(
          'Line {0} of {1} holds no MSAL Node configuration. "Client Certificate: Find App Configs" lists them with their lines.',
          line ?? 0,
          file,
        )
      : vscode.l10n.t(
          '{0} holds no MSAL Node configuration. "Client Certificate: Find App Configs" lists the files that do.',
          file,
        ),
    { file },
  );
}

/** The configs to choose from: those of the file that was named, else those of the workspace. */
export async function candidateConfigs(
  file: string | undefined,
  line: number | undefined,
  services: Services,
): Promise<AppConfig[]> {
  if (file !== undefined) return configsIn(file, line, services);
  const configs = await workspaceConfigs(services);
  if (configs.length > 0) return configs;
  throw new ExpectedError(
    'no-app-config',
    vscode.l10n.t(
      'No MSAL Node configuration was found in this workspace. Open the folder of an app that uses @azure/msal-node, or run the command from the context menu of the file that holds the configuration.',
    ),
  );
}

/** Workspace folders, or the app's own folder where no folder is open. */
export function rootsFor(config: AppConfig, services: Services): string[] {
  const roots = services.roots();
  const holds = roots.some((root) => {
    const relative = path.relative(root, config.file);
    return !relative.startsWith('..') && !path.isAbsolute(relative);
  });
  return holds ? roots : [...roots, config.appRoot];
}

/** A path as the user knows it. */
export function relative(file: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.file(file));
}
