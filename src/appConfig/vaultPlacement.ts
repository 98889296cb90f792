/** Where an app keeps which certificate of which vault it uses: variables in its `.env`, or literals in the new module. */
import type { AppContext } from './app.ts';
import type { CodeValueSource, ConfigSite, ImportedCredential, ParsedSource } from './code.types.ts';
import type { EnvPlacement } from './placedValues.ts';
import { collectValues } from './placedValues.ts';
import type { Placement } from './placement.ts';
import type { AppConfig, PlannedVariables, RewriteRequest, VaultReference } from './types.ts';

/** How the module gets each value. */
export interface VaultValues {
  readonly url: CodeValueSource;
  readonly certificate: CodeValueSource;
  readonly version: CodeValueSource;
  readonly tenant?: CodeValueSource;
}

export interface VaultPlacement {
  readonly values: VaultValues;
  /** Of those that are variables. */
  readonly names: readonly string[];
  readonly env?: EnvPlacement;
  readonly variables: PlannedVariables;
}

/**
 * Decides it, and that the old secret is kept.
 * @throws ExpectedError as `collectValues`
 */
export function placeVaultValues(
  source: ParsedSource,
  site: ConfigSite,
  config: AppConfig,
  context: AppContext,
  vault: VaultReference,
): VaultPlacement {
  const collected = collectValues(source, site, config, context, false);
  // The module reads `process.env`; where the app's variables are elsewhere (`$env`, `Deno.env`), it would find nothing.
  const elsewhere = config.secret?.kind === 'environment' && !source.text.includes('process.env');
  const place = (kind: Parameters<typeof collected.either>[0], value: string): CodeValueSource =>
    elsewhere ? { kind: 'literal', value } : collected.either(kind, value);
  const values: VaultValues = {
    url: place('vaultUrl', vault.origin),
    certificate: place('certificateName', vault.certificate),
    version: place('certificateVersion', vault.version),
    ...(vault.tenant === undefined ? {} : { tenant: place('vaultTenant', vault.tenant) }),
  };
  const all = [values.url, values.certificate, values.version, ...(values.tenant ? [values.tenant] : [])];
  return {
    values,
    names: all.flatMap((value) => (value.kind === 'environment' ? [value.variable] : [])),
    ...collected.finish(),
  };
}

/** The same as what `planRewrite` works with. */
export function placementWith(
  placed: VaultPlacement,
  imported: ImportedCredential,
  request: RewriteRequest,
  config: AppConfig,
  thumbprintProperty: 'thumbprint' | 'thumbprintSha256',
): Placement {
  const { env, variables } = placed;
  return {
    code: { keyFrom: request.keyFrom, thumbprintProperty, imported, moduleKind: config.moduleKind },
    ...(env === undefined ? {} : { env }),
    variables,
  };
}
