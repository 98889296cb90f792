/** What reads show of an application that was just written: Graph answers from replicas, and some of them are behind. */
import type { SandboxClock } from '../clock.ts';
import type { Application } from '../entra/directory.ts';
import type { GraphSettings } from './settings.ts';

export interface Replicas {
  /** What the replica shows that this read comes to; one call is one read. */
  read(application: Application): Application;
  /** Remembers how the application is right before somebody writes, through whichever door. */
  remember(application: Application): void;
}

export function createReplicas(
  settings: Pick<GraphSettings, 'readDelaySeconds' | 'replicas'>,
  clock: SandboxClock,
): Replicas {
  /** States before writes that are not everywhere yet, oldest first. */
  const old = new Map<string, { readonly until: number; readonly application: Application }[]>();
  let reads = 0;
  const notEverywhere = ({ id }: Application) => (old.get(id) ?? []).filter(({ until }) => until > clock.now());
  return {
    read(application) {
      const replica = settings.replicas[reads++ % Math.max(1, settings.replicas.length)];
      return replica === 'current' ? application : (notEverywhere(application)[0]?.application ?? application);
    },
    remember(application) {
      const { readDelaySeconds } = settings;
      if (readDelaySeconds <= 0) return;
      const until = clock.now() + readDelaySeconds * 1000;
      old.set(application.id, [...notEverywhere(application), { until, application: structuredClone(application) }]);
    },
  };
}
