/** The tags of a vault certificate as one list: its first row saves, every other row changes one tag. Knows no editor. */
import * as l10n from '@vscode/l10n';
import { back } from '../questions.ts';
import type { Back, Choice, Questions, TextProblem } from '../questions.ts';
import { askInTurn } from '../steps.ts';
import type { StepFrame } from '../steps.ts';

type Tags = Readonly<Record<string, string>>;
type Frame = Pick<StepFrame, 'title'> & Partial<StepFrame>;

/** Of the service (facts/key-vault.md 1.8). */
const most = 15;
const longest = 256;

/** @param name of the certificate */
export async function askTags(questions: Questions, frame: Frame, name: string, before: Tags): Promise<Tags | Back> {
  let tags = before;
  for (;;) {
    const answer = await questions.pick<{ readonly does: 'save' | 'add' | 'edit'; readonly tag: string }>({
      ...frame,
      placeholder: l10n.t('Tags of {0}', name),
      choices: rows(tags),
    });
    if (answer === back) return back;
    if (answer.does === 'save') return tags;
    const changed =
      answer.does === 'add'
        ? await askNew(questions, frame, tags)
        : await askChange(questions, frame, tags, answer.tag);
    if (changed !== back) tags = changed;
  }
}

function rows(tags: Tags): Choice<{ does: 'save' | 'add' | 'edit'; tag: string }>[] {
  const entries = Object.entries(tags);
  return [
    { label: l10n.t('Save Tags'), icon: 'check', value: { does: 'save', tag: '' } },
    ...(entries.length < most
      ? [{ label: l10n.t('Add Tag…'), icon: 'add', value: { does: 'add' as const, tag: '' } }]
      : []),
    ...entries.map(([tag, value]) => ({
      label: tag,
      description: value,
      icon: 'tag',
      group: l10n.t('Tags'),
      value: { does: 'edit' as const, tag },
    })),
  ];
}

async function askNew(questions: Questions, frame: Frame, tags: Tags): Promise<Tags | Back> {
  const answers = await askInTurn<[string, string]>(
    (_canGoBack, before) =>
      questions.text({
        ...frame,
        canGoBack: true,
        prompt: l10n.t('Name of the tag'),
        value: before ?? '',
        validate: (typed) => nameProblem(typed, tags),
      }),
    (_canGoBack, before) => askValue(questions, frame, before ?? ''),
  );
  return answers === back ? back : { ...tags, [answers[0]]: answers[1] };
}

async function askChange(questions: Questions, frame: Frame, tags: Tags, tag: string): Promise<Tags | Back> {
  const does = await questions.pick<'edit' | 'remove'>({
    ...frame,
    canGoBack: true,
    placeholder: l10n.t('What is to be done with the tag {0}?', tag),
    choices: [
      { label: l10n.t('Change Its Value…'), icon: 'edit', value: 'edit' },
      { label: l10n.t('Remove It'), icon: 'trash', value: 'remove' },
    ],
  });
  if (does === back) return back;
  if (does === 'remove') return Object.fromEntries(Object.entries(tags).filter(([name]) => name !== tag));
  const value = await askValue(questions, frame, tags[tag] ?? '');
  return value === back ? back : { ...tags, [tag]: value };
}

function askValue(questions: Questions, frame: Frame, value: string): Promise<string | Back> {
  return questions.text({
    ...frame,
    canGoBack: true,
    prompt: l10n.t('Value of the tag; everybody who may read the certificate sees it'),
    value,
    validate: (typed) => (typed.length > longest ? tooLong() : undefined),
  });
}

function nameProblem(name: string, tags: Tags): TextProblem | undefined {
  if (name.trim() === '') return { severity: 'error', message: l10n.t('Type a name.') };
  if (name.length > longest) return tooLong();
  return Object.hasOwn(tags, name)
    ? { severity: 'warning', message: l10n.t('The tag exists; its value is replaced.') }
    : undefined;
}

function tooLong(): TextProblem {
  return { severity: 'error', message: l10n.t('Type at most {0} characters.', longest) };
}
