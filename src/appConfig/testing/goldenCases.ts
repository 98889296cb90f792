/** The golden cases of the rewriter: one folder each under `goldens/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isExpectedError } from '../../base/errors.ts';
import { applyEdits } from '../../base/edits.ts';
import * as sourceCode from '../code.ts';
import type { CodeRewriteRequest, ConfigSite, ParsedSource, SiteHints } from '../code.types.ts';

export const goldenFolder = join(import.meta.dirname, '..', 'goldens');

/** `options.json` of a case; everything has a default. */
interface CaseOptions {
  readonly keyFrom?: 'file' | 'environment';
  readonly thumbprintProperty?: 'thumbprint' | 'thumbprintSha256';
  readonly encrypted?: boolean;
  readonly literals?: boolean;
  readonly keyPathBase?: CodeRewriteRequest['keyPathBase'];
  readonly hints?: SiteHints;
}

export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly fileName: string;
  readonly text: string;
  readonly options: CaseOptions;
}

export function goldenCases(): GoldenCase[] {
  return readdirSync(goldenFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(goldenFolder, name);
      const fileName = readdirSync(folder).find(
        (file) => file !== 'options.json' && file !== 'report.txt' && !/^expected\.|\.actual$/.test(file),
      );
      if (fileName === undefined) throw new Error(`${name} has no input.`);
      const optionsFile = join(folder, 'options.json');
      return {
        name,
        folder,
        fileName,
        text: readFileSync(join(folder, fileName), 'utf8'),
        options: existsSync(optionsFile) ? (JSON.parse(readFileSync(optionsFile, 'utf8')) as CaseOptions) : {},
      };
    });
}

export const sampleThumbprint = '0123456789ABCDEF'.repeat(4);

export function requestFor(options: CaseOptions, source: ParsedSource): CodeRewriteRequest {
  const environment = (variable: string): { kind: 'environment'; variable: string } => ({
    kind: 'environment',
    variable,
  });
  const moduleKind = source.syntax ?? 'commonjs';
  return {
    keyFrom: options.keyFrom ?? 'file',
    thumbprintProperty: options.thumbprintProperty ?? 'thumbprintSha256',
    thumbprint: options.literals
      ? { kind: 'literal', value: sampleThumbprint }
      : environment('CLIENT_CERTIFICATE_THUMBPRINT'),
    keyPath: options.literals
      ? { kind: 'literal', value: 'certs/app.key' }
      : environment('CLIENT_CERTIFICATE_KEY_PATH'),
    ...(options.encrypted === false ? {} : { passphraseVariable: 'CLIENT_CERTIFICATE_PASSPHRASE' }),
    keyVariable: 'CLIENT_CERTIFICATE_KEY',
    ...(options.keyPathBase ? { keyPathBase: options.keyPathBase } : {}),
    // Sources typed with `import` may still be compiled to CommonJS; the goldens take their own syntax at its word.
    moduleKind,
  };
}

export interface GoldenResult {
  /** Undefined where nothing is rewritten. */
  readonly output: string | undefined;
  readonly report: string;
}

/** The code side: as source, or as the bundle that is shipped. */
export type Code = Pick<typeof sourceCode, 'findConfigImports' | 'findSites' | 'parseSource' | 'rewriteSite'>;

/** Runs a case: rewrites every site with a secret, last one first so that offsets stay true. */
export function runCase(
  { fileName, text, options }: Pick<GoldenCase, 'fileName' | 'text' | 'options'>,
  code: Code = sourceCode,
): GoldenResult {
  const { findConfigImports, findSites, parseSource } = code;
  const lines: string[] = [];
  let output = text;
  try {
    const source = parseSource(text, fileName);
    const sites = findSites(source, options.hints);
    if (sites.length === 0) lines.push('no configuration');
    for (const known of findConfigImports(source))
      lines.push(`configuration in ${known.specifier}: ${known.exportedName} (line ${known.line})`);
    for (const site of sites) lines.push(describeSite(site));
    // Each rewrite starts from the text before it, as the workspace side does.
    for (const [index, site] of sites.entries()) {
      if (index > 0 && output !== text) {
        const again = parseSource(output, fileName);
        const next = findSites(again, options.hints).find(({ credential }) => credential === 'secret');
        if (next) output = rewriteOne(code, again, next, options, lines);
      } else output = rewriteOne(code, source, site, options, lines);
    }
  } catch (error) {
    lines.push(describeError(error));
  }
  return { output: output === text ? undefined : output, report: `${lines.join('\n')}\n` };
}

function rewriteOne(code: Code, source: ParsedSource, site: ConfigSite, options: CaseOptions, lines: string[]): string {
  try {
    const rewrite = code.rewriteSite(source, site, requestFor(options, source));
    if (rewrite.nothingToDo !== undefined) lines.push(`nothing to do: ${rewrite.nothingToDo}`);
    for (const { code, line, message } of rewrite.warnings)
      lines.push(`warning ${code}, line ${line ?? 0}: ${message}`);
    if (rewrite.settings) lines.push(`settings: ${JSON.stringify(rewrite.settings)}`);
    return applyEdits(source.text, rewrite.edits);
  } catch (error) {
    lines.push(describeError(error));
    return source.text;
  }
}

function describeSite(site: ConfigSite): string {
  const parts = [`line ${site.line}:${site.column}`, site.credential, `by ${site.evidence}`, site.form];
  if (site.secret) parts.push(`secret ${JSON.stringify(site.secret)}`);
  if (site.secretLiteral) {
    const { placeholder, removed, rawEqualsValue } = site.secretLiteral;
    parts.push(`literal ${JSON.stringify({ placeholder, removed, rawEqualsValue })}`);
  }
  if (site.exportedName !== undefined) parts.push(`exported as ${site.exportedName}`);
  return `site ${parts.join(', ')}`;
}

function describeError(error: unknown): string {
  if (!isExpectedError(error)) throw error;
  return `declined ${error.code}, line ${error.details.line ?? 0}: ${error.message}`;
}
