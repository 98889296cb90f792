/** Makes the VSIX, and unpacks it for the tests. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import JSZip from 'jszip';
import { projectRoot } from './cache.ts';
import { runOrThrow } from './run.ts';

/** Builds for production into dist/ and packages that; resolves to the VSIX's path. */
export async function packageExtension(): Promise<string> {
  await runOrThrow(process.execPath, ['esbuild.js', '--production']);
  const { name, version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const file = path.join(projectRoot, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: projectRoot,
    packagePath: file,
    // Everything is bundled.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  await makeReadmeSelfContained(file);
  return file;
}

/** In the README of the VSIX nothing may point at what is not in it: pictures go, links to files become their text. */
async function makeReadmeSelfContained(vsix: string): Promise<void> {
  const zip = await JSZip.loadAsync(await readFile(vsix));
  const name = 'extension/readme.md';
  const readme = await zip.file(name)?.async('string');
  if (readme === undefined) throw new Error(`${vsix} has no ${name}.`);
  zip.file(name, withoutRelativeLinks(readme));
  await writeFile(vsix, await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }));
}

/** Markdown without pictures and links that are relative to the repository; the texts of the links stay. */
export function withoutRelativeLinks(markdown: string): string {
  return markdown
    .replaceAll(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n\n?/gm, '')
    .replaceAll(/(?<!!)\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
}

/** Unpacks a VSIX (a zip file) into a folder; resolves to the extension's own folder in it. */
export async function unpack(vsix: string, folder: string): Promise<string> {
  const zip = await JSZip.loadAsync(await readFile(vsix));
  for (const entry of Object.values(zip.files)) {
    const target = path.join(folder, entry.name);
    if (entry.dir) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, await entry.async('nodebuffer'));
  }
  return path.join(folder, 'extension');
}
