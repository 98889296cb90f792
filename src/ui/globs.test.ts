import assert from 'node:assert/strict';
import { matchesGlob } from 'node:path';
import { filesOfFindings, literalGlob } from './globs.ts';

describe('globs', () => {
  it('for one file fit its name, whatever that holds', () => {
    for (const name of ['cert[1].pfx', '[tenant].ts', '{a,b}.pem', 'what?.key', '!important*.crt', 'plain.pem'])
      assert.ok(matchesGlob(name, literalGlob(name)), name);
    assert.equal(literalGlob('plain.pem'), 'plain.pem');
    assert.ok(!matchesGlob('cert1.pfx', literalGlob('cert[1].pfx')));
  });

  it('for what findings come from fit keys, variables and packages, in any folder', () => {
    const files = ['.env', 'apps/web/.env.local', 'certs/app.key', 'app.pfx', 'package-lock.json', 'a/b/.gitignore'];
    for (const file of files) assert.ok(matchesGlob(file, filesOfFindings), file);
    for (const file of ['src/auth.js', 'README.md', 'environment.ts']) assert.ok(!matchesGlob(file, filesOfFindings));
  });
});
