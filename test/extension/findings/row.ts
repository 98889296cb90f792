/** A finding as a row of a table: how it comes about, where it is shown, what makes it go away. */
import type { FindingApp } from './app.ts';

export interface Row {
  readonly code: string;
  readonly title: string;
  /** Breaks the app. Returns its config's text. */
  readonly make: (app: FindingApp) => string | Promise<string>;
  /** The characters that are underlined. */
  readonly where: string | ((app: FindingApp) => string);
  readonly severity: 'error' | 'warning' | 'information';
  /** What else is found, because it cannot be otherwise. */
  readonly with?: readonly string[];
  /** 1-based line of the app's `.env` that the finding leads to. */
  readonly env?: number;
  /** Absent: no quick fix is offered. */
  readonly fix?: Fix;
  /** Config file, for rows about another language. */
  readonly file?: string;
  /** Why the machine cannot show it. */
  readonly skip?: () => boolean;
}

export interface Fix {
  readonly title: string;
  /** What is found afterwards; default {@link Row.with}. */
  readonly left?: readonly string[];
  /**
   * The quick fix only opens this command, which asks; then it is started with options instead. `rotate` needs a cloud: it is carried
   * out in the suite of the lenses.
   */
  readonly command?: 'setUp' | 'rotate';
  /** Looks at what was changed beside the config. */
  readonly check?: (app: FindingApp) => Promise<void>;
  /** The app cannot be started here, with the version of MSAL that the row is about. */
  readonly startsNot?: true;
}

export const isWindows = () => process.platform === 'win32';

export const rotate: Fix = { title: 'Rotate Certificate…', command: 'rotate' };
