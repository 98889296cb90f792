/** How an ES module waits for the certificate: at the place itself, or in a constant at the top of the file. */
import * as l10n from '@vscode/l10n';
import { positionAt } from '../../base/edits.ts';
import { ExpectedError } from '../../base/errors.ts';
import type { FileReader } from '../../base/ports.ts';
import type { ConfigSite, ParsedSource } from '../code.types.ts';
import { modulesOf } from '../exports.ts';
import { compilerOption } from '../moduleKind.ts';
import { isFunction, requiredModule, startOf } from '../nodes.ts';
import type { AppFiles } from './appFiles.ts';

/**
 * @param folder of the config
 * @throws ExpectedError `top-level-await-not-allowed` where TypeScript's options forbid it
 */
export async function awaitInEsModule(
  source: ParsedSource,
  site: ConfigSite,
  folder: string,
  reader: FileReader,
): Promise<'await' | 'constant'> {
  const around = functionAround(source, site);
  if (around === 'async') return 'await';
  if (source.language === 'typescript') await checkCompiler(site, folder, source.fileName, reader);
  return around === 'none' ? 'await' : 'constant';
}

/**
 * CommonJS cannot `require` an ES module that awaits while it is loaded (Node: ERR_REQUIRE_ASYNC_MODULE), nor one that imports it.
 * @throws ExpectedError `es-module-required`
 */
export async function declineRequired(own: ParsedSource, line: number, files: AppFiles): Promise<void> {
  const users = await files.with('require(');
  if (users.length === 0) return;
  const waiting = new Set([own]);
  for (let size = 0; size < waiting.size;) {
    size = waiting.size;
    for (const source of await files.with('from')) {
      if (source.syntax === 'esm' && imports(source, waiting, files)) waiting.add(source);
    }
  }
  for (const source of users) {
    const node = source.all.find((each) => {
      const required = each.type === 'CallExpression' ? requiredModule(each) : undefined;
      return required !== undefined && [...waiting].some((target) => files.names(source, required, target));
    });
    if (node === undefined || (node.type === 'CallExpression' && node.callee.type === 'Import')) continue;
    const at = positionAt(source.text, startOf(node)).line;
    throw new ExpectedError(
      'es-module-required',
      l10n.t(
        '{0} line {1}: the certificate has to be awaited while this ES module is loaded, but {2} (line {3}) loads it with require(), which cannot wait. Use import there, or choose another place for the key.',
        own.fileName,
        line,
        source.fileName,
        at,
      ),
      { file: source.fileName, line: at },
    );
  }
}

function imports(source: ParsedSource, targets: ReadonlySet<ParsedSource>, files: AppFiles): boolean {
  return [...modulesOf(source)].some(
    (name) => name.startsWith('.') && [...targets].some((target) => files.names(source, name, target)),
  );
}

/** Whether the secret stands in a function that can await. */
export function functionAround(source: ParsedSource, site: ConfigSite): 'none' | 'async' | 'sync' {
  const { secret } = site.nodes;
  let node = secret && source.parents.get(secret);
  for (; node !== undefined; node = source.parents.get(node)) {
    if (isFunction(node)) return node.async && !node.generator ? 'async' : 'sync';
    if (node.type === 'ClassProperty' || node.type === 'StaticBlock' || node.type === 'TSModuleBlock') return 'sync';
  }
  return 'none';
}

/** TypeScript allows it with `module` es2022, esnext, system, node16 and later, preserve, and `target` es2017 and later (TS1378). */
async function checkCompiler(site: ConfigSite, folder: string, file: string, reader: FileReader): Promise<void> {
  const [module, target] = [
    await compilerOption('module', folder, reader),
    await compilerOption('target', folder, reader),
  ];
  const moduleAllows = module === undefined || /^(es2022|esnext|system|node\w+|preserve)$/.test(module);
  const targetAllows = target === undefined || !/^(es3|es5|es6|es2015|es2016)$/.test(target);
  if (moduleAllows && targetAllows) return;
  throw new ExpectedError(
    'top-level-await-not-allowed',
    moduleAllows
      ? l10n.t(
          '{0} line {1}: the certificate has to be awaited here, outside any function, and TypeScript allows that only with "target": "es2017" or later (tsconfig.json has "{2}"). Change that option and try again, or choose another place for the key.',
          file,
          site.line,
          target ?? '',
        )
      : l10n.t(
          '{0} line {1}: the certificate has to be awaited here, outside any function, and TypeScript allows that only with "module": "es2022", "esnext" or "nodenext" (tsconfig.json has "{2}"). Change that option and try again, or choose another place for the key.',
          file,
          site.line,
          module,
        ),
    { file, line: site.line },
  );
}
