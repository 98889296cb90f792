/** Faults on demand: rules that spoil the answers of chosen requests. */
import type { Incoming, Reply } from './exchange.ts';

export type Surface = 'entra' | 'vault' | 'arm' | 'graph' | 'admin';

export type Damage =
  /** Answers only after so many milliseconds. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** Answers this instead, without touching any state. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly text?: string;
    }
  /** The right status and headers, and a body that is no JSON. */
  | { readonly kind: 'brokenJson' }
  /** The right length announced, half of the body sent, then the connection is cut. */
  | { readonly kind: 'truncated' }
  /** The connection is reset before anything is answered; the request has no effect. */
  | { readonly kind: 'reset' }
  /** The request takes effect and then the connection is reset: the answer is lost. */
  | { readonly kind: 'lostAnswer' };

export type Fault = Damage & {
  readonly surface?: Surface;
  /** The vault's name, for the surface `vault`. */
  readonly vault?: string;
  readonly method?: string;
  /** Regular expression that the path has to match. */
  readonly path?: string;
  /** How many requests it hits; for ever unless given. */
  readonly times?: number;
  /** Lets so many matching requests pass before the first hit. */
  readonly skip?: number;
};

export interface Faults {
  /** Adds a rule; the first added rule that matches wins. Returns a function that removes it. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Which fault hits this request; counts it. */
  hit(incoming: Incoming, surface: Surface, vault?: string): Fault | undefined;
}

export function createFaults(): Faults {
  let rules: { fault: Fault; left: number; skip: number }[] = [];
  return {
    add(fault) {
      const rule = { fault, left: fault.times ?? Infinity, skip: fault.skip ?? 0 };
      rules.push(rule);
      return () => {
        rules = rules.filter((other) => other !== rule);
      };
    },
    clear() {
      rules = [];
    },
    hit(incoming, surface, vault) {
      const rule = rules.find(({ fault, left }) => left > 0 && matches(fault, incoming, surface, vault));
      if (rule === undefined) return undefined;
      if (rule.skip > 0) {
        rule.skip -= 1;
        return undefined;
      }
      rule.left -= 1;
      return rule.fault;
    },
  };
}

function matches(fault: Fault, incoming: Incoming, surface: Surface, vault: string | undefined): boolean {
  return (
    (fault.surface === undefined || fault.surface === surface) &&
    (fault.vault === undefined || fault.vault === vault) &&
    (fault.method === undefined || fault.method === incoming.method) &&
    (fault.path === undefined || new RegExp(fault.path).test(incoming.path))
  );
}

/** The answer of a `reply` fault. */
export const faultReply = (fault: Fault & { kind: 'reply' }): Reply => ({
  status: fault.status,
  headers: fault.headers ?? {},
  ...(fault.text === undefined ? { json: fault.json ?? {} } : { text: fault.text }),
});
