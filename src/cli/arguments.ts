/** The command line of `client-certificate-guide`, read into a request. Pure. */
import { parseArgs } from 'node:util';
import { defaultExpiryThresholds } from '../base/expiry.ts';
import type { ExpiryThresholds } from '../base/expiry.ts';

export type Format = 'text' | 'json' | 'sarif';

export interface CheckRequest {
  readonly kind: 'check';
  /** As given; the current folder where none is. */
  readonly folders: readonly string[];
  /** Days: a certificate that ends sooner is an error. */
  readonly failWithin?: number;
  /** From when on a certificate expires soon, which is a warning. */
  readonly thresholds: ExpiryThresholds;
  readonly format: Format;
  /** Codes of findings that are left out. */
  readonly ignored: readonly string[];
  /** Files with the certificates that the apps use, where they do not lie beside their keys. */
  readonly certificates: readonly string[];
  /** Folders with such files. */
  readonly certificateFolders: readonly string[];
}

export type Request =
  | CheckRequest
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `message` says what is wrong with the command line. */
  | { readonly kind: 'wrong'; readonly message: string };

/** Exit codes; documented in the README and in {@link usage}. */
export const exitCodes = { fine: 0, findings: 1, wrongUse: 2, notChecked: 3 } as const;

/** @param args without program and script */
export function readArguments(args: readonly string[]): Request {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'fail-within': { type: 'string' },
        'warn-within': { type: 'string' },
        'warn-after': { type: 'string' },
        json: { type: 'boolean', default: false },
        sarif: { type: 'boolean', default: false },
        ignore: { type: 'string', multiple: true, default: [] },
        certificate: { type: 'string', multiple: true, default: [] },
        certificates: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, ...folders] = positionals;
  if (command === undefined) return { kind: 'help' };
  if (command !== 'check') return { kind: 'wrong', message: `There is no command "${command}".` };
  if (values.json && values.sarif) return { kind: 'wrong', message: '--json and --sarif exclude each other.' };
  const failWithin = values['fail-within'] === undefined ? undefined : daysOf(values['fail-within']);
  if (values['fail-within'] !== undefined && failWithin === undefined) {
    return { kind: 'wrong', message: '--fail-within takes a number of days, e.g. 30d.' };
  }
  const days = values['warn-within'] === undefined ? defaultExpiryThresholds.days : daysOf(values['warn-within']);
  if (days === undefined) return { kind: 'wrong', message: '--warn-within takes a number of days, e.g. 30d.' };
  const percent =
    values['warn-after'] === undefined ? defaultExpiryThresholds.percent : percentOf(values['warn-after']);
  if (percent === undefined) return { kind: 'wrong', message: '--warn-after takes a percentage up to 100, e.g. 90%.' };
  return {
    kind: 'check',
    folders: folders.length > 0 ? folders : ['.'],
    format: values.json ? 'json' : values.sarif ? 'sarif' : 'text',
    ignored: values.ignore,
    certificates: values.certificate,
    certificateFolders: values.certificates,
    thresholds: { days, percent },
    ...(failWithin === undefined ? {} : { failWithin }),
  };
}

function daysOf(text: string): number | undefined {
  const match = /^(\d{1,4})d?$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function percentOf(text: string): number | undefined {
  const number = Number(/^(\d{1,3})%?$/.exec(text)?.[1] ?? Number.NaN);
  return number <= 100 ? number : undefined;
}

export const usage = `Usage: client-certificate-guide check [FOLDER…] [options]

Checks the MSAL Node app configs below the folders (default: the current one): the same checks, with the same codes, as in
VS Code. Nothing is changed, no code is run, nothing leaves the machine.

Options
  --fail-within DAYS     a certificate that ends within so many days is an error, e.g. 30d
  --warn-within DAYS     days before its end in which it is a warning, at most half of its lifetime; default 30d
  --warn-after PERCENT   part of its lifetime after which it is a warning too; default 90%, 100% for never
  --certificate FILE     certificate that the apps use, where it does not lie beside its key; may be repeated
  --certificates FOLDER  folder with such certificates (.cer, .crt, .der, .pem); may be repeated
  --ignore CODE          leaves findings with this code out; may be repeated
  --json                 prints one JSON object
  --sarif                prints SARIF 2.1.0 for code scanning
  --version, --help

Which of the certificates an app uses is told by its key, else by its thumbprint in the code, in .env or in the environment
of this program; for an app that takes its key from a vault by the name of the file, which is the one in the vault. An app
of which nothing of this can be read uses the one that is given, if only one is.

Exit codes
  0  no error was found (warnings may have been)
  1  an error was found
  2  the command line is wrong
  3  something could not be checked: a folder or a config cannot be read, or there is no app config
`;
