/** Facade of the room and esbuild entry `dist/appConfig.js`; contract in `types.ts`. */
import { configureText as configure } from '../base/text.ts';
import { configureText as configureCode } from './code.ts';
import { envValues as valuesOf } from './dotenv.ts';
import { planRewrite as plan } from './planRewrite.ts';
import { findAppConfigs as find } from './find.ts';
import { readFile } from './readConfigs.ts';
import { planKeyFix as keyFix } from './keyFixes.ts';
import { planGitignore } from './gitignore.ts';
import { planRotation as rotation } from './rotate.ts';
import { searchFiles } from './search.ts';
import { readText } from './textFiles.ts';
import { findLeftovers as leftovers } from './leftovers.ts';
import { oldSecrets as old, planRetire as retire } from './retire.ts';
import type { AppConfigs } from './types.ts';

/** The parser's side is a file of its own in `dist`, with its own copy of the texts. */
export const configureText: typeof configure = (bundle) => {
  configure(bundle);
  configureCode(bundle);
};

export const findAppConfigs: AppConfigs['findAppConfigs'] = find;

export const readAppConfigs: AppConfigs['readAppConfigs'] = async (file, reader, roots, options) => {
  const read = await readFile(file, reader, roots, options);
  return (read?.configs ?? []).map(({ config }) => config);
};

export const planRewrite: AppConfigs['planRewrite'] = plan;

export const planRotation: AppConfigs['planRotation'] = rotation;

export const planIgnore: AppConfigs['planIgnore'] = async (paths, appRoot, roots, reader) =>
  (await planGitignore(paths, appRoot, roots, reader)).files;

export const planKeyFix: AppConfigs['planKeyFix'] = keyFix;

export const envValues: AppConfigs['envValues'] = async (file, reader) =>
  valuesOf(((await readText(file, reader)) ?? '').replace(/^\uFEFF/, ''));

export const oldSecrets: AppConfigs['oldSecrets'] = old;

export const planRetire: AppConfigs['planRetire'] = retire;

export const filesNaming: AppConfigs['filesNaming'] = async (roots, texts, reader, signal) =>
  (await searchFiles(roots, texts, reader, signal)).map(({ path }) => path);

export const findLeftovers: AppConfigs['findLeftovers'] = leftovers;
