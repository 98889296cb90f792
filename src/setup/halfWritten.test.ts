/** What a kill in the middle of writing `.env` leaves is as secret as the file itself. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as certificates from '../certificates/index.ts';
import { nodeProcesses } from '../ui/nodeProcesses.ts';
import { applySetup } from './index.ts';
import { temporaryPath } from './temporary.ts';
import { clientOf, head, makeTwoApps, type TwoApps } from './testing/twoApps.ts';

describe('a half-written .env file', function () {
  this.timeout(60_000);
  let apps: TwoApps;
  beforeEach(async () => {
    apps = makeTwoApps({ 'a.js': head + clientOf('a'), '.gitignore': '.env\ncerts\n' });
    await nodeProcesses.run('git', ['init', '-q', apps.root]);
  });
  afterEach(() => apps.remove());
  const isIgnored = async () => {
    const [fact] = await apps.ports.git.check([temporaryPath(apps.at('.env'))]);
    return fact?.ignored;
  };

  it('is ignored by git where the setup writes no secret of its own', async () => {
    const [first, next] = [
      await certificates.selfSigned({ subject: 'CN=a' }),
      await certificates.selfSigned({ subject: 'CN=a' }),
    ];
    await applySetup(await apps.plan('a.js', first, 'a', { passphrase: 'none' }), apps.ports);
    assert.equal(await isIgnored(), true);
    // As somebody has set it up by hand, then in a rotation.
    writeFileSync(apps.at('.gitignore'), '.env\ncerts\n');
    assert.equal(await isIgnored(), false);
    const { thumbprintSha256 = '' } = first.description;
    const rotates = { thumbprintSha256 };
    const plan = await apps.plan('a.js', next, 'a', { passphrase: 'none', rotates, folder: apps.at('certs') });
    await applySetup(plan, apps.ports);
    assert.equal(await isIgnored(), true);
  });
});
