import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { openCredential, openPrivateKey } from '../../certificates/index.ts';
import { Oid } from '../../certificates/oids.ts';
import { made, pair, write } from '../../certificates/testing/files.ts';
import { bag, certificateBag, pbmac1, pfx, plainSafe } from '../../certificates/testing/pfx.ts';
import { isCancelled } from '../../base/errors.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { openAsking } from './opening.ts';
import type { Opening } from './opening.ts';

const file = '/app/mine.pfx';

async function answered(bytes: Uint8Array, given: Opening, ...script: readonly ScriptedAnswer[]) {
  const questions = scriptedQuestions(...script);
  const announced: string[] = [];
  const announce = (secret: string) => void announced.push(secret);
  const result = await openAsking((options) => openCredential(bytes, options), given, file, {
    questions,
    frame: { title: 'Open' },
    announce,
  });
  questions.done();
  if (typeof result === 'symbol') assert.fail('turned back');
  return { ...result, asked: questions.asked, announced };
}

describe('opening a certificate file', () => {
  let twoPasswords: Buffer;
  let several: Buffer;
  let second: ReturnType<typeof pair>;

  before(() => {
    const mine = pair('mine');
    second = pair('second');
    // The key of a Java key store may have a password of its own.
    const sealed = ['pkcs8', '-topk8', '-in', 'mine.key', '-passout', 'pass:keypass', '-outform', 'DER'];
    const safe = plainSafe(
      certificateBag(new X509Certificate(mine.certificate).raw),
      bag(Oid.shroudedKeyBag, made('sealed.key', ...sealed)),
    );
    twoPasswords = pfx([safe], (content) => pbmac1(content, 'storepass'));
    several = write('both.pem', Buffer.concat([mine.certificate, mine.key, second.certificate, second.key]));
  });

  it('asks for the password of the file, then for that of its key, hidden and announced', async () => {
    const { opened, options, asked, announced } = await answered(twoPasswords, {}, 'storepass', 'keypass');
    assert.equal(opened.description.keyMatches, true);
    assert.deepEqual(options, { password: 'storepass', keyPassword: 'keypass' });
    assert.deepEqual(
      asked.map(({ password }) => password),
      [true, true],
    );
    assert.deepEqual(announced, ['storepass', 'keypass']);
  });

  it('asks for that of the key alone where the other was given, and for none where both were', async () => {
    const { asked } = await answered(twoPasswords, { password: 'storepass' }, 'keypass');
    assert.equal(asked.length, 1);
    const both = await answered(twoPasswords, { password: 'storepass', keyPassword: 'keypass' });
    assert.equal(both.asked.length, 0);
  });

  it('refuses a wrong one at once, each in its own words', async () => {
    await assert.rejects(answered(twoPasswords, {}, 'wrong'), /mine\.pfx does not open/);
    await assert.rejects(
      answered(twoPasswords, {}, 'storepass', 'wrong'),
      /The private key in mine\.pfx does not open/,
    );
  });

  it('rejects where nobody is asked, and where a given one is wrong', async () => {
    const open = (options: Opening) => openCredential(twoPasswords, options);
    await assert.rejects(openAsking(open, { password: 'storepass' }, file, undefined), {
      code: 'password-required',
      details: { data: { password: 'key' } },
    });
    await assert.rejects(answered(twoPasswords, { password: 'wrong' }), { code: 'wrong-password' });
    await assert.rejects(answered(twoPasswords, { password: 'storepass', keyPassword: 'wrong' }), {
      code: 'wrong-password',
    });
  });

  it('asks which certificate is meant, and takes the one that was given', async () => {
    const { opened, asked } = await answered(several, {}, 'CN=second');
    assert.equal(opened.description.thumbprintSha256, second.sha256);
    assert.deepEqual([...(asked[0]?.offered ?? [])].sort(), ['CN=mine', 'CN=second']);
    const given = await answered(several, { thumbprintSha256: second.sha256 });
    assert.equal(given.opened.description.thumbprintSha256, second.sha256);
    const open = (options: Opening) => openPrivateKey(several, options);
    await assert.rejects(openAsking(open, {}, file, undefined), { code: 'several-certificates' });
  });

  it('ends with the user, whatever was asked', async () => {
    await assert.rejects(answered(twoPasswords, {}, { cancel: true }), isCancelled);
    await assert.rejects(answered(twoPasswords, {}, 'storepass', { cancel: true }), isCancelled);
    await assert.rejects(answered(several, {}, { cancel: true }), isCancelled);
  });
});
