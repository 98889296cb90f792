/** The question for a pass phrase. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { back } from '../questions.ts';
import type { Back, Questions } from '../questions.ts';
import { askInTurn } from '../steps.ts';
import type { StepFrame } from '../steps.ts';

/** Text, or one of the reserved words 'generate' and 'none'. */
export type PassphraseAnswer = string;

/** Which kind was chosen last; the only part of the answer that may be remembered. */
export type PassphraseKind = 'generate' | 'typed' | 'none';

export function passphraseKind(answer: PassphraseAnswer): PassphraseKind {
  return answer === 'generate' || answer === 'none' ? answer : 'typed';
}

const kinds: readonly PassphraseKind[] = ['generate', 'typed', 'none'];

/**
 * @param where says where a generated one will be kept, as a full sentence
 * @param current password that the user opened the chosen file with: offered first, and the same key file can then serve as it is
 */
export async function askPassphrase(
  questions: Questions,
  frame: StepFrame,
  where: string,
  remembered: PassphraseKind | undefined,
  current?: string,
): Promise<PassphraseAnswer | Back> {
  const keep = {
    value: 'keep' as const,
    label: l10n.t('Keep Its Pass Phrase'),
    description: l10n.t('recommended'),
    detail: l10n.t('The one that you opened the file with. A key file in the app is used where it is.'),
    icon: 'key',
  };
  const canKeep = current !== undefined && problemOf(current) === undefined && current === current.trim();
  const choices = [
    ...(canKeep ? [keep] : []),
    {
      value: 'generate' as const,
      label: l10n.t('Generate a Pass Phrase'),
      ...(canKeep ? {} : { description: l10n.t('recommended') }),
      detail: where,
      icon: 'sparkle',
    },
    {
      value: 'typed' as const,
      label: l10n.t('Type a Pass Phrase…'),
      detail: l10n.t('It is asked for twice.'),
      icon: 'key',
    },
    {
      value: 'none' as const,
      label: l10n.t('No Pass Phrase'),
      detail: l10n.t('The private key is protected by the permissions of its file alone.'),
      icon: 'unlock',
    },
  ];
  for (;;) {
    const active = canKeep ? 0 : Math.max(kinds.indexOf(remembered ?? 'generate'), 0);
    const kind = await questions.pick<PassphraseKind | 'keep'>({
      ...frame,
      placeholder: l10n.t('How is the private key file encrypted?'),
      choices,
      active,
    });
    if (kind === 'keep' && current !== undefined) return current;
    if (kind !== 'typed' && kind !== 'keep') return kind;
    const typed = await typeTwice(questions, frame);
    if (typed !== back) return typed;
  }
}

/** Asks for a new pass phrase or password twice; Back from the first leaves. */
export async function typeTwice(questions: Questions, frame: Pick<StepFrame, 'title'>): Promise<string | Back> {
  let first = '';
  const answers = await askInTurn<[string, string]>(
    async () => {
      const answer = await questions.text({
        ...frame,
        canGoBack: true,
        password: true,
        prompt: l10n.t('Type the pass phrase, at least 4 characters'),
        validate: (value) => {
          const reason = problemOf(value);
          return reason === undefined ? undefined : { severity: 'error', message: reason };
        },
      });
      if (answer !== back) first = answer;
      return answer;
    },
    () =>
      questions.text({
        ...frame,
        canGoBack: true,
        password: true,
        prompt: l10n.t('Type the pass phrase again'),
        validate: (value) =>
          value === first ? undefined : { severity: 'error', message: l10n.t('The two pass phrases differ.') },
      }),
  );
  return answers === back ? back : answers[0];
}

/** What keeps a text from being a pass phrase, as a sentence. */
function problemOf(value: string): string | undefined {
  if (value === 'generate' || value === 'none') return l10n.t('"{0}" is a reserved word; type another one.', value);
  // OpenSSL refuses shorter ones when it opens the key.
  if (Buffer.byteLength(value) < 4) return l10n.t('Type at least 4 characters: OpenSSL refuses shorter pass phrases.');
  if (/[\r\n\0]/.test(value)) return l10n.t('A pass phrase is one line of text.');
  return undefined;
}
