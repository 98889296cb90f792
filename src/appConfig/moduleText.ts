/** Brings the text of a new module into the hand of the file that it stands beside. */
import type { Node } from '@babel/types';
import type { CodeValueSource, ParsedSource } from './code.types.ts';
import { indentUnit, styleOf, type FileStyle } from './style.ts';
import type { ModuleKind } from './types.ts';

/** How new modules of an app are written. */
export interface ModuleStyle extends FileStyle {
  /** One step of indentation. */
  readonly unit: string;
  readonly typescript: boolean;
  /** `import` and `export`, else `require` and `module.exports`. TypeScript has `import` in either module kind. */
  readonly imports: boolean;
  readonly moduleKind: ModuleKind;
}

/** @param near a node of the config, by whose indentation the module's goes */
export function moduleStyleOf(source: ParsedSource, near: Node, moduleKind: ModuleKind): ModuleStyle {
  const typescript = source.language === 'typescript';
  return {
    ...styleOf(source),
    unit: indentUnit(source, near, undefined),
    typescript,
    imports: typescript || (source.syntax ?? moduleKind) === 'esm',
    moduleKind,
  };
}

/**
 * A template in the style of: two blanks, single quotes, semicolons, LF.
 * - `«: string»` stands in TypeScript only, `‹…›` in JavaScript only.
 * - A line must not start with `(`, `[` or a backtick, so that it can go without semicolons.
 * - A string in single quotes holds no quote of either kind.
 */
export function moduleText(template: string, style: ModuleStyle): string {
  return template
    .replace(/«([^»]*)»/g, style.typescript ? '$1' : '')
    .replace(/‹([^›]*)›/g, style.typescript ? '' : '$1')
    .replace(/\n{3,}/g, '\n\n')
    .split('\n')
    .map((line) => styledLine(line, style))
    .join(style.eol);
}

function styledLine(line: string, { unit, quote, semicolons }: ModuleStyle): string {
  const indent = /^(?: {2})*/.exec(line)?.[0] ?? '';
  let code = line.slice(indent.length);
  if (!/^(\/\*\*|\/\/| ?\*)/.test(code)) {
    if (quote === '"') code = code.replace(/'([^'"`]*)'/g, '"$1"');
    if (!semicolons) code = code.replace(/;$/, '');
  }
  return unit.repeat(indent.length / 2) + code;
}

/** `import { A, B } from 'x';` or `const { A, B } = require('x');`, for a template. */
export function importLine(style: ModuleStyle, names: string, module: string): string {
  if (style.imports) return `import ${names} from '${module}';`;
  return `const ${names.replace(/ as /g, ': ').replace(/^\* : /, '')} = require('${module}');`;
}

/**
 * Code for a value within a module. A variable is read by the template's own `setting(name)`, which throws where it is not set.
 */
export function settingText(value: CodeValueSource): string {
  if (value.kind === 'environment') return `setting('${value.variable}')`;
  if (/['"\\\n\r]/.test(value.value)) throw new RangeError('Not a value of a vault.');
  return `'${value.value}'`;
}

/** The function behind {@link settingText}; for a template, at the end of the module. */
export const settingFunction = `/** Without its settings the app must not start: an empty value would fail later, and elsewhere. */
function setting(name«: string»)«: string» {
  const value = process.env[name];
  if (!value) throw new Error(\`The environment variable \${name} is not set. Set it where this app runs.\`);
  return value;
}
`;
