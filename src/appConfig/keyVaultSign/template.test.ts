import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import eslint from '@eslint/js';
import { Linter } from 'eslint';
import { format } from 'prettier';
import tseslint from 'typescript-eslint';
import type { CodeValueSource } from '../code.types.ts';
import type { ModuleStyle } from '../moduleText.ts';
import { withFolder } from '../testing/folder.ts';
import { installPackages, project } from '../testing/vaultApps.ts';
import { signingModuleText } from './template.ts';

const run = promisify(execFile);

const version = '0123456789abcdef0123456789abcdef';
const values = (kind: 'environment' | 'literal', wanted: string) => {
  const value = (variable: string, literal: string): CodeValueSource =>
    kind === 'environment' ? { kind, variable } : { kind, value: literal };
  return {
    url: value('KEY_VAULT_URL', 'https://contoso-web.vault.azure.net'),
    certificate: value('CLIENT_CERTIFICATE_NAME', 'ciam-client-app'),
    version: value('CLIENT_CERTIFICATE_VERSION', wanted),
  };
};
const plain: ModuleStyle = {
  typescript: false,
  imports: true,
  moduleKind: 'esm',
  eol: '\n',
  quote: "'",
  semicolons: true,
  unit: '  ',
};

/** Everything that can differ from project to project. */
function variants(): { name: string; style: ModuleStyle; text: string }[] {
  const found = [];
  for (const language of ['typescript', 'esm', 'commonjs'] as const)
    for (const [kind, wanted] of [
      ['environment', version],
      ['literal', version],
      ['literal', 'latest'],
    ] as const)
      for (const unit of ['  ', '    ', '\t'])
        for (const [quote, semicolons] of [
          ["'", true],
          ["'", false],
          ['"', true],
        ] as const) {
          const style: ModuleStyle = {
            ...plain,
            typescript: language === 'typescript',
            imports: language !== 'commonjs',
            moduleKind: language === 'commonjs' ? 'commonjs' : 'esm',
            unit,
            quote,
            semicolons,
          };
          const name = [language, kind, wanted, JSON.stringify(unit), quote, semicolons].join(' ');
          found.push({ name, style, text: signingModuleText(style, values(kind, wanted)) });
        }
  return found;
}

describe('the module that signs in Key Vault', function () {
  this.timeout(120_000);

  it('has fewer than 80 lines', () => {
    for (const { name, text } of variants()) assert.ok(text.trimEnd().split('\n').length < 80, name);
  });

  it('is as Prettier writes it in the hand of the project', async () => {
    for (const { name, style, text } of variants()) {
      const { unit, quote, semicolons, typescript } = style;
      const formatted = await format(text, {
        parser: typescript ? 'typescript' : 'babel',
        singleQuote: quote === "'",
        semi: semicolons,
        tabWidth: unit.length === 4 ? 4 : 2,
        useTabs: unit === '\t',
      });
      assert.equal(text, formatted, name);
    }
  });

  for (const msal of ['2.16.3', '3.8.10', '5.6.0', '7.2.3'] as const)
    it(`type-checks under the strictest options in all its forms, as MSAL's configuration (msal-node ${msal})`, () =>
      withFolder({ 'package.json': '{"type":"module"}' }, async (folder) => {
        await installPackages(folder, msal);
        const forms = [
          ['environment', version],
          ['literal', version],
          ['literal', 'latest'],
        ] as const;
        for (const moduleKind of ['esm', 'commonjs'] as const)
          for (const [kind, wanted] of forms) {
            const text = signingModuleText({ ...plain, typescript: true, moduleKind }, values(kind, wanted));
            const name = `${kind}-${wanted === 'latest' ? wanted : 'pinned'}`;
            const [module, use, specifier] =
              moduleKind === 'esm'
                ? [`${name}.ts`, `${name}-use.ts`, `${name}.js`]
                : [`${name}.cts`, `${name}-use.cts`, `${name}.cjs`];
            writeFileSync(join(folder, module), text);
            writeFileSync(
              join(folder, use),
              `import type { Configuration } from '@azure/msal-node';\nimport { keyVaultAssertion } from './${specifier}';\nexport const msalConfig: Configuration = { auth: { clientId: 'x', clientAssertion: keyVaultAssertion } };\n`,
            );
          }
        const compilerOptions = {
          module: 'node16',
          target: 'es2022',
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noPropertyAccessFromIndexSignature: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          noImplicitReturns: true,
          isolatedModules: true,
          skipLibCheck: true,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(project, 'node_modules', '@types')],
        };
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.cts'] }));
        const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
        const { stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(
          (error: unknown) => error as { stdout: string },
        );
        assert.equal(stdout, '');
      }));

  it('has nothing for linters to say', () => {
    const linter = new Linter();
    // Blanks and quotes are Prettier's business.
    for (const { name, style, text } of variants().filter(
      ({ style: { unit, quote, semicolons } }) => unit === '  ' && quote === "'" && semicolons,
    )) {
      const globals = { process: 'readonly', AbortSignal: 'readonly', Buffer: 'readonly' } as const;
      const commonjs = { require: 'readonly', module: 'writable' } as const;
      const messages = linter.verify(
        text,
        [
          eslint.configs.recommended,
          ...(style.typescript ? tseslint.configs.recommended : []),
          {
            files: ['**/*.ts', '**/*.js'],
            languageOptions: {
              sourceType: style.imports ? 'module' : 'commonjs',
              globals: { ...globals, ...(style.imports ? {} : commonjs) },
            },
            rules: { curly: ['error', 'multi-line'], eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' },
          },
        ] as Linter.Config[],
        style.typescript ? 'keyVaultAssertion.ts' : 'keyVaultAssertion.js',
      );
      assert.deepEqual(
        messages.map(({ ruleId, message, line }) => `${ruleId ?? ''} ${line}: ${message}`),
        [],
        name,
      );
    }
  });

  it('keeps CRLF', () => {
    const text = signingModuleText({ ...plain, eol: '\r\n' }, values('environment', version));
    assert.equal(text.replaceAll('\r\n', ''), text.replaceAll('\r', '').replaceAll('\n', ''));
    assert.ok(!/[^\r]\n/.test(text));
  });

  it('refuses values that could break out of their string', () => {
    const hostile = { kind: 'literal', value: "x'; process.exit(1); '" } as const;
    assert.throws(() => signingModuleText(plain, { ...values('literal', version), certificate: hostile }), RangeError);
  });
});
