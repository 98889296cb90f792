/** The expected errors that several files of the room raise; those of one place stand there. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { DerError } from './der.ts';

export function damagedFile(): ExpectedError {
  return new ExpectedError(
    'damaged-file',
    l10n.t(
      'The file is damaged: its content breaks off or contradicts itself. It may have been cut short or altered while it was copied or sent. Get it again from where it came from, or export the certificate once more.',
    ),
  );
}

export function passwordRequired(what: 'file' | 'key'): ExpectedError {
  const message =
    what === 'file'
      ? l10n.t('The file is protected by a password, and none was given. Enter the password it was exported with.')
      : l10n.t(
          'The private key in the file is encrypted, and no fitting pass phrase was given. Enter the pass phrase of the key.',
        );
  return new ExpectedError('password-required', message, { data: { password: what } });
}

/** For a file that is known to be whole. */
export function wrongPassword(): ExpectedError {
  return new ExpectedError(
    'wrong-password',
    l10n.t(
      'The password is wrong: the file is complete, but this password does not open it. Check upper and lower case and the keyboard layout, and enter it again.',
    ),
    { data: { password: 'file' } },
  );
}

/** For content that damage can make look as if the password were wrong: without a check sum, or with one that fits to nothing. */
export function wrongPasswordOrDamaged(what: 'file' | 'checkSum' | 'key'): ExpectedError {
  const messages = {
    file: l10n.t(
      'The file cannot be decrypted with this password. Most likely the password is wrong; the file has no check sum, so damage to its encrypted part would look the same. Enter the password again, or get the file again if you are sure of it.',
    ),
    checkSum: l10n.t(
      'The check sum of the file does not fit this password. Most likely the password is wrong; damage to the file would look the same. Enter the password again, or get the file again if you are sure of it.',
    ),
    key: l10n.t(
      'The private key in the file cannot be decrypted with this pass phrase. Most likely the pass phrase is wrong; the key has no check sum, so damage to its encrypted part would look the same. Check upper and lower case and the keyboard layout and enter it again, or get the file again if you are sure of it.',
    ),
  };
  return new ExpectedError('wrong-password', messages[what], { data: { password: what === 'key' ? 'key' : 'file' } });
}

export function unsupportedEncryption(algorithm: string, format: 'pkcs12' | 'key'): ExpectedError {
  const command =
    format === 'pkcs12'
      ? 'openssl pkcs12 -legacy -in old.pfx -nodes | openssl pkcs12 -export -out new.pfx'
      : 'openssl pkcs8 -provider legacy -provider default -topk8 -v2 aes-256-cbc -in old.key -out new.key';
  return new ExpectedError(
    'unsupported-encryption',
    l10n.t(
      'The file is protected with {0}, which cannot be read here. Convert it with OpenSSL 3, then use the new file: {1}',
      algorithm,
      command,
    ),
    { data: { algorithm, command } },
  );
}

export function severalCertificates(candidates: unknown): ExpectedError {
  return new ExpectedError(
    'several-certificates',
    l10n.t('The file holds several certificates that could be meant. Choose one of them by its SHA-256 thumbprint.'),
    { data: candidates },
  );
}

/** Runs a reader of structures and turns its DerError into `damaged-file`. */
export async function orDamaged<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DerError) throw damagedFile();
    throw error;
  }
}

/** The result of a reader of structures, or undefined when the bytes do not have that structure. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
