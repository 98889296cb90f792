/** Turns what the operating system says about a file into what its user can do about it. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { fileExists, isAFolder } from '../setup/errors.ts';

/**
 * The ExpectedError for a failed file operation, or the error itself where there is no advice to give.
 * @param path absolute path that the operation was about
 */
export function explainFileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const make = (name: string, message: string) => new ExpectedError(name, message, { file: path });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return make(
        'disk-full',
        l10n.t('{0} could not be written because the disk is full. Free some space, then try again.', path),
      );
    case 'EROFS':
      return fileReadOnly(path);
    case 'EACCES':
    case 'EPERM':
      return make(
        'permission-denied',
        l10n.t(
          '{0} could not be written because the system denies it to this user, or because another program has the file open. Give yourself write permission or close that program, then try again.',
          path,
        ),
      );
    case 'EISDIR':
      return isAFolder(path);
    case 'ENOTDIR':
      return make(
        'not-a-folder',
        l10n.t(
          '{0} could not be written because a part of its path is a file and not a folder. Rename that file, then try again.',
          path,
        ),
      );
    case 'ENAMETOOLONG':
      return nameTooLong(path);
    case 'EEXIST':
      return fileExists(path);
    case 'ELOOP':
      return brokenLink(path);
    default:
      return error;
  }
}

/**
 * As {@link explainFileError}, for a file or folder that was only to be looked at.
 * @param path absolute path that was read
 */
export function explainReadError(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'EACCES':
    case 'EPERM':
      return new ExpectedError(
        'permission-denied',
        l10n.t(
          '{0} could not be read because the system denies it to this user, or because another program has the file open. Give yourself read permission or close that program, then try again.',
          path,
        ),
        { file: path },
      );
    case 'EISDIR':
      return new ExpectedError('is-a-folder', l10n.t('{0} is a folder. A file is needed there.', path), { file: path });
    case 'ENAMETOOLONG':
      return nameTooLong(path);
    // What opening a socket, or a device that is not there, answers.
    case 'ENXIO':
    case 'ENODEV':
    case 'EOPNOTSUPP':
      return notAFile(path);
    case 'ELOOP':
      return new ExpectedError(
        'broken-link',
        l10n.t('{0} could not be read because it is a symbolic link that leads to itself. Repair or remove it.', path),
        { file: path },
      );
    case 'EAGAIN':
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return new ExpectedError(
        'file-not-readable',
        l10n.t(
          '{0} could not be read because the disk or network drive that holds it does not answer. Check it, then try again.',
          path,
        ),
        { file: path },
      );
    default:
      return error;
  }
}

/** A named pipe, a socket or a device. */
export function notAFile(path: string): ExpectedError {
  return new ExpectedError(
    'not-a-file',
    l10n.t(
      '{0} is a pipe, a socket or a device, so it is neither read nor replaced. Put an ordinary file there, then try again.',
      path,
    ),
    { file: path },
  );
}

export function fileTooLarge(path: string): ExpectedError {
  return new ExpectedError(
    'file-too-large',
    l10n.t('{0} is larger than 256 MB, so it was not read. Check that it is the right file.', path),
    { file: path },
  );
}

function nameTooLong(path: string): ExpectedError {
  return new ExpectedError(
    'name-too-long',
    l10n.t('{0} has a longer name or path than this system allows. Choose a shorter one.', path),
    { file: path },
  );
}

export function fileReadOnly(path: string): ExpectedError {
  return new ExpectedError(
    'file-read-only',
    l10n.t('{0} cannot be changed because it is read-only. Make it writable, then try again.', path),
    { file: path },
  );
}

export function brokenLink(path: string): ExpectedError {
  return new ExpectedError(
    'broken-link',
    l10n.t(
      '{0} cannot be written because it is a symbolic link that leads nowhere. Repair or remove the link, then try again.',
      path,
    ),
    { file: path },
  );
}
