/** Carries out a setup plan. */
import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { PackageInstall, PlanWarning } from '../appConfig/types.ts';
import { throwIfCancelled, isCancelled, isExpectedError } from '../base/errors.ts';
import { notRegistered } from './assemble.ts';
import { rollBack } from './backward.ts';
import { certificateStays, packagesMissing, rollbackIncomplete, setupUnfinished } from './errors.ts';
import { appendSteps, runSteps } from './forward.ts';
import { allIgnored, checkIgnored, checkTracked, guardedFiles } from './guard.ts';
import { journalFormat, journalVersion, type Journal, type JournalStep } from './journal.ts';
import { packagesOf } from './install.ts';
import { finishManifests, keepManifests, returnManifests } from './keptManifests.ts';
import type { Installed, SetupPorts } from './ports.ts';
import { prepare, type PreparedSetup } from './prepare.ts';
import { proveResult } from './proveResult.ts';
import { resultOf } from './result.ts';
import { Session, underLock } from './session.ts';
import type { SetUpResult, SetupPlan } from './types.ts';

export interface ApplyOptions {
  /** Aborting rolls everything back and rejects with CancelledError. */
  readonly signal?: AbortSignal;
  /** Told what is being done where it takes its time, as a phrase for the progress. */
  readonly onProgress?: (what: string) => void;
}

/**
 * Carries out a plan: all or nothing, journalled so that a killed process can be resumed or undone.
 * Rejects with `setup-in-progress`, `setup-unfinished`, `file-changed`, `file-not-utf8`, `unsaved-changes`, `file-exists`, `key-tracked-by-git`, `env-tracked-by-git`,
 * `key-not-ignored`, `git-check-failed`, `disk-full`, `file-read-only`, `permission-denied`, `is-a-folder`, `broken-link`, `secret-cannot-be-kept`,
 * `rollback-incomplete`, `journal-damaged`, `journal-too-new`, `install-failed`, `packages-missing`; CancelledError when cancelled.
 */
export function applySetup(plan: SetupPlan, ports: SetupPorts, options: ApplyOptions = {}): Promise<SetUpResult> {
  throwIfCancelled(options.signal);
  const applied = underLock(plan.config.file, ports, async (store, locks) => {
    const previous = await store.load(plan.config.file);
    if (previous !== undefined && previous.state !== 'applied') throw setupUnfinished(previous.config, previous.state);
    const shared = plan.edits.map(({ path }) => path);
    await locks.share(shared, options.signal);
    const prepared = await prepare(plan, ports);
    await checkTracked(guardedFiles(plan), ports, options.signal);
    const session = new Session(ports, store, newJournal(plan, ports, previous));
    const progress = { isBack: false };
    try {
      return await carryOut(session, plan, prepared, options, async (takePackagesBack) => {
        await rollBack(session, () => true);
        await takePackagesBack();
        await session.retreat();
        progress.isBack = true;
      });
    } catch (error) {
      // Without its key the certificate is of no use to anybody; a setup that is half there may still need it.
      if (progress.isBack) await takeBackUpload(error, ports, options);
      throw error;
    }
  });
  return applied.then((result) => proveResult(result, plan, ports, options));
}

/**
 * Does the steps of a plan in the one safe order, and takes them back when one fails. For apply and resume.
 * @param takeBack brings everything to where it was before this call; has to call what it is handed once the files are back, and to save the journal or
 * remove it after that
 */
export async function carryOut(
  session: Session,
  plan: SetupPlan,
  prepared: PreparedSetup,
  options: ApplyOptions,
  takeBack: (takePackagesBack: () => Promise<void>) => Promise<void>,
): Promise<SetUpResult> {
  const { signal } = options;
  const installedBefore = session.journal.installed ?? [];
  const toInstall = plan.rewriteNow ? plan.install : undefined;
  let installed: Installed | undefined;
  const takePackagesBack = async () => {
    await installed?.takeBack();
    if (toInstall !== undefined) await returnManifests(session);
  };
  const warnings = [...plan.warnings];
  try {
    // First of all: it takes longest, fails most often, and leaves the app's own files alone when it does.
    if (toInstall !== undefined) installed = await install(session, toInstall, options);
    await protectFromGit(session, plan, prepared, signal);
    await run(session, prepared.keyFiles, signal);
    const { stops, told } = await register(session, plan, options);
    warnings.unshift(...told);
    if (!plan.rewriteNow || stops !== undefined) {
      throwIfCancelled(signal);
      // Nothing uses the packages until the app is rewritten; going on installs them again, from what the package manager has kept.
      await takePackagesBack();
      session.note({ state: 'stopped', installed: installedBefore });
      await session.save();
      await session.store.removeCopies(session.journal);
      return resultOf(session.journal, [...(stops ?? []), ...warnings]);
    }
    await run(session, prepared.rewrite, signal);
    throwIfCancelled(signal);
  } catch (error) {
    await explainIncomplete(error, async () => {
      session.note({ installed: installedBefore });
      await takeBack(takePackagesBack);
    });
    throw error;
  }
  const { registered, register: wasWanted } = session.journal;
  return finish(session, wasWanted && !registered ? [notRegistered(plan, true), ...warnings] : warnings);
}

/** Everything is written: what only kept a key or pass phrase alive until here goes, then the journal says so. */
export async function finish(session: Session, warnings: SetupPlan['warnings']): Promise<SetUpResult> {
  await session.save();
  for (const step of session.journal.steps) {
    if (step.kind === 'create' && step.temporary) await session.ports.files.remove(step.path);
  }
  session.note({ state: 'applied' });
  await session.save();
  return resultOf(session.journal, warnings);
}

async function run(session: Session, steps: PreparedSetup['keyFiles'], signal: AbortSignal | undefined): Promise<void> {
  await runSteps(session, appendSteps(session, steps), steps, signal);
}

async function protectFromGit(
  session: Session,
  plan: SetupPlan,
  prepared: PreparedSetup,
  signal: AbortSignal | undefined,
): Promise<void> {
  const guarded = guardedFiles(plan);
  if (prepared.gitignore.length === 0) {
    if (!allIgnored(await checkTracked(guarded, session.ports, signal)))
      await checkIgnored(guarded, session.ports, signal);
    return;
  }
  await run(session, prepared.gitignore, signal);
  await checkIgnored(guarded, session.ports, signal);
}

async function install(
  session: Session,
  wanted: PackageInstall,
  { signal, onProgress }: ApplyOptions,
): Promise<Installed> {
  const { installer } = session.ports;
  if (installer === undefined) throw packagesMissing(wanted);
  onProgress?.(l10n.t('installing {0}', packagesOf(wanted).join(', ')));
  const installed = await installer.install(wanted, session.journal.roots, {
    ...(signal === undefined ? {} : { signal }),
    onKept: (manifests) => keepManifests(session, wanted, manifests),
  });
  await finishManifests(session);
  session.note({ installed: [...(session.journal.installed ?? []), ...packagesOf(wanted)] });
  await session.save();
  onProgress?.(l10n.t('writing files'));
  return installed;
}

interface Registered {
  /** Why the app cannot be rewritten now, and what there is to do. */
  readonly stops?: SetupPlan['warnings'];
  readonly told: SetupPlan['warnings'];
}

/** Also where an earlier run has uploaded: an administrator may have removed the certificate since. */
async function register(session: Session, plan: SetupPlan, { signal, onProgress }: ApplyOptions): Promise<Registered> {
  const { registrar } = session.ports;
  if (!plan.register || registrar === undefined) return { told: [] };
  throwIfCancelled(signal);
  onProgress?.(l10n.t('uploading the certificate'));
  const outcome = await registrar.register(plan, signal).catch((error: unknown) => {
    // Whoever puts the rewrite off keeps the key, whatever the directory says today.
    if (plan.rewriteNow || !isExpectedError(error)) throw error;
    const { code, message } = error;
    return { status: 'unconfirmed', reason: { code, message, file: plan.config.file } } as const;
  });
  // Confirmed before, and nobody says that it is gone: whoever is offline or has no rights now is not held up. The proof tells the rest.
  if (outcome.status === 'unconfirmed' && session.journal.registered)
    return { told: [notCheckedAgain(outcome.reason)] };
  session.note({ registered: outcome.status === 'confirmed' });
  if (outcome.status === 'confirmed') return { told: [] };
  return { stops: [outcome.reason, ...(plan.rewriteNow ? [notRegistered(plan, false)] : [])], told: [] };
}

function notCheckedAgain({ message, file }: PlanWarning): PlanWarning {
  return {
    code: 'registration-not-checked',
    message: l10n.t(
      'The certificate was uploaded when this setup was begun. Whether the app registration still has it could not be checked now: {0}',
      message,
    ),
    ...(file === undefined ? {} : { file }),
  };
}

/** Rejects with what failed where the certificate stays registered all the same. */
async function takeBackUpload(error: unknown, { registrar }: SetupPorts, { onProgress }: ApplyOptions): Promise<void> {
  onProgress?.(l10n.t('taking back what was done'));
  const reason = await registrar?.takeBack?.(isCancelled(error));
  if (reason !== undefined && isExpectedError(error)) throw certificateStays(error, reason);
}

async function explainIncomplete(error: unknown, takeBack: () => Promise<void>): Promise<void> {
  try {
    await takeBack();
  } catch (remaining) {
    // Bugs go through as they are; they are logged with their stack.
    if (!isExpectedError(remaining) || (!isExpectedError(error) && !isCancelled(error))) throw remaining;
    throw rollbackIncomplete(error instanceof Error ? error.message : '', remaining.message);
  }
}

function newJournal(plan: SetupPlan, ports: SetupPorts, previous: Journal | undefined): Journal {
  const { subject = '', thumbprintSha256 = '', thumbprintSha1 = '', notAfter = '' } = plan.certificate;
  const certificate = plan.files.find((file) => file.role === 'certificate');
  const kept = (role: string) => plan.files.find((file) => file.role === role && file.temporary !== true)?.path;
  const [certificatePath, privateKey, passphrase] = [kept('certificate'), kept('privateKey'), kept('passphrase')];
  return {
    format: journalFormat,
    version: journalVersion,
    id: randomUUID(),
    state: 'applying',
    config: plan.config.file,
    line: plan.config.line,
    ...(plan.config.clientId?.value === undefined ? {} : { clientId: plan.config.clientId.value }),
    roots: plan.roots,
    startedAt: new Date(ports.clock.now()).toISOString(),
    keyFrom: plan.keyFrom,
    ...(plan.vault === undefined ? {} : { vault: plan.vault }),
    ...(plan.rotates === undefined ? {} : { rotates: plan.rotates }),
    register: plan.register,
    prove: plan.prove,
    registered: false,
    certificate: {
      subject,
      thumbprintSha256,
      thumbprintSha1,
      notAfter,
      pem: certificate === undefined ? '' : Buffer.from(certificate.bytes).toString('utf8'),
    },
    files: {
      ...(certificatePath === undefined ? {} : { certificate: certificatePath }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
    },
    // A rotation plans only what it changes; the others, such as the old secret's, are as before.
    variables: plan.rotates === undefined ? plan.variables : { ...previous?.variables, ...plan.variables },
    steps: [] satisfies JournalStep[],
    proofs: [],
    ...(previous === undefined ? {} : { previous }),
  };
}
