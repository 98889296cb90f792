/** The command line of `client-certificate-guide`, read into a request. Pure. */
import { parseArgs } from 'node:util';

export type Format = 'text' | 'json' | 'sarif';

export interface CheckRequest {
  readonly kind: 'check';
  /** As given; the current folder where none is. */
  readonly folders: readonly string[];
  /** Days: a certificate that ends sooner is an error. */
  readonly failWithin?: number;
  readonly format: Format;
  /** Codes of findings that are left out. */
  readonly ignored: readonly string[];
  /** Files with the certificates that the apps use, where they do not lie beside their keys. */
  readonly certificates: readonly string[];
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
        json: { type: 'boolean', default: false },
        sarif: { type: 'boolean', default: false },
        ignore: { type: 'string', multiple: true, default: [] },
        certificate: { type: 'string', multiple: true, default: [] },
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
  return {
    kind: 'check',
    folders: folders.length > 0 ? folders : ['.'],
    format: values.json ? 'json' : values.sarif ? 'sarif' : 'text',
    ignored: values.ignore,
    certificates: values.certificate,
    ...(failWithin === undefined ? {} : { failWithin }),
  };
}

function daysOf(text: string): number | undefined {
  const match = /^(\d{1,4})d?$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

export const usage = `Usage: client-certificate-guide check [FOLDER…] [options]

Checks the MSAL Node app configs below the folders (default: the current one): the same checks, with the same codes, as in
VS Code. Nothing is changed, no code is run, nothing leaves the machine.

Options
  --fail-within DAYS   a certificate that ends within so many days is an error, e.g. 30d
  --certificate FILE   certificate that the apps use, where it does not lie beside its key; may be repeated
  --ignore CODE        leaves findings with this code out; may be repeated
  --json               prints one JSON object
  --sarif              prints SARIF 2.1.0 for code scanning
  --version, --help

Exit codes
  0  no error was found (warnings may have been)
  1  an error was found
  2  the command line is wrong
  3  something could not be checked: a folder or a config cannot be read, or there is no app config
`;
