/** What apply, undo and resume refuse with, in one place. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import type { PackageInstall } from '../appConfig/types.ts';
import { commandOf } from './install.ts';
import { temporaryPath } from './temporary.ts';

export function fileChanged(path: string): ExpectedError {
  return new ExpectedError(
    'file-changed',
    l10n.t(
      '{0} changed after the setup was planned, so nothing was done. Start the command again: it plans from the file as it is now.',
      path,
    ),
    { file: path },
  );
}

/** For undo and resume, where the changes of setup cannot be told from those of the user. */
export function changedSinceSetup(path: string): ExpectedError {
  return new ExpectedError(
    'file-changed',
    l10n.t(
      '{0} changed since the setup at or near the lines that the setup wrote, so they cannot be taken back safely. Nothing was changed. Take your own changes to these lines back, or restore the file from version control, then try again.',
      path,
    ),
    { file: path },
  );
}

/** For undo, when the secret of a literal is no longer where setup kept it. */
export function secretMissing(path: string, envFile: string, variable: string): ExpectedError {
  return new ExpectedError(
    'file-changed',
    l10n.t(
      '{0} cannot be restored because the secret that stood in it is no longer in the variable {1} of {2}. Nothing was changed. Put the secret back there, then try again.',
      path,
      variable,
      envFile,
    ),
    { file: path },
  );
}

export function unsavedChanges(path: string): ExpectedError {
  return new ExpectedError(
    'unsaved-changes',
    l10n.t(
      '{0} has unsaved changes in the editor, so nothing was done. Save the file or revert it, then try again.',
      path,
    ),
    { file: path },
  );
}

export function fileNotUtf8(path: string): ExpectedError {
  return new ExpectedError(
    'file-not-utf8',
    l10n.t(
      '{0} was not changed because it is not encoded as UTF-8, and rewriting it would damage its other characters. Save it as UTF-8, then try again.',
      path,
    ),
    { file: path },
  );
}

export function fileExists(path: string): ExpectedError {
  return new ExpectedError(
    'file-exists',
    l10n.t('{0} was not written because it already exists. Choose another name or move the file away.', path),
    { file: path },
  );
}

export function isAFolder(path: string): ExpectedError {
  return new ExpectedError(
    'is-a-folder',
    l10n.t('{0} cannot be written because it is a folder, not a file. Rename the folder, then try again.', path),
    { file: path },
  );
}

export function trackedByGit(path: string): ExpectedError {
  return new ExpectedError(
    'key-tracked-by-git',
    l10n.t(
      'No key was written because git tracks {0}, and the next commit would publish it. Run: git rm --cached -- "{0}", commit that, then try again. If a key was ever committed there, replace that key: it stays in the history.',
      path,
    ),
    { file: path },
  );
}

export function envTrackedByGit(path: string): ExpectedError {
  return new ExpectedError(
    'env-tracked-by-git',
    l10n.t(
      'Nothing was written because git tracks {0}, and the secret values that the setup puts there would be published. Run: git rm --cached -- "{0}", commit that, then try again.',
      path,
    ),
    { file: path },
  );
}

/** @param path as git sees it, which may be the half-written form of a file */
export function notIgnored(path: string, shown: string): ExpectedError {
  return new ExpectedError(
    'key-not-ignored',
    l10n.t(
      'No key was written because git does not ignore {0}: another rule (one that begins with !, or a .gitignore further down) takes precedence. Let .gitignore cover {0} and {1}, then try again.',
      shown,
      path === shown ? temporaryPath(shown) : path,
    ),
    { file: shown },
  );
}

export function setupUnfinished(config: string, state: string): ExpectedError {
  return new ExpectedError(
    'setup-unfinished',
    l10n.t(
      'An earlier setup of {0} was begun and not finished. Continue it or undo it first: run "Client Certificate: Continue Setup" or "Client Certificate: Undo Setup".',
      config,
    ),
    { file: config, data: { state } },
  );
}

export function rollbackIncomplete(cause: string, remaining: string): ExpectedError {
  return new ExpectedError(
    'rollback-incomplete',
    l10n.t(
      'The setup failed and could not be taken back completely. What failed: {0} What remains: {1} Then run "Client Certificate: Undo Setup".',
      cause,
      remaining,
    ),
  );
}

/** What failed, and that the upload before it stays. @param reason why, as a full sentence */
export function certificateStays({ code, message, details }: ExpectedError, reason: string): ExpectedError {
  return new ExpectedError(
    code,
    l10n.t(
      '{0} The certificate was uploaded before and stays registered without its private key, because it could not be removed again: {1} Remove it under "Certificates & secrets" of the app registration.',
      message,
      reason,
    ),
    details,
  );
}

export function packagesMissing(install: PackageInstall): ExpectedError {
  return new ExpectedError(
    'packages-missing',
    l10n.t(
      'Nothing was written because the app lacks packages that it needs then. Run "{0}" in {1} and try again.',
      commandOf(install),
      install.folder,
    ),
    { file: install.folder },
  );
}

/** @param said the last lines of the package manager's output */
export function installFailed(install: PackageInstall, exitCode: number, said: string): ExpectedError {
  return new ExpectedError(
    'install-failed',
    l10n.t(
      'Nothing was changed because {0} could not install the packages; it ended with exit code {1} and said: {2} Run "{3}" in {4} yourself to see more, then try again.',
      install.manager,
      exitCode,
      said,
      commandOf(install),
      install.folder,
    ),
    { file: install.folder },
  );
}

export function nothingToUndo(config: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-undo',
    l10n.t(
      'There is nothing to undo for {0}: this extension has not set it up on this machine, or the setup was undone already.',
      config,
    ),
    { file: config },
  );
}

/** Undoing would bring back code that signs in with a secret that no longer exists. */
export function secretRetired(config: string): ExpectedError {
  return new ExpectedError(
    'secret-retired',
    l10n.t(
      'The setup of {0} was not undone, because its old client secret is removed from the app registration: the app could not sign in any more. Add a new client secret in the portal and put it into the code yourself if you want to go back.',
      config,
    ),
    { file: config },
  );
}

export function nothingToResume(config: string, reason: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-resume',
    l10n.t(
      'The setup of {0} cannot be resumed: {1} Run "Client Certificate: Undo Setup" to clear it away.',
      config,
      reason,
    ),
    { file: config },
  );
}

export function keyFileMissing(config: string, file: string): ExpectedError {
  return new ExpectedError(
    'key-file-missing',
    l10n.t(
      'The setup of {0} cannot be resumed because {1}, which it made, is gone. Run "Client Certificate: Undo Setup", then set up anew.',
      config,
      file,
    ),
    { file },
  );
}

export function keyFileChanged(config: string, file: string): ExpectedError {
  return new ExpectedError(
    'key-file-changed',
    l10n.t(
      'The setup of {0} cannot be resumed because {1}, which it made, was changed since. Put the file back as it was, or move it away and run "Client Certificate: Undo Setup".',
      config,
      file,
    ),
    { file },
  );
}
