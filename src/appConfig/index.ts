/** Facade of the room and esbuild entry `dist/appConfig.js`; contract in `types.ts`. */
import { planRewrite as plan } from './planRewrite.ts';
import { findAppConfigs as find } from './find.ts';
import { readFile } from './readConfigs.ts';
import type { AppConfigs } from './types.ts';

export { configureText } from '../base/text.ts';

export const findAppConfigs: AppConfigs['findAppConfigs'] = find;

export const readAppConfigs: AppConfigs['readAppConfigs'] = async (file, reader, roots) => {
  const read = await readFile(file, reader, roots);
  return (read?.configs ?? []).map(({ config }) => config);
};

export const planRewrite: AppConfigs['planRewrite'] = plan;
