import assert from 'node:assert/strict';
import { collectCodes } from './codes.ts';
import { documentedCodes } from './section.ts';

describe('the codes in the README', () => {
  const codes = collectCodes();
  const documented = documentedCodes();

  it('are those that the source has, each with what it means and what to do', () => {
    const missing = codes.filter(({ code }) => (documented.get(code) ?? '').trim() === '');
    const list = missing.map(({ code, place }) => `  ${code} (${place})`).join('\n');
    assert.equal(
      missing.length,
      0,
      `README.md, "Error codes", lacks these; "npm run codes" adds them with the text that users get:\n${list}`,
    );
  });

  it('hold none that is gone', () => {
    const known = new Set(codes.map(({ code }) => code));
    const gone = [...documented.keys()].filter((code) => !known.has(code));
    assert.deepEqual(gone, [], 'README.md, "Error codes", has these that no source has; "npm run codes" removes them.');
  });

  it('are found where errors are made directly, by a helper, and in warnings', () => {
    const names = new Set(codes.map(({ code }) => code));
    for (const code of ['wrong-password', 'disk-full', 'file-exists', 'not-registered', 'unexpected-error'])
      assert.ok(names.has(code), code);
    // Made by a function that is handed the code.
    for (const code of ['sha1-signature', 'not-yet-valid']) assert.ok(names.has(code), code);
  });
});
