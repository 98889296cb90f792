/** Whether an app can be rewritten at all, before a key is fetched or a certificate made for it. */
import path from 'node:path';
import type { AppConfig, RewriteRequest } from '../../appConfig/types.ts';
import { isVaultKind } from '../../setup/index.ts';
import type { KeyFromArgument } from '../automation.ts';
import type { Services } from '../services.ts';
import { rootsFor } from './appConfigs.ts';

/** Stands for what is not known yet; only whether the rewrite is declined matters. */
const unknownVault = { origin: 'https://vault.vault.azure.net', certificate: 'certificate', version: '0'.repeat(32) };

/** Plans the rewrite with values that stand for the true ones. Rejects with the reason why it would be declined. Changes nothing. */
export async function checkRewrite(config: AppConfig, keyFrom: KeyFromArgument, services: Services): Promise<void> {
  const request: RewriteRequest = {
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
  await services.appConfigs().planRewrite(request, services.files);
}
