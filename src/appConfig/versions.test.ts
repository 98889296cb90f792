import assert from 'node:assert/strict';
import { atLeast, compareVersions, rangeFloor } from './versions.ts';

describe('versions', () => {
  it('compare by number, a pre-release before its release', () => {
    assert.equal(atLeast('2.11.0', '2.11.0'), true);
    assert.equal(atLeast('2.9.2', '2.11.0'), false);
    assert.equal(atLeast('10.0.0', '2.11.0'), true);
    assert.equal(atLeast('2.11.0-beta.1', '2.11.0'), false);
    assert.equal(compareVersions('2.11.0-beta.1', '2.11.0-beta.2'), 0);
    assert.equal(compareVersions('latest', '2.11.0'), undefined);
  });

  const floors: [string, string | undefined][] = [
    ['2.16.3', '2.16.3'],
    ['=2.16.3', '2.16.3'],
    ['^2.6.0', '2.6.0'],
    ['~2.6', '2.6.0'],
    ['2', '2.0.0'],
    ['2.x', '2.0.0'],
    ['2.6.*', '2.6.0'],
    ['>=1.2 <3 || ^3.1', '1.2.0'],
    ['^3.1 || ^2.16.0', '2.16.0'],
    ['1.2.3 - 2.3.4', '1.2.3'],
    ['^2.6.0-beta.1', '2.6.0-beta.1'],
    ['npm:@azure/msal-node@^2.6.0', '2.6.0'],
    ['*', undefined],
    ['', undefined],
    ['latest', undefined],
    ['<3', undefined],
    ['workspace:*', undefined],
    ['catalog:', undefined],
    ['file:../msal-node-2.0.0.tgz', undefined],
    ['https://example.com/2.0.0.tgz', undefined],
    ['^2.0.0 || *', undefined],
  ];
  for (const [range, floor] of floors) {
    it(`floor of "${range}" is ${floor ?? 'unknown'}`, () => assert.equal(rangeFloor(range), floor));
  }
});
