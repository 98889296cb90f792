/**
 * The review before anything is changed: VS Code's own diff editors of each file before and after, and one explicit
 * decision. (The refactor preview cannot be the gate: it cannot tell whether it was applied.)
 */
import * as vscode from 'vscode';
import { CancelledError } from '../base/errors.ts';
import { reviewScheme } from '../contributions.ts';
import type { ReviewDecisionName } from '../contributions.ts';
import type { SetupPlan } from '../setup/index.ts';
import type { ContextKeys } from './contextKeys.ts';
import { askDecision } from './reviewDecision.ts';
import { closeAll, documentOf, openAll, openOne } from './reviewEditors.ts';
import { reviewTexts } from './reviewTexts.ts';

/** `withoutUpload`: rewritten at once, and somebody uploads; only where the review asks for that. */
export type ReviewAnswer = 'apply' | 'later' | 'withoutUpload';

export interface ReviewOptions {
  /** False where the rewrite cannot be put off any more. */
  readonly canPutOff: boolean;
  /** Nobody is signed in: the review also asks who registers the certificate. `apply` then means signing in, `later` handing over. */
  readonly asksRegistration?: boolean;
  /** What has happened already outside of this machine, and what Cancel does about it. */
  readonly notice?: string;
}

/** One review at a time: a second one is refused with CancelledError of the first. */
export interface Reviewer {
  /** Resolves to the decision; rejects with CancelledError. All editors of the review are closed by then. */
  review(plan: SetupPlan, options: ReviewOptions): Promise<ReviewAnswer>;
  /** A button of the diff editors or its command was pressed. */
  decide(decision: ReviewDecisionName): void;
}

/** Decides the waiting review. */
export type Decide = (answer: ReviewAnswer | 'cancel') => void;

const answers = { applySetup: 'apply', rewriteLater: 'later', cancelReview: 'cancel' } as const;

export function createReviewer(subscriptions: { dispose(): unknown }[], contextKeys: ContextKeys): Reviewer {
  const texts = new Map<string, string>();
  subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(reviewScheme, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    }),
  );
  let waiting: { readonly decide: Decide; readonly canPutOff: boolean } | undefined;
  let count = 0;
  return {
    decide(decision) {
      const answer = answers[decision];
      if (answer !== 'later' || waiting?.canPutOff === true) waiting?.decide(answer);
    },
    async review(plan, options) {
      waiting?.decide('cancel');
      const shown = reviewTexts(plan);
      const session = String(++count);
      const documents = shown.files.map((file) => documentOf(file, session, texts));
      const title = vscode.l10n.t('Review: Set Up Client Certificate');
      let mine: typeof waiting;
      try {
        const decision = new Promise<ReviewAnswer | 'cancel'>((resolve) => {
          mine = { decide: resolve, canPutOff: options.canPutOff };
          waiting = mine;
        });
        await contextKeys.reviewing(true);
        await openAll(title, documents);
        const asking = askDecision({ shown, title, options, openFile: (index) => openOne(documents[index]) }, decision);
        const answer = await Promise.race([decision, asking.answer]);
        asking.dispose();
        if (answer === 'cancel') throw new CancelledError();
        return answer;
      } finally {
        if (waiting === mine) {
          waiting = undefined;
          await contextKeys.reviewing(false);
        }
        await closeAll(title, session);
        for (const key of [...texts.keys()]) if (key.includes(`session%3D${session}`)) texts.delete(key);
      }
    },
  };
}
