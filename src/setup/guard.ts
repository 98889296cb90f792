/** Rule 3: nothing private is written where git would pick it up. */
import type { FileEdits } from '../appConfig/types.ts';
import { envTrackedByGit, notIgnored, trackedByGit } from './errors.ts';
import { getsSecrets } from './getsSecrets.ts';
import { isPrivate } from './prepare.ts';
import type { GitFacts, SetupPorts } from './ports.ts';
import { temporaryPath } from './temporary.ts';
import type { PlannedFile, SetupPlan } from './types.ts';

/** A file that git must ignore. */
export interface Guarded {
  /** As the user knows it. */
  readonly path: string;
  readonly isEnv: boolean;
}

/** The files of a plan that hold something private: keys, pass phrases, and `.env` files that get secret values. */
export function guardedFiles(plan: Pick<SetupPlan, 'files' | 'edits' | 'variables' | 'secrets'>): Guarded[] {
  return [...privateFiles(plan.files), ...plan.edits.filter((edit) => getsSecrets(edit, plan)).map(envOf)];
}

/** The private ones of these files. */
export function privateFiles(files: readonly PlannedFile[]): Guarded[] {
  return files.filter(isPrivate).map((file) => ({ path: file.path, isEnv: false }));
}

function envOf(edit: FileEdits): Guarded {
  return { path: edit.path, isEnv: true };
}

/** What git says about the guarded files and their half-written forms. Rejects with `key-tracked-by-git`, `env-tracked-by-git`. */
export async function checkTracked(
  guarded: readonly Guarded[],
  ports: Pick<SetupPorts, 'files' | 'git'>,
  signal?: AbortSignal,
): Promise<readonly GuardedFacts[]> {
  const named: { path: string; real: string; isEnv: boolean }[] = [];
  for (const { path, isEnv } of guarded) {
    const real = await ports.files.resolve(path);
    named.push({ path, real, isEnv }, { path, real: temporaryPath(real), isEnv });
  }
  const facts = await ports.git.check(named.map(({ real }) => real), signal); // prettier-ignore
  const found = named.map((name) => ({ ...name, facts: facts.find((fact) => fact.path === name.real) }));
  for (const { path, isEnv, facts: fact } of found)
    if (fact?.tracked === true) throw isEnv ? envTrackedByGit(path) : trackedByGit(path);
  return found;
}

export interface GuardedFacts {
  readonly path: string;
  readonly real: string;
  readonly facts: GitFacts | undefined;
}

/** True when git would leave all of them out (or there is no git). */
export function allIgnored(facts: readonly GuardedFacts[]): boolean {
  return facts.every((fact) => fact.facts?.inRepository !== true || fact.facts.ignored);
}

/** Rejects with `key-not-ignored` for the first that git would not leave out. */
export async function checkIgnored(
  guarded: readonly Guarded[],
  ports: Pick<SetupPorts, 'files' | 'git'>,
  signal?: AbortSignal,
): Promise<void> {
  const facts = await checkTracked(guarded, ports, signal);
  const open = facts.find((fact) => fact.facts?.inRepository === true && !fact.facts.ignored);
  if (open !== undefined) throw notIgnored(open.real, open.path);
}
