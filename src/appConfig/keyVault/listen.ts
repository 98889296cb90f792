/** The one place where an app begins to take requests. */
import type { Node } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';
import { isCall, isMember, memberName, unwrap } from '../nodes.ts';
import type { AppFiles } from './appFiles.ts';

export interface Listen {
  readonly source: ParsedSource;
  /** The call, which is a statement of its own. */
  readonly call: Node;
}

/** Undefined where there is none, several, or one whose result is used. */
export async function findListen(files: AppFiles): Promise<Listen | undefined> {
  const found: Listen[] = [];
  for (const source of await files.with('.listen('))
    for (const node of source.all) {
      if (!isCall(node)) continue;
      const callee = unwrap(node.callee);
      if (isMember(callee) && memberName(callee) === 'listen') found.push({ source, call: node });
    }
  const [listen, ...others] = found;
  if (listen === undefined || others.length > 0) return undefined;
  return listen.source.parents.get(listen.call)?.type === 'ExpressionStatement' ? listen : undefined;
}
