// Lint rules. They also hold the house together: which room may import which (shared design, "The house").
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Rooms from the bottom up: a room may import from itself and from rooms before it in its own list. */
const above = {
  base: ['certificates', 'appConfig', 'diagnosis', 'azure', 'lazy', 'setup', 'ui', 'extension', 'contributions'],
  certificates: ['appConfig', 'diagnosis', 'azure', 'lazy', 'setup', 'ui', 'extension', 'contributions'],
  appConfig: ['certificates', 'diagnosis', 'azure', 'lazy', 'setup', 'ui', 'extension', 'contributions'],
  diagnosis: ['azure', 'lazy', 'setup', 'ui', 'extension', 'contributions'],
  azure: ['diagnosis', 'lazy', 'setup', 'ui', 'extension', 'contributions'],
  setup: ['ui', 'extension', 'contributions'],
  ui: ['extension'],
};

const vscodeAsValue = {
  name: 'vscode',
  allowTypeImports: true,
  message: 'Only src/ui and src/extension.ts touch the editor; take a port as a parameter.',
};
/** Heavy parts have entry points of their own and come through src/lazy.ts. */
const heavy = ['node-forge', 'node-forge/*', '@babel/parser', '@azure/*'].map((name) => ({
  group: [name],
  allowTypeImports: true,
  message: 'Loaded on first use only: go through src/lazy.ts.',
}));

const room = (name) => ({
  files: [`src/${name}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: name === 'ui' ? [] : [vscodeAsValue],
        patterns: [
          {
            group: above[name].flatMap((upper) => [`**/${upper}/**`, `**/${upper}`]),
            message: `src/${name} imports only from the rooms below it.`,
          },
          ...(['setup', 'ui', 'base', 'diagnosis'].includes(name) ? heavy : []),
          ...(['setup', 'ui'].includes(name)
            ? [
                {
                  group: ['**/certificates/**', '**/appConfig/**', '**/azure/**', '!**/*types'],
                  allowTypeImports: true,
                  message: 'Loaded on first use only: go through src/lazy.ts.',
                },
              ]
            : []),
          ...(['certificates', 'appConfig', 'diagnosis'].includes(name)
            ? [
                {
                  group: [
                    'fs',
                    'node:fs',
                    'fs/*',
                    'node:fs/*',
                    'http',
                    'node:http',
                    'https',
                    'node:https',
                    'net',
                    'node:net',
                    'child_process',
                    'node:child_process',
                  ],
                  message: `src/${name} knows no network, no file system and no processes; take a port from src/base/ports.ts.`,
                },
              ]
            : []),
        ],
      },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      'dist/**',
      'out/**',
      '.vscode-test/**',
      'test/workspaces/**',
      'test/apps/**',
      '**/goldens/**',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('../..', import.meta.url).pathname },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
        document: 'readonly',
        window: 'readonly',
        acquireVsCodeApi: 'readonly',
        navigator: 'readonly',
      },
    },
  },
  ...Object.keys(above).map(room),
  {
    // Tests use whatever they need: real files, real processes, every room.
    files: ['**/*.test.ts', 'test/**/*.ts', 'test/**/*.mjs', 'src/**/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
    },
  },
);
