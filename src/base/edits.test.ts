import assert from 'node:assert/strict';
import { applyEdits, positionAt } from './edits.ts';

describe('text edits', () => {
  it('apply in any order and keep what lies between', () => {
    const text = 'abcdef';
    const edits = [
      { offset: 4, length: 1, text: 'E' },
      { offset: 0, length: 2, text: '' },
      { offset: 6, length: 0, text: '!' },
    ];
    assert.equal(applyEdits(text, edits), 'cdEf!');
  });

  it('at one offset apply in array order', () => {
    assert.equal(
      applyEdits('x', [
        { offset: 1, length: 0, text: 'a' },
        { offset: 1, length: 0, text: 'b' },
      ]),
      'xab',
    );
  });

  it('that overlap are a bug and throw', () => {
    assert.throws(
      () =>
        applyEdits('abc', [
          { offset: 0, length: 2, text: '' },
          { offset: 1, length: 1, text: '' },
        ]),
      RangeError,
    );
  });

  it('positions count CRLF as one line end', () => {
    assert.deepEqual(positionAt('a\r\nb\rc\nd', 7), { line: 4, column: 1 });
    assert.deepEqual(positionAt('a\r\nb', 2), { line: 1, column: 3 });
    assert.deepEqual(positionAt('\uFEFFKEY=x\nB', 5), { line: 1, column: 5 });
    assert.deepEqual(positionAt('\uFEFFKEY=x\nB', 0), { line: 1, column: 1 });
    assert.deepEqual(positionAt('\uFEFFKEY=x\nB', 7), { line: 2, column: 1 });
  });
});
