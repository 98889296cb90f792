/** Searches what VS Code and the extension wrote during a suite (logs at trace level, storage, journals) for secrets. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Leak {
  /** Relative to the searched folder. */
  readonly file: string;
  /** What stands there, never the value itself. */
  readonly what: string;
}

/** Whatever the values are, these are secrets by their form. */
const patterns: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a token', pattern: /eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/ },
  { what: 'a private key', pattern: /-----BEGIN (?:ENCRYPTED |RSA |EC )?PRIVATE KEY-----/ },
  { what: 'a private key in base64', pattern: /LS0tLS1CRUdJTiB(?:QUklWQVRF|FTkNSWVBURUQ|SU0Eg)/ },
];

/**
 * @param values secrets of the suite; each is looked for as it is, in base64, in hex and as a part of a URL
 * @returns one entry per file and kind, and how many files were searched: none means that the search itself is broken
 */
export async function findLeaks(
  folder: string,
  values: readonly string[],
): Promise<{ readonly leaks: readonly Leak[]; readonly searched: number }> {
  const forms = values.flatMap((value, index) =>
    formsOf(value).map((form) => ({ form, what: `secret ${index + 1} of the suite` })),
  );
  const leaks: Leak[] = [];
  let searched = 0;
  if (!existsSync(folder)) return { leaks, searched };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = (await readFile(file)).toString('latin1');
    searched += 1;
    const found = new Set([
      ...forms.filter(({ form }) => text.includes(form)).map(({ what }) => what),
      ...patterns.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what),
    ]);
    for (const what of found) leaks.push({ file: path.relative(folder, file), what });
  }
  return { leaks, searched };
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    bytes.toString('latin1'),
    encodeURIComponent(value),
    bytes.toString('hex'),
    // The last characters of base64 depend on what follows.
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    bytes.toString('base64url').slice(0, -1),
  ];
}
