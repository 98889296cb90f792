/** Reads back what a setup with a vault has written: which certificate of which vault the app uses. */
import type { Node } from '@babel/types';
import { dirname, extname, join } from 'node:path';
import type { FileReader } from '../base/ports.ts';
import type { AppContext } from './app.ts';
import type { ConfigSite, ExpressionHandle, ParsedSource } from './code.types.ts';
import { placeOf } from './envFiles.ts';
import { importOf } from './exports.ts';
import { isCall, isFunction, stringValue, unwrap } from './nodes.ts';
import { decodeText } from './textFiles.ts';
import { possibleValues } from './trace.ts';
import { describeValue } from './valueSource.ts';
import type { AppConfig, ResolvedValue, VaultUse } from './types.ts';

/** What the value of `clientAssertion` is, as far as this file tells. */
export function assertionKind(source: ParsedSource, value: ExpressionHandle): NonNullable<AppConfig['assertion']> {
  const kinds = new Set(possibleValues(source, value).map((each) => kindOf(source, unwrap(each))));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : 'unknown';
}

function kindOf(source: ParsedSource, value: Node): NonNullable<AppConfig['assertion']> {
  if (isFunction(value)) return 'function';
  if (stringValue(value) !== undefined || value.type === 'TemplateLiteral') return 'text';
  // A variable of the environment holds a text whoever set it.
  return describeValue(source, value).source.kind === 'environment' ? 'text' : 'unknown';
}

/** Undefined where the credential comes from elsewhere than from a module of ours. */
export async function readVaultUse(
  source: ParsedSource,
  site: ConfigSite,
  context: AppContext,
  reader: FileReader,
): Promise<VaultUse | undefined> {
  const value = site.assertion ?? site.certificate?.value;
  const specifier = value === undefined ? undefined : moduleBehind(source, value);
  if (specifier === undefined) return undefined;
  for (const path of candidates(join(dirname(source.fileName), specifier), extname(source.fileName))) {
    const bytes = await reader.read(path);
    if (bytes === undefined) continue;
    return ownModule(decodeText(bytes) ?? '', path, context);
  }
  return undefined;
}

/** The file that exports the value, or the function whose result it is. */
function moduleBehind(source: ParsedSource, value: ExpressionHandle): string | undefined {
  for (const each of [value, ...possibleValues(source, value)]) {
    let inner = unwrap(each);
    if (inner.type === 'AwaitExpression') inner = unwrap(inner.argument);
    if (isCall(inner)) inner = unwrap(inner.callee);
    const specifier = importOf(source, inner)?.specifier;
    if (specifier !== undefined && /^\.{1,2}\//.test(specifier)) return specifier;
  }
  return undefined;
}

/** TypeScript names the file that it makes; CommonJS leaves the extension out. */
function candidates(path: string, extension: string): string[] {
  const stem = path.replace(/\.[cm]?[jt]s$/, '');
  return [...new Set([path, `${stem}${extension.replace(/x$/, '')}`, `${stem}.ts`, `${stem}.js`])];
}

/** Both modules name their three values alike (keyVault/template.ts and keyVaultSign/template.ts). */
function ownModule(text: string, module: string, context: AppContext): VaultUse | undefined {
  const signs = text.includes('@azure/keyvault-keys') && /['"]PS256['"]/.test(text);
  if (!signs && !text.includes('@azure/keyvault-secrets')) return undefined;
  const valueOf = (declaration: string): ResolvedValue | undefined => {
    const code = new RegExp(`^[ \\t]*(?:const|let) (?:${declaration}) = (.+?);?\\r?$`, 'm').exec(text)?.[1] ?? '';
    const literal = /^(['"])([^'"]*)\1$/.exec(code)?.[2] ?? (/^await latest\w*\(/.test(code) ? 'latest' : undefined);
    if (literal !== undefined) return { value: literal, source: { kind: 'literal' } };
    const variable = /^setting\(['"]([^'"]+)['"]\)$/.exec(code)?.[1];
    return variable === undefined ? undefined : fromEnvironment(variable, context);
  };
  const [origin, certificate, version] = ['vaultUrl', 'name', 'version|wanted'].map(valueOf);
  if (origin === undefined || certificate === undefined || version === undefined) return undefined;
  return { keyFrom: signs ? 'keyVaultSign' : 'keyVault', module, origin, certificate, version };
}

function fromEnvironment(variable: string, context: AppContext): ResolvedValue {
  const value = context.env.value(variable);
  const place = placeOf(context.env, variable);
  return {
    ...(value === undefined ? {} : { value }),
    source: {
      kind: 'environment',
      variable,
      hasFallback: false,
      ...(place?.line === undefined ? {} : { envFile: place.candidate.path, envLine: place.line }),
    },
  };
}
