/** From plan to steps: everything is looked at before anything is touched, so that most refusals leave no trace at all. */
import { dirname } from 'node:path';
import { applyEdits } from '../base/edits.ts';
import type { EditRole, FileEdits } from '../appConfig/types.ts';
import { digest, slowDigest, type Digest } from './digest.ts';
import { envValue } from './envText.ts';
import { fileChanged, fileExists, fileNotUtf8, isAFolder, unsavedChanges } from './errors.ts';
import { getsSecrets } from './getsSecrets.ts';
import { cannotBeKept, invert, isEnvRole } from './inverse.ts';
import type { CreateStep, EditStep, JournalStep } from './journal.ts';
import type { SetupPorts } from './ports.ts';
import type { PlannedFile, SetupPlan } from './types.ts';

/** A step with what it takes to do it, which the journal must not hold. */
export interface PreparedStep {
  readonly step: JournalStep;
  /** New content, for `create` and `edit`. */
  readonly bytes?: Uint8Array;
  /** Content before, for `edit` of an existing file. */
  readonly before?: Uint8Array;
}

/** Pass phrase before key, so that an encrypted key is never on disk without it; the key before what refers to it. */
const fileOrder: readonly PlannedFile['role'][] = ['passphrase', 'privateKey', 'csr', 'pfx', 'certificate'];
/** The code last: until then the app runs as before. */
const editOrder: readonly EditRole[] = ['env', 'envExample', 'module', 'config'];

export interface PreparedSetup {
  readonly gitignore: readonly PreparedStep[];
  readonly keyFiles: readonly PreparedStep[];
  readonly rewrite: readonly PreparedStep[];
}

/**
 * Checks the whole plan against the files as they are and orders its steps.
 * Rejects with `file-changed`, `file-not-utf8`, `unsaved-changes`, `file-exists`, `is-a-folder`, `broken-link`, `file-read-only`, `permission-denied`,
 * `secret-cannot-be-kept`.
 */
export async function prepare(
  plan: Pick<SetupPlan, 'edits' | 'files' | 'secrets' | 'variables'>,
  ports: SetupPorts,
): Promise<PreparedSetup> {
  checkKeptSecrets(plan);
  const edits: { role: EditRole; step: PreparedStep }[] = [];
  for (const file of plan.edits) {
    const step = await prepareEdit(file, plan, ports);
    if (step !== undefined) edits.push({ role: file.role, step });
  }
  const inRole = (role: EditRole) => edits.filter((edit) => edit.role === role).map((edit) => edit.step);
  const files = [...plan.files].sort((a, b) => fileOrder.indexOf(a.role) - fileOrder.indexOf(b.role));
  const keyFiles: PreparedStep[] = [];
  for (const file of files) keyFiles.push(...(await prepareFile(file, ports)));
  const prepared = {
    gitignore: inRole('gitignore'),
    keyFiles: [...(await prepareFolders(keyFiles, ports)), ...keyFiles],
    rewrite: editOrder.flatMap(inRole),
  };
  refuseTwins([...prepared.gitignore, ...keyFiles, ...prepared.rewrite]);
  return prepared;
}

async function prepareEdit(
  file: FileEdits,
  plan: Pick<SetupPlan, 'secrets' | 'variables'>,
  ports: SetupPorts,
): Promise<PreparedStep | undefined> {
  const { files } = ports;
  const path = await files.resolve(file.path);
  const text = applyEdits(file.before ?? '', file.edits);
  if (text === file.before) return undefined;
  const bytes = Buffer.from(text);
  const before = await readExpected(file, path, ports);
  await files.checkWritable(path);
  const hash = isEnvRole(file.role)
    ? slowDigest
    : (content: Uint8Array): Promise<Digest> => Promise.resolve(digest(content));
  const [digestBefore, digestAfter] = await Promise.all([before && hash(before), hash(bytes)]);
  const modeBefore = before && (await files.stat(path))?.mode;
  // What holds a key or its pass phrase is for its owner alone, as the key file is. On Windows the mode is 0 and says nothing.
  const mode = getsSecrets(file, plan) ? (modeBefore ?? 0o600) & ~0o077 : (modeBefore ?? file.mode ?? 0o644);
  const step: EditStep = {
    kind: 'edit',
    status: 'planned',
    path,
    role: file.role,
    mode,
    ...(modeBefore === undefined || modeBefore === mode ? {} : { modeBefore }),
    ...(digestBefore === undefined ? {} : { digestBefore }),
    digestAfter,
    afterLength: text.length,
    inverse: invert(file, text, plan.secrets),
  };
  return { step, bytes, ...(before === undefined ? {} : { before }) };
}

/** The file's bytes, which must be those that the plan was made from; undefined for a file to be made. */
async function readExpected(file: FileEdits, path: string, ports: SetupPorts): Promise<Uint8Array | undefined> {
  if (ports.editor.isDirty(file.path) || ports.editor.isDirty(path)) throw unsavedChanges(file.path);
  if ((await ports.files.stat(path))?.kind === 'folder') throw isAFolder(file.path);
  const bytes = await ports.files.read(path);
  if (bytes === undefined && file.before === undefined) return undefined;
  if (bytes === undefined || file.before === undefined) throw fileChanged(file.path);
  if (Buffer.from(file.before).equals(bytes)) return bytes;
  throw isUtf8(bytes) ? fileChanged(file.path) : fileNotUtf8(file.path);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

async function prepareFile(file: PlannedFile, ports: SetupPorts): Promise<PreparedStep[]> {
  const { files } = ports;
  const path = await files.resolve(file.path);
  const facts = await files.stat(path);
  if (facts?.kind === 'folder') throw isAFolder(file.path);
  if (facts !== undefined) {
    const existing = await files.read(path);
    if (existing === undefined || !Buffer.from(existing).equals(file.bytes))
      throw file.exists === true ? fileChanged(file.path) : fileExists(file.path);
    // On Windows the mode is 0 and says nothing.
    if (!isPrivate(file) || (facts.mode !== 0 && isPrivate(facts))) return [];
    await files.checkWritable(path);
    return [{ step: { kind: 'protect', status: 'planned', path, modeBefore: facts.mode } }];
  }
  if (file.exists === true) throw fileChanged(file.path);
  await files.checkWritable(path);
  const step: CreateStep = {
    kind: 'create',
    status: 'planned',
    path,
    role: file.role,
    mode: file.mode,
    digest: file.role === 'passphrase' ? await slowDigest(file.bytes) : digest(file.bytes),
    temporary: file.temporary === true,
  };
  return [{ step, bytes: file.bytes }];
}

/** True for what nobody else may read. */
export function isPrivate(file: { readonly mode: number }): boolean {
  return (file.mode & 0o077) === 0;
}

/** The folders that are missing, noted before they are made: a killed process could not say afterwards which it made. */
async function prepareFolders(keyFiles: readonly PreparedStep[], ports: SetupPorts): Promise<PreparedStep[]> {
  const steps: PreparedStep[] = [];
  for (const folder of new Set(keyFiles.map(({ step }) => dirname(step.path)))) {
    const missing: string[] = [];
    for (let at = folder; (await ports.files.stat(at)) === undefined && dirname(at) !== at; at = dirname(at))
      missing.unshift(at);
    if (missing.length > 0) steps.push({ step: { kind: 'folder', status: 'planned', path: folder, made: missing } });
  }
  return steps;
}

/** A literal may only be removed from code when `.env` will give exactly its value back. */
function checkKeptSecrets(plan: Pick<SetupPlan, 'edits'>): void {
  for (const file of plan.edits) {
    if (isEnvRole(file.role)) continue;
    for (const secret of file.secrets) {
      const { variable, envFile } = secret;
      if (variable === undefined || envFile === undefined || !(file.before ?? '').includes(secret.value)) continue;
      const env = plan.edits.find((other) => other.path === envFile);
      if (env !== undefined && envValue(applyEdits(env.before ?? '', env.edits), variable) !== secret.value)
        throw cannotBeKept(file.path);
    }
  }
}

function refuseTwins(steps: readonly PreparedStep[]): void {
  const paths = steps.map(({ step }) => step.path);
  const twin = paths.find((path, index) => paths.indexOf(path) !== index);
  // Two links to one file, or a bug in the plan: the second write would fail half-way.
  if (twin !== undefined) throw fileExists(twin);
}
