/**
 * Who else uses what undo would take away: a second app can be set up with the same key file, or its code read the same variables of one `.env` file. Then undo
 * refuses as a whole: half of it would leave a setup that nobody can take back any more.
 */
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { AppConfig, ValueSource } from '../appConfig/types.ts';
import { ExpectedError, isExpectedError } from '../base/errors.ts';
import type { PlannedBack } from './backward.ts';
import { envValue, parseEnvLine } from './envText.ts';
import type { Journal } from './journal.ts';
import type { SetupPorts } from './ports.ts';
import { isBelow } from './layout.ts';
import type { Session } from './session.ts';

/** What will not be there any more; paths with symbolic links followed. */
interface TakenAway {
  readonly files: ReadonlySet<string>;
  /** By `.env` file: variables that no line sets any more. */
  readonly variables: ReadonlyMap<string, ReadonlySet<string>>;
  /** By `.env` file: variables that get another value, which whoever reads them follows. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Rejects with `used-by-another-app`, naming the other config and what it uses.
 * @param configs app configs of the workspace as they are now, for those that were not set up by us; may be empty
 */
export async function checkOtherUsers(
  session: Session,
  planned: readonly PlannedBack[],
  configs: readonly AppConfig[],
  work: 'undo' | 'resume' = 'undo',
): Promise<void> {
  const { journal, ports } = session;
  const usedByAnother = work === 'undo' ? undoneWithout : continuedWithout;
  const taken = await takenAway(session, planned);
  if (taken.files.size === 0 && taken.variables.size === 0) return;
  const own = ownConfig(journal, configs);
  for (const config of configs) {
    const used = config === own ? [] : await usedByConfig(config, taken, ports);
    if (used.length > 0) throw usedByAnother(journal.config, config.file, used, config.line);
  }
  for (const other of await otherJournals(session)) {
    const known = configs.filter(({ file }) => file === other.config);
    if (known.length > 0 && !known.some(hasCertificate)) continue;
    const used = await usedByJournal(other, taken, known.length > 0, ports);
    if (used.length > 0) throw usedByAnother(journal.config, other.config, used);
  }
}

/**
 * Leaves `.gitignore` files alone that protect keys of other setups too: those found their keys covered and added nothing. In the same way a `.env` file
 * that holds secrets of theirs stays its owner's alone.
 * @returns the rest of the plan, and the files that stay as they are
 */
export async function keepIgnored(
  session: Session,
  planned: readonly PlannedBack[],
): Promise<{ readonly planned: readonly PlannedBack[]; readonly kept: readonly string[] }> {
  const secret = (await otherJournals(session)).flatMap((other) => chainOf(other).flatMap(privatePaths));
  const kept: string[] = [];
  const rest = planned.map((back) => {
    const step = session.journal.steps[back.index];
    if (step?.kind === 'edit' && step.role === 'env' && back.action.kind === 'write' && secret.includes(step.path))
      return { ...back, action: { ...back.action, mode: step.mode } };
    if (step?.kind !== 'edit' || step.role !== 'gitignore' || back.action.kind === 'nothing') return back;
    if (!secret.some((path) => isBelow(path, dirname(step.path)))) return back;
    kept.push(step.path);
    return { ...back, action: { kind: 'nothing' } as const };
  });
  return { planned: rest, kept };
}

function privatePaths({ files, steps }: Journal): string[] {
  const written = steps.filter((step) => step.kind === 'edit' && step.role === 'env').map(({ path }) => path);
  return [files.privateKey, files.passphrase, ...written].filter((path) => path !== undefined);
}

async function takenAway({ journal, ports }: Session, planned: readonly PlannedBack[]): Promise<TakenAway> {
  const files = new Set<string>();
  const variables = new Map<string, ReadonlySet<string>>();
  const changed = new Map<string, ReadonlySet<string>>();
  for (const { index, action } of planned) {
    const step = journal.steps[index];
    if (step?.kind === 'create' && !step.temporary && action.kind === 'remove') files.add(step.path);
    if (step?.kind !== 'edit' || step.role !== 'env') continue;
    if (action.kind !== 'write' && action.kind !== 'remove') continue;
    const now = Buffer.from((await ports.files.read(step.path)) ?? []).toString('utf8');
    const after = action.kind === 'write' ? Buffer.from(action.bytes).toString('utf8') : '';
    const left = namesIn(after);
    const names = [...namesIn(now)];
    variables.set(step.path, new Set(names.filter((name) => !left.has(name))));
    changed.set(
      step.path,
      new Set(names.filter((name) => left.has(name) && envValue(now, name) !== envValue(after, name))),
    );
  }
  return { files, variables, changed };
}

function namesIn(text: string): Set<string> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return new Set(lines.flatMap((line) => parseEnvLine(line)?.name ?? []));
}

const hasCertificate = ({ credential }: AppConfig): boolean => credential !== 'secret' && credential !== 'none';

/** The config that the journal is about: others of its file may use the same. Lines move with every edit. */
function ownConfig({ config, line, clientId }: Journal, configs: readonly AppConfig[]): AppConfig | undefined {
  const distance = (each: AppConfig) => Math.abs(each.line - line);
  const isOther = (each: AppConfig) =>
    clientId !== undefined &&
    each.clientId?.value !== undefined &&
    each.clientId.value.toLowerCase() !== clientId.toLowerCase();
  const inFile = configs
    .filter((each) => each.file === config && !isOther(each))
    .sort((one, other) => distance(one) - distance(other));
  return inFile.find(hasCertificate) ?? inFile[0];
}

async function usedByConfig(config: AppConfig, taken: TakenAway, ports: SetupPorts): Promise<string[]> {
  const { certificate, vault } = config;
  const sources: readonly (ValueSource | undefined)[] = [
    ...[config.secret, config.clientId?.source, config.authority?.source],
    ...[certificate?.thumbprint?.source, certificate?.privateKey, certificate?.passphrase, certificate?.keyPath],
    ...[certificate?.x5c?.source, vault?.origin.source, vault?.certificate.source, vault?.version.source],
  ];
  const used = new Set<string>();
  for (const source of sources) {
    const { variable, envFile } = await setBy(source, ports);
    if (taken.variables.get(envFile)?.has(variable) === true) used.add(variable);
  }
  if (certificate?.keyFile !== undefined) {
    const file = await resolved(certificate.keyFile, ports);
    const { variable, envFile } = await setBy(certificate.keyPath, ports);
    const follows = taken.changed.get(envFile)?.has(variable) === true;
    if (taken.files.has(file) && !follows) used.add(file);
  }
  return [...used];
}

async function setBy(
  source: ValueSource | undefined,
  ports: SetupPorts,
): Promise<{ readonly variable: string; readonly envFile: string }> {
  if (source?.kind !== 'environment' || source.envFile === undefined) return { variable: '', envFile: '' };
  return { variable: source.variable, envFile: await resolved(source.envFile, ports) };
}

/** @param isRead the code was read, so that it is known which variables it uses */
async function usedByJournal(other: Journal, taken: TakenAway, isRead: boolean, ports: SetupPorts): Promise<string[]> {
  const used = new Set<string>();
  for (const { files, variables, steps } of chainOf(other)) {
    for (const path of Object.values(files)) {
      const file = await resolved(path, ports);
      if (taken.files.has(file)) used.add(file);
    }
    if (isRead) continue;
    const written = steps.filter((step) => step.kind === 'edit' && step.role === 'env').map(({ path }) => path);
    for (const [envFile, gone] of taken.variables) {
      // A setup that found all its variables set wrote no `.env` file; its app loads the one above it.
      const isItsOwn = written.length > 0 ? written.includes(envFile) : isBelow(other.config, dirname(envFile));
      for (const name of Object.values(variables) as readonly unknown[])
        if (isItsOwn && typeof name === 'string' && gone.has(name)) used.add(name);
    }
  }
  return [...used];
}

/** Of configs that are still there. Damaged journals are left out: nobody knows what they say. */
export async function otherJournals({ store, journal, ports }: Session): Promise<Journal[]> {
  const found: Journal[] = [];
  for (const file of await store.list()) {
    try {
      const other = await store.loadFile(file);
      if (other === undefined || other.config === journal.config) continue;
      if ((await ports.files.stat(other.config)) !== undefined) found.push(other);
    } catch (error) {
      if (!isExpectedError(error)) throw error;
    }
  }
  return found;
}

function chainOf(journal: Journal): Journal[] {
  return journal.previous === undefined ? [journal] : [journal, ...chainOf(journal.previous)];
}

async function resolved(path: string, { files }: SetupPorts): Promise<string> {
  try {
    return await files.resolve(path);
  } catch (error) {
    if (!isExpectedError(error)) throw error;
    return path;
  }
}

function undoneWithout(config: string, other: string, used: readonly string[], line?: number): ExpectedError {
  return new ExpectedError(
    'used-by-another-app',
    l10n.t(
      'The setup of {0} was not undone, because {1} uses what that would take away: {2}. Nothing was changed. Undo the setup of {1} first, or set it up with a certificate of its own.',
      config,
      other,
      used.join(', '),
    ),
    { file: other, ...(line === undefined ? {} : { line }), data: { used } },
  );
}

function continuedWithout(config: string, other: string, used: readonly string[], line?: number): ExpectedError {
  return new ExpectedError(
    'used-by-another-app',
    l10n.t(
      'The setup of {0} was not continued, because it would first take back what it has already written, and {1} uses of that: {2}. Nothing was changed. Undo the setup of {1} first, or set it up with a certificate of its own.',
      config,
      other,
      used.join(', '),
    ),
    { file: other, ...(line === undefined ? {} : { line }), data: { used } },
  );
}
