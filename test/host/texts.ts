/** Every text that the source marks as localisable, as translators and VS Code take them. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { projectRoot } from './cache.ts';

export type Texts = Awaited<ReturnType<typeof getL10nJson>>;

/** The bundle for translators; at run time English needs none, so it stays out of the VSIX. */
export const textsFile = path.join(projectRoot, 'l10n', 'bundle.l10n.json');

/** Sorted by text, so that a change of one line changes one line. */
export async function exportedTexts(): Promise<Texts> {
  const source = path.join(projectRoot, 'src');
  const files = (await readdir(source, { recursive: true })).filter(
    (file) =>
      file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('goldens') && !file.includes('testing'),
  );
  const contents = await Promise.all(
    files.map(async (file) => ({ extension: '.ts', contents: await readFile(path.join(source, file), 'utf8') })),
  );
  const texts = await getL10nJson(contents);
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function asText(texts: Texts): string {
  return `${JSON.stringify(texts, undefined, 2)}\n`;
}

export async function writeTexts(): Promise<number> {
  const texts = await exportedTexts();
  await writeFile(textsFile, asText(texts));
  return Object.keys(texts).length;
}
