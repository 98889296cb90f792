/** How an app is started and where it answers, from its package.json, lock file and environment. Knows no editor. */

const lockFiles: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The package manager whose lock file lies in the app's folder; npm where there is none. */
export function managerOf(names: readonly string[]): string {
  return lockFiles.find(([name]) => names.includes(name))?.[1] ?? 'npm';
}

/** The wanted script, else `start`, else `dev`; undefined when package.json has none of them. */
export function scriptOf(json: unknown, wanted: string | undefined): string | undefined {
  const scripts = typeof json === 'object' && json !== null ? (json as { scripts?: unknown }).scripts : undefined;
  const names = typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : [];
  return (wanted === undefined ? ['start', 'dev'] : [wanted]).find((name) => names.includes(name));
}

/**
 * Where the app answers: the address of its redirect URI where that is this machine, else `PORT`, else the guide's 3000.
 * @param values the app's environment
 */
export function addressOf(values: Readonly<Record<string, string | undefined>>): URL {
  for (const [name, value] of Object.entries(values)) {
    if (!/redirect|base_?url|app_?url/i.test(name) || value === undefined || !URL.canParse(value)) continue;
    const url = new URL(value);
    if (/^https?:$/.test(url.protocol) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
      return new URL(url.origin);
  }
  const port = Number(values.PORT);
  return new URL(`http://localhost:${Number.isInteger(port) && port > 0 && port < 65_536 ? port : 3000}`);
}
