import assert from 'node:assert/strict';
import eslint from '@eslint/js';
import { Linter } from 'eslint';
import { format } from 'prettier';
import tseslint from 'typescript-eslint';
import type { CodeValueSource } from '../code.types.ts';
import type { ModuleStyle } from '../moduleText.ts';
import { signingModuleText } from './template.ts';

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
