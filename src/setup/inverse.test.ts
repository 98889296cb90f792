import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EditRole, FileEdits } from '../appConfig/types.ts';
import { applyEdits, type TextEdit } from '../base/edits.ts';
import { envValue } from './envText.ts';
import { invert } from './inverse.ts';
import { restoreText } from './restore.ts';

const none = () => undefined;

function file(role: EditRole, before: string, edits: TextEdit[], secrets: FileEdits['secrets'] = []): FileEdits {
  return { path: '/app/x', role, before, edits, secrets };
}

/** Edits that do not overlap, from cut points. */
const edited = fc
  .tuple(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(70), fc.string({ maxLength: 12 })), { maxLength: 6 }),
  )
  .map(([before, parts]) => {
    const cuts = [...parts]
      .sort((a, b) => a[0] - b[0])
      .map(([at, text]) => [Math.min(at, before.length), text] as const);
    const edits = cuts.map(([offset, text], index) => {
      const next = cuts[index + 1]?.[0] ?? before.length;
      return { offset, length: index % 2 === 0 ? next - offset : 0, text };
    });
    return { before, edits };
  });

describe('edits turned round', () => {
  it('bring every text back', async () => {
    await fc.assert(
      fc.asyncProperty(edited, async ({ before, edits }) => {
        const after = applyEdits(before, edits);
        const inverse = invert(file('config', before, edits), after, []);
        assert.equal(await restoreText(after, inverse, true, after.length, none), before);
      }),
    );
  });

  it('bring it back under text that was added before or behind, or refuse, but never damage it', async () => {
    await fc.assert(
      fc.asyncProperty(edited, fc.string({ maxLength: 20 }), fc.boolean(), async ({ before, edits }, more, inFront) => {
        const after = applyEdits(before, edits);
        const inverse = invert(file('config', before, edits), after, []);
        const add = (text: string) => (inFront ? more + text : text + more);
        const restored = await restoreText(add(after), inverse, false, after.length, none);
        if (restored !== undefined) assert.equal(restored, add(before));
      }),
    );
  });

  it('are found when the file grew at either end', async () => {
    const before = `const a = 1;\nsecret();\nconst b = 2;\n`;
    const edits = [{ offset: 13, length: 9, text: '' }, { offset: 35, length: 0, text: '// last line\n' }]; // prettier-ignore
    const after = applyEdits(before, edits);
    const inverse = invert(file('config', before, edits), after, []);
    const more = 'more();\n';
    assert.equal(await restoreText(after + more, inverse, false, after.length, none), before + more);
    assert.equal(await restoreText(more + after, inverse, false, after.length, none), more + before);
    assert.equal(await restoreText(more + after + more, inverse, false, after.length, none), undefined);
  });

  it('hold no value of an .env file, however it is quoted, and no secret of code', () => {
    const text = `# keep s3cret-value\nexport A="quo\\"ted v"\nB: yaml style\n  C = 'x'  \nnot an assignment zzz\n`;
    const [env] = invert(file('env', 'Z=1\n', [{ offset: 4, length: 0, text }]), `Z=1\n${text}`, ['s3cret-value']);
    assert.doesNotMatch(JSON.stringify(env), /s3cret|quo|yaml|'x'|zzz/);
    const kept = [{ value: 'hidden', envFile: '/app/.env', variable: 'S' }];
    const [code] = invert(file('config', `a('hidden')`, [{ offset: 2, length: 8, text: 'b' }], kept), 'a(b)', []);
    assert.deepEqual(code?.removed, [`'`, { envFile: '/app/.env', variable: 'S' }, `'`]);
  });

  it('refuse removed text with a secret that no variable keeps', () => {
    const refused = (each: FileEdits, secrets: string[] = []) =>
      assert.throws(() => invert(each, '', secrets), { code: 'secret-cannot-be-kept' });
    const all = (text: string) => [{ offset: 0, length: text.length, text: '' }];
    refused(file('config', `'hidden'`, all(`'hidden'`), [{ value: 'hidden' }]));
    refused(file('config', `'hidden'`, all(`'hidden'`)), ['hidden']);
    refused(file('config', `'hid\\x64en'`, all(`'hid\\x64en'`), [{ value: 'hidden', envFile: '/e', variable: 'S' }]));
    const entra = ['ab1', '8Q~', 'x'.repeat(34)].join('');
    refused(file('config', `'${entra}'`, all(`'${entra}'`)));
    refused(file('env', 'PASS=old\n', all('PASS=old\n')));
  });
});

describe('a value of an .env file', () => {
  it('is read as dotenv reads it', () => {
    const text = `\uFEFFA=1\nexport B = "two # not a comment" # comment\r\nC='th"ree'\nD=four # comment\nA=5\nE=\`s'x"\`\n`;
    const values = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => envValue(text, name));
    assert.deepEqual(values, ['5', 'two # not a comment', 'th"ree', 'four', `s'x"`, undefined]);
  });
});
