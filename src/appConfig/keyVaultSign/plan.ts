/** Plans the kind `keyVaultSign`: the app has its client assertions signed in the vault, and no key of its own. */
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { warnAzureVariables } from '../azureIdentity.ts';
import { planInstall, type VaultPackage } from '../install.ts';
import { moduleStyleOf } from '../moduleText.ts';
import { moduleFile, placeModule } from '../newModule.ts';
import type { AppConfig } from '../types.ts';
import type { ConfigSite, ParsedSource } from '../code.types.ts';
import { keyName } from '../nodes.ts';
import { placementWith, placeVaultValues } from '../vaultPlacement.ts';
import type { VaultPlan, VaultPlanInput } from '../vaultPlan.ts';
import { atLeast } from '../versions.ts';
import { assertionType, signingModule, signingModuleText } from './template.ts';

/** What the module imports. */
const signingPackages: readonly VaultPackage[] = [
  '@azure/identity',
  '@azure/keyvault-certificates',
  '@azure/keyvault-keys',
];

/**
 * First version that calls a function in every flow. Up to 2.7 the text of the function is sent as the assertion; 2.8.0 is
 * refused with certificates too (measured with 1.18.4, 2.6.6, 2.8.0, 2.8.1, 2.11.0, 2.16.3, 3.8.10, 5.1.0 and 7.2.3).
 */
const firstWithFunction = '2.8.1';

/**
 * The module, and its function in the secret's place. Nothing has to wait for anything, so no other file changes.
 * @throws ExpectedError `msal-node-too-old`, `wrapper-takes-no-assertion`, and those of `placeVaultValues`
 */
export async function planKeyVaultSign(input: VaultPlanInput): Promise<VaultPlan> {
  const { file, chosen, request, vault, reader } = input;
  const { source, context } = file;
  const { site, config } = chosen;
  checkVersion(config);
  checkWrapper(source, site);
  // The module learns the tenant from the vault itself, so the app needs no setting for it.
  const placed = placeVaultValues(source, site, config, context, {
    origin: vault.origin,
    certificate: vault.certificate,
    version: vault.version,
  });
  const style = moduleStyleOf(source, site.nodes.secret ?? source.ast, config.moduleKind);
  const text = signingModuleText(style, placed.values);
  const place = await placeModule(source, config, context, signingModule, text, reader);
  const imported = {
    property: 'clientAssertion',
    specifier: place.specifier,
    name: signingModule,
    use: 'reference',
    type: assertionType,
    variables: placed.names,
  } as const;
  const install = await planInstall(dirname(config.file), signingPackages, reader);
  return {
    placement: placementWith(placed, imported, request, config, 'thumbprintSha256'),
    files: moduleFile(place, text),
    warnings: warnAzureVariables(config),
    ...(install === undefined ? {} : { install }),
  };
}

function checkVersion({ msal }: AppConfig): void {
  if (msal.version !== undefined && atLeast(msal.version, firstWithFunction)) return;
  throw new ExpectedError(
    'msal-node-too-old',
    msal.source === 'installed' || msal.source === 'lockFile'
      ? l10n.t(
          'This app uses @azure/msal-node {0}, which cannot have client assertions signed elsewhere: it takes a text that is good for ten minutes, and no function. Install 2.8.1 or later (npm install @azure/msal-node@latest), then run this command again, or choose another place for the key.',
          msal.version ?? '',
        )
      : l10n.t(
          'Signing in Key Vault needs @azure/msal-node 2.8.1 or later, and which version this app runs with cannot be told. Install its packages (npm install, or npm install @azure/msal-node@latest where package.json allows older versions), then run this command again.',
        ),
    msal.packageJson === undefined ? {} : { file: msal.packageJson },
  );
}

/** Wrappers of MSAL Node with settings of their own (`appCredentials`) hand on a secret or a certificate, and stop without either. */
function checkWrapper(source: ParsedSource, site: ConfigSite): void {
  const { auth } = site.nodes;
  const holder = auth && source.parents.get(auth);
  if (holder?.type !== 'ObjectProperty' || keyName(holder) !== 'appCredentials') return;
  throw new ExpectedError(
    'wrapper-takes-no-assertion',
    l10n.t(
      '{0} line {1}: these are settings of a wrapper of MSAL Node, which hands on a secret or a certificate and nothing else, so Key Vault cannot sign for it. Choose another place for the key.',
      source.fileName,
      site.line,
    ),
    { file: source.fileName, line: site.line },
  );
}
