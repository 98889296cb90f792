/** What code awaits before it makes or uses a client, and how a file gets at it. */
import type { Node } from '@babel/types';
import type { ParsedSource } from '../code.types.ts';

/** `clientCertificateFetched()` of the new module, or the promise behind a client that is made when the file is loaded. */
export type Gate =
  | { readonly kind: 'certificate' }
  | { readonly kind: 'variable'; readonly source: ParsedSource; readonly name: string; readonly promise: string };

/** One certificate gate for all: gates are told apart by identity. */
export const certificateGate: Gate = { kind: 'certificate' };

/** A place that needs the gate to be open. */
export interface Need {
  readonly source: ParsedSource;
  readonly node: Node;
  readonly gate: Gate;
}
