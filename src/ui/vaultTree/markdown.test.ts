import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeMarkdown, factsMarkdown } from './markdown.ts';

describe('facts as Markdown', () => {
  it('make nothing of what a stranger wrote into a subject', () => {
    const subject =
      'CN=[click](command:evil) <img src=x> ![i](https://evil.example) `a` **b** $(key)\n# c www.evil.example';
    const shown = factsMarkdown('app', 'valid', [{ label: 'Subject', value: subject }]);
    assert.ok(!/[^\\][[\]()<>`]|\n#|www\.|https:/.test(shown.replace('**app**', '').replaceAll('\\\\', '')), shown);
    assert.match(shown, /^\*\*app\*\* — valid\n\nSubject: CN\\=/);
  });

  it('keep thumbprints as code, and nothing else that says so', () => {
    const shown = factsMarkdown('a', undefined, [
      { label: 'T', value: 'AB12', code: true },
      { label: 'U', value: 'a`b', code: true },
    ]);
    assert.equal(shown, '**a**\n\nT: `AB12`\n\nU: a\\`b');
  });

  it('escape every punctuation character and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const back = escapeMarkdown(text).replace(/\\([!-/:-@[-`{-~])/g, '$1');
        assert.equal(back, text.replace(/\s+/g, ' '));
      }),
    );
  });
});
