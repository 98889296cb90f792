import assert from 'node:assert/strict';
import { addressOf, managerOf, scriptOf } from './appScripts.ts';

describe('how an app is started', () => {
  it('is the manager whose lock file is there', () => {
    assert.equal(managerOf(['package.json', 'pnpm-lock.yaml']), 'pnpm');
    assert.equal(managerOf(['package-lock.json']), 'npm');
    assert.equal(managerOf([]), 'npm');
  });

  it('is start, else dev, else the script that was named', () => {
    assert.equal(scriptOf({ scripts: { dev: 'x', start: 'y' } }, undefined), 'start');
    assert.equal(scriptOf({ scripts: { dev: 'x' } }, undefined), 'dev');
    assert.equal(scriptOf({ scripts: { dev: 'x', serve: 'z' } }, 'serve'), 'serve');
    for (const json of [undefined, null, 3, {}, { scripts: 'x' }, { scripts: { test: 'x' } }])
      assert.equal(scriptOf(json, undefined), undefined);
    assert.equal(scriptOf({ scripts: {} }, 'toString'), undefined);
  });

  it('answers where its redirect URI says, else at its port', () => {
    assert.equal(
      addressOf({ REDIRECT_URI: 'http://localhost:4000/auth/redirect', PORT: '5000' }).origin,
      'http://localhost:4000',
    );
    assert.equal(addressOf({ REDIRECT_URI: 'https://app.example/auth', PORT: '5000' }).origin, 'http://localhost:5000');
    assert.equal(addressOf({ REDIRECT_URI: 'nonsense', PORT: '99999' }).origin, 'http://localhost:3000');
    assert.equal(addressOf({}).origin, 'http://localhost:3000');
  });
});
