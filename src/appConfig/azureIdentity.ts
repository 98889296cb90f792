/** The identity that an app runs as, which `DefaultAzureCredential` finds by names that an app may use for other things. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, PlanWarning, ValueSource } from './types.ts';

/**
 * Warns where the config reads its own client id or secret from the variables that `DefaultAzureCredential` takes for the
 * identity of the process: the vault would be asked as the app registration, with the secret that is to be retired, or a
 * managed identity of that id would be looked for.
 */
export function warnAzureVariables(config: AppConfig): PlanWarning[] {
  const named = [config.clientId?.source, config.secret].flatMap((source) => nameOf(source));
  if (named.length === 0) return [];
  return [
    {
      code: 'azure-identity-variables',
      message: l10n.t(
        'This configuration reads {0}, which the Azure SDK takes for the identity that asks Key Vault. Give these variables of the app other names, so that a managed identity (or "az login") asks the vault, and not the app with the secret that goes away.',
        named.join(', '),
      ),
      file: config.file,
      line: config.line,
    },
  ];
}

function nameOf(source: ValueSource | undefined): string[] {
  if (source?.kind !== 'environment') return [];
  return /^AZURE_CLIENT_(ID|SECRET)$/.test(source.variable) ? [source.variable] : [];
}
