import type { PlanDescription, SetupPlan } from './types.ts';

/** A printable form of the plan without any secret. */
export function describePlan(plan: SetupPlan): PlanDescription {
  throw new Error(`being built: ${plan.keyFrom}`);
}
