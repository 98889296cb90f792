/** Setups that were begun and not finished: what there is, and finishing one with the key it made. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../appConfig/types.ts';
import { CancelledError, isExpectedError, throwIfCancelled } from '../base/errors.ts';
import { carryOut, finish, type ApplyOptions } from './apply.ts';
import { planBack, rollBack, runBack } from './backward.ts';
import { matches } from './digest.ts';
import { keyFileChanged, keyFileMissing, nothingToResume } from './errors.ts';
import { checkTracked, guardedFiles } from './guard.ts';
import type { CreateStep, Journal, JournalStep } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import { forget, planManifests } from './keptManifests.ts';
import { isBelow } from './layout.ts';
import { lockHolder } from './lock.ts';
import { isVaultKind } from './keyFrom.ts';
import { putBack } from './manifests.ts';
import { checkOtherUsers } from './otherUsers.ts';
import { planAgain } from './plan.ts';
import type { FoundSetup } from './plan.ts';
import type { ResumeTools, SetupPorts } from './ports.ts';
import { prepare } from './prepare.ts';
import { proveResult } from './proveResult.ts';
import { Session, sharedFiles, underLock } from './session.ts';
import type { PlannedFile, SetUpResult, SetupPlan, UnfinishedSetup } from './types.ts';

export interface ResumeOptions extends ApplyOptions {
  /** False: rewrite without upload; default as the setup was begun. */
  readonly register?: boolean;
  /** App configs of the workspace as they are now: what others of them use is not taken back. */
  readonly configs?: readonly AppConfig[];
  /** Shows the rest of the plan; answering false leaves the setup stopped and rejects with CancelledError. */
  readonly review?: (plan: SetupPlan) => Promise<boolean>;
}

/** Setups of configs below `roots` (all when empty) that were begun and neither finished nor undone. Never rejects for one damaged journal. */
export async function unfinishedSetups(roots: readonly string[], ports: SetupPorts): Promise<UnfinishedSetup[]> {
  const store = createJournalStore(ports.journalFolder, ports.files);
  const found: UnfinishedSetup[] = [];
  for (const file of await store.list()) {
    try {
      const journal = await store.loadFile(file);
      if (journal === undefined || journal.state === 'applied') continue;
      if (roots.length > 0 && !roots.some((root) => isBelow(journal.config, root))) continue;
      const holder = await lockHolder(store.stem(journal.config), ports);
      found.push({
        config: journal.config,
        state: journal.state === 'applying' ? 'interrupted' : journal.state,
        resumable: journal.state !== 'undoing' && (await obstacle(journal, ports)) === undefined,
        startedAt: journal.startedAt,
        subject: journal.certificate.subject,
        thumbprintSha256: journal.certificate.thumbprintSha256,
        ...(holder === undefined ? {} : { heldBy: { pid: holder.pid, host: holder.host } }),
      });
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      const problem = { code: error.code, message: error.message, file };
      found.push({
        config: '',
        state: 'interrupted',
        resumable: false,
        startedAt: '',
        subject: '',
        thumbprintSha256: '',
        problem,
      });
    }
  }
  return found;
}

/**
 * Finishes a stopped or interrupted setup with the key files it made. What an interrupted one had already written into `.env` and code is taken
 * back first; then the rewrite is planned anew from the workspace as it stands, since the journal holds no secrets to go on from.
 * Rejects as `applySetup` does, and with `nothing-to-resume`, `key-file-missing`, `key-file-changed`.
 * @param config absolute path of the config file
 */
export function resumeSetup(
  config: string,
  tools: ResumeTools,
  ports: SetupPorts,
  options: ResumeOptions = {},
): Promise<SetUpResult> {
  throwIfCancelled(options.signal);
  let proofOf: SetupPlan | undefined;
  const resumed = underLock(config, ports, async (store, locks) => {
    const journal = await store.load(config);
    if (journal === undefined || journal.state === 'applied')
      throw nothingToResume(config, l10n.t('no unfinished setup of it is known on this machine.'));
    if (journal.state === 'undoing') throw nothingToResume(config, l10n.t('undoing it had already begun.'));
    const session = new Session(ports, store, journal);
    if (journal.state === 'applying' && (await isComplete(journal, ports))) return finish(session, []);
    const inTheWay = await obstacle(journal, ports);
    if (inTheWay !== undefined) throw inTheWay;

    await locks.share(sharedFiles(journal.steps), options.signal);
    const back = await planBack(session, isRewrite);
    await checkOtherUsers(session, back, options.configs ?? [], 'resume');
    await runBack(session, back);
    await takeBackInstallation(session);
    await stopAtKeyFiles(session);
    if (options.register !== undefined) session.note({ register: options.register, prove: options.register });
    const found = await readBack(session.journal, tools, ports);
    const planned = await planAgain(session.journal, found, tools);
    if (planned.status === 'nothing-to-do') throw nothingToResume(config, planned.reason);
    const { plan } = planned;
    proofOf = plan;
    // Whoever thinks about a review keeps nobody from working on other apps.
    await locks.release();
    if (options.review !== undefined && !(await options.review(plan))) throw new CancelledError();
    const shared = plan.edits.map(({ path }) => path);
    await locks.share([...shared, ...sharedFiles(session.journal.steps)], options.signal);
    const prepared = await prepare(plan, ports);
    await checkTracked(guardedFiles(plan), ports, options.signal);
    const mark = session.journal.steps.length;
    session.note({ state: 'applying', variables: plan.variables, line: found.config.line });
    return carryOut(session, plan, prepared, options, async (takePackagesBack) => {
      await rollBack(session, (step) => session.journal.steps.indexOf(step) >= mark);
      await takePackagesBack();
      session.note({ steps: session.journal.steps.slice(0, mark), state: 'stopped' });
      await session.save();
      if (session.journal.manifests === undefined) await store.removeCopies(session.journal);
    });
  });
  return resumed.then((result) => (proofOf === undefined ? result : proveResult(result, proofOf, ports, options)));
}

/** What resuming takes back before it plans anew. `.gitignore` stays: the key lies there. */
function isRewrite(step: JournalStep): boolean {
  return step.kind === 'edit' && step.role !== 'gitignore';
}

function isPending(step: JournalStep): boolean {
  return step.status === 'planned';
}

/** The journal as it stands after "Rewrite Later": what was done, and nothing that was only meant to be. */
async function stopAtKeyFiles(session: Session): Promise<void> {
  const steps: JournalStep[] = [];
  for (const step of session.journal.steps) {
    if (isRewrite(step) || isPending(step)) continue;
    if (step.kind === 'create' || step.kind === 'edit') {
      await session.ports.files.removeLeftover(step.path);
      if (step.kind === 'create' && (await session.ports.files.stat(step.path)) === undefined) continue;
    }
    steps.push({ ...step, status: step.status === 'intended' && step.kind === 'edit' ? 'intended' : 'done' });
  }
  session.note({ steps, state: 'stopped' });
  await session.save();
}

/** An installation that was killed half-way is begun anew: what it left may name packages that are not there. */
async function takeBackInstallation(session: Session): Promise<void> {
  if (session.journal.manifests?.finished !== false) return;
  const manifests = await planManifests(session);
  if (manifests !== undefined) await putBack(manifests, session.ports.files);
  forget(session);
  await session.save();
  await session.store.removeCopies(session.journal);
}

/** True when the process was killed after the last file was written: only the tidying is left. */
async function isComplete(journal: Journal, ports: SetupPorts): Promise<boolean> {
  const edits = journal.steps.filter((step) => step.kind === 'edit');
  if (!edits.some((step) => step.role === 'config')) return false;
  for (const step of journal.steps) {
    if (step.status === 'planned') return false;
    if (step.kind === 'edit' && !(await matches(await ports.files.read(step.path), step.digestAfter))) return false;
  }
  return true;
}

function createSteps(journal: Journal): CreateStep[] {
  return journal.steps.filter((step) => step.kind === 'create');
}

/** Why the key that this setup made cannot be gone on with; undefined when it can. */
async function obstacle(journal: Journal, ports: SetupPorts): Promise<Error | undefined> {
  if (await isComplete(journal, ports)) return undefined;
  // All that such a setup goes on with stands in the journal.
  if (isVaultKind(journal.keyFrom)) return undefined;
  const tooEarly = nothingToResume(journal.config, l10n.t('it was interrupted before the private key was written.'));
  const needed = createSteps(journal).filter(({ role }) => role === 'privateKey' || role === 'passphrase');
  // A key without a step of its own was there before; without the file, apply never came to its step.
  const keyPath = needed.find(({ role }) => role === 'privateKey')?.path ?? journal.files.privateKey;
  if (keyPath === undefined) return tooEarly;
  for (const step of needed) {
    const bytes = await ports.files.read(step.path);
    if (bytes === undefined && step.status !== 'done') return tooEarly;
    if (bytes === undefined) return keyFileMissing(journal.config, step.path);
    if (!(await matches(bytes, step.digest))) return keyFileChanged(journal.config, step.path);
  }
  return (await ports.files.stat(keyPath)) === undefined ? tooEarly : undefined;
}

/** What the setup made, as it lies on disk or stands in the journal, and where the config is now. */
async function readBack(journal: Journal, tools: ResumeTools, ports: SetupPorts): Promise<FoundSetup> {
  const found = isVaultKind(journal.keyFrom)
    ? await readPublic(journal, tools)
    : await readKeyFiles(journal, tools, ports);
  const configs = await tools.appConfigs.readAppConfigs(journal.config, ports.files, journal.roots);
  // The user may have worked in the file meanwhile; a line number means something only as long as it still names a config.
  const config = begunOn(journal, configs);
  if (config === undefined)
    throw nothingToResume(
      journal.config,
      journal.clientId === undefined
        ? l10n.t('its configuration is no longer on line {0}.', journal.line)
        : l10n.t('no configuration in it can be told to be that of the application {0}.', journal.clientId),
    );
  return { ...found, config };
}

/** The config that the setup was begun for, however its lines have moved: certificate and registration are that application's. */
function begunOn({ clientId, line }: Journal, configs: readonly AppConfig[]): AppConfig | undefined {
  const isOnLine = (each: AppConfig) => each.line === line;
  const onlyOf = (some: readonly AppConfig[]) => (some.length === 1 ? some[0] : some.find(isOnLine));
  if (clientId === undefined) return onlyOf(configs);
  const idOf = (each: AppConfig) => each.clientId?.value?.toLowerCase();
  const own = configs.filter((each) => idOf(each) === clientId.toLowerCase());
  if (own.length > 0) return onlyOf(own);
  // Its variable may be unset just now; a config that names another application is never it.
  return onlyOf(configs.filter((each) => idOf(each) === undefined));
}

/** The key is in its vault; the certificate, which is public, stands in the journal. */
async function readPublic(journal: Journal, tools: ResumeTools): Promise<Omit<FoundSetup, 'config'>> {
  const certificate = certificateFile(journal);
  return { material: await tools.certificates.openPublic(certificate.bytes), files: [certificate] };
}

/** Key files and pass phrase, checked against each other. */
async function readKeyFiles(
  journal: Journal,
  tools: ResumeTools,
  ports: SetupPorts,
): Promise<Omit<FoundSetup, 'config'>> {
  const stepOf = (role: string) => createSteps(journal).find((step) => step.role === role);
  const keyPath = stepOf('privateKey')?.path ?? journal.files.privateKey ?? '';
  const key = await ports.files.read(keyPath);
  if (key === undefined) throw keyFileMissing(journal.config, keyPath);
  const phrasePath = stepOf('passphrase')?.path;
  const phrase = phrasePath === undefined ? undefined : await ports.files.read(phrasePath);
  const passphrase =
    phrase &&
    Buffer.from(phrase)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  const certificate = certificateFile(journal);
  const ofKey = { bytes: key, ...(passphrase === undefined ? {} : { password: passphrase }) };
  const material = await tools.certificates.openCredential(certificate.bytes, {}, ofKey);
  const isKeyTemporary = stepOf('privateKey')?.temporary ?? false;
  const files: PlannedFile[] = [
    { path: keyPath, role: 'privateKey', mode: 0o600, bytes: key, temporary: isKeyTemporary },
    certificate,
  ];
  if (phrase !== undefined && phrasePath !== undefined)
    files.unshift({ path: phrasePath, role: 'passphrase', mode: 0o600, bytes: phrase });
  return { material, files, ...(passphrase === undefined ? {} : { passphrase }) };
}

function certificateFile({ files, certificate }: Journal): PlannedFile {
  return { path: files.certificate ?? '', role: 'certificate', mode: 0o644, bytes: Buffer.from(certificate.pem) };
}
