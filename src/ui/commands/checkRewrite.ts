/** Whether an app can be rewritten at all, before a key is fetched or a certificate made for it. */
import path from 'node:path';
import { isExpectedError } from '../../base/errors.ts';
import type { AppConfig, RewriteRequest } from '../../appConfig/types.ts';
import { isVaultKind } from '../../setup/index.ts';
import type { KeyFromArgument } from '../automation.ts';
import type { Services } from '../services.ts';
import { rootsFor } from './appConfigs.ts';

/** Stands for what is not known yet; only whether the rewrite is declined matters. */
const unknownVault = { origin: 'https://vault.vault.azure.net', certificate: 'certificate', version: '0'.repeat(32) };

/** Whether apps can be rewritten; what passed is not looked at again. */
export interface RewriteChecks {
  /**
   * Plans the rewrite with values that stand for the true ones. Rejects with the reason why it would be declined. Changes nothing.
   * @param keyFrom undefined: not chosen yet, and declined only where every kind is
   */
  check(config: AppConfig, keyFrom: KeyFromArgument | undefined): Promise<void>;
}

/** For one run of a command: files may change afterwards, and the plan looks at them again. */
export function createRewriteChecks(services: Services): RewriteChecks {
  const passed = new Map<AppConfig, Set<KeyFromArgument>>();
  const check = async (config: AppConfig, keyFrom: KeyFromArgument): Promise<void> => {
    const known = passed.get(config) ?? new Set();
    if (known.has(keyFrom)) return;
    await services.appConfigs().planRewrite(requestFor(config, keyFrom, services), services.files);
    passed.set(config, known.add(keyFrom));
  };
  return {
    async check(config, keyFrom) {
      if (keyFrom !== undefined) return check(config, keyFrom);
      let first: unknown;
      for (const kind of keyFromKinds) {
        try {
          await check(config, kind);
          return;
        } catch (error) {
          if (!isExpectedError(error)) throw error;
          first ??= error;
        }
      }
      throw first;
    },
  };
}

const keyFromKinds = ['file', 'environment', 'keyVault', 'keyVaultSign'] as const satisfies readonly KeyFromArgument[];

function requestFor(config: AppConfig, keyFrom: KeyFromArgument, services: Services): RewriteRequest {
  return {
    file: config.file,
    line: config.line,
    keyFrom,
    thumbprintSha256: '0'.repeat(64),
    thumbprintSha1: '0'.repeat(40),
    roots: rootsFor(config, services),
    ...(isVaultKind(keyFrom) ? { vault: unknownVault } : {}),
    ...(keyFrom === 'file'
      ? { privateKeyPath: path.join(services.certificateFolder(config.appRoot), 'certificate.key') }
      : {}),
    ...(keyFrom === 'environment' ? { privateKeyPem: 'key' } : {}),
  };
}
