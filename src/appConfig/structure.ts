/** Objects that nothing in a file ties to MSAL Node: judged by their own shape and by what they are handed to. */
import type { Node, ObjectExpression } from '@babel/types';
import type { ParsedSource, SiteEvidence } from './code.types.ts';
import { msalNode, nameOf, type Clients } from './evidence.ts';
import { importOf } from './exports.ts';
import { isFunction, isMember, keyName, memberName, pathOf, propertyOf, rootOf } from './nodes.ts';
import { findBinding } from './scope.ts';
import { calleeAround, valuesOfProperty } from './trace.ts';

const authKeys = [
  'authority',
  'knownAuthorities',
  'cloudDiscoveryMetadata',
  'authorityMetadata',
  'azureCloudOptions',
  'protocolMode',
];
/** Keys that MSAL's `auth` never has and other libraries' objects do (nodemailer, passport, ADAL, TeamsFx, OAuth clients). */
const foreignKeys = new Set(
  'type user pass refreshToken accessToken accessUrl tokenUrl tokenURL tokenHost tokenEndpoint token_endpoint issuer authorization authorizationUrl scope callbackURL clientID identityMetadata grantType grant_type authorityHost authorityHostUrl initiateLoginEndpoint audience providers provider'.split(
    ' ',
  ),
);
const foreignModules =
  /^(next-auth|@auth\/|better-auth|nodemailer|tedious|mssql|passport|adal-node|botbuilder|botframework|@microsoft\/teamsfx|googleapis|openid-client|simple-oauth2|@azure\/msal-(browser|react|angular)|@azure\/identity|express-openid-connect)/;
const foreignCallees =
  /(NextAuth|betterAuth|createTransport|Strategy|Provider|TransportStream|Adapter|Connection|Credential|Factory|OAuth2?|AuthenticationContext|TeamsFx)$/;

/** Judges an object that nothing in this file ties to MSAL: only its own shape and surroundings speak. */
export function structuralEvidence(
  source: ParsedSource,
  object: ObjectExpression,
  clients: Clients,
): SiteEvidence | undefined {
  const holder = holderOf(source, object);
  if (holder === undefined || !/^(auth|authOptions|appCredentials|credentials)$/.test(holder.name)) return undefined;
  const names = new Set(object.properties.flatMap((property) => keyName(property) ?? []));
  const spread = object.properties.some((property) => property.type === 'SpreadElement');
  if ([...names].some((name) => foreignKeys.has(name))) return undefined;
  if (!names.has('clientId') && !spread) return undefined;
  const root = holder.config;
  const callee = calleeAround(source, root ?? object);
  const calleePath = callee && 'callee' in callee ? pathOf(callee.callee) : undefined;
  const wrapper = calleePath?.join('.').endsWith('WebAppAuthProvider.initialize') === true;
  if (!wrapper && isForeign(source, root ?? object, callee)) return undefined;
  // `new ClientSecretCredential(auth.tenantId, …)` is often all that such a file has.
  if (clients.modules.has('@azure/identity') && !clients.modules.has(msalNode)) return undefined;
  const siblings = new Set(root?.properties.flatMap((property) => keyName(property) ?? []) ?? []);
  const authority = authKeys.some((name) => names.has(name));
  if (holder.name === 'credentials')
    return ['authRoutes', 'accessMatrix', 'protectedResources', 'resources'].some((name) => siblings.has(name)) &&
      (names.has('tenantId') || authority)
      ? 'structure'
      : undefined;
  if (holder.name === 'appCredentials') return names.has('tenantId') || authority ? 'structure' : undefined;
  const loggerOptions =
    root !== undefined &&
    valuesOfProperty(source, root, 'system').some(
      (system) => system.type === 'ObjectExpression' && propertyOf(system, 'loggerOptions'),
    );
  const named =
    /msal/i.test(nameOf(source, root ?? object) ?? '') || /msal/i.test(source.fileName.replace(/^.*[/\\]/, ''));
  const browserOnly =
    ![...clients.modules].includes(msalNode) &&
    [...clients.modules].some((name) => /^@azure\/msal-(browser|react|angular)/.test(name));
  if (browserOnly) return undefined;
  // The import alone says nothing of an object that goes straight into a call of something else.
  const msal = clients.modules.has(msalNode) && (callee === undefined || isOwn(source, callee));
  return authority || loggerOptions || wrapper || named || msal ? 'structure' : undefined;
}

/** Handed to another library: at once, or by the name of the constant that holds it and is handed to nothing else. */
function isForeign(source: ParsedSource, object: Node, callee: Node | undefined): boolean {
  const takers = callee === undefined ? takersOf(source, object) : [callee];
  return takers.length > 0 && takers.every((call) => isForeignCall(source, call));
}

/** The calls that get an object, or parts of it, by the constant's name; none where it is used otherwise as well. */
function takersOf(source: ParsedSource, object: Node): Node[] {
  const declarator = declaratorOf(source, object);
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return [];
  const { id } = declarator;
  const takers: Node[] = [];
  for (const node of source.all) {
    if (node.type !== 'Identifier' || node.name !== id.name || node === id) continue;
    const parent = source.parents.get(node);
    if (parent && 'key' in parent && parent.key === node && !('shorthand' in parent && parent.shorthand)) continue;
    if (parent && isMember(parent) && parent.property === node && !parent.computed) continue;
    if (findBinding(source, node, id.name)?.identifier !== id) continue;
    const call = calleeAround(source, node);
    if (call === undefined) return [];
    takers.push(call);
  }
  return takers;
}

function declaratorOf(source: ParsedSource, object: Node): Node | undefined {
  let node = source.parents.get(object);
  while (node !== undefined && /^(?:TSAsExpression|TSSatisfiesExpression|TSTypeAssertion)$/.test(node.type))
    node = source.parents.get(node);
  return node;
}

/** Functions of libraries that hand on what they get. */
const neutral =
  /^(?:assign|freeze|seal|structuredClone|cloneDeep|merge|mergeWith|deepmerge|defaults|defaultsDeep|extend|defineConfig|registerAs|convict|log|info|debug)$/;

const ownModule = /^(?:\.|@\/|~\/)/;

function isForeignCall(source: ParsedSource, call: Node): boolean {
  const path = 'callee' in call ? pathOf(call.callee) : undefined;
  const name = path?.at(-1) ?? '';
  const specifier = specifierOf(source, call);
  if (specifier !== undefined && foreignModules.test(specifier)) return true;
  if (neutral.test(name) || ownModule.test(specifier ?? '')) return false;
  if (specifier !== undefined) return !/msal|microsoft-identity/i.test(specifier);
  return path !== undefined && !/msal|AuthProvider$/i.test(name) && foreignCallees.test(name);
}

function specifierOf(source: ParsedSource, call: Node): string | undefined {
  return 'callee' in call ? importOf(source, rootOf(call.callee))?.specifier : undefined;
}

/** A function or class of this app: of this file, or of one that a relative or aliased import names. */
function isOwn(source: ParsedSource, call: Node): boolean {
  const specifier = specifierOf(source, call);
  if (specifier !== undefined) return specifier === msalNode || ownModule.test(specifier);
  const root = 'callee' in call ? rootOf(call.callee) : undefined;
  if (root?.type === 'ThisExpression' || root?.type === 'Super') return true;
  if (root?.type !== 'Identifier' || !('callee' in call) || call.callee !== root) return false;
  const binding = findBinding(source, root, root.name);
  return binding?.kind === 'function' || binding?.declaration.type === 'ClassDeclaration' || isLocalFunction(binding);
}

function isLocalFunction(binding: ReturnType<typeof findBinding>): boolean {
  return binding?.init !== undefined && isFunction(binding.init);
}

/** The key, variable, field or member that holds an object, and the configuration around it. */
function holderOf(source: ParsedSource, object: Node): { name: string; config?: ObjectExpression } | undefined {
  let child = object;
  for (let node = source.parents.get(object); node !== undefined; child = node, node = source.parents.get(node)) {
    switch (node.type) {
      case 'ObjectProperty': {
        const name = keyName(node);
        const config = source.parents.get(node);
        return name === undefined ? undefined : { name, ...(config?.type === 'ObjectExpression' ? { config } : {}) };
      }
      case 'AssignmentExpression': {
        const name = memberName(node.left) ?? (node.left.type === 'Identifier' ? node.left.name : undefined);
        return name === undefined ? undefined : { name };
      }
      case 'VariableDeclarator':
        return node.id.type === 'Identifier' ? { name: node.id.name } : undefined;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'ConditionalExpression':
      case 'LogicalExpression':
        break;
      default:
        return child === object ? undefined : undefined;
    }
  }
  return undefined;
}
