/** The design's budgets on sizes: held by the packaging suite, printed by `npm run bench`. */
import { statSync } from 'node:fs';
import path from 'node:path';

export const kilobyte = 1024;

export interface SizeBudget {
  readonly name: string;
  readonly bytes: number;
  /** In KB. */
  readonly limit: number;
}

/**
 * @param extension folder of the unpacked VSIX
 * @param vsix its file
 */
export function sizeBudgets(extension: string, vsix: string): SizeBudget[] {
  const size = (name: string) => statSync(path.join(extension, 'dist', name)).size;
  return [
    { name: 'dist/extension.js', bytes: size('extension.js'), limit: 60 },
    { name: 'dist/rewriter.js', bytes: size('rewriter.js'), limit: 350 },
    { name: 'dist/appConfig.js', bytes: size('appConfig.js'), limit: 350 },
    { name: 'dist/certificates.js', bytes: size('certificates.js'), limit: 320 },
    { name: 'dist/azure.js and dist/identity.js', bytes: size('azure.js') + size('identity.js'), limit: 600 },
    { name: 'the VSIX', bytes: statSync(vsix).size, limit: 700 },
  ];
}
