/** Which Node an app is meant for, from what lies in its folders. Nothing is run. */
import { dirname, join } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { dependencyRange, findMsalVersion, type PackageJson } from './msalVersion.ts';
import { decodeText } from './textFiles.ts';
import { atLeast, rangeFloor } from './versions.ts';

/** Names of Long Term Support lines in `.nvmrc`: `lts/jod`. */
const longTerm: Readonly<Record<string, number>> = { gallium: 16, hydrogen: 18, iron: 20, jod: 22, krypton: 24 };

/** For an app that says nothing: the lowest Node that is not long past its end of life. */
const presumed = 20;

/**
 * Major version of the lowest Node that the app says it runs on: version managers' files, then `volta` and `engines` in
 * package.json, then what its msal-node (5 and later need Node 20) and @types/node tell.
 * @param declared package.json files from the app's folder upwards
 */
export async function findNodeMajor(
  folder: string,
  declared: readonly PackageJson[],
  reader: FileReader,
): Promise<number> {
  const folders = declared.length === 0 ? [folder] : declared.map(({ path }) => dirname(path));
  for (const each of folders) {
    for (const name of ['.nvmrc', '.node-version']) {
      const bytes = await reader.read(join(each, name));
      const major = bytes === undefined ? undefined : majorOf((decodeText(bytes) ?? '').trim());
      if (major !== undefined) return major;
    }
  }
  for (const { json } of declared) {
    for (const range of [json.volta?.node, json.engines?.node]) {
      const floor = typeof range === 'string' ? rangeFloor(range) : undefined;
      if (floor !== undefined) return Number.parseInt(floor, 10);
    }
  }
  const msal = await findMsalVersion(folder, reader);
  const types = declared.map(({ json }) => dependencyRange(json, '@types/node')).find((range) => range !== undefined);
  const typed = types === undefined ? undefined : rangeFloor(types);
  if (typed !== undefined) return Number.parseInt(typed, 10);
  return msal.version !== undefined && !atLeast(msal.version, '5.0.0') ? 18 : presumed;
}

function majorOf(text: string): number | undefined {
  const name = /^lts\/([a-z]+)$/.exec(text)?.[1];
  if (name !== undefined) return longTerm[name];
  const major = /^v?(\d+)(?:\.|$)/.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}
