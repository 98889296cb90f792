/** The commands as an API, read off three places: their schemas, their types, and the table of the README. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { flag, optionNames } from '../../src/ui/options.ts';
import type { Schema } from '../../src/ui/options.ts';
import * as schemas from '../../src/ui/commands/schemas.ts';
import * as viewSchemas from '../../src/ui/commands/schemas.vaultView.ts';
import * as registrationSchemas from '../../src/ui/commands/schemasRegistration.ts';
import * as vaultSchemas from '../../src/ui/commands/vault/schemas.ts';
import { projectRoot } from '../host/cache.ts';

const named: Readonly<Record<string, unknown>> = {
  ...schemas,
  ...viewSchemas,
  ...registrationSchemas,
  ...vaultSchemas,
  '{}': {},
  '{ ask: flag }': { ask: flag },
};

/** The options that each command checks for. The commands themselves need an editor, so their source tells which schema they have. */
export function optionsOfSchemas(): Map<string, string[]> {
  const folder = path.join(projectRoot, 'src', 'ui', 'commands');
  const found = new Map<string, string[]>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    const makers = new Map<string, string[]>();
    const parts = text.split(/^(?=export const |(?:export )?function )/m);
    for (const part of parts) {
      const [, schema] = /^ +schema: (\{[^}]*\}|\w+)[,;]?$/m.exec(part) ?? [];
      if (schema === undefined) continue;
      const known = named[schema];
      if (known === undefined) throw new Error(`${file}: the schema ${schema} is not known here.`);
      const [, command] = /^export const \w+: Command<'(\w+)'>/.exec(part) ?? [];
      const [, maker] = /^(?:export )?function (\w+)</.exec(part) ?? [];
      if (command !== undefined) found.set(command, optionNames(known as Schema));
      else if (maker !== undefined) makers.set(maker, optionNames(known as Schema));
    }
    for (const [, maker = '', command = ''] of text.matchAll(/^export const \w+ = (\w+)<'(\w+)'>\(/gm)) {
      const options = makers.get(maker);
      if (options !== undefined) found.set(command, options);
    }
  }
  return found;
}

export interface TypedCommand {
  readonly options: readonly string[];
  /** Of the result, or of each entry where it is a list. */
  readonly result: readonly string[];
}

/** What `src/ui/automation.ts` promises. */
export function typedCommands(): Map<string, TypedCommand> {
  const root = path.join(projectRoot, 'src', 'ui', 'automation.ts');
  const { config } = ts.readConfigFile(path.join(projectRoot, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  const program = ts.createProgram([root], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(root);
  if (source === undefined) throw new Error('src/ui/automation.ts is not there.');
  const membersOf = (name: string): Map<string, ts.Type> => {
    const declared = source.statements.find(
      (each): each is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(each) && each.name.text === name,
    );
    if (declared === undefined) throw new Error(`There is no interface ${name}.`);
    const type = checker.getTypeAtLocation(declared);
    return new Map(type.getProperties().map((one) => [one.name, checker.getTypeOfSymbolAtLocation(one, declared)]));
  };
  const keysOf = (type: ts.Type): string[] => {
    if (type.isUnion()) return [...new Set(type.types.flatMap(keysOf))];
    const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    return element === undefined ? type.getProperties().map(({ name }) => name) : keysOf(element);
  };
  const results = membersOf('CommandResults');
  return new Map(
    [...membersOf('CommandOptions')].map(([name, type]) => {
      const result = results.get(name);
      return [name, { options: keysOf(type), result: result === undefined ? [] : keysOf(result) }];
    }),
  );
}

/** A command as the README's table has it; `…` in a result: it has more. */
export interface DocumentedCommand {
  readonly options: readonly string[];
  readonly result: readonly string[];
}

/** @param typed for what the table calls by a name, e.g. "as `setUp`" and "vault certificate" */
export function documentedCommands(typed: ReadonlyMap<string, TypedCommand>): Map<string, DocumentedCommand> {
  const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
  const found = new Map<string, DocumentedCommand>();
  const after = readme.slice(readme.indexOf('## Automation'));
  const table = after
    .slice(0, after.indexOf('### '))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const line of table) {
    const [, names = '', options = '', result = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    for (const [, name = ''] of names.matchAll(/`(\w+)`/g)) {
      if (name !== 'clientCertificate')
        found.set(name, { options: optionsIn(options, typed), result: keysIn(result, typed) });
    }
  }
  return found;
}

const policy = () => optionNames(vaultSchemas.vaultPolicySchema);

function optionsIn(cell: string, typed: ReadonlyMap<string, TypedCommand>): string[] {
  const plain = cell.replace(/\([^)]*\)/g, '');
  const same = /\bas `(\w+)`/.exec(plain)?.[1] ?? '';
  const own = [...plain.replace(/\bas `\w+`/, '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
  return [...(typed.get(same)?.options ?? []), ...own, ...(/\bpolicy\b/.test(plain) ? policy() : [])];
}

function keysIn(cell: string, typed: ReadonlyMap<string, TypedCommand>): string[] {
  const [said = ''] = cell.split(';');
  const same = /\bas `(\w+)`/.exec(said)?.[1];
  const rest = said.replace(/\bas `\w+`/, '');
  const words = rest.replace(/`[^`]*`/g, '');
  const inVault = typed.get('mergeSigned')?.result ?? [];
  const known = [
    ...(same === undefined ? [] : (typed.get(same)?.result ?? [])),
    ...(words.includes('certificate description') ? (typed.get('inspectCertificate')?.result ?? []) : []),
    ...(words.includes('vault certificate') ? inVault : []),
  ];
  const written = [...rest.matchAll(/`([^`]*)`/g)].flatMap(([, code = '']) => topLevel(code));
  return [
    ...new Set([
      ...known,
      ...written.flatMap((part) => {
        if (part === '…vault certificate') return inVault;
        if (part === '…policy') return policy();
        return [part];
      }),
    ]),
  ];
}

/** Names of the properties of `{a, b?: {c}}` or `[{a}]`, without what lies deeper. */
function topLevel(code: string): string[] {
  const inner = code.replace(/^\[?\{/, '').replace(/\}\]?$/, '');
  const parts: string[] = [''];
  let depth = 0;
  for (const character of inner) {
    if ('{['.includes(character)) depth++;
    if ('}]'.includes(character)) depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.map((part) => part.replace(/\??(?::.*)?$/s, '').trim()).filter((part) => part !== '');
}
