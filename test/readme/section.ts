/** The README's section of codes: read, and renewed from the source without losing what people wrote there. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/cache.ts';
import { collectCodes } from './codes.ts';
import type { Code } from './codes.ts';

const readme = path.join(projectRoot, 'README.md');
const headings = {
  error: 'Codes that commands reject with',
  note: 'Codes of warnings, problems and findings',
} as const;

/** What the README says of each code. */
export function documentedCodes(): Map<string, string> {
  const lines = Object.values(headings).flatMap((heading) =>
    blockOf(readFileSync(readme, 'utf8'), heading).split('\n'),
  );
  return new Map(
    lines.flatMap((line) => {
      const [, code, text] = /^- `([a-z0-9-]+)`: (.+)$/.exec(line) ?? [];
      return code === undefined || text === undefined ? [] : [[code, text] as const];
    }),
  );
}

/** Adds codes that are new with the text that users get, removes those that are gone; other lines stay as they are. */
export function renewSection(): void {
  const documented = documentedCodes();
  const codes = collectCodes();
  let text = readFileSync(readme, 'utf8');
  for (const kind of ['error', 'note'] as const) {
    const lines = codes.filter((one) => one.kind === kind).map((one) => lineOf(one, documented));
    const { from, to } = blockAt(text, headings[kind]);
    text = `${text.slice(0, from)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
  }
  writeFileSync(readme, text);
}

function lineOf({ code, text }: Code, documented: ReadonlyMap<string, string>): string {
  return `- \`${code}\`: ${documented.get(code) ?? escaped(text)}`;
}

/** Placeholders in angle brackets would be HTML, asterisks emphasis. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[<>*_`|\\]/g, (character) => `\\${character}`);
}

function blockOf(text: string, heading: string): string {
  const { from, to } = blockAt(text, heading);
  return text.slice(from, to);
}

/** Where that stands which is between the summary with this heading and the end of its details. */
function blockAt(text: string, heading: string): { from: number; to: number } {
  const start = `<summary>${heading}</summary>`;
  const at = text.indexOf(start);
  const to = text.indexOf('</details>', at);
  if (at < 0 || to < 0) throw new Error(`README.md has no collapsed section "${heading}".`);
  return { from: at + start.length, to };
}
