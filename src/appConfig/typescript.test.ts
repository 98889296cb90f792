import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { applyEdits } from '../base/edits.ts';
import { findSites, parseSource, rewriteSite } from './code.ts';
import type { CodeRewriteRequest } from './code.types.ts';
import { withFolder } from './testing/folder.ts';

const run = promisify(execFile);
const project = join(import.meta.dirname, '..', '..');
const environment = (variable: string) => ({ kind: 'environment', variable }) as const;
const request: CodeRewriteRequest = {
  keyFrom: 'file',
  thumbprintProperty: 'thumbprintSha256',
  thumbprint: environment('CLIENT_CERTIFICATE_THUMBPRINT'),
  keyPath: environment('CLIENT_CERTIFICATE_KEY_PATH'),
  passphraseVariable: 'CLIENT_CERTIFICATE_PASSPHRASE',
  moduleKind: 'esm',
};

const head =
  "import { ConfidentialClientApplication, type Configuration, type NodeAuthOptions } from '@azure/msal-node';\n";
const inline = (secret: string, before: string) =>
  `${head}${before}
export const client = new ConfidentialClientApplication({ auth: { clientId: 'x', clientSecret: ${secret} } });
`;
const annotated = (type: string) => `${head}
const auth: ${type} = {
  clientId: 'x',
  authority: 'https://login.microsoftonline.com/contoso',
  clientSecret: process.env.CLIENT_SECRET!,
};
export const config: Configuration = { auth };
export const client = new ConfidentialClientApplication(config);
`;

/** Type-checks before and has to after. */
const sound: Record<string, string> = {
  'a helper that may give nothing': inline(
    "read('CLIENT_SECRET')",
    'const read = (name: string): string | undefined => process.env[name];',
  ),
  'a helper without a declared type': inline(
    "read('CLIENT_SECRET')",
    'const read = (name: string) => process.env[name];',
  ),
  'a helper that throws': inline(
    "need('CLIENT_SECRET')",
    'function need(name: string) { const value = process.env[name]; if (!value) throw new Error(name); return value; }',
  ),
  'a helper that knows its names': inline(
    "need('CLIENT_SECRET')",
    "function need(name: 'CLIENT_ID' | 'CLIENT_SECRET'): string { return process.env[name] ?? ''; }",
  ),
  'a helper with a default': inline(
    "read('CLIENT_SECRET', 'abc~default')",
    'const read = (name: string, otherwise: string): string => process.env[name] ?? otherwise;',
  ),
  'a type over the environment': inline(
    'env.CLIENT_SECRET',
    'interface Env { CLIENT_SECRET: string }\nconst env = process.env as unknown as Env;',
  ),
  'a type over the environment, in place': inline('(process.env as { CLIENT_SECRET: string }).CLIENT_SECRET', ''),
  'a declared environment': inline(
    'env.CLIENT_SECRET',
    'interface Env { CLIENT_SECRET?: string }\nconst env: Env = process.env;',
  ),
  'an open type over the environment': inline(
    'env.CLIENT_SECRET',
    'const env = process.env as Record<string, string>;',
  ),
  'a choice of two variables': inline(
    'process.env.NODE_ENV ? process.env.CLIENT_SECRET : process.env.OTHER_SECRET',
    '',
  ),
  "MSAL's own type": annotated('NodeAuthOptions'),
  "a part of MSAL's own type": annotated("Configuration['auth']"),
  'a type of the file': annotated('Own').replace(
    head,
    `${head}interface Own { clientId: string; authority: string; clientSecret: string }\n`,
  ),
};

/** Would not type-check: the plan has to say so. */
const told: Record<string, string> = {
  'a record of texts': annotated('Record<string, string> & { clientId: string }'),
  'a part that is picked': annotated("Required<Pick<NodeAuthOptions, 'clientId' | 'authority' | 'clientSecret'>>"),
  'everything required of a part': annotated("Required<Pick<NodeAuthOptions, 'clientSecret'>> & NodeAuthOptions"),
};

function rewritten(text: string) {
  const source = parseSource(text, 'config.ts');
  const [site] = findSites(source);
  assert.ok(site);
  const { edits, warnings } = rewriteSite(source, site, request);
  return { text: applyEdits(text, edits), codes: warnings.map(({ code }) => code) };
}

describe('a rewritten configuration in TypeScript', () => {
  it('type-checks as before', () =>
    withFolder({}, async (folder) => {
      symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
      mkdirSync(join(folder, 'src'));
      for (const [index, [name, text]] of Object.entries(sound).entries()) {
        const after = rewritten(text);
        assert.ok(!after.codes.includes('may-not-type-check'), name);
        writeFileSync(join(folder, 'src', `${index}-before.ts`), text);
        writeFileSync(join(folder, 'src', `${index}-after.ts`), `// ${name}\n${after.text}`);
      }
      const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, skipLibCheck: true, types: ['node'] }; // prettier-ignore
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
      const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
      const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch(
        (error: unknown) => error as { stdout: string },
      );
      assert.equal(stdout, '');
    })).timeout(120_000);

  for (const [name, text] of Object.entries(told))
    it(`says where a type may be in the way: ${name}`, () => {
      assert.ok(rewritten(text).codes.includes('may-not-type-check'));
    });
});
