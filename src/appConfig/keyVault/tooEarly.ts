/** Why a CommonJS app cannot be made to wait for its certificate: what happened, why, what to do now. */
import * as l10n from '@vscode/l10n';
import { positionAt } from '../../base/edits.ts';
import { ExpectedError } from '../../base/errors.ts';
import type { ParsedSource } from '../code.types.ts';

export type TooEarly = 'loaded' | 'exported' | 'value' | 'uncalled' | 'class' | 'handler' | 'kind' | 'type';

const lineOf = (source: ParsedSource, offset: number): number => positionAt(source.text, offset).line;

/**
 * `client-built-too-early` with file and line.
 * @param name of the function or variable that the reason is about
 */
export function tooEarly(source: ParsedSource, offset: number, reason: TooEarly, name = ''): ExpectedError {
  const file = source.fileName;
  const line = lineOf(source, offset);
  return new ExpectedError('client-built-too-early', message(reason, file, line, name), {
    file,
    line,
    data: { reason },
  });
}

function message(reason: TooEarly, file: string, line: number, name: string): string {
  switch (reason) {
    case 'loaded':
      return l10n.t(
        '{0} line {1}: the client is built while this file is loaded, and CommonJS cannot wait there until the certificate is fetched. Build the client in an async function, or choose another place for the key.',
        file,
        line,
      );
    case 'exported':
      return l10n.t(
        '{0} line {1}: the client "{2}" is built while this file is loaded and handed to other files at once, before the certificate is fetched. Export an async function that builds it, or choose another place for the key.',
        file,
        line,
        name,
      );
    case 'value':
      return l10n.t(
        '{0} line {1}: "{2}" needs the certificate, but it is passed on here instead of being called, so it cannot be told who has to wait. Call it in an async function, or choose another place for the key.',
        file,
        line,
        name,
      );
    case 'uncalled':
      return l10n.t(
        '{0} line {1}: "{2}" builds the client and is not async, and no file of this app visibly calls it, so it cannot be told who has to wait for the certificate. Make it async, or choose another place for the key.',
        file,
        line,
        name,
      );
    case 'class':
      return l10n.t(
        '{0} line {1}: the class "{2}" builds the client when it is constructed, and no file of this app visibly constructs it (a framework may), so it cannot be told who has to wait for the certificate. Build the client in an async method, or choose another place for the key.',
        file,
        line,
        name,
      );
    case 'handler':
      return l10n.t(
        '{0} line {1}: this request handler needs the certificate and is not async, and it cannot be told where the app begins to listen. Make the handler async, or choose another place for the key.',
        file,
        line,
      );
    case 'kind':
      return l10n.t(
        '{0} line {1}: the client is built in a getter or generator, where nothing can be awaited. Build it in an async function, or choose another place for the key.',
        file,
        line,
      );
    case 'type':
      return l10n.t(
        '{0} line {1}: the type of "{2}" does not stand in the code, and it needs one because it gets its value later. Write the type and try again, or choose another place for the key.',
        file,
        line,
        name,
      );
  }
}

/** Nothing in the app hands the config to a client. */
export function clientNotFound(file: string, line: number): ExpectedError {
  return new ExpectedError(
    'client-not-found',
    l10n.t(
      '{0} line {1}: no file of this app visibly builds a ConfidentialClientApplication from this configuration, so it cannot be told what has to wait for the certificate. Build the client in a file of this app, or choose another place for the key.',
      file,
      line,
    ),
    { file, line },
  );
}
