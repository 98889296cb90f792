/** The finer points of a config that checks look at: the key's file and pass phrase, misspelt names, known authorities. */
import type { Node } from '@babel/types';
import { dirname, resolve as resolvePath } from 'node:path';
import { positionAt } from '../base/edits.ts';
import type { AppContext } from './app.ts';
import type { ConfigSite, ExpressionHandle, ParsedSource } from './code.types.ts';
import { placeOf } from './envFiles.ts';
import { isCall, keyName, memberName, propertyOf, startOf, unwrap, walk } from './nodes.ts';
import { pathValue } from './paths.ts';
import { possibleValues } from './trace.ts';
import type { AppConfig, ResolvedValue } from './types.ts';

type Resolve = (expression: ExpressionHandle) => ResolvedValue;

/** What the certificate block refers to. The key itself, should it stand in the code, is not part of it. */
export function readCertificate(
  source: ParsedSource,
  certificate: NonNullable<ConfigSite['certificate']>,
  context: AppContext,
  resolve: Resolve,
): NonNullable<AppConfig['certificate']> {
  const { thumbprintProperty, thumbprint, privateKey } = certificate;
  const key = privateKey === undefined ? {} : readKey(source, privateKey, context, resolve);
  return {
    ...(thumbprintProperty === undefined ? {} : { thumbprintProperty }),
    ...(thumbprint === undefined ? {} : { thumbprint: resolve(thumbprint) }),
    ...(privateKey === undefined ? {} : { privateKey: resolve(privateKey).source }),
    ...key,
  };
}

/** Follows the key to the one `readFileSync` and the one pass phrase in it; several of either say nothing for sure. */
function readKey(
  source: ParsedSource,
  privateKey: ExpressionHandle,
  context: AppContext,
  resolve: Resolve,
): { keyFile?: string; passphrase?: ResolvedValue['source'] } {
  const files = new Set<string | undefined>();
  const passphrases: Node[] = [];
  const seen = new Set<Node>();
  const queue: Node[] = [privateKey];
  for (let next = queue.pop(); next !== undefined && seen.size < 50; next = queue.pop()) {
    for (const value of possibleValues(source, next)) {
      if (seen.has(value)) continue;
      seen.add(value);
      walk(value, (node) => {
        const name = isCall(node) ? calledName(node) : undefined;
        if (isCall(node) && name !== undefined && /^readFile(Sync)?$/.test(name)) {
          const [argument] = node.arguments;
          files.add(argument === undefined ? undefined : fileOf(source, argument, context));
        } else if (node.type === 'ObjectProperty' && keyName(node) === 'passphrase') passphrases.push(node.value);
        else if (node.type === 'Identifier' && node !== value) queue.push(node);
      });
    }
  }
  const [file] = files;
  const [passphrase] = passphrases;
  return {
    ...(files.size === 1 && file !== undefined ? { keyFile: file } : {}),
    ...(passphrases.length === 1 && passphrase !== undefined ? { passphrase: resolve(passphrase).source } : {}),
  };
}

function calledName(call: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>): string | undefined {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : memberName(callee);
}

/** A relative path counts from the folder the app is started in: where its `.env` lies, else its root. */
function fileOf(source: ParsedSource, argument: Node, context: AppContext): string | undefined {
  const path = pathValue(source, argument, context.env.value);
  if (path === undefined) return undefined;
  const env = placeOf(context.env, undefined);
  const start = env?.candidate.inStartFolder === true ? dirname(env.candidate.path) : context.appRoot;
  return resolvePath(start, path.path);
}

/** A secret in the code, a misspelt property, known authorities. */
export function readRemarks(
  source: ParsedSource,
  site: ConfigSite,
  resolve: Resolve,
): Pick<AppConfig, 'secretInCode' | 'misspelt' | 'knownAuthorities'> {
  const literal = site.secretLiteral;
  const { obstacle, auth } = site.nodes;
  const name = obstacle?.kind === 'misspelt' ? keyName(obstacle.node) : undefined;
  const known = auth?.type === 'ObjectExpression' ? propertyOf(auth, 'knownAuthorities') : undefined;
  return {
    ...(literal !== undefined && !literal.placeholder && literal.value !== '' ? { secretInCode: true as const } : {}),
    ...(name === undefined || obstacle === undefined
      ? {}
      : { misspelt: { name, line: positionAt(source.text, startOf(obstacle.node)).line } }),
    ...(known === undefined ? {} : { knownAuthorities: textsOf(known.value, resolve) }),
  };
}

function textsOf(value: Node, resolve: Resolve): readonly string[] | 'unknown' {
  const list = unwrap(value);
  if (list.type !== 'ArrayExpression') return 'unknown';
  const texts: string[] = [];
  for (const element of list.elements) {
    const text = element === null || element.type === 'SpreadElement' ? undefined : resolve(element).value;
    if (text === undefined) return 'unknown';
    texts.push(text);
  }
  return texts;
}
