/** Plans the kind `keyVault`: the app fetches its certificate and key from a vault when it starts. */
import { dirname } from 'node:path';
import { planInstall, type VaultPackage } from '../install.ts';
import { moduleStyleOf } from '../moduleText.ts';
import { thumbprintProperty } from '../msalVersion.ts';
import { moduleFile, placeModule } from '../newModule.ts';
import type { VaultPlan, VaultPlanInput } from '../vaultPlan.ts';
import { placementWith, placeVaultValues } from '../vaultPlacement.ts';
import { awaitInEsModule } from './esModule.ts';
import { exported, keyVaultModule } from './template.ts';

/** Name of the new module, without extension. */
export const moduleName = 'keyVaultCertificate';

/**
 * The module, what the config takes from it, and every place that has to wait for it.
 * @throws ExpectedError `msal-node-2-8-0`, `top-level-await-not-allowed`, and the declines of `clients.ts`
 */
export async function planKeyVault(input: VaultPlanInput): Promise<VaultPlan> {
  const { file, chosen, request, vault, reader } = input;
  const { source, context } = file;
  const { site, config } = chosen;
  const property = thumbprintProperty(config.msal);
  const use = await awaitInEsModule(source, site, dirname(config.file), reader);
  const placed = placeVaultValues(source, site, config, context, vault);
  const style = moduleStyleOf(source, site.nodes.secret ?? source.ast, config.moduleKind);
  const text = keyVaultModule({ style, values: placed.values, thumbprintProperty: property, shape: 'awaited' });
  const place = await placeModule(source, config, context, moduleName, text, reader);
  const install = await planInstall(dirname(config.file), packages(source.language), reader);
  const imported = {
    property: 'clientCertificate',
    specifier: place.specifier,
    name: exported.awaited,
    use,
    type: `{ ${property}: string; privateKey: string }`,
    variables: placed.names,
  } as const;
  return {
    placement: placementWith(placed, imported, request, config, property),
    files: moduleFile(place, text),
    warnings: [],
    ...(install === undefined ? {} : { install }),
  };
}

/** What the module imports. */
function packages(language: string): VaultPackage[] {
  const types: VaultPackage[] = language === 'typescript' ? ['@types/node-forge'] : [];
  return ['@azure/identity', '@azure/keyvault-certificates', '@azure/keyvault-secrets', 'node-forge', ...types];
}
