import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findLeaks } from './leaks.ts';

describe('the search for secrets in what VS Code wrote', () => {
  let folder: string;
  const secret = randomBytes(18).toString('base64');
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ccg-'));
    await mkdir(path.join(folder, 'logs', 'deep'), { recursive: true });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const part = () => randomBytes(24).toString('base64url');
  const cases: [string, string][] = [
    ['the value', `error: ${secret}`],
    ['the value in base64', Buffer.from(`x=${secret}`.slice(2)).toString('base64')],
    ['the value in a URL', `https://x/?secret=${encodeURIComponent(secret)}&y=1`],
    ['a key', pem],
    ['a key in one line of base64', Buffer.from(pem).toString('base64')],
    ['a token', `Bearer eyJ${part()}.eyJ${part()}.${part()}`],
  ];
  for (const [name, text] of cases) {
    it(`finds ${name}`, async () => {
      const file = path.join(folder, 'logs', 'deep', 'exthost.log');
      await writeFile(file, `2026-11-23 [trace] ${text}\n`);
      const { leaks, searched } = await findLeaks(folder, [secret]);
      assert.equal(searched, 1);
      assert.deepEqual(
        leaks.map((leak) => leak.file),
        [path.join('logs', 'deep', 'exthost.log')],
      );
      assert.ok(!JSON.stringify(leaks).includes(secret));
    });
  }

  it('finds nothing in a masked log', async () => {
    await writeFile(path.join(folder, 'logs', 'deep', 'exthost.log'), 'the secret is ***, the token eyJ***');
    assert.deepEqual((await findLeaks(folder, [secret])).leaks, []);
  });
});
