import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CodeValueSource } from '../code.types.ts';
import { parseSource } from '../code.ts';
import type { ModuleStyle } from '../moduleText.ts';
import { withFolder } from '../testing/folder.ts';
import { project } from '../testing/vaultApps.ts';
import { keyVaultModule } from './template.ts';

const run = promisify(execFile);

const base: ModuleStyle = {
  eol: '\n',
  quote: "'",
  semicolons: true,
  unit: '  ',
  typescript: true,
  imports: true,
  moduleKind: 'esm',
};
const literal = (value: string): CodeValueSource => ({ kind: 'literal', value });
const values = {
  environment: {
    url: { kind: 'environment', variable: 'KEY_VAULT_URL' },
    certificate: { kind: 'environment', variable: 'CLIENT_CERTIFICATE_NAME' },
    version: { kind: 'environment', variable: 'CLIENT_CERTIFICATE_VERSION' },
  },
  latest: { url: literal('https://v.vault.azure.net'), certificate: literal('c'), version: literal('latest') },
  pinned: { url: literal('https://v.vault.azure.net'), certificate: literal('c'), version: literal('0'.repeat(32)) },
} as const;

describe('the module that fetches certificate and key', function () {
  this.timeout(120_000);

  for (const moduleKind of ['esm', 'commonjs'] as const)
    it(`type-checks under the strictest options in all its forms (${moduleKind})`, () =>
      withFolder({}, async (folder) => {
        symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction');
        writeFileSync(join(folder, 'package.json'), moduleKind === 'esm' ? '{"type":"module"}' : '{}');
        for (const shape of ['awaited', 'held'] as const)
          for (const property of ['thumbprint', 'thumbprintSha256'] as const)
            for (const [kind, each] of Object.entries(values)) {
              const style = { ...base, moduleKind };
              const text = keyVaultModule({ style, values: each, thumbprintProperty: property, shape });
              // A test's own use: what MSAL wants, from every form.
              const made = shape === 'awaited' ? 'await getClientCertificate()' : 'fetchClientCertificate()';
              const use = `\nimport type { Configuration } from '@azure/msal-node';\nexport const use = async (): Promise<Configuration> => ({ auth: { clientId: 'x', clientCertificate: ${made} } });\n`;
              writeFileSync(join(folder, `${shape}-${property}-${kind}.ts`), text + use);
            }
        const compilerOptions = {
          module: 'node16',
          target: 'es2022',
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noPropertyAccessFromIndexSignature: true,
          noUnusedLocals: true,
          noImplicitReturns: true,
          isolatedModules: true,
          skipLibCheck: true,
          noEmit: true,
          types: ['node'],
        };
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
        const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
        const { stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(
          (error: unknown) => error as { stdout: string },
        );
        assert.equal(stdout, '');
      }));

  it('is written in the hand of the app: quotes, semicolons, indentation, line ends', () => {
    for (const typescript of [true, false])
      for (const imports of [true, false])
        for (const semicolons of [true, false])
          for (const quote of ["'", '"'] as const) {
            if (typescript && !imports) continue;
            const style: ModuleStyle = { ...base, typescript, imports, semicolons, quote, unit: '\t', eol: '\r\n' };
            const text = keyVaultModule({
              style,
              values: values.environment,
              thumbprintProperty: 'thumbprint',
              shape: imports ? 'awaited' : 'held',
            });
            parseSource(text, typescript ? 'module.ts' : 'module.js');
            assert.ok(!/(?<!\r)\n/.test(text));
            assert.doesNotMatch(text, /^ {2}/m);
            assert.doesNotMatch(text, /[«»‹›]/);
            const code = text.replace(/^\s*(\/\*\*|\/\/).*$/gm, '').replace(/`[^`]*`|\/[^/\n]+\/\w*\./g, '');
            assert.doesNotMatch(code, quote === "'" ? /"[^"'`]*"/ : /'[^"'`]*'/);
            if (!semicolons) assert.doesNotMatch(code, /;\r?$/m);
            assert.equal(text.includes('module.exports'), !imports);
            assert.equal(text.includes('export '), imports);
          }
  });

  it('takes no text that is not a name or address of a vault into its code', () => {
    const hostile = { ...values.pinned, certificate: literal("c'); process.exit('") };
    assert.throws(
      () => keyVaultModule({ style: base, values: hostile, thumbprintProperty: 'thumbprint', shape: 'awaited' }),
      RangeError,
    );
  });
});
