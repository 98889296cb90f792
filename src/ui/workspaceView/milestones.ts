/** What the steps of the walkthrough are completed by: facts about the apps of the workspace, never clicks. Pure. */
import type { Step } from './checklist.ts';

/** By the names of the context keys. */
export const milestones = [
  'appConfigFound',
  'certificateMade',
  'certificateUploaded',
  'codeRewritten',
  'signInProven',
  'secretRetired',
] as const;
export type Milestone = (typeof milestones)[number];

const ofStep: Readonly<Record<Step['id'], Milestone>> = {
  certificate: 'certificateMade',
  uploaded: 'certificateUploaded',
  rewritten: 'codeRewritten',
  proven: 'signInProven',
  retired: 'secretRetired',
};

/**
 * What at least one app of the workspace has reached. A certificate that expires was made all the same; "retired" counts only for an app
 * that is proven, since an app that never had a secret has retired none.
 */
export function reached(apps: readonly (readonly Step[])[]): ReadonlySet<Milestone> {
  const found = new Set<Milestone>();
  if (apps.length > 0) found.add('appConfigFound');
  for (const steps of apps) {
    const isDone = (id: Step['id']) => steps.some((step) => step.id === id && step.state === 'done');
    for (const { id, state } of steps) {
      const counts = state === 'done' || (id === 'certificate' && state === 'problem');
      if (counts && (id !== 'retired' || isDone('proven'))) found.add(ofStep[id]);
    }
  }
  return found;
}

/** What the result of a command proves by itself, also where no app of this workspace is concerned. */
export function provenBy(command: string, result: unknown): readonly Milestone[] {
  if (typeof result !== 'object' || result === null) return [];
  const { ok, removed, proven, registered, status } = result as Record<string, unknown>;
  switch (command) {
    case 'createInVault':
      return status === 'completed' || status === 'recovered' ? ['certificateMade'] : [];
    case 'createSelfSigned':
    case 'importSigned':
    case 'importToVault':
      return ['certificateMade'];
    case 'setUp':
    case 'continueSetup':
    case 'rotate':
      return [
        'certificateMade',
        ...(registered === true ? (['certificateUploaded'] as const) : []),
        ...(proven === true ? (['signInProven'] as const) : []),
      ];
    case 'upload':
      return ['certificateUploaded'];
    case 'prove':
      return ok === true ? ['signInProven'] : [];
    case 'retireSecret':
      return Array.isArray(removed) && removed.length > 0 ? ['secretRetired'] : [];
    default:
      return [];
  }
}
