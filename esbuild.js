// Bundles the extension into dist/ (and, with --tests, the suites that run inside VS Code into out/).
//   node esbuild.js [--production] [--watch] [--tests]
const { existsSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** What is loaded on first use (src/lazy.ts) is an entry of its own: within one bundle its parsing would be paid at start. */
const entries = {
  extension: 'src/extension.ts',
  ui: 'src/ui/main.ts',
  certificates: 'src/certificates/index.ts',
  appConfig: 'src/appConfig/index.ts',
  azure: 'src/azure/index.ts',
  identity: 'src/azure/identity.ts',
  rewriter: 'src/appConfig/code.ts',
  cli: 'src/cli.ts',
};

/**
 * Leaves out what @babel/parser has for languages that no app config is written in (Flow, templates of Babel itself,
 * V8 intrinsics) and its ESTree output: 57 of 402 KB. A build with a parser that is laid out otherwise stops.
 * @type {import('esbuild').Plugin}
 */
const leanParser = {
  name: 'lean-parser',
  setup(build) {
    build.onLoad({ filter: /@babel[\\/]parser[\\/]lib[\\/]index\.js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const lean = source.replace(
        /const mixinPlugins = \{\s*estree,\s*jsx,\s*flow,\s*typescript,\s*v8intrinsic,\s*placeholders\s*\};/,
        'const mixinPlugins = { jsx, typescript };',
      );
      if (lean === source) throw new Error('@babel/parser lists its syntaxes in another way: adapt leanParser.');
      return { contents: lean };
    });
  },
};

/**
 * The workspace side of app configs asks the code side through `code.ts` alone; in dist that side is a file of its own.
 * @type {import('esbuild').Plugin}
 */
const rewriterApart = {
  name: 'rewriter-apart',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/code\.ts$/ }, () => ({ path: './rewriter.js', external: true }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  alias: { debug: './src/azure/noDebug.ts' },
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: __dirname,
};

/** @type {import('esbuild').BuildOptions} */
const extension = {
  ...common,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(__dirname, file)))),
  outdir: 'dist',
  // `open` finds its script by import.meta.url, which CommonJS has not; @azure/identity reaches for it in a credential we do not use.
  external: ['vscode', 'open'],
  minify: production,
  sourcemap: production ? false : 'linked',
  plugins: [leanParser, rewriterApart],
};

/** @type {import('esbuild').BuildOptions} */
const suites = {
  ...common,
  entryPoints: suiteFiles('test/extension'),
  outdir: 'out/extension',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
  // test/host/cache.ts is told where it is.
  logOverride: { 'empty-import-meta': 'silent' },
};

function suiteFiles(folder) {
  return readdirSync(path.join(__dirname, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.suite.ts'))
    .map((file) => path.join(folder, file));
}

async function main() {
  const wanted = [extension, ...(tests ? [suites] : [])];
  if (watch) {
    const contexts = await Promise.all(wanted.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  if (production)
    for (const { outdir } of wanted) rmSync(path.join(__dirname, outdir), { recursive: true, force: true });
  await Promise.all(wanted.map((options) => esbuild.build(options)));
}

main().catch((error) => {
  // esbuild has already printed what is wrong with the code.
  if (!Array.isArray(error?.errors)) console.error(error);
  process.exitCode = 1;
});
