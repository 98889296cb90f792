/**
 * The one door to what is loaded on first use. Each part is an esbuild entry point of its own beside extension.js, because
 * a dynamic import inside one bundle still pays for compiling the whole file (facts/performance.md, section 4).
 */
import path from 'node:path';
import type { AppConfigs } from './appConfig/types.ts';
import type { AzurePart, IdentityPart } from './azure/types.ts';
import type { Certificates } from './certificates/types.ts';
import type { UiPart } from './ui/part.ts';

/** What every lazily loaded file exports besides its facade. */
interface Localised {
  configureText(bundle: Record<string, string> | undefined): void;
}

/** Loads the parts; each is loaded once per instance. */
export interface Lazy {
  /** dist/certificates.js: certificates, keys, PKCS#12. */
  certificates(): Certificates;
  /** dist/appConfig.js: the parser and rewriter of MSAL configurations. */
  appConfigs(): AppConfigs;
  /** dist/azure.js: clouds, signing in, Key Vault, Resource Manager, Graph. */
  azure(): AzurePart;
  /** dist/identity.js: the ways to sign in that `@azure/identity` and MSAL serve. */
  identity(): IdentityPart;
  /** dist/ui.js: wizards, review and views. */
  ui(): UiPart;
}

/**
 * @param dist absolute path of the folder with the bundles
 * @param bundle `vscode.l10n.bundle`, handed to every part once; undefined for English
 * @param load Node's `require`
 */
export function createLazy(
  dist: string,
  bundle: Record<string, string> | undefined,
  load: (file: string) => unknown,
): Lazy {
  const loaded = new Map<string, unknown>();
  const part = (name: string): unknown => {
    let found = loaded.get(name);
    if (found === undefined) {
      found = load(path.join(dist, `${name}.js`));
      (found as Localised).configureText(bundle);
      loaded.set(name, found);
    }
    return found;
  };
  return {
    certificates: () => part('certificates') as Certificates,
    appConfigs: () => part('appConfig') as AppConfigs,
    azure: () => part('azure') as AzurePart,
    identity: () => part('identity') as IdentityPart,
    ui: () => part('ui') as UiPart,
  };
}
