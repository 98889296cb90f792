/** File names for what is made: from a subject, or as the user gave them. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../base/errors.ts';
import { hiddenCharacter, parseSubject, validateSubject } from './subject.ts';

/** Device names that Windows reserves in every folder, whatever extension follows. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
const longest = 60;
/** Bytes in UTF-8: most file systems take 255, extension and the suffix of a temporary file included. */
const mostBytes = 200;

/**
 * A file name without extension from a subject: its common name, or the first value where there is none, with
 * everything but letters, digits, `.`, `_` and `-` turned into `-`. Never empty, never reserved on Windows, at most 60
 * characters; the same subject always gives the same name.
 */
export function fileNameFor(subject: string): string {
  const attributes = validateSubject(subject) === undefined ? parseSubject(subject) : [];
  const source = attributes.find(({ type }) => type.name === 'CN')?.value ?? attributes[0]?.value ?? subject;
  const cleaned = source
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/-{2,}/g, '-');
  const name = trimmed(withinBytes(Array.from(trimmed(cleaned)).slice(0, longest)));
  if (name === '') return 'certificate';
  return reserved.test(name) ? `certificate-${name}` : name;
}

/** As many of the characters as have room in a file name. */
function withinBytes(characters: readonly string[]): string {
  let name = '';
  for (const character of characters) {
    if (Buffer.byteLength(name + character) > mostBytes) break;
    name += character;
  }
  return name;
}

function trimmed(name: string): string {
  return name.replace(/^[-._]+|[-._]+$/g, '');
}

/** Undefined when the text can be a file name (without extension) on every system, else the reason as full sentences. */
export function validateName(name: string): string | undefined {
  if (name.trim() === '') return l10n.t('The file name is empty. Type one.');
  if (Array.from(name).length > 100) return l10n.t('The file name is longer than 100 characters. Shorten it.');
  if (hiddenCharacter.test(name)) {
    return l10n.t('The file name holds an invisible character. Type it without.');
  }
  if (/[<>:"/\\|?*]/.test(name))
    return l10n.t('The file name holds one of < > : " / \\ | ? *, which not every system allows.');
  if (Buffer.byteLength(name) > mostBytes)
    return l10n.t(
      'The file name takes more room than file systems have for one: letters beyond a to z take two to four times as much. Shorten it.',
    );
  if (/^[-.\s]|[.\s]$/.test(name))
    return l10n.t('The file name starts with a dash, dot or blank, or ends with a dot or blank.');
  if (reserved.test(name)) return l10n.t('{0} is the name of a device on Windows. Choose another file name.', name);
  return undefined;
}

/**
 * Absolute path of a file in a folder of this or of another system: a folder with a drive letter or a double backslash
 * is joined as on Windows. Rejects with `name-invalid` or `folder-invalid`.
 */
export function filePath(folder: string, name: string, extension: string): string {
  const reason = validateName(name);
  if (reason !== undefined) throw new ExpectedError('name-invalid', reason);
  if (/\p{Cc}/u.test(folder)) {
    throw new ExpectedError(
      'folder-invalid',
      l10n.t('The path of the folder holds a control character. Choose another folder.'),
    );
  }
  const windows = isWindowsPath(folder);
  if (!windows && !path.posix.isAbsolute(folder)) {
    throw new ExpectedError(
      'folder-invalid',
      l10n.t('"{0}" is not an absolute path. Choose a folder by its whole path.', folder),
    );
  }
  return (windows ? path.win32 : path.posix).join(folder, name + extension);
}

/** Whether an absolute path is one of Windows: with a drive letter, or of another machine. */
export function isWindowsPath(absolute: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(absolute);
}
