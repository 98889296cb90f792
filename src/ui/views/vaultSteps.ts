/** What an app that uses a vault needs when it runs, as a step of the result view. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { KeyFrom, VaultReference } from '../../appConfig/types.ts';
import type { ReportAction, ReportRow, ReportStep } from './report.ts';

/** The least built-in role that serves (facts/key-vault.md 1.8), and what a vault with access policies calls the same. */
interface Need {
  /** A scope is a path below the vault's own id. */
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
  readonly permissions: string;
}

const needs: Readonly<Partial<Record<KeyFrom, (follows: boolean, certificate: string) => Need>>> = {
  keyVaultSign: (follows, certificate) => ({
    roles: [
      { role: 'Key Vault Crypto User', scope: `/keys/${certificate}` },
      { role: 'Key Vault Reader', scope: `/certificates/${certificate}` },
    ],
    permissions: follows ? 'keys sign, certificates get, certificates list' : 'keys sign, certificates get',
  }),
  keyVault: (follows) => ({
    roles: [{ role: 'Key Vault Certificate User', scope: '' }],
    permissions: follows ? 'certificates get, certificates list, secrets get' : 'certificates get, secrets get',
  }),
};

/** The step that gives the app's identity its role; undefined where the app uses no vault. */
export function vaultStep(keyFrom: KeyFrom | undefined, vault: VaultReference | undefined): ReportStep | undefined {
  const need =
    keyFrom === undefined ? undefined : needs[keyFrom]?.(vault?.version === 'latest', vault?.certificate ?? '');
  if (vault === undefined || need === undefined) return undefined;
  const name = vaultName(vault);
  const [first, second] = need.roles;
  const copy = (label: string, text: string): ReportAction => ({ label, does: { kind: 'copy', text } });
  return {
    title: l10n.t("Give the app's identity its role in the vault"),
    text:
      second === undefined
        ? l10n.t(
            'Where the app runs in Azure, turn on its managed identity and give it the role "{0}" in the vault {1}; in a vault with access policies the permissions {2}. On this machine the app uses the account of the Azure CLI, which needs the same: run az login first.',
            first?.role ?? '',
            name,
            need.permissions,
          )
        : l10n.t(
            'Where the app runs in Azure, turn on its managed identity and give it in the vault {0} the role "{1}" on the key {2} and the role "{3}" on its certificate; in a vault with access policies the permissions {4}. On this machine the app uses the account of the Azure CLI, which needs the same: run az login first.',
            name,
            first?.role ?? '',
            vault.certificate,
            second.role,
            need.permissions,
          ),
    actions: [
      copy(
        l10n.t('Copy Role Assignment'),
        need.roles
          .map(
            ({ role, scope }) =>
              // In quotes, because PowerShell takes what follows an unquoted $(…) for another argument.
              `az role assignment create --role "${role}" --assignee PRINCIPAL_ID --scope "$(az keyvault show --name ${name} --query id --output tsv)${scope}"`,
          )
          .join('\n'),
      ),
      copy(
        l10n.t('Copy Sign-In for This Machine'),
        vault.tenant === undefined ? 'az login' : `az login --tenant ${vault.tenant}`,
      ),
    ],
  };
}

/** Which certificate the app uses, as rows of a table. */
export function vaultRows(vault: VaultReference | undefined): ReportRow[] {
  if (vault === undefined) return [];
  return [
    { label: l10n.t('In Key Vault'), value: l10n.t('{0} of {1}', vault.certificate, vault.origin) },
    {
      label: l10n.t('Version'),
      value: vault.version === 'latest' ? l10n.t('the newest, once it is a day old') : vault.version,
      code: vault.version !== 'latest',
    },
  ];
}

/** First label of the host: the vault's name in all of Azure's clouds. */
function vaultName({ origin }: VaultReference): string {
  return new URL(origin).hostname.split('.')[0] ?? origin;
}
