/** The questions of Create Self-Signed Certificate and Create Certificate Signing Request. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { Certificates } from '../../certificates/types.ts';
import { back } from '../questions.ts';
import type { Step } from '../steps.ts';
import { askPassphrase } from './passphrase.ts';
import type { PassphraseKind } from './passphrase.ts';
import { askSubject, askValidityDays } from './subject.ts';

export interface NewCertificateAnswers {
  subject?: string;
  validityDays?: number;
  /** Absolute. */
  folder?: string;
  passphrase?: string;
}

/** Answers of the last time; never a secret. */
export interface NewCertificateMemory {
  readonly subject?: string;
  readonly validityDays?: number;
  readonly folder?: string;
  readonly passphrase?: PassphraseKind;
}

export interface NewCertificateFlow {
  readonly memory: NewCertificateMemory;
  readonly defaults: { readonly subject: string; readonly validityDays: number };
  /** Folders offered, absolute; "Browse…" offers all others. */
  readonly folders: readonly string[];
  certificates(): Certificates;
}

export function newCertificateSteps(
  flow: NewCertificateFlow,
  asks: { readonly validity: boolean },
): readonly Step<NewCertificateAnswers>[] {
  const { memory, defaults } = flow;
  const certificates = () => flow.certificates();
  return [
    {
      id: 'subject',
      needed: (answers) => answers.subject === undefined,
      ask: async (questions, frame, _answers, before) => {
        const value = before?.subject ?? memory.subject ?? defaults.subject;
        const subject = await askSubject(questions, frame, value, certificates);
        return subject === back ? back : { subject };
      },
    },
    {
      id: 'validityDays',
      needed: (answers) => asks.validity && answers.validityDays === undefined,
      ask: async (questions, frame, _answers, before) => {
        const value = before?.validityDays ?? memory.validityDays ?? defaults.validityDays;
        const validityDays = await askValidityDays(questions, frame, value, certificates);
        return validityDays === back ? back : { validityDays };
      },
    },
    {
      id: 'folder',
      needed: (answers) => answers.folder === undefined,
      ask: async (questions, frame, _answers, before) => {
        const first = before?.folder ?? memory.folder;
        const folder = await questions.file({
          ...frame,
          placeholder: l10n.t('Folder for the new files'),
          candidates: [...new Set(first === undefined ? flow.folders : [first, ...flow.folders])],
          extensions: [],
          kind: 'folder',
        });
        return folder === back ? back : { folder };
      },
    },
    {
      id: 'passphrase',
      needed: (answers) => answers.passphrase === undefined,
      ask: async (questions, frame) => {
        const where = l10n.t('It is kept in a file beside the key that only you can read.');
        const passphrase = await askPassphrase(questions, frame, where, memory.passphrase);
        return passphrase === back ? back : { passphrase };
      },
    },
  ];
}
