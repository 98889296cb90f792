/** Files by name where VS Code takes a glob. */

/**
 * What findings come from beside the code: variables, keys and certificates, packages, what git ignores. Other people's packages are
 * left out of VS Code's watching as it is.
 */
export const filesOfFindings =
  '**/{.env,.env.*,*.pem,*.key,*.cer,*.crt,*.der,*.pfx,*.p12,package.json,package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb,.gitignore}';

/** A glob that fits this name, such as `cert[1].pfx`; VS Code's globs know no escape, so that a few other names may fit too. */
export function literalGlob(name: string): string {
  return name.replace(/[[\]{}*?!]/g, '?');
}
