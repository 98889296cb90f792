/** Windows has no mode 0600; an access control list that names only this user does the same. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { ProcessRunner } from '../base/ports.ts';

export interface AccessControl {
  /** Takes inherited rights off the file and gives full control to the current user alone. Rejects with `protection-failed`. */
  protect(path: string): Promise<void>;
  /**
   * Gives a file that is about to take the place of another the access list of that one. Nothing happens where that one only inherits, as the new file
   * does too, or lies on a drive without access lists. Rejects with `protection-failed`; where it can, the file is protected instead.
   */
  keep(old: string, file: string): Promise<void>;
}

/** @param processes runs `whoami` and `icacls`, both part of Windows */
export function createAccessControl(processes: ProcessRunner): AccessControl {
  const protect = async (path: string) => {
    const failed = (reason: string) =>
      new ExpectedError(
        'protection-failed',
        l10n.t(
          '{0} could not be protected: {1}. Nobody else may read a private key, so it was not written. Choose a folder on an NTFS drive.',
          path,
          reason.trim(),
        ),
        { file: path },
      );
    // By identifier and not by name: names are localised, and ambiguous between machine, domain and Entra accounts.
    const who = await processes.run('whoami', ['/user', '/fo', 'csv', '/nh']);
    const identifier = /"(S-1-[\d-]+)"/.exec(who.stdout)?.[1];
    if (identifier === undefined) throw failed(who.stderr);
    const result = await processes.run('icacls', [path, '/inheritance:r', '/grant:r', `*${identifier}:F`]);
    if (result.exitCode !== 0) throw failed(result.stderr || result.stdout);
  };

  const keep = async (old: string, file: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'access-'));
    try {
      const list = join(folder, 'list');
      const saved = await processes.run('icacls', [old, '/save', list]);
      const text = saved.exitCode === 0 ? await readFile(list, 'utf16le') : '';
      const descriptor = text.split(/\r?\n/).find((line) => line.startsWith('D:'));
      if (descriptor === undefined || !isOwnList(descriptor)) return;
      await writeFile(list, `${basename(file)}\r\n${descriptor}\r\n`, 'utf16le');
      const restored = await processes.run('icacls', [dirname(file), '/restore', list]);
      if (restored.exitCode === 0) return;
      // Without inherited rights it was to keep others out: so does this.
      if (isProtected(descriptor)) await protect(file);
      else throw notKept(old, restored.stderr || restored.stdout);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return { protect, keep };
}

/** Security descriptors in Microsoft's definition language: `D:` flags `(type;flags;rights;object;inherited object;account)`…; `ID` marks an inherited entry. */
function isOwnList(descriptor: string): boolean {
  const entries = [...descriptor.matchAll(/\([A-Z]+;([A-Z]*);/g)];
  return isProtected(descriptor) || entries.some(([, flags = '']) => !flags.includes('ID'));
}

/** `P`: takes no rights from the folder. */
function isProtected(descriptor: string): boolean {
  return /^D:[A-Z]*P/.test(descriptor);
}

function notKept(path: string, reason: string): ExpectedError {
  return new ExpectedError(
    'protection-failed',
    l10n.t(
      '{0} was not changed because its access list could not be given to the new content: {1}. Let the file inherit the rights of its folder, or change it with an account that may set its rights.',
      path,
      reason.trim(),
    ),
    { file: path },
  );
}
