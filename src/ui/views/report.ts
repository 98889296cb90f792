/**
 * What a report shows, as data. The host computes it with all its words; the webview (media/result/) only renders it, as
 * text. Holds no secret: the webview never gets to know one. Types only.
 */

export interface Report {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: string;
  readonly sections: readonly ReportSection[];
  /** Said to screen readers and shown for a moment after a copy. */
  readonly copied: string;
}

export interface ReportSection {
  readonly heading: string;
  /** A table of names and values. */
  readonly rows?: readonly ReportRow[];
  /** Things to know: warnings, problems, findings. */
  readonly notes?: readonly ReportNote[];
  /** Numbered steps. */
  readonly steps?: readonly ReportStep[];
  /** A life from beginning to end with today in it. */
  readonly validity?: ReportValidity;
  /** Something hidden to type, e.g. a file's password. */
  readonly question?: ReportQuestion;
}

export interface ReportValidity {
  readonly from: string;
  readonly to: string;
  /** Where today is, in per cent of the life; 0 before its beginning, 100 after its end. */
  readonly today: number;
  readonly state: 'valid' | 'expiring' | 'expired' | 'notYetValid';
  /** The whole in words, for screen readers. */
  readonly spoken: string;
}

export interface ReportQuestion {
  readonly label: string;
  readonly button: string;
  /** What was wrong with the last answer. */
  readonly problem?: string;
}

export interface ReportRow {
  readonly label: string;
  readonly value: string;
  /** Thumbprints, paths, serial numbers. */
  readonly code?: boolean;
  readonly actions?: readonly ReportAction[];
}

export interface ReportNote {
  readonly severity: 'error' | 'warning' | 'information' | 'success';
  /** The severity in words: colour and icon alone do not tell everybody. */
  readonly severityText: string;
  readonly text: string;
  readonly actions?: readonly ReportAction[];
}

export interface ReportStep {
  /** Empty where the text says all. */
  readonly title: string;
  readonly text: string;
  readonly actions?: readonly ReportAction[];
}

/** A button. */
export interface ReportAction {
  readonly label: string;
  /** For screen readers where the label alone says too little, e.g. "Copy SHA-256 thumbprint". */
  readonly spoken?: string;
  readonly primary?: boolean;
  readonly does: ReportDeed;
}

export type ReportDeed =
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'openFile'; readonly file: string; readonly line?: number }
  | { readonly kind: 'reveal'; readonly file: string }
  | { readonly kind: 'openPage'; readonly address: string }
  /** Something that only this window can do, and only as long as it is open. */
  | { readonly kind: 'call'; act(): Promise<void> }
  | {
      readonly kind: 'run';
      readonly command: string;
      readonly file?: string;
      /** Options that the command gets as from an item of a view: it asks for the rest. */
      readonly item?: Readonly<Record<string, unknown>>;
    };

/** Messages from host to webview. Deeds stay with the host; the webview names a button by its number. */
export interface ToWebview {
  readonly type: 'report';
  readonly report: unknown;
}

/** Messages from webview to host. */
export type FromWebview =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'act'; readonly action: number };
