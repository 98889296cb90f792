import assert from 'node:assert/strict';
import { back } from '../questions.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { askTags } from './tags.ts';

async function answer(before: Record<string, string>, ...script: ScriptedAnswer[]) {
  const questions = scriptedQuestions(...script);
  const tags = await askTags(questions, { title: 'Edit Tags' }, 'app', before);
  questions.done();
  return tags;
}

describe('the tags of a vault certificate', () => {
  it('are added, changed and removed one by one, and saved at the end', async () => {
    const tags = await answer(
      { app: 'portal', old: 'yes' },
      ...['Add Tag', 'team', 'web'],
      ...['app', 'Change Its Value', 'shop'],
      ...['old', 'Remove It'],
      'Save Tags',
    );
    assert.deepEqual(tags, { app: 'shop', team: 'web' });
  });

  it('stay as they are where a change is left with Back', async () => {
    assert.deepEqual(await answer({ a: '1' }, 'Add Tag', 'b', back, back, 'a', back, 'Save Tags'), { a: '1' });
  });

  it('are 15 at most, of 256 characters at most', async () => {
    const full = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`t${index}`, '']));
    await assert.rejects(answer(full, 'Add Tag'), /is not offered/);
    await assert.rejects(answer({}, 'Add Tag', 'x'.repeat(257)), /at most 256/);
    await assert.rejects(answer({}, 'Add Tag', ' '), /Type a name/);
  });
});
