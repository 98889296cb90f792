/**
 * The journal of one setup: what was done, step by step, and how to take it back. It lies on disk for years and is read by later versions, so it has a version
 * and is checked when read. It never holds a secret, a key or a pass phrase.
 */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { EditRole, KeyFrom, PlannedVariables, VaultReference } from '../appConfig/types.ts';
import type { Digest } from './digest.ts';
import type { InverseEdit } from './inverse.ts';
import type { PlannedFile, ReplacedCertificate } from './types.ts';

export const journalFormat = 'client-certificate-guide/journal';
/** Raised when an older version of the extension would misread the journal. Added optional fields do not raise it. */
export const journalVersion = 1;

/** `planned`: not begun; `intended`: begun, the file tells whether it was done; `done`. Undo goes back through `intended` to `planned`. */
export type StepStatus = 'planned' | 'intended' | 'done';

interface StepBase {
  readonly status: StepStatus;
  /** Absolute, symbolic links followed. */
  readonly path: string;
}

/** A folder that did not exist. */
export interface FolderStep extends StepBase {
  readonly kind: 'folder';
  /** The folders made, outermost first; known once done. */
  readonly made: readonly string[];
}

/** A file that did not exist. */
export interface CreateStep extends StepBase {
  readonly kind: 'create';
  readonly role: PlannedFile['role'];
  readonly mode: number;
  readonly digest: Digest;
  /** Goes again when all is done. */
  readonly temporary: boolean;
}

/** A file that already had the planned content and only needed protection. */
export interface ProtectStep extends StepBase {
  readonly kind: 'protect';
  readonly modeBefore: number;
}

/** Edits to a text file, which did not exist when `digestBefore` is absent. */
export interface EditStep extends StepBase {
  readonly kind: 'edit';
  readonly role: EditRole;
  readonly mode: number;
  /** Where the setup took the others' right to read it. Absent in journals of earlier versions, which never did. */
  readonly modeBefore?: number;
  readonly digestBefore?: Digest;
  readonly digestAfter: Digest;
  /** UTF-16 units of the text after the edits. */
  readonly afterLength: number;
  readonly inverse: readonly InverseEdit[];
  /** While undo writes a file that its user had changed meanwhile: what it will be. */
  readonly digestUndone?: Digest;
}

export type JournalStep = FolderStep | CreateStep | ProtectStep | EditStep;

export type JournalState = 'applying' | 'stopped' | 'applied' | 'undoing';

export interface Journal {
  readonly format: typeof journalFormat;
  readonly version: number;
  readonly id: string;
  readonly state: JournalState;
  /** Absolute path of the config file, as the plan named it. */
  readonly config: string;
  /** 1-based line of the config. */
  readonly line: number;
  /** Client id of the config, where the code or its environment told it: tells configs of one file apart. Absent in journals of earlier versions. */
  readonly clientId?: string;
  readonly roots: readonly string[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly keyFrom: KeyFrom;
  /** For the vault kinds: what the app fetches or signs with. Lets resume plan the rewrite again. */
  readonly vault?: VaultReference;
  /** `name@range` of the packages that were installed for this setup. */
  readonly installed?: readonly string[];
  /** What the package manager was let loose on for them. Absent in journals of earlier versions, and where it is not to be taken back. */
  readonly manifests?: JournalManifests;
  /** This setup, or since then the vault that the app follows, replaced a certificate of the app. */
  readonly rotates?: ReplacedCertificate;
  /** What the vault replaced before {@link rotates}, newest first: those may be registered still. */
  readonly rotatedBefore?: readonly ReplacedCertificate[];
  /** The vault did: {@link rotates} is not what undoing brings back. That is `before`, or a client secret where there is none. */
  readonly rotatedInVault?: { readonly before?: ReplacedCertificate };
  /** ISO 8601, UTC: when the certificate that undoing would bring back was found to be gone from the app registration. */
  readonly oldRemoved?: string;
  readonly register: boolean;
  readonly prove: boolean;
  readonly registered: boolean;
  readonly certificate: {
    readonly subject: string;
    readonly thumbprintSha256: string;
    readonly thumbprintSha1: string;
    readonly notAfter: string;
    /** Public; lets resume write the certificate file that a killed apply did not come to. */
    readonly pem: string;
  };
  readonly files: { readonly certificate?: string; readonly privateKey?: string; readonly passphrase?: string };
  readonly variables: PlannedVariables;
  readonly steps: readonly JournalStep[];
  /** Tokens obtained with this certificate; room for the proof that unlocks retiring. */
  readonly proofs: readonly JournalProof[];
  /** ISO 8601, UTC: when the old client secret was removed from the app registration. From then on there is no way back to it. */
  readonly retired?: string;
  /** The finished setup of the same config before this one; becomes current again when this one is undone. */
  readonly previous?: Journal;
}

/** package.json and lock files around an installation. The files before it lie beside the journal as copies, by their index here. */
export interface JournalManifests {
  /** Absolute: the app whose packages they are. */
  readonly folder: string;
  readonly packages: readonly string[];
  /** False: begun. How far the package manager came is not known. */
  readonly finished: boolean;
  readonly files: readonly JournalManifest[];
}

export interface JournalManifest {
  readonly path: string;
  readonly mode: number;
  /** False where there was no such file. A copy that should be there and is not was never made: nothing was run yet. */
  readonly existed: boolean;
  /** As the finished installation left it; absent where it left none. */
  readonly digestAfter?: Digest;
}

/** When a token was really obtained with the new certificate. Never the token. */
export interface JournalProof {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly thumbprintSha256: string;
  readonly algorithm: string;
  /** Known beside the SHA-256 one; alone where the app names its certificate by SHA-1 and the certificate itself was not found. */
  readonly thumbprintSha1?: string;
  /** Application that the token was issued to. */
  readonly clientId?: string;
}

/**
 * Reads a journal. Rejects with `journal-damaged` or `journal-too-new`; the file is left as it is in both cases.
 * @param file absolute path, for the message
 */
export function parseJournal(text: string, file: string): Journal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file);
  }
  if (!isRecord(value) || value.format !== journalFormat || typeof value.version !== 'number') throw damaged(file);
  if (value.version > journalVersion)
    throw new ExpectedError(
      'journal-too-new',
      l10n.t(
        'The journal {0} was written by a newer version of this extension, so this version does not touch it. Update the extension.',
        file,
      ),
      { file },
    );
  if (!isJournal(value)) throw damaged(file);
  return value;
}

function damaged(file: string): ExpectedError {
  return new ExpectedError(
    'journal-damaged',
    l10n.t(
      'The journal {0} cannot be read because it is damaged, so this setup can be neither resumed nor undone by the extension. Nothing was changed. Compare your files with version control, then move the journal away to set up anew.',
      file,
    ),
    { file },
  );
}

function isJournal(value: Record<string, unknown>): value is Record<string, unknown> & Journal {
  const states: unknown[] = ['applying', 'stopped', 'applied', 'undoing'] satisfies JournalState[];
  const certificate = value.certificate;
  return (
    hasStrings(value, ['id', 'config', 'startedAt', 'keyFrom']) &&
    states.includes(value.state) &&
    typeof value.line === 'number' &&
    typeof value.registered === 'boolean' &&
    isRecord(certificate) &&
    hasStrings(certificate, ['subject', 'thumbprintSha256', 'thumbprintSha1', 'notAfter', 'pem']) &&
    isRecord(value.files) &&
    isRecord(value.variables) &&
    (value.vault === undefined ||
      (isRecord(value.vault) && hasStrings(value.vault, ['origin', 'certificate', 'version']))) &&
    (value.clientId === undefined || typeof value.clientId === 'string') &&
    (value.rotatedBefore === undefined || isArrayOf(value.rotatedBefore, isRecord)) &&
    (value.installed === undefined || isArrayOf(value.installed, (name) => typeof name === 'string')) &&
    (value.manifests === undefined || isManifests(value.manifests)) &&
    isArrayOf(value.roots, (root) => typeof root === 'string') &&
    isArrayOf(value.proofs, isRecord) &&
    isArrayOf(value.steps, isStep) &&
    (value.previous === undefined || (isRecord(value.previous) && isJournal(value.previous)))
  );
}

function isManifests(value: unknown): boolean {
  const isFile = (file: unknown) =>
    isRecord(file) && hasStrings(file, ['path']) && typeof file.mode === 'number' && typeof file.existed === 'boolean';
  return (
    isRecord(value) &&
    hasStrings(value, ['folder']) &&
    typeof value.finished === 'boolean' &&
    isArrayOf(value.packages, (name) => typeof name === 'string') &&
    isArrayOf(value.files, isFile)
  );
}

function isStep(step: unknown): boolean {
  if (!isRecord(step) || !hasStrings(step, ['kind', 'path', 'status'])) return false;
  switch (step.kind) {
    case 'folder':
      return isArrayOf(step.made, (made) => typeof made === 'string');
    case 'create':
      return hasStrings(step, ['role', 'digest']) && typeof step.mode === 'number';
    case 'protect':
      return typeof step.modeBefore === 'number';
    case 'edit':
      return (
        hasStrings(step, ['role', 'digestAfter']) &&
        typeof step.afterLength === 'number' &&
        typeof step.mode === 'number' &&
        (step.modeBefore === undefined || typeof step.modeBefore === 'number') &&
        isArrayOf(step.inverse, isInverseEdit)
      );
    default:
      return false;
  }
}

function isInverseEdit(edit: unknown): boolean {
  if (!isRecord(edit) || typeof edit.offset !== 'number' || typeof edit.length !== 'number') return false;
  const isInserted = (piece: unknown) =>
    typeof piece === 'string' || (isRecord(piece) && typeof piece.gap === 'number');
  const isRemoved = (piece: unknown) =>
    typeof piece === 'string' || (isRecord(piece) && hasStrings(piece, ['envFile', 'variable']));
  return isArrayOf(edit.inserted, isInserted) && isArrayOf(edit.removed, isRemoved);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasStrings(value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function isArrayOf(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
