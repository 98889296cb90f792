/** What every other deployment of the app needs before the old secret may go. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig, KeyFrom, PlannedVariables, VaultReference } from '../../appConfig/types.ts';
import { vaultStep } from '../views/vaultSteps.ts';

export interface DeploymentFacts {
  readonly config: AppConfig;
  /** Of the setup's journal; undefined where the app was configured by hand. */
  readonly keyFrom?: KeyFrom;
  readonly variables?: PlannedVariables;
  readonly vault?: VaultReference;
}

/** One sentence each: code, variables, key, permissions of the identity. */
export function deploymentNeeds({ config, keyFrom, variables = {}, vault }: DeploymentFacts): string[] {
  const needs = [l10n.t('the code as it is now, which signs in with the certificate')];
  const named = Object.entries(variables)
    .filter(([purpose]) => purpose !== 'secret')
    .map(([, name]) => String(name));
  const names = [...new Set([...named, ...fromCode(config)])];
  if (names.length > 0) needs.push(l10n.t('these environment variables: {0}', names.join(', ')));
  if (keyFrom === 'file' || (keyFrom === undefined && config.certificate?.keyFile !== undefined)) {
    needs.push(l10n.t('the private key file, readable by the app alone, at the path that the variable names'));
  } else if (keyFrom === 'environment') {
    needs.push(
      l10n.t("the private key itself, which is in one of these variables; keep it in the host's secret store"),
    );
  }
  const step = vaultStep(keyFrom, vault);
  if (step !== undefined) needs.push(step.text);
  return needs;
}

function fromCode({ certificate }: AppConfig): string[] {
  return [certificate?.thumbprint?.source, certificate?.privateKey, certificate?.passphrase].flatMap((source) =>
    source?.kind === 'environment' ? [source.variable] : [],
  );
}
