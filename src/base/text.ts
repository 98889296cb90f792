/**
 * Localisable text for the rooms that do not know the editor. They write `import * as l10n from '@vscode/l10n'` and
 * `l10n.t('…{0}', value)`: VS Code's own export tool finds both that and `vscode.l10n.t`, so one bundle serves both.
 */
import * as l10n from '@vscode/l10n';

/**
 * Gives this bundle the translations. Each lazily loaded file has its own copy of the library and is told once, by `lazy.ts`.
 * @param bundle `vscode.l10n.bundle`; undefined for English
 */
export function configureText(bundle: Record<string, string> | undefined): void {
  if (bundle !== undefined) l10n.config({ contents: bundle });
}
