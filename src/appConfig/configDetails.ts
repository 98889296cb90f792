/** The finer points of a config that checks look at: the key's file and pass phrase, misspelt names, known authorities. */
import type { Node, ObjectExpression } from '@babel/types';
import { positionAt } from '../base/edits.ts';
import type { AppContext } from './app.ts';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { readPlaces, thumbprintOf } from './configPlaces.ts';
import { readKey, type Resolve } from './keyUse.ts';
import { misspeltIn } from './misspelt.ts';
import { isEmptyValue, keyName, propertyOf, startOf, unwrap } from './nodes.ts';
import { possibleObjects } from './trace.ts';
import type { AppConfig, MsalVersion } from './types.ts';

/** What the certificate block refers to. The key itself, should it stand in the code, is not part of it. */
export function readCertificate(
  source: ParsedSource,
  certificate: NonNullable<ConfigSite['certificate']>,
  context: AppContext,
  resolve: Resolve,
): NonNullable<AppConfig['certificate']> {
  const { privateKey } = certificate;
  const blocks = possibleObjects(source, certificate.value);
  const thumbprint = blocks[0] && thumbprintOf(blocks[0], context.msal);
  const isSha1 = thumbprint !== undefined && keyName(thumbprint) === 'thumbprint';
  const x5c = blocks[0] && propertyOf(blocks[0], 'x5c');
  const lacks = blocks.length === 1 && blocks[0] !== undefined ? lackingIn(blocks[0]) : [];
  return {
    ...(thumbprint === undefined ? {} : { thumbprintProperty: isSha1 ? 'thumbprint' : 'thumbprintSha256' }),
    ...(thumbprint === undefined ? {} : { thumbprint: resolve(thumbprint.value) }),
    ...(privateKey === undefined ? {} : readKey(source, privateKey, context, resolve)),
    ...(x5c === undefined ? {} : { x5c: resolve(x5c.value) }),
    ...(lacks.length === 0 ? {} : { lacks }),
  };
}

/** Nothing where the block may get more from elsewhere, or is filled by a later assignment. `undefined` and '' are as good as none. */
function lackingIn(block: ObjectExpression): ('thumbprint' | 'privateKey')[] {
  if (block.properties.some((property) => keyName(property) === undefined)) return [];
  const names = block.properties
    .filter((property) => property.type !== 'ObjectProperty' || !isEmptyValue(property.value))
    .map((property) => keyName(property));
  const lacks: ('thumbprint' | 'privateKey')[] = [];
  if (!names.includes('thumbprint') && !names.includes('thumbprintSha256')) lacks.push('thumbprint');
  if (!names.includes('privateKey')) lacks.push('privateKey');
  return lacks;
}

/** A secret in the code, a misspelt property, known authorities. */
export function readRemarks(
  source: ParsedSource,
  site: ConfigSite,
  resolve: Resolve,
  msal: MsalVersion,
): Pick<
  AppConfig,
  'secretInCode' | 'secretSet' | 'secretShape' | 'alternatives' | 'misspelt' | 'knownAuthorities' | 'places'
> {
  const literal = site.secretLiteral;
  const { auth } = site.nodes;
  const wrong = misspeltIn(source, site);
  const known = auth?.type === 'ObjectExpression' ? propertyOf(auth, 'knownAuthorities') : undefined;
  return {
    ...(literal !== undefined && !literal.placeholder && literal.value !== '' ? { secretInCode: true as const } : {}),
    ...readSecret(site, resolve),
    ...(wrong === undefined
      ? {}
      : {
          misspelt: {
            name: wrong.name,
            line: positionAt(source.text, startOf(wrong.node)).line,
            meant: wrong.meant,
          },
        }),
    ...(known === undefined ? {} : { knownAuthorities: textsOf(known.value, resolve) }),
    places: readPlaces(source, site, wrong?.node, msal, resolve),
  };
}

/** What can be said about the secret's value without handing it out. */
function readSecret(
  { credential, nodes, secretLiteral, certificate }: ConfigSite,
  resolve: Resolve,
): Pick<AppConfig, 'secretSet' | 'secretShape' | 'alternatives'> {
  const { secretValue, obstacle } = nodes;
  if (secretValue === undefined || credential === 'certificate') return {};
  const { value } = resolve(secretValue);
  const isAlternative =
    credential === 'secretAndCertificate' &&
    ((obstacle?.kind === 'both' && isChoice(obstacle.node)) ||
      (obstacle?.kind === 'spread' && isChosenSpread(obstacle.node)) ||
      [secretValue, certificate?.value].some((each) => each !== undefined && isConditional(unwrap(each))));
  const isSample = secretLiteral?.placeholder === true && value === secretLiteral.value;
  return {
    ...(isAlternative ? { alternatives: true as const } : {}),
    ...(value !== undefined && value !== '' && !isSample ? { secretSet: true } : {}),
    ...(value === '' ? { secretSet: false } : {}),
    ...(value === undefined ? {} : shapeOf(value)),
  };
}

function isChoice({ type }: Node): boolean {
  return /^(?:IfStatement|ConditionalExpression|SwitchStatement|LogicalExpression|NewExpression)$/.test(type);
}

/** `...(condition ? {certificate} : {secret})`. */
function isChosenSpread(node: Node): boolean {
  return node.type === 'SpreadElement' && unwrap(node.argument).type === 'ConditionalExpression';
}

/** `condition ? {…} : undefined`, `condition && {…}`. */
function isConditional(value: Node): boolean {
  return value.type === 'ConditionalExpression' || (value.type === 'LogicalExpression' && value.operator === '&&');
}

function shapeOf(value: string): Pick<AppConfig, 'secretShape'> {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value.trim())) return { secretShape: 'id' };
  return value.includes('-----BEGIN ') ? { secretShape: 'pem' } : {};
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
