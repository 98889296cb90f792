/** Finds the configurations of MSAL Node in one file. */
import type { AssignmentExpression, Node, ObjectExpression, ObjectProperty } from '@babel/types';
import { positionAt } from '../base/edits.ts';
import type {
  ConfigSite,
  ParsedSource,
  SecretLiteral,
  SiteEvidence,
  SiteHints,
  SiteNodes,
  SiteObstacle,
} from './code.types.ts';
import { authObjectsOf, msalNode, msalType, readClients, type Clients } from './evidence.ts';
import { exportsOf } from './exports.ts';
import {
  endOf,
  isEmptyValue,
  isMember,
  keyName,
  memberName,
  pathOf,
  propertyOf,
  startOf,
  stringValue,
  unwrap,
} from './nodes.ts';
import { isPlaceholderCertificate, isSampleText } from './samples.ts';
import { findBinding } from './scope.ts';
import { structuralEvidence } from './structure.ts';
import { possibleObjects, possibleValues } from './trace.ts';
import type { CredentialKind } from './types.ts';
import { describeValue } from './valueSource.ts';

/** What stands in one auth object, or is assigned to it. */
interface Draft {
  readonly auth?: ObjectExpression;
  readonly evidence: SiteEvidence;
  readonly client?: Node;
  secret?: ObjectProperty | AssignmentExpression;
  certificate?: ObjectProperty | AssignmentExpression;
  assertion?: ObjectProperty | AssignmentExpression;
  obstacle?: SiteObstacle;
  credential: CredentialKind;
}

const credentialNames = /^(clientSecret|clientCertificate|clientAssertion)$/i;

/**
 * All configurations of MSAL Node in the source, in order. Objects of other libraries that look alike are left out.
 * @param hints what other files of the workspace say about this one's exports
 */
export function findSites(source: ParsedSource, hints: SiteHints = {}): ConfigSite[] {
  const clients = readClients(source, hints);
  const drafts = new Map<ObjectExpression, Draft>();
  const assignments: AssignmentExpression[] = [];
  for (const { object, evidence, client } of clients.auths.values())
    drafts.set(object, { auth: object, evidence, credential: 'none', ...(client ? { client } : {}) });
  source.all.forEach((node) => {
    if (node.type === 'ObjectExpression') {
      if (drafts.has(node) || clients.publicOnly.has(node) || !mentionsCredential(node)) return;
      const evidence = structuralEvidence(source, node, clients);
      if (evidence) drafts.set(node, { auth: node, evidence, credential: 'none' });
    } else if (
      node.type === 'AssignmentExpression' &&
      /^client(Secret|Certificate|Assertion)$/.test(memberName(node.left) ?? '')
    )
      assignments.push(node);
  });
  for (const draft of drafts.values()) readObject(source, draft);
  const all = [...drafts.values()];
  for (const assignment of assignments) readAssignment(source, assignment, drafts, all, clients);
  for (const draft of all) draft.credential = credentialOf(source, draft);
  markAlternatives(source, all);
  return all
    .filter((draft) => draft.credential !== 'none' || draft.evidence !== 'structure' || draft.obstacle !== undefined)
    .map((draft) => toSite(source, draft))
    .sort((a, b) => a.offset - b.offset);
}

function mentionsCredential(object: ObjectExpression): boolean {
  return object.properties.some((property) =>
    property.type === 'SpreadElement'
      ? literalsIn(property.argument).length > 0
      : credentialNames.test(keyName(property) ?? ''),
  );
}

/** Object literals with a credential in `...(condition && {...})` and `...(a ? {...} : {...})`. */
function literalsIn(argument: Node): ObjectExpression[] {
  const inner = unwrap(argument);
  switch (inner.type) {
    case 'ObjectExpression':
      return inner.properties.some((property) => credentialNames.test(keyName(property) ?? '')) ? [inner] : [];
    case 'LogicalExpression':
      return [...literalsIn(inner.left), ...literalsIn(inner.right)];
    case 'ConditionalExpression':
      return [...literalsIn(inner.consequent), ...literalsIn(inner.alternate)];
    default:
      return [];
  }
}

function readObject(source: ParsedSource, draft: Draft): void {
  if (!draft.auth) return;
  let inSpread = false;
  for (const property of draft.auth.properties) {
    if (property.type === 'SpreadElement') {
      const spread = [...literalsIn(property.argument), ...possibleObjects(source, property.argument)];
      for (const object of spread) {
        const secret = propertyOf(object, 'clientSecret');
        const certificate = propertyOf(object, 'clientCertificate');
        if (secret && !isEmptyValue(secret.value)) {
          draft.secret = secret;
          draft.obstacle ??= { kind: 'spread', node: property };
          inSpread = true;
        }
        if (certificate && !isPlaceholderCertificate(certificate.value)) draft.certificate = certificate;
      }
      // What is spread cannot be seen: only worth a word when nothing else holds the credential.
      if (spread.length === 0) draft.obstacle ??= { kind: 'spread', node: property };
      continue;
    }
    if (property.type !== 'ObjectProperty') continue;
    const name = keyName(property);
    if (name === 'clientSecret') {
      draft.secret = property;
      inSpread = false;
    } else if (name === 'clientCertificate') {
      draft.certificate = property;
    } else if (name === 'clientAssertion' && !isEmptyValue(property.value)) draft.assertion = property;
    else if (name !== undefined && /^clientCertificate$/i.test(name))
      draft.obstacle = { kind: 'misspelt', node: property };
  }
  if (draft.obstacle?.kind === 'spread' && draft.secret && !inSpread) delete draft.obstacle;
}

const valueOf = (node: ObjectProperty | AssignmentExpression): Node =>
  node.type === 'ObjectProperty' ? node.value : node.right;

function readAssignment(
  source: ParsedSource,
  assignment: AssignmentExpression,
  drafts: Map<ObjectExpression, Draft>,
  all: Draft[],
  clients: Clients,
): void {
  if (!isMember(assignment.left) || isEmptyValue(assignment.right)) return;
  const target = assignment.left.object;
  const name = memberName(assignment.left);
  const slot = name === 'clientSecret' ? 'secret' : name === 'clientCertificate' ? 'certificate' : 'assertion';
  const object = possibleValues(source, target).find(
    (value): value is ObjectExpression => value.type === 'ObjectExpression',
  );
  let draft = object && drafts.get(object);
  if (!draft && object && clients.publicOnly.has(object)) {
    // One object for both kinds of client: the assignment is the confidential one's (PowerBI samples).
    if (clients.confidential.length === 0) return;
    draft = { auth: object, evidence: 'constructor', credential: 'none' };
  }
  if (!draft) {
    const evidence = assignmentEvidence(source, target, clients);
    const same = pathOf(target)?.join('.');
    draft = all.find(
      (other) =>
        other.auth === undefined &&
        other.secret?.type === 'AssignmentExpression' &&
        same !== undefined &&
        isMember(other.secret.left) &&
        pathOf(other.secret.left.object)?.join('.') === same,
    );
    if (!draft && evidence) {
      draft = { evidence, credential: 'none', ...(object ? { auth: object } : {}) };
    }
  }
  if (!draft) return;
  if (!all.includes(draft)) all.push(draft);
  if (draft.auth) drafts.set(draft.auth, draft);
  const previous = draft[slot];
  if (slot === 'secret' && previous && !isEmptyValue(valueOf(previous)) && !isSample(valueOf(previous)))
    draft.obstacle = { kind: 'reassigned', node: assignment };
  else draft[slot] = assignment;
}

function isSample(node: Node): boolean {
  const text = stringValue(unwrap(node));
  return text !== undefined && isSampleText(text);
}

function assignmentEvidence(source: ParsedSource, target: Node, clients: Clients): SiteEvidence | undefined {
  const path = pathOf(target);
  const [first] = path ?? [];
  const id = first === undefined ? undefined : findBinding(source, target, first)?.identifier;
  if (id?.type === 'Identifier' && id.typeAnnotation && msalType(source, id.typeAnnotation) !== undefined)
    return 'type';
  return path?.at(-1) === 'auth' && path.length > 1 && clients.modules.has(msalNode) ? 'structure' : undefined;
}

function credentialOf(source: ParsedSource, draft: Draft): CredentialKind {
  const secret = draft.secret && !isEmptyValue(valueOf(draft.secret)) ? draft.secret : undefined;
  const certificate =
    draft.certificate && !isPlaceholderCertificate(valueOf(draft.certificate)) ? draft.certificate : undefined;
  if (secret && certificate) {
    if (draft.obstacle?.kind !== 'spread')
      draft.obstacle = { kind: 'both', node: choiceBetween(source, secret, certificate) ?? certificate };
    return 'secretAndCertificate';
  }
  if (certificate) return 'certificate';
  if (draft.assertion && !secret) return 'assertion';
  if (secret) return 'secret';
  // An empty text is filled in by somebody: in a file that makes no client of it that is another file.
  return draft.secret && /^(?:constructor|wrapper)$/.test(draft.evidence) ? 'secret' : 'none';
}

/** A secret here and a certificate there, of which the program takes one: the app already can use a certificate. */
function markAlternatives(source: ParsedSource, drafts: readonly Draft[]): void {
  const nodeOf = (draft: Draft): Node | undefined => draft.secret ?? draft.certificate ?? draft.auth;
  for (const draft of drafts) {
    if (draft.credential !== 'secret') continue;
    for (const other of drafts) {
      if (other.credential !== 'certificate') continue;
      const a = nodeOf(draft);
      const b = nodeOf(other);
      const sameClient = draft.client !== undefined && draft.client === other.client ? draft.client : undefined;
      const choice = (a && b ? choiceBetween(source, a, b) : undefined) ?? sameClient;
      if (!choice) continue;
      draft.credential = 'secretAndCertificate';
      draft.obstacle = { kind: 'both', node: choice };
    }
  }
}

/** The `if`, `?:` or `switch` that takes either of the two nodes. */
function choiceBetween(source: ParsedSource, a: Node, b: Node): Node | undefined {
  const ancestors = (from: Node): Node[] => {
    const chain: Node[] = [];
    for (let node: Node | undefined = from; node !== undefined; node = source.parents.get(node)) chain.push(node);
    return chain;
  };
  const isChoice = (node: Node): boolean =>
    /^(IfStatement|ConditionalExpression|SwitchStatement|LogicalExpression)$/.test(node.type);
  const chainA = ancestors(a);
  const chainB = ancestors(b);
  const common = chainA.find((node) => chainB.includes(node));
  if (common === undefined) return undefined;
  if (isChoice(common)) return common;
  // `if (certificate) return {...}; return {...};`: only within one function, two clients of one file are not a choice.
  const inFunction = ancestors(common).some((node) => /Function|Method/.test(node.type));
  if (!inFunction || common.type !== 'BlockStatement') return undefined;
  const below = [...chainA.slice(0, chainA.indexOf(common)), ...chainB.slice(0, chainB.indexOf(common))];
  return below.find((node) => node.type === 'IfStatement' || node.type === 'SwitchStatement');
}

function toSite(source: ParsedSource, draft: Draft): ConfigSite {
  const { auth } = draft;
  const node =
    draft.secret && draft.credential !== 'certificate' ? draft.secret : (draft.certificate ?? draft.assertion ?? auth);
  const offset = node ? startOf(node) : 0;
  const secretValue = draft.secret && valueOf(draft.secret);
  const described = secretValue && draft.credential !== 'certificate' ? describeValue(source, secretValue) : undefined;
  const certificate =
    draft.certificate && !isPlaceholderCertificate(valueOf(draft.certificate)) ? valueOf(draft.certificate) : undefined;
  const block = certificate && possibleObjects(source, certificate)[0];
  const thumbprint256 = block && propertyOf(block, 'thumbprintSha256');
  const thumbprint = thumbprint256 ?? (block && propertyOf(block, 'thumbprint'));
  const privateKey = block && propertyOf(block, 'privateKey');
  const literal = described?.literal && draft.secret ? literalOf(source, described.literal, draft.secret) : undefined;
  const get = (name: string): Node | undefined => (auth ? propertyOf(auth, name)?.value : undefined);
  const [clientId, authority, tenantId] = [get('clientId'), get('authority'), get('tenantId')];
  const exportedName = auth && exportedNameOf(source, auth);
  const nodes: SiteNodes = {
    ...(auth ? { auth } : {}),
    ...(draft.secret ? { secret: draft.secret } : {}),
    ...(secretValue ? { secretValue } : {}),
    ...(draft.certificate ? { certificate: draft.certificate } : {}),
    ...(draft.obstacle ? { obstacle: draft.obstacle } : {}),
  };
  return {
    offset,
    ...positionAt(source.text, offset),
    credential: draft.credential,
    evidence: draft.evidence,
    form: draft.secret?.type === 'AssignmentExpression' ? 'assignment' : 'object',
    ...(described ? { secret: described.source } : {}),
    ...(literal ? { secretLiteral: literal } : {}),
    ...(clientId ? { clientId } : {}),
    ...(authority ? { authority } : {}),
    ...(tenantId ? { tenantId } : {}),
    ...(certificate
      ? {
          certificate: {
            value: certificate,
            ...(thumbprint
              ? { thumbprintProperty: thumbprint256 ? 'thumbprintSha256' : 'thumbprint', thumbprint: thumbprint.value }
              : {}),
            ...(privateKey ? { privateKey: privateKey.value } : {}),
          },
        }
      : {}),
    ...(draft.assertion ? { assertion: valueOf(draft.assertion) } : {}),
    ...(exportedName === undefined ? {} : { exportedName }),
    nodes,
  };
}

function literalOf(source: ParsedSource, literal: Node, secret: Node): SecretLiteral | undefined {
  const value = stringValue(literal);
  if (value === undefined) return undefined;
  const start = startOf(literal) + 1;
  const end = endOf(literal) - 1;
  return {
    value,
    start,
    end,
    rawEqualsValue: source.text.slice(start, end) === value,
    placeholder: isSampleText(value),
    removed: startOf(literal) >= startOf(secret) && endOf(literal) <= endOf(secret),
  };
}

function exportedNameOf(source: ParsedSource, auth: ObjectExpression): string | undefined {
  const all = exportsOf(source);
  const config = all.find(({ value }) =>
    possibleObjects(source, value).some((object) => authObjectsOf(source, object).includes(auth)),
  );
  return (config ?? all.find(({ value }) => possibleObjects(source, value).includes(auth)))?.name;
}
