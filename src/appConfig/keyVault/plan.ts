/** Plans the kind `keyVault`: the app fetches its certificate and key from a vault when it starts. */
import { dirname } from 'node:path';
import { warnAzureVariables } from '../azureIdentity.ts';
import type { ImportedCredential } from '../code.types.ts';
import { planInstall, type VaultPackage } from '../install.ts';
import { moduleStyleOf } from '../moduleText.ts';
import { thumbprintProperty } from '../msalVersion.ts';
import { moduleFile, placeModule } from '../newModule.ts';
import type { FileEdits } from '../types.ts';
import type { VaultPlan, VaultPlanInput } from '../vaultPlan.ts';
import { placementWith, placeVaultValues } from '../vaultPlacement.ts';
import { AppFiles } from './appFiles.ts';
import { clientsOf } from './clients.ts';
import { awaitInEsModule, declineRequired, functionAround } from './esModule.ts';
import { exported, keyVaultModule } from './template.ts';
import { clientNotFound } from './tooEarly.ts';
import { planWaiting } from './waiting.ts';
import { waitingEdits } from './waitingEdits.ts';

/** Name of the new module, without extension. */
export const moduleName = 'keyVaultCertificate';

/**
 * The module, what the config takes from it, and every place that has to wait for it.
 * @throws ExpectedError `msal-node-2-8-0`, `top-level-await-not-allowed`, `es-module-required`, `client-built-too-early`, `client-not-found`
 */
export async function planKeyVault(input: VaultPlanInput): Promise<VaultPlan> {
  const { file, chosen, request, vault, reader } = input;
  const { source, context } = file;
  const { site, config } = chosen;
  const property = thumbprintProperty(config.msal);
  // In an async function CommonJS can await as well as an ES module.
  const inAsync = functionAround(source, site) === 'async';
  const files = new AppFiles(context.appRoot, source, reader);
  const held = config.moduleKind === 'commonjs' && !inAsync;
  if (!held && !inAsync) await declineRequired(source, config.line, files);
  // The module learns the tenant from the vault itself.
  const { origin, certificate, version } = vault;
  const placed = placeVaultValues(source, site, config, context, { origin, certificate, version });
  const style = moduleStyleOf(source, site.nodes.secret ?? source.ast, config.moduleKind);
  const shape = held ? 'held' : 'awaited';
  const text = keyVaultModule({ style, values: placed.values, thumbprintProperty: property, shape });
  const place = await placeModule(source, config, context, moduleName, text, reader);
  const waiting = held ? await waitFor(input, place.path, files) : undefined;
  const imported: ImportedCredential = {
    property: 'clientCertificate',
    specifier: place.specifier,
    name: exported[shape],
    ...(waiting?.usesModule === true ? { also: [exported.ready] } : {}),
    use: held ? 'call' : await awaitInEsModule(source, site, dirname(config.file), reader),
    type: `{ ${property}: string; privateKey: string }`,
    variables: placed.names,
  };
  const install = await planInstall(dirname(config.file), packages(source.language), reader);
  return {
    placement: placementWith(placed, imported, request, config, property),
    files: [...moduleFile(place, text), ...(waiting?.others ?? [])],
    configEdits: waiting?.own ?? [],
    warnings: warnAzureVariables(config),
    ...(install === undefined ? {} : { install }),
  };
}

/** The edits that make a CommonJS app wait. */
async function waitFor({ file, chosen }: VaultPlanInput, modulePath: string, files: AppFiles) {
  const { source } = file;
  const { site, config } = chosen;
  const clients = await clientsOf(source, site, files);
  if (clients.length === 0) throw clientNotFound(config.file, config.line);
  const plan = await planWaiting(clients, files);
  const { files: edited, usesModule } = waitingEdits(plan, source, modulePath, files);
  const others = edited
    .filter((each) => each.source !== source)
    .map(({ source: { fileName, text }, edits }): FileEdits => ({
      path: fileName,
      role: 'config',
      before: text,
      edits,
      secrets: [],
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { others, own: edited.find((each) => each.source === source)?.edits ?? [], usesModule };
}

/** What the module imports. */
function packages(language: string): VaultPackage[] {
  const types: VaultPackage[] = language === 'typescript' ? ['@types/node-forge'] : [];
  return ['@azure/identity', '@azure/keyvault-certificates', '@azure/keyvault-secrets', 'node-forge', ...types];
}
