/** The resources that tokens are for, by all their names. */
import type { ResourceKind } from './entra/clients.ts';

export interface Resources {
  /** Undefined for a resource that the sandbox does not know. A trailing slash does not count. */
  readonly kind: (resource: string) => ResourceKind | undefined;
  /** Every accepted audience of a surface, without a trailing slash. */
  readonly audiences: (kind: 'arm' | 'graph') => readonly string[];
}

const vault = ['https://vault.azure.net', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'];
const arm = ['https://management.azure.com', 'https://management.core.windows.net'];
const graph = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'];

/** A custom cloud may also name the surfaces by their own origins. */
export function createResources(origins: () => { arm: string; graph: string }): Resources {
  const audiences = (kind: 'arm' | 'graph'): string[] => [...(kind === 'arm' ? arm : graph), origins()[kind]];
  return {
    kind: (resource) => {
      const name = resource.replace(/\/$/, '');
      if (vault.includes(name)) return 'vault';
      if (audiences('arm').includes(name)) return 'arm';
      return audiences('graph').includes(name) ? 'graph' : undefined;
    },
    audiences,
  };
}
