/** Properties that MSAL ignores because of their spelling. Only names that are all but the right one count: others may be somebody's own. */
import type { Node, ObjectExpression } from '@babel/types';
import type { ConfigSite, ParsedSource } from './code.types.ts';
import { keyName, propertyOf } from './nodes.ts';
import { possibleObjects } from './trace.ts';

export interface Misspelt {
  /** The property. */
  readonly node: Node;
  readonly name: string;
  readonly meant: string;
}

/** Properties of MSAL Node's `auth` and of its certificate. */
const authNames = ['clientCertificate', 'clientSecret', 'clientAssertion', 'clientId', 'authority'];
const certificateNames = ['thumbprintSha256', 'thumbprint', 'privateKey', 'x5c'];

/** The first misspelt property that matters: of the credential, then within the certificate. */
export function misspeltIn(source: ParsedSource, site: ConfigSite): Misspelt | undefined {
  const { obstacle, auth } = site.nodes;
  if (obstacle?.kind === 'misspelt') {
    const name = keyName(obstacle.node);
    if (name !== undefined) return { node: obstacle.node, name, meant: 'clientCertificate' };
  }
  // Of an object that is MSAL's by its looks alone, other names may be somebody else's.
  const isSure = site.evidence === 'constructor' || site.evidence === 'type';
  const inAuth = isSure && auth?.type === 'ObjectExpression' ? wrongNameIn(auth, authNames, 'credential') : undefined;
  if (inAuth !== undefined) return inAuth;
  const block = site.certificate === undefined ? undefined : possibleObjects(source, site.certificate.value)[0];
  return block === undefined ? undefined : wrongNameIn(block, certificateNames, 'certificate');
}

function wrongNameIn(
  object: ObjectExpression,
  known: readonly string[],
  kind: 'credential' | 'certificate',
): Misspelt | undefined {
  for (const node of object.properties) {
    const name = keyName(node);
    if (name === undefined || known.includes(name)) continue;
    const meant = known.find((each) => isAlmost(name, each));
    // What is there under its right name too is no slip, and neither is a name with a meaning of its own.
    if (meant === undefined || propertyOf(object, meant) !== undefined) continue;
    if (kind === 'credential' && !/^client(?:Certificate|Secret|Assertion)$/.test(meant)) continue;
    return { node, name, meant };
  }
  return undefined;
}

/** Another case, or one or two letters too many, missing, changed or swapped in a long name. */
function isAlmost(name: string, meant: string): boolean {
  if (name.toLowerCase() === meant.toLowerCase()) return true;
  if (meant.length < 9 || Math.abs(name.length - meant.length) > 2) return false;
  // `thumbprintSha1`, `thumbprintSha512`: a name for another thing, not a slip of the finger.
  if (/\d/.test(name.replace('Sha256', ''))) return false;
  return distance(name.toLowerCase(), meant.toLowerCase()) <= 2;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
